"""Trigger: a deal moves to another stage of a pipeline."""

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from cuework.engine.binder import Binder
from cuework.engine.events import Event
from cuework.engine.folding import fold
from cuework.engine.match import EventScope
from cuework.engine.node import Trigger
from cuework.nodes.hints import PipelineKey, StageKey, either, listed


class DealStageChanged(Trigger):
    """Starts when a deal moves to another stage, in any pipeline or one, from and to any stages or the named ones.

    A deal that is created in a stage has not moved; use `deal.matches` to count that too.
    """

    type = "deal.stage_changed"
    title = "Deal stage changed"
    group = "Deals"
    icon = "git-fork"
    listens = ("deal.updated",)
    record_type = "deal"
    sample = {"to": "offer"}

    pipeline: PipelineKey | None = Field(None, description="Empty: any pipeline")
    before: StageKey | list[StageKey] | None = Field(None, alias="from", description="Empty: any stage")
    after: StageKey | list[StageKey] | None = Field(None, alias="to", description="Empty: any stage")

    def bind(self, binder: Binder) -> None:
        """The pipeline exists and has the stages."""
        pipeline = binder.pipeline(self.pipeline, "pipeline") if self.pipeline is not None else None
        for path, keys in (("from", self.before), ("to", self.after)):
            for key in listed(keys):
                binder.stage(key, path, pipeline)

    def miss(self, event: Event, scope: EventScope) -> str | None:
        """The stage did not change, or not like that."""
        changed = event.changes.get("stage")
        if changed is None and "stage_id" not in event.changes:
            return "The stage did not change."
        old, new = changed or (None, None)
        deal = scope.root("deal") or {}
        if self.pipeline is not None and deal.get("pipeline") != self.pipeline:
            return f"The deal is in pipeline {deal.get('pipeline')}, not in {self.pipeline}."
        if self.before is not None and old not in listed(self.before):
            return f"It came from {old or 'no stage'}, not from {either(listed(self.before))}."
        if self.after is not None and new not in listed(self.after):
            return f"It went to {new or 'no stage'}, not to {either(listed(self.after))}."
        return None

    def keys(self) -> Mapping[tuple[str, str], tuple[Any, ...]]:
        """The stages that it may have moved to, else the pipeline that it must be in."""
        wanted = tuple(fold(key) for key in listed(self.after))
        if wanted:
            return {("deal", "stage"): wanted}
        return {("deal", "pipeline"): (fold(self.pipeline),)} if self.pipeline is not None else {}

    def summary(self) -> str:
        """From where to where."""
        place = f" in the pipeline {self.pipeline}" if self.pipeline is not None else ""
        origin = f" from {either(listed(self.before))}" if self.before is not None else ""
        goal = f" to {either(listed(self.after))}" if self.after is not None else ""
        return f"When a deal{place} moves{origin}{goal or ' to another stage'}"
