"""What all set-up of a tenant has in common: read, create, change and delete one row, with its revision, an
audit row, and the epochs raised, in one transaction.

Only for small tables of set-up. Records have their own write path, which makes events; nothing here does.
Table and column names come from code alone, never from a request.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cuework.base.errors import Conflict, NotFound, Problem, Stale
from cuework.base.ids import new_id
from cuework.crm import audit
from cuework.crm.actor import Actor
from cuework.crm.audit import Subject
from cuework.crm.catalog import touch
from cuework.db.pool import Connection


@dataclass(frozen=True, slots=True)
class Table:
    """A table of set-up with the columns people see; `subject` is its word in messages and the audit log.

    Shape: kept_out names columns that never enter the audit log.
    """

    name: str
    subject: str
    shown: str
    kept_out: frozenset[str] = frozenset()


async def read(
    connection: Connection,
    tenant_id: UUID,
    table: Table,
    row_id: UUID,
    *,
    locked: bool = False,
    expected: int | None = None,
) -> dict[str, Any]:
    """The row as people see it. Errors: NotFound, also for another tenant's; Stale if it has another revision."""
    lock = " for update" if locked else ""
    row = await connection.fetchrow(
        f"select {table.shown} from {table.name} where tenant_id = $1 and id = $2{lock}",
        tenant_id,
        row_id,
    )
    if row is None:
        raise NotFound(f"There is no {words(table.subject)} {row_id}.")
    check_revision(expected, row["revision"])
    return dict(row)


async def create(
    connection: Connection, actor: Actor, table: Table, values: Mapping[str, Any], /, *, row_id: UUID | None = None
) -> dict[str, Any]:
    """The row exists. Errors: Conflict names the one that has the same key already."""
    row_id = row_id or new_id()
    marks = ", ".join(f"${n}" for n in range(3, len(values) + 3))
    row = await connection.fetchrow(
        f"insert into {table.name} (tenant_id, id, {', '.join(values)}) values ($1, $2, {marks}) "
        f"on conflict do nothing returning {table.shown}",
        actor.tenant_id,
        row_id,
        *values.values(),
    )
    if row is None:
        raise await _taken(connection, actor.tenant_id, table, values)
    await note(connection, actor, table, "create", after=dict(row))
    return dict(row)


async def change(
    connection: Connection,
    actor: Actor,
    table: Table,
    row_id: UUID,
    changes: Mapping[str, Any],
    *,
    expected: int | None = None,
) -> dict[str, Any]:
    """The row has these values; if it had them, nothing happens. Errors: NotFound, Stale."""
    before = await read(connection, actor.tenant_id, table, row_id, locked=True)
    check_revision(expected, before["revision"])
    if all(before.get(name) == value for name, value in changes.items()):
        return before
    return await write(connection, actor, table, before, changes)


async def write(
    connection: Connection,
    actor: Actor,
    table: Table,
    before: Mapping[str, Any],
    changes: Mapping[str, Any],
    *,
    verb: str = "update",
) -> dict[str, Any]:
    """The row, which the caller has locked and read, has these values and the next revision."""
    sets = "".join(f"{name} = ${n}, " for n, name in enumerate(changes, start=3))
    row = await connection.fetchrow(
        f"update {table.name} set {sets}revision = revision + 1, updated_at = now() "
        f"where tenant_id = $1 and id = $2 returning {table.shown}",
        actor.tenant_id,
        before["id"],
        *changes.values(),
    )
    assert row is not None
    await note(connection, actor, table, verb, before=before, after=dict(row))
    return dict(row)


async def remove(connection: Connection, actor: Actor, table: Table, before: Mapping[str, Any], /) -> None:
    """The row, which the caller has locked and read, is gone."""
    await connection.execute(
        f"delete from {table.name} where tenant_id = $1 and id = $2",
        actor.tenant_id,
        before["id"],
    )
    await note(connection, actor, table, "delete", before=before)


async def note(
    connection: Connection,
    actor: Actor,
    table: Table,
    verb: str,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    """The audit log has the change, and every process reads the set-up again."""
    row = after or before or {}
    subject = Subject(table.subject, row["id"], row.get("name"))
    old, new = (_without(side, table.kept_out | _FRAME) for side in (before, after))
    await audit.record(connection, actor, f"{table.subject}.{verb}", subject, before=old, after=new)
    await touch(connection, actor.tenant_id)


def check_revision(expected: int | None, revision: int, /) -> None:
    """Nothing happens if the revision is the expected one, or none is. Errors: Stale."""
    if expected is not None and expected != revision:
        raise Stale(
            f"It has revision {revision} now, not {expected}. Read it again, then repeat your change.",
            revision=revision,
        )


def words(subject: str, /) -> str:
    """A subject as a sentence has it."""
    return subject.replace("_", " ")


async def _taken(connection: Connection, tenant_id: UUID, table: Table, values: Mapping[str, Any]) -> Exception:
    same = " and record_type = $3" if "record_type" in values else ""
    existing = await connection.fetchval(
        f"select id from {table.name} where tenant_id = $1 and key = $2{same}",
        tenant_id,
        values["key"],
        *([values["record_type"]] if same else []),
    )
    return Conflict(
        f"There is a {words(table.subject)} with the key {values['key']} already.",
        [Problem("key", "is taken")],
        existing_id=existing,
    )


_FRAME = frozenset({"id", "revision", "created_at", "updated_at"})


def _without(row: Mapping[str, Any] | None, names: frozenset[str]) -> dict[str, Any] | None:
    return None if row is None else {name: value for name, value in row.items() if name not in names}
