"""What winning and losing a deal share."""

from typing import ClassVar

from pydantic import BaseModel

from cuework.engine.context import Context
from cuework.engine.events import Ref
from cuework.engine.outcome import Done, Outcome, Update
from cuework.engine.world import Row
from cuework.nodes.record_action import RecordAction


class StatusOutput(BaseModel):
    """The status before and after."""

    before: str
    status: str


class DealStatus(RecordAction):
    """The deal gets the status `ends_as`."""

    ends_as: ClassVar[str]
    works_on = ("deal",)
    Output = StatusOutput

    def act(self, ctx: Context, ref: Ref, row: Row) -> Outcome:
        """The status; the day of closing follows."""
        return Done({"before": row["status"], "status": self.ends_as}, (Update(ref, {"status": self.ends_as}),))

    def summary(self) -> str:
        """What happens to which deal."""
        return f"Mark the deal as {self.ends_as}{self.where()}"
