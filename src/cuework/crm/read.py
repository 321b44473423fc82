"""Reads one record for a request, and says how a record is spelled for the outside. Takes no locks."""

from typing import Any

from cuework.base.errors import NotFound
from cuework.crm.rows import load
from cuework.db.pool import Connection
from cuework.engine.catalog import Catalog
from cuework.engine.events import Ref
from cuework.engine.records import RECORD_TYPES
from cuework.engine.world import Row

_ONLY_STANDARD_FIELDS = frozenset({"task"})


async def read(connection: Connection, catalog: Catalog, ref: Ref) -> Row:
    """The record. Errors: NotFound, also for a deleted one."""
    row = (await load(connection, catalog.tenant_id, [ref], catalog, lock=""))[ref]
    if row is None or row["deleted_at"] is not None:
        raise NotFound(f"There is no {ref.type} {ref.id}.")
    return row


def has_custom_fields(kind: str) -> bool:
    """Whether tenants can add fields to that record type."""
    return kind not in _ONLY_STANDARD_FIELDS


def spelled(kind: str, row: Row) -> dict[str, Any]:
    """The record as the API shows it: every field by name, the tenant's own under custom."""
    shown = {name: row.get(name) for name in RECORD_TYPES[kind].fields}
    if has_custom_fields(kind):
        shown["custom"] = row.get("custom") or {}
    return shown
