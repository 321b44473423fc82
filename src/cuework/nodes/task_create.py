"""Action: create a task."""

from typing import Any, Literal

from pydantic import BaseModel, Field, PrivateAttr

from cuework.engine.binder import Binder
from cuework.engine.context import Context
from cuework.engine.events import Ref
from cuework.engine.node import CREATED
from cuework.engine.outcome import Create, Done, Fail, Outcome
from cuework.engine.readers import MAX_LONG_TEXT
from cuework.engine.world import Row
from cuework.nodes.assignment import Assignment, AssignTo, Chosen, bind_assignment
from cuework.nodes.bound import keep
from cuework.nodes.hints import Line, Prose
from cuework.nodes.moments import Due, Moment, bind_due
from cuework.nodes.record_action import RecordAction
from cuework.nodes.texts import Write, maybe, refuse_blank, short, writer

MAX_TITLE = 500
EMPTY = "The title of the task is empty."


class TaskOutput(BaseModel):
    """The task that was made."""

    type: Literal["task"]
    id: str
    assignee_id: str | None
    team_id: str | None


class TaskCreate(RecordAction):
    """There is an open task about the record, for a person, for whoever of a team takes it, or for the owner.

    A task on a deal is also on the deal's contact and company. Happens exactly once.
    With `by: round_robin` a team's members get tasks in turn; with `by: load_balanced` the one with the fewest
    open tasks gets it. Deactivated users get none: a task for which nobody is left has no assignee, and a warning.
    """

    type = "task.create"
    writes = (("task", CREATED, None),)
    title = "Create a task"
    group = "Tasks"
    icon = "list-todo"
    sample = {"title": "Call {{ contact.first_name }}", "assign_to": {"team": "sales"}, "due": {"in": "1 day"}}
    works_on = ("contact", "company", "deal")
    Output = TaskOutput

    # `title` names the node type, so the field has a name of its own inside.
    heading: Line = Field(alias="title")
    description: Prose | None = None
    assign_to: AssignTo | None = None
    due: Due | None = None
    priority: Literal["low", "normal", "high", "urgent"] = "normal"

    _title: Write = PrivateAttr()
    _description: Write | None = PrivateAttr(None)
    _assignment: Assignment | None = PrivateAttr(None)
    _due: Moment | None = PrivateAttr(None)

    def bind(self, binder: Binder) -> None:
        """Texts, people and the due date are ready."""
        super().bind(binder)
        refuse_blank(self.heading, binder, "title", EMPTY)
        keep(
            self,
            _title=writer(self.heading, "title"),
            _description=maybe(self.description, "description"),
            _assignment=bind_assignment(self.assign_to, binder, "assign_to", "task"),
            _due=bind_due(self.due, binder),
        )

    def act(self, ctx: Context, ref: Ref, row: Row) -> Outcome:
        """One new task, linked to the record and to the execution."""
        assignment = self._assignment
        chosen = assignment.choose(ctx) if assignment is not None else _NOBODY
        if chosen.missing is not None:
            ctx.warn(chosen.why)  # what is to be done must not be lost because somebody left
        title = self._title(ctx).strip()[:MAX_TITLE]
        if not title:
            return Fail("invalid_value", EMPTY)
        asked: dict[str, Any] = {"title": title, "priority": self.priority}
        if self._description is not None:
            asked["description"] = self._description(ctx)[:MAX_LONG_TEXT]
        if self._due is not None:
            asked["due_at"] = self._due.of(ctx)
            ctx.tell("due_at", asked["due_at"])
        values = links(ref, row)
        values.update(asked)
        values["assignee_id"] = chosen.user
        values["team_id"] = chosen.team
        values["execution_id"] = ctx.execution.id
        task = ctx.new_id()
        made = (Create("task", task, values),)
        return Done(_output(task, chosen), made, why=chosen.why or None)

    def summary(self) -> str:
        """The title, and who gets it when."""
        who = f" for {self.assign_to.words()}" if self.assign_to is not None else ""
        when = f", due {self.due.words()}" if self.due is not None else ""
        return f"Create the task “{short(self.heading.source)}”{who}{when}{self.where()}"


_NOBODY = Chosen(None, None, "")


def links(ref: Ref, row: Row) -> dict[str, Any]:
    """What a task about the record is linked to."""
    if ref.type == "deal":
        return {"deal_id": ref.id, "contact_id": row["contact_id"], "company_id": row["company_id"]}
    return {f"{ref.type}_id": ref.id}


def _output(task: Any, chosen: Chosen) -> dict[str, Any]:
    return {
        "type": "task",
        "id": str(task),
        "assignee_id": str(chosen.user) if chosen.user else None,
        "team_id": str(chosen.team) if chosen.team else None,
    }
