"""Records between their tables and the engine's rows: which column holds which field.

Reads lock: whoever loads a record to change it holds its row until the commit, in order of (table, id).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Any
from uuid import UUID

from cuework.db.by_id import by_id
from cuework.db.pool import Connection
from cuework.engine.catalog import Catalog
from cuework.engine.events import Ref
from cuework.engine.money import Money
from cuework.engine.world import Row

_COMMON = {"revision": "bigint", "created_at": "timestamptz", "updated_at": "timestamptz", "deleted_at": "timestamptz"}


@dataclass(frozen=True)
class Table:
    """The table of a record type: its columns with their PostgreSQL types, the id first."""

    name: str
    columns: Mapping[str, str]

    @property
    def select(self) -> str:
        """The columns as a select list."""
        return ", ".join(self.columns)


TABLES: Mapping[str, Table] = {
    "company": Table(
        "companies",
        {"id": "uuid"}
        | dict.fromkeys(("external_id", "name", "domain", "phone"), "text")
        | {"owner_id": "uuid", "custom": "jsonb"}
        | _COMMON,
    ),
    "contact": Table(
        "contacts",
        {"id": "uuid"}
        | dict.fromkeys(("external_id", "first_name", "last_name", "email", "phone", "job_title"), "text")
        | {"company_id": "uuid", "owner_id": "uuid", "lifecycle_stage": "text", "lead_score": "integer"}
        | {"tags": "text[]"}
        | dict.fromkeys(("source", "timezone", "language", "country", "email_consent"), "text")
        | {"custom": "jsonb"}
        | _COMMON,
    ),
    "deal": Table(
        "deals",
        {"id": "uuid", "name": "text", "value_amount": "bigint", "value_currency": "text"}
        | dict.fromkeys(("pipeline_id", "stage_id"), "uuid")
        | {"status": "text"}
        | dict.fromkeys(("contact_id", "company_id", "owner_id"), "uuid")
        | {"closed_at": "timestamptz", "custom": "jsonb"}
        | _COMMON,
    ),
    "task": Table(
        "tasks",
        {"id": "uuid", "title": "text", "description": "text", "assignee_id": "uuid", "team_id": "uuid"}
        | {"due_at": "timestamptz", "priority": "text", "status": "text"}
        | dict.fromkeys(("contact_id", "company_id", "deal_id", "execution_id"), "uuid")
        | {"completed_at": "timestamptz"}
        | _COMMON,
    ),
}
_BYTES = attrgetter("bytes")
# Locks are taken in this order of tables, then by id: the same everywhere, so that no two wait for each other.
LOCK_ORDER = ("company", "contact", "deal", "task")


async def load(
    connection: Connection, tenant_id: UUID, refs: Iterable[Ref], catalog: Catalog, *, lock: str = "for no key update"
) -> dict[Ref, Row | None]:
    """The rows of the records, None for each that is not there; locked until the transaction ends.

    Units: lock is 'for no key update', the same with nowait, or '' for reading alone.
    Errors: asyncpg.LockNotAvailableError with nowait. Cost: one query per record type.
    """
    wanted: dict[str, list[UUID]] = {}
    found: dict[Ref, Row | None] = {}
    for ref in refs:
        found[ref] = None
        wanted.setdefault(ref.type, []).append(ref.id)
    for kind in LOCK_ORDER:
        if kind in wanted:
            table = TABLES[kind]
            ids = sorted(wanted[kind], key=_BYTES)
            for record in await connection.fetch(by_id(table.name, table.select, lock), tenant_id, ids):
                found[Ref(kind, record["id"])] = row_of(kind, record, catalog)
    return found


def row_of(kind: str, record: Mapping[str, Any], catalog: Catalog) -> Row:
    """A table's record as the engine's row."""
    row = dict(record)
    if kind == "deal":
        amount, currency = row.pop("value_amount"), row.pop("value_currency")
        row["value"] = Money(amount, currency) if amount is not None else None
        pipeline, stage = catalog.stage_by_id.get(row["stage_id"], (None, None))
        row["pipeline"] = pipeline.key if pipeline else None
        row["stage"] = stage.key if stage else None
    return row


def columns_of(kind: str, fields: Iterable[str]) -> list[str]:
    """The table's columns that hold these fields of a row."""
    names: dict[str, None] = {}
    for field in fields:
        if kind == "deal" and field == "value":
            names |= {"value_amount": None, "value_currency": None}
        elif field in TABLES[kind].columns:
            names[field] = None
    return list(names)
