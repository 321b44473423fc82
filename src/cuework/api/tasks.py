"""Tasks: what somebody or a team has to do, and the lists of what is mine, my team's, and overdue."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from pydantic import Field

from cuework.api.models import Answer
from cuework.api.record_lists import Narrowing, Related
from cuework.api.records import add_record_routes
from cuework.api.routing import Router, Who
from cuework.base.errors import Invalid, Problem
from cuework.crm.timeline import workflows_of
from cuework.db.pool import Connection

_IN_MY_TEAMS = "t.team_id in (select m.team_id from team_members m where m.tenant_id = t.tenant_id and m.user_id = %s)"
_OVERDUE = "t.status = 'open' and t.due_at < now()"
_NOT_OVERDUE = "not (t.status = 'open' and coalesce(t.due_at < now(), false))"

Person = Annotated[str | None, Query(max_length=40, description="me, none, or a user's id")]
Teams = Annotated[str | None, Query(max_length=40, description="mine, none, or a team's id")]


def _tasks(
    who: Who,
    assignee: Person = None,
    team: Teams = None,
    status: Annotated[str | None, Query(pattern="^(open|done|cancelled)$")] = None,
    overdue: bool | None = None,
    contact_id: Related = None,
    company_id: Related = None,
    deal_id: Related = None,
) -> Narrowing:
    late = Narrowing() if overdue is None else Narrowing((_OVERDUE if overdue else _NOT_OVERDUE,))
    links = Narrowing.equal(status=status, contact_id=contact_id, company_id=company_id, deal_id=deal_id)
    return _assigned("assignee_id", assignee, who.user_id, "me") + _of_team(team, who.user_id) + late + links


def _of_team(team: str | None, me: UUID | None) -> Narrowing:
    if team == "mine":
        return Narrowing((_IN_MY_TEAMS,), (me,))
    return _assigned("team_id", team, None, None)


def _assigned(column: str, wanted: str | None, me: UUID | None, my_word: str | None) -> Narrowing:
    if wanted is None:
        return Narrowing()
    if wanted == "none":
        return Narrowing((f"t.{column} is null",))
    if wanted == my_word:
        return Narrowing((f"t.{column} = %s",), (me,))
    try:
        return Narrowing((f"t.{column} = %s",), (UUID(wanted),))
    except ValueError:
        name = column.removesuffix("_id")
        raise Invalid(f"{name}: {wanted!r} is no id.", [Problem(f"query.{name}", "is no id")]) from None


class TaskExecution(Answer):
    """The execution that made a task, and its workflow; those are null once retention dropped them."""

    id: UUID
    workflow_id: UUID | None
    workflow_name: str | None


async def _made_by(tx: Connection, tenant_id: UUID, tasks: list[dict[str, Any]]) -> None:
    """Each task says which workflow made it. Cost: one query."""
    found = await workflows_of(tx, tenant_id, (task["execution_id"] for task in tasks))
    for task in tasks:
        task["execution"] = found.get(task["execution_id"])


router = Router("tasks")
ROLES = add_record_routes(
    router,
    "task",
    _tasks,
    told=_made_by,
    more={"execution": Annotated[TaskExecution | None, Field(description="Who made it, where it is read")]},
)
