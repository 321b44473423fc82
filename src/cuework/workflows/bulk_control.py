"""Cancel or retry many executions, by filter or by id: counted first, then told in batches at a rate.

Writes commands only, as `control` does for one.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from cuework.base.errors import Invalid, Problem
from cuework.base.ids import new_id
from cuework.base.json import dumps_text
from cuework.crm import audit
from cuework.crm.actor import Actor
from cuework.crm.audit import Subject
from cuework.db import bulk
from cuework.db.pool import Connection
from cuework.workflows.executions import LIVE, MOST, Filter
from cuework.workflows.put_aside import let_go
from cuework.workflows.retryable import FREE, RETRYABLE

BATCH = 200
_INBOX = {"id": "uuid", "lane": "smallint", "kind": "text", "priority": "smallint", "execution_id": "uuid"} | {
    "payload": "jsonb"
}
# Which executions each action can be done to, and in which table they are.
_SOURCES = {
    "cancel": "executions_live e where e.tenant_id = $1 and ",
    "retry": f"executions_done e where e.tenant_id = $1 and {RETRYABLE} and {FREE} and ",
}


def filter_of(action: str, request: Mapping[str, Any]) -> Filter:
    """Which executions a request is about: its `ids`, or its `filter` narrowed to what the action can be done to.

    Errors: Invalid if nothing is left of the filter.
    """
    if request.get("ids"):
        return Filter(ids=[UUID(str(each)) for each in request["ids"]])
    return _narrowed(action, request.get("filter") or {})


def _narrowed(action: str, request: Mapping[str, Any]) -> Filter:
    ids = {name: UUID(str(request[name])) if request.get(name) else None for name in ("workflow_id", "record_id")}
    times = {name: _instant(request.get(name)) for name in ("from_at", "to_at")}
    found = Filter(**ids, **times, **{name: request.get(name) for name in ("status", "reason", "has_errors", "test")})
    possible = LIVE if action == "cancel" else ("failed", "cancelled")
    if found.status not in (None, *possible):
        problem = Problem("filter.status", f"is not what {action} is done to", " or ".join(possible))
        raise Invalid(f"Executions that are {found.status} cannot be told to {action}.", [problem])
    if action == "cancel":
        if found.reason is not None:  # leaving it out would cancel more than was asked for
            problem = Problem("filter.reason", "only executions that have ended have one", "leave it out")
            raise Invalid("Executions that can be cancelled have not ended, so they have no reason yet.", [problem])
        return found
    return found if found.status is not None else replace(found, status="failed")  # cancelled ones only if asked for


async def count(connection: Connection, tenant_id: UUID, request: Mapping[str, Any]) -> dict[str, Any]:
    """How many executions the request's action would be done to, exact to MOST. Errors: Invalid."""
    action = request["action"]
    arguments: list[Any] = [tenant_id]
    where = filter_of(action, request).where(arguments)
    query = f"select count(*) from (select from {_SOURCES[action]}{where} limit {MOST + 1}) as found"
    found = await connection.fetchval(query, *arguments)
    return {"count": min(found, MOST), "more": found > MOST}


async def note(
    connection: Connection, actor: Actor, job_id: UUID, request: Mapping[str, Any], found: Mapping[str, Any]
) -> None:
    """The audit log says who asked for what to be done to how many executions."""
    asked: Mapping[str, Any] = request["filter"] or {}
    chosen = {name: value for name, value in asked.items() if value is not None}
    which = {"ids": request["ids"]} if request.get("ids") else {"filter": chosen}
    after: dict[str, Any] = {**which, **found, "rate": request["rate"]}
    if request["action"] == "retry":
        after["latest"] = request["latest"]
    subject = Subject("job", job_id, request["name"])
    await audit.record(connection, actor, f"executions.{request['action']}", subject, after=after)


async def tell_next(
    connection: Connection, actor: Actor, request: Mapping[str, Any]
) -> tuple[int, UUID | None, timedelta]:
    """The next batch has its commands. The answer: how many, where to go on, and how long to wait before."""
    action = request["action"]
    rate = int(request.get("rate") or BATCH)
    most = max(1, min(BATCH, rate))
    arguments: list[Any] = [actor.tenant_id]
    where = filter_of(action, request).where(arguments)
    if request.get("after"):
        arguments.append(UUID(str(request["after"])))
        where += f" and e.id < ${len(arguments)}"
    query = f"select e.id, e.lane from {_SOURCES[action]}{where} order by e.id desc limit {most}"
    rows = await connection.fetch(query, *arguments)
    by = {"type": actor.type, "id": actor.id, "name": actor.name}
    why = f"{actor.name} cancelled it ({request['name']})." if request.get("name") else f"{actor.name} cancelled it."
    said = {"cancel": {"why": why}, "retry": {"latest": bool(request.get("latest"))}}[action]
    payload = dumps_text({"do": action, **said, "actor": by})
    columns: list[list[Any]] = [
        [new_id() for _ in rows],
        [row["lane"] for row in rows],
        ["command"] * len(rows),
        [1] * len(rows),
        [row["id"] for row in rows],
        [payload] * len(rows),
    ]
    await bulk.insert(connection, actor.tenant_id, "inbox", _INBOX, columns)
    if action == "retry":
        await let_go(connection, actor.tenant_id, [row["id"] for row in rows])
    after = rows[-1]["id"] if len(rows) == most else None
    return len(rows), after, timedelta(seconds=len(rows) / rate)


def _instant(value: Any) -> datetime | None:
    return datetime.fromisoformat(value) if isinstance(value, str) else value
