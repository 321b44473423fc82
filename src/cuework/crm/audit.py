"""The audit log: who did what to which thing, before and after, in the transaction of the change itself.

Append-only: the application's role may not change or delete a row. Must never be given a secret.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cuework.base.ids import new_id
from cuework.crm.actor import Actor
from cuework.db.pool import Connection

_INSERT = """
insert into audit (tenant_id, id, actor_type, actor_id, actor_name, action, subject_type, subject_id,
  subject_name, before, after, ip, user_agent)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
"""


@dataclass(frozen=True, slots=True)
class Subject:
    """What an audit row is about: a workflow, connection, user, role, key or setting."""

    type: str
    id: UUID | None
    name: str | None


async def record(
    connection: Connection,
    actor: Actor,
    action: str,
    subject: Subject,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """The audit log has one more row. Shape: action is like user.update."""
    old, new = _differing(before, after)
    who = (actor.type, actor.id, actor.name)
    what = (action, subject.type, subject.id, subject.name, old, new)
    await connection.execute(_INSERT, actor.tenant_id, new_id(), *who, *what, actor.ip, actor.user_agent)


def _differing(
    before: Mapping[str, Any] | None, after: Mapping[str, Any] | None
) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    if before is None or after is None:
        return (dict(before) if before is not None else None), (dict(after) if after is not None else None)
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    return {name: before.get(name) for name in names}, {name: after.get(name) for name in names}
