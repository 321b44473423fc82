"""Action: move a deal to another stage."""

from collections.abc import Mapping
from uuid import UUID

from pydantic import BaseModel, Field, PrivateAttr

from cuework.engine.binder import Binder
from cuework.engine.context import Context
from cuework.engine.events import Ref
from cuework.engine.outcome import Done, Fail, Outcome, Update
from cuework.engine.world import Row
from cuework.nodes.bound import keep
from cuework.nodes.hints import PipelineKey, StageKey
from cuework.nodes.record_action import RecordAction


class MoveOutput(BaseModel):
    """The stage before and after."""

    before: str | None
    stage: str


class DealMoveStage(RecordAction):
    """The deal is in the stage: of its own pipeline, or of the one that is named.

    Happens exactly once. Moving a deal does not change its status: winning and losing are steps of their own.
    """

    type = "deal.move_stage"
    writes = (("deal", "stage", "stage"),)
    title = "Move deal to a stage"
    group = "Deals"
    icon = "git-fork"
    sample = {"stage": "offer"}
    works_on = ("deal",)
    Output = MoveOutput

    stage: StageKey
    pipeline: PipelineKey | None = Field(None, description="Empty: the deal's own")

    _stages: Mapping[str, UUID] = PrivateAttr()

    def bind(self, binder: Binder) -> None:
        """The stage exists; for each pipeline that has it, which one it is."""
        super().bind(binder)
        pipeline = binder.pipeline(self.pipeline, "pipeline") if self.pipeline is not None else None
        binder.stage(self.stage, "stage", pipeline)
        found = {
            each.key: stage.id for each in binder.catalog.pipelines for stage in each.stages if stage.key == self.stage
        }
        keep(self, _stages=found)

    def act(self, ctx: Context, ref: Ref, row: Row) -> Outcome:
        """The stage; its pipeline follows."""
        pipeline = self.pipeline or row["pipeline"]
        stage = self._stages.get(pipeline)
        if stage is None:
            return Fail("no_stage", f"The deal's pipeline “{pipeline}” has no stage “{self.stage}”.")
        return Done({"before": row["stage"], "stage": self.stage}, (Update(ref, {"stage_id": stage}),))

    def summary(self) -> str:
        """Where to."""
        place = f" of the pipeline {self.pipeline}" if self.pipeline else ""
        return f"Move the deal to the stage {self.stage}{place}{self.where()}"
