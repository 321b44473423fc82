"""What no two records may share (a contact's email, an external id), answered with the record that has it.

The unique indexes decide, also between requests at the same time; this file only finds words for it.
"""

from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import asyncpg

from cuework.base.errors import Conflict, Problem
from cuework.db.pool import Connection

# Constraint to (record type, field, SQL that finds who has the value).
_OWNERS: Mapping[str, tuple[str, str, str]] = {
    "contacts_email": (
        "contact",
        "email",
        "select id, deleted_at from contacts where tenant_id = $1 and lower(email) = lower($2) and deleted_at is null",
    ),
    "contacts_external": (
        "contact",
        "external_id",
        "select id, deleted_at from contacts where tenant_id = $1 and external_id = $2",
    ),
    "companies_external": (
        "company",
        "external_id",
        "select id, deleted_at from companies where tenant_id = $1 and external_id = $2",
    ),
}
UNIQUE: Mapping[str, frozenset[str]] = {
    "contact": frozenset({"email", "external_id"}),
    "company": frozenset({"external_id"}),
}


@asynccontextmanager
async def unique_or_conflict(
    connection: Connection, tenant_id: UUID, kind: str, values: Mapping[str, Any]
) -> AsyncGenerator[None]:
    """Whatever is written inside is undone if it breaks uniqueness. Errors: Conflict names who has the value.

    Cost: one round trip where the values have a unique field, else none.
    """
    if not any(values.get(name) is not None for name in UNIQUE.get(kind, ())):
        yield
        return
    await connection.execute("savepoint before_write")
    try:
        yield
    except asyncpg.UniqueViolationError as error:
        await connection.execute("rollback to savepoint before_write")
        raise await _conflict(connection, tenant_id, error.constraint_name or "", values) from None


async def _conflict(connection: Connection, tenant_id: UUID, constraint: str, values: Mapping[str, Any]) -> Conflict:
    if constraint not in _OWNERS:
        return Conflict("There is one with the same key already.", constraint=constraint)
    kind, field, query = _OWNERS[constraint]
    has = await connection.fetchrow(query, tenant_id, values[field])
    if has is None:
        return Conflict(f"Another {kind} with this {field} came and went at the same moment; try again.")
    return taken(kind, field, values[field], has["id"], deleted=has["deleted_at"] is not None)


def taken(kind: str, field: str, value: str, identity: UUID, *, deleted: bool = False, path: str = "") -> Conflict:
    """The conflict with the record that has the value already."""
    state = " (deleted; it can be restored)" if deleted else ""
    problem = Problem(path or field, f"belongs to {kind} {identity}{state}")
    words = field.replace("_", " ")
    return Conflict(
        f"The {words} {value} belongs to {kind} {identity} already{state}.", [problem], existing_id=str(identity)
    )
