"""What people call the records that executions are about. One query for any number of them, deleted ones too."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from cuework.db.pool import Connection

_NAMES = """
select 'contact' as type, id, coalesce(nullif(concat_ws(' ', first_name, last_name), ''), email, phone) as name
from contacts where tenant_id = $1 and id = any($2::uuid[])
union all
select 'company', id, coalesce(nullif(name, ''), domain) from companies where tenant_id = $1 and id = any($3::uuid[])
union all
select 'deal', id, nullif(name, '') from deals where tenant_id = $1 and id = any($4::uuid[])
union all
select 'task', id, nullif(title, '') from tasks where tenant_id = $1 and id = any($5::uuid[])
"""
_KINDS = ("contact", "company", "deal", "task")


async def record_names(
    connection: Connection, tenant_id: UUID, records: Iterable[tuple[str | None, UUID | None]]
) -> dict[UUID, str]:
    """The name of each record that has one. Shape: records are (type, id). Cost: one query, none for no records."""
    wanted: dict[str, set[UUID]] = {kind: set() for kind in _KINDS}
    for kind, identity in records:
        if kind in wanted and identity is not None:
            wanted[kind].add(identity)
    if not any(wanted.values()):
        return {}
    rows = await connection.fetch(_NAMES, tenant_id, *(sorted(wanted[kind]) for kind in _KINDS))
    return {row["id"]: row["name"] for row in rows if row["name"]}


def record_of(row: Mapping[str, Any], names: Mapping[UUID, str]) -> dict[str, Any] | None:
    """The record of a row that has record_type and record_id, as the API shows it."""
    identity = row["record_id"]
    if identity is None:
        return None
    return {"type": row["record_type"], "id": identity, "name": names.get(identity)}
