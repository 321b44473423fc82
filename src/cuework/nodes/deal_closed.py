"""Triggers on a deal's end: what won and lost share."""

from collections.abc import Mapping
from typing import Any, ClassVar

from pydantic import Field

from cuework.engine.binder import Binder
from cuework.engine.events import Event
from cuework.engine.folding import fold
from cuework.engine.match import EventScope
from cuework.engine.node import Trigger
from cuework.nodes.hints import PipelineKey


class DealClosed(Trigger):
    """A deal gets the status `ends_as`, or is created with it."""

    ends_as: ClassVar[str]
    listens = ("deal.created", "deal.updated")
    record_type = "deal"

    pipeline: PipelineKey | None = Field(None, description="Empty: any pipeline")

    def bind(self, binder: Binder) -> None:
        """The pipeline exists."""
        if self.pipeline is not None:
            binder.pipeline(self.pipeline, "pipeline")

    def miss(self, event: Event, scope: EventScope) -> str | None:
        """The deal did not get that status by this event, or is in another pipeline."""
        changed = event.changes.get("status")
        if changed is None:
            return "The status did not change."
        if changed[1] != self.ends_as:
            return f"The deal became {changed[1]}, not {self.ends_as}."
        deal = scope.root("deal") or {}
        if self.pipeline is not None and deal.get("pipeline") != self.pipeline:
            return f"The deal is in pipeline {deal.get('pipeline')}, not in {self.pipeline}."
        return None

    def keys(self) -> Mapping[tuple[str, str], tuple[Any, ...]]:
        """The status, or the pipeline if one is named."""
        if self.pipeline is not None:
            return {("deal", "pipeline"): (fold(self.pipeline),)}
        return {("deal", "status"): (self.ends_as,)}

    def summary(self) -> str:
        """How it ends and where."""
        return f"When a deal{f' in the pipeline {self.pipeline}' if self.pipeline else ''} is {self.ends_as}"
