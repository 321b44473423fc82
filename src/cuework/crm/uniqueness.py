"""What no two records may share (a contact's email, an external id), answered with the record that has it.

The unique indexes decide, also between requests at the same time; this file only finds words for it.
"""

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg

from cuework.base.errors import Conflict, Problem
from cuework.db.pool import Connection

# Record type to field to (constraint, SQL that finds who has one of the values, with the value as `key`).
_UNIQUE: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "contact": {
        "email": (
            "contacts_email",
            """select id, deleted_at, lower(email) as key from contacts
            where tenant_id = $1 and lower(email) = any($2::text[]) and deleted_at is null""",
        ),
        "external_id": (
            "contacts_external",
            """select id, deleted_at, external_id as key from contacts
            where tenant_id = $1 and external_id = any($2::text[])""",
        ),
    },
    "company": {
        "external_id": (
            "companies_external",
            """select id, deleted_at, external_id as key from companies
            where tenant_id = $1 and external_id = any($2::text[])""",
        ),
    },
}

_LETTER_BY_LETTER = str.maketrans("İΣ", "iσ")


@dataclass(frozen=True, slots=True)
class Taken:
    """The record that has a value already."""

    id: UUID
    deleted: bool

    @property
    def state(self) -> str:
        """What to add to its name."""
        return " (deleted; it can be restored)" if self.deleted else ""

    @staticmethod
    def key(name: str, value: str) -> str:
        """The value as it is compared."""
        return email_key(value) if name == "email" else value


def email_key(email: str) -> str:
    """The address as the unique index compares it.

    PostgreSQL's `lower` goes letter by letter; Python's makes two letters of İ, and of Σ what the next letter says.
    """
    return email.translate(_LETTER_BY_LETTER).lower()


def unique_key(kind: str) -> Callable[[Mapping[str, Any]], tuple[str, ...]]:
    """By what records of that kind are ordered before they are inserted: what they may not share, as compared."""
    names = tuple(_UNIQUE.get(kind, ()))
    return lambda row: tuple(Taken.key(name, row[name] or "") for name in names)


@asynccontextmanager
async def unique_or_conflict(
    connection: Connection, tenant_id: UUID, kind: str, values: Mapping[str, Any]
) -> AsyncGenerator[None]:
    """Whatever is written inside is undone if it breaks uniqueness. Errors: Conflict names who has the value.

    Cost: one round trip where the values have a unique field, else none.
    """
    if not any(values.get(name) is not None for name in _UNIQUE.get(kind, ())):
        yield
        return
    await connection.execute("savepoint before_write")
    try:
        yield
    except asyncpg.UniqueViolationError as error:
        await connection.execute("rollback to savepoint before_write")
        raise await _conflict(connection, tenant_id, kind, error, values) from None


async def find_taken(
    connection: Connection, tenant_id: UUID, kind: str, items: Sequence[Mapping[str, Any]]
) -> dict[str, dict[str, Taken]]:
    """Who has the values of each unique field already, by the value's key. Cost: one query per unique field."""
    found: dict[str, dict[str, Taken]] = {}
    for name, (_, query) in _UNIQUE.get(kind, {}).items():
        keys = sorted({Taken.key(name, item[name]) for item in items if item.get(name) is not None})
        rows = await connection.fetch(query, tenant_id, keys) if keys else []
        found[name] = {row["key"]: Taken(row["id"], row["deleted_at"] is not None) for row in rows}
    return found


async def _conflict(
    connection: Connection, tenant_id: UUID, kind: str, error: asyncpg.UniqueViolationError, values: Mapping[str, Any]
) -> Conflict:
    constraint = error.constraint_name
    name = next((name for name, (each, _) in _UNIQUE[kind].items() if each == constraint), None)
    if name is None:
        return Conflict("There is one with the same key already.", constraint=constraint)
    owners = (await find_taken(connection, tenant_id, kind, [{name: values[name]}]))[name]
    if not owners:
        return Conflict(f"Another {kind} with this {name} came and went at the same moment; try again.")
    [owner] = owners.values()
    problem = Problem(name, f"belongs to {kind} {owner.id}{owner.state}")
    sentence = f"The {name.replace('_', ' ')} {values[name]} belongs to {kind} {owner.id} already{owner.state}."
    return Conflict(sentence, [problem], existing_id=str(owner.id))
