"""Action: write an entry into a record's history."""

from pydantic import BaseModel, Field, PrivateAttr

from cuework.base.patterns import WORD
from cuework.engine.binder import Binder
from cuework.engine.context import Context
from cuework.engine.events import Ref
from cuework.engine.outcome import Append, Done, Fail, Outcome
from cuework.engine.world import Row
from cuework.nodes.bound import keep
from cuework.nodes.hints import Prose
from cuework.nodes.record_action import RecordAction
from cuework.nodes.texts import Write, refuse_blank, short, writer

MAX_TEXT = 20_000
EMPTY = "The text of the activity is empty."


class ActivityOutput(BaseModel):
    """The entry that was written."""

    id: str
    text: str


class ActivityLog(RecordAction):
    """The record's history has an entry with this text, linked to the execution that wrote it.

    Happens exactly once.
    """

    type = "activity.log"
    title = "Log an activity"
    group = "Records"
    icon = "notebook-pen"
    sample = {"text": "Welcomed {{ contact.first_name }}"}
    works_on = ("contact", "company", "deal", "task")
    Output = ActivityOutput

    text: Prose
    activity: str = Field("note", pattern=WORD, description="What sort of entry it is")

    _text: Write = PrivateAttr()

    def bind(self, binder: Binder) -> None:
        """The text is ready to be written."""
        super().bind(binder)
        refuse_blank(self.text, binder, "text", EMPTY)
        keep(self, _text=writer(self.text, "text"))

    def act(self, ctx: Context, ref: Ref, row: Row) -> Outcome:
        """One row of activities, and the event that tells of it."""
        text = self._text(ctx).strip()
        if not text:
            return Fail("invalid_value", EMPTY)
        entry = ctx.new_id()
        line = {
            "id": entry,
            "type": self.activity,
            "record_type": ref.type,
            "record_id": ref.id,
            "text": text[:MAX_TEXT],
            "actor_type": "workflow",
            "actor_id": ctx.execution.workflow_id,
            "execution_id": ctx.execution.id,
            "occurred_at": ctx.now,
        }
        return Done({"id": str(entry), "text": line["text"]}, (Append("activities", line, "activity.logged", ref),))

    def summary(self) -> str:
        """The entry's beginning."""
        return f"Log the {self.activity.replace('_', ' ')} “{short(self.text.source)}”{self.where()}"
