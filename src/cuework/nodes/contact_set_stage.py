"""Action: move a contact to a lifecycle stage."""

from pydantic import BaseModel, Field

from cuework.engine.binder import Binder
from cuework.engine.context import Context
from cuework.engine.events import Ref
from cuework.engine.outcome import Done, Outcome, Update
from cuework.engine.world import Row
from cuework.nodes.hints import LifecycleStage
from cuework.nodes.record_action import RecordAction


class StageOutput(BaseModel):
    """The lifecycle stage before and after."""

    before: str | None
    stage: str


class ContactSetStage(RecordAction):
    """The contact is in the lifecycle stage. With `only_forward` a contact that is further already stays where it is.

    Happens exactly once.
    """

    type = "contact.set_stage"
    writes = (("contact", "lifecycle_stage", "stage"),)
    title = "Set lifecycle stage"
    group = "Contacts"
    icon = "flag"
    sample = {"stage": "customer"}
    works_on = ("contact",)
    Output = StageOutput

    stage: LifecycleStage
    only_forward: bool = Field(False, description="Never move a contact back")

    def bind(self, binder: Binder) -> None:
        """The stage exists."""
        super().bind(binder)
        binder.lifecycle_stage(self.stage, "stage")

    def act(self, ctx: Context, ref: Ref, row: Row) -> Outcome:
        """The stage, unless that would be a step back that is not wanted."""
        before: str | None = row["lifecycle_stage"]
        order = ctx.catalog.lifecycle_stages
        if (
            self.only_forward
            and before in order
            and self.stage in order
            and order.index(before) >= order.index(self.stage)
        ):
            return Done(
                {"before": before, "stage": before}, why=f"It is in {before} already, which is not before {self.stage}."
            )
        return Done({"before": before, "stage": self.stage}, (Update(ref, {"lifecycle_stage": self.stage}),))

    def summary(self) -> str:
        """The stage and whose."""
        return f"Set the lifecycle stage to {self.stage}{self.where()}"
