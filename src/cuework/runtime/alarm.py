"""Tells a tenant's owner and admins that an input was put aside: once per cause, not once per input."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from cuework.base.ids import new_id
from cuework.db import bulk
from cuework.db.pool import Connection
from cuework.workflows.quarantine_words import what_words, why_words

PAGE = "/executions/held-back"

# Known already: others of this cause are held, or one was in the last hour.
_KNOWN = """
select exists (select from quarantine where tenant_id = $1 and cause = $2 and id <> $3
  and (state = 'held' or at > clock_timestamp() - interval '1 hour'))
"""
_CONTEXT = """
select (select name from workflows where tenant_id = $1 and id = $2) as workflow,
  (select type from events where tenant_id = $1 and id = $3) as event_type, clock_timestamp() as now
"""
_ADMINS = "select id from users where tenant_id = $1 and role in ('owner', 'admin') and deactivated_at is null"
_NOTIFICATION = {"id": "uuid", "user_id": "uuid", "text": "text", "link": "text"} | {
    "execution_id": "uuid",
    "created_at": "timestamptz",
}


async def tell_admins(
    connection: Connection, tenant_id: UUID, aside: Mapping[str, Any], reason: str, error: str
) -> None:
    """Each of them has a notification that leads to what is held back; none if the cause is known already."""
    if await connection.fetchval(_KNOWN, tenant_id, aside["cause"], aside["id"]):
        return
    context = await connection.fetchrow(_CONTEXT, tenant_id, aside["workflow_id"], aside["event_id"])
    assert context is not None
    admins = [row["id"] for row in await connection.fetch(_ADMINS, tenant_id)]
    where = f" in “{context['workflow']}”" if context["workflow"] else ""
    what = what_words(aside["kind"], context["event_type"], aside["payload"])
    text = f"{what} could not be handled{where} and is held back. {why_words(reason, error)}"
    now: datetime = context["now"]
    count = len(admins)
    columns = [[new_id() for _ in admins], admins, [text] * count, [PAGE] * count]
    columns += [[aside["execution_id"]] * count, [now] * count]
    await bulk.insert(connection, tenant_id, "notifications", _NOTIFICATION, columns)
