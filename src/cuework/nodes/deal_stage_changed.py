"""Trigger: a deal moves to another stage of a pipeline."""

from collections.abc import Mapping
from typing import Any

from cuework.engine.binder import Binder
from cuework.engine.event_scope import EventScope
from cuework.engine.events import Event
from cuework.nodes.hints import StageKey
from cuework.nodes.in_pipeline import InPipeline
from cuework.nodes.stage_changed import StageChanged


class DealStageChanged(StageChanged[StageKey], InPipeline):
    """Starts when a deal moves to another stage, in any pipeline or one, from and to any stages or the named ones.

    A deal that is created in a stage has not moved; use `deal.matches` to count that too.
    """

    type = "deal.stage_changed"
    starts_on = ("deal", "stage", "to")
    title = "Deal stage changed"
    icon = "git-fork"
    listens = ("deal.updated",)
    stage_field = "stage"
    sample = {"to": "offer"}

    def bind(self, binder: Binder) -> None:
        """The pipeline exists and has the stages."""
        pipeline = binder.pipeline(self.pipeline, "pipeline") if self.pipeline is not None else None
        for path, key in self.named():
            binder.stage(key, path, pipeline)

    def miss(self, event: Event, scope: EventScope) -> str | None:
        """The stage did not change, or not like that, or in another pipeline."""
        changed = event.changes.get("stage")
        if changed is None and "stage_id" not in event.changes:
            return "The stage did not change."
        if changed is None:  # stages of two pipelines may have one key
            key = (scope.root("deal") or {}).get("stage")
            changed = (key, key)
        return self.elsewhere(scope) or self.miss_of(*changed)

    def keys(self) -> Mapping[tuple[str, str], tuple[Any, ...]]:
        """The stages that it may have moved to, else the pipeline that it must be in."""
        return super().keys() or InPipeline.keys(self)

    def summary(self) -> str:
        """From where to where."""
        return f"When a deal{self.place()} moves{self.move(' to another stage')}"
