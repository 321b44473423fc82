"""Triggers that may be narrowed to the deals of one pipeline."""

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from cuework.engine.binder import Binder
from cuework.engine.event_scope import EventScope
from cuework.engine.folding import fold
from cuework.engine.node import Trigger
from cuework.nodes.hints import PipelineKey


class InPipeline(Trigger):
    """Something happens to a deal, in any pipeline or in the one that is named."""

    group = "Deals"
    record_type = "deal"

    pipeline: PipelineKey | None = Field(None, description="Empty: any pipeline")

    def bind(self, binder: Binder) -> None:
        """The pipeline exists."""
        if self.pipeline is not None:
            binder.pipeline(self.pipeline, "pipeline")

    def elsewhere(self, scope: EventScope) -> str | None:
        """Why the deal's pipeline is not the one that is named; None if it may be this one."""
        deal = scope.root("deal") or {}
        if self.pipeline is None or deal.get("pipeline") == self.pipeline:
            return None
        return f"The deal is in pipeline {deal.get('pipeline')}, not in {self.pipeline}."

    def keys(self) -> Mapping[tuple[str, str], tuple[Any, ...]]:
        """The pipeline, if one is named."""
        return {("deal", "pipeline"): (fold(self.pipeline),)} if self.pipeline is not None else {}

    def place(self) -> str:
        """The pipeline in words, empty for any."""
        return f" in the pipeline {self.pipeline}" if self.pipeline is not None else ""
