"""Action: raise or lower a contact's lead score."""

from pydantic import BaseModel, Field

from cuework.engine.context import Context
from cuework.engine.events import Ref
from cuework.engine.outcome import Done, Fail, Outcome, Update
from cuework.engine.records import MAX_SCORE
from cuework.engine.world import Row
from cuework.nodes.record_action import RecordAction


class ScoreOutput(BaseModel):
    """The score before and after."""

    before: int
    score: int


class ContactAddScore(RecordAction):
    """The contact's lead score is higher by the points, or lower by them if they are negative.

    Happens exactly once, also when several workflows change the score at the same time.
    """

    type = "contact.add_score"
    writes = (("contact", "lead_score", None),)
    title = "Add to score"
    group = "Contacts"
    icon = "trending-up"
    sample = {"points": 10}
    works_on = ("contact",)
    Output = ScoreOutput

    points: int = Field(ge=-MAX_SCORE, le=MAX_SCORE, description="Negative to lower it")

    def act(self, ctx: Context, ref: Ref, row: Row) -> Outcome:
        """The points are added to the score as it is now."""
        before: int = row["lead_score"]
        score = before + self.points
        if abs(score) > MAX_SCORE:
            return Fail("invalid_value", f"The score would be {score}; it stays between -{MAX_SCORE} and {MAX_SCORE}.")
        return Done({"before": before, "score": score}, (Update(ref, {"lead_score": score}),))

    def summary(self) -> str:
        """The points and whose."""
        points = f"{abs(self.points)} point{'' if abs(self.points) == 1 else 's'}"
        words = f"Add {points} to the score" if self.points >= 0 else f"Take {points} off the score"
        return f"{words}{self.where()}"
