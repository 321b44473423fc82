"""Action: set a contact's lead score."""

from pydantic import Field

from cuework.engine.context import Context
from cuework.engine.events import Ref
from cuework.engine.outcome import Done, Outcome, Update
from cuework.engine.records import MAX_SCORE
from cuework.engine.world import Row
from cuework.nodes.contact_add_score import ScoreOutput
from cuework.nodes.record_action import RecordAction


class ContactSetScore(RecordAction):
    """The contact's lead score is this number, whatever it was before.

    Happens exactly once. To count something up, use Add to score: two workflows that set it overwrite each other.
    """

    type = "contact.set_score"
    writes = (("contact", "lead_score", None),)
    title = "Set score"
    group = "Contacts"
    icon = "gauge"
    sample = {"score": 0}
    works_on = ("contact",)
    Output = ScoreOutput

    score: int = Field(ge=-MAX_SCORE, le=MAX_SCORE)

    def act(self, ctx: Context, ref: Ref, row: Row) -> Outcome:
        """The score."""
        return Done({"before": row["lead_score"], "score": self.score}, (Update(ref, {"lead_score": self.score}),))

    def summary(self) -> str:
        """The score and whose."""
        return f"Set the score to {self.score}{self.where()}"
