"""B2, the physical limit of W2: exactly the rows that W2 left behind, by binary COPY, as a superuser.

A superuser is outside row-level security. The rows are read from the run that was just measured, get
another tenant's id, and are written 500 executions a transaction on one connection: inserts by COPY, the
contacts by one `update ... from unnest`.
"""

import time
from collections import defaultdict
from typing import Any
from uuid import UUID

import asyncpg

from bench.stage import Stage, make_contacts, tenant_with

CHUNK = 500
_OWNED = {  # table -> the column that leads from a row to its execution
    "executions_done": "id",
    "steps": "execution_id",
    "tasks": "execution_id",
    "activities": "execution_id",
    "events": "execution_id",
}


async def b2(place: Stage, tenant_id: UUID) -> float:
    """Executions per second that COPY of the tenant's W2 rows reaches."""
    connection = await asyncpg.connect(place.dsn)
    for kind in ("json", "jsonb"):
        await connection.set_type_codec(
            kind, schema="pg_catalog", encoder=_jsonb, decoder=lambda raw: raw[1:], format="binary"
        )
    target = await tenant_with(place.pool, f"limit-{time.monotonic_ns()}")
    executions = await connection.fetch("select id, record_id from executions_done where tenant_id = $1", tenant_id)
    contacts = await make_contacts(place.pool, target, len(executions), inbox=False)
    replaced = dict(zip((row["record_id"] for row in executions), contacts, strict=True))
    chunks = await _chunks(connection, tenant_id, target, [row["id"] for row in executions], replaced)
    await connection.execute("checkpoint")
    began = time.perf_counter()
    for tables, updates in chunks:
        async with connection.transaction():
            for table, (columns, rows) in tables.items():
                await connection.copy_records_to_table(table, records=rows, columns=columns)
            await connection.execute(
                """update contacts c set lead_score = u.score, tags = array['new-contact'], revision = u.revision,
                  updated_at = now() from unnest($2::uuid[], $3::int[], $4::bigint[]) as u(id, score, revision)
                where c.tenant_id = $1 and c.id = u.id""",
                target,
                updates,
                [10] * len(updates),
                [3] * len(updates),
            )
    spent = time.perf_counter() - began
    await connection.close()
    return len(executions) / spent


async def _chunks(
    connection: Any, tenant_id: UUID, target: UUID, executions: list[UUID], replaced: dict[UUID, UUID]
) -> list[tuple[dict[str, tuple[list[str], list[tuple[Any, ...]]]], list[UUID]]]:
    rows: dict[str, dict[UUID, list[tuple[Any, ...]]]] = {}
    columns: dict[str, list[str]] = {}
    for table, owner in _OWNED.items():
        found = await connection.fetch(f"select * from {table} where tenant_id = $1 and {owner} is not null", tenant_id)
        columns[table] = list(found[0].keys())
        by_execution: dict[UUID, list[tuple[Any, ...]]] = defaultdict(list)
        for row in found:
            moved = [
                target if name == "tenant_id" else replaced.get(value, value) if isinstance(value, UUID) else value
                for name, value in row.items()
            ]
            by_execution[row[owner]].append(tuple(moved))
        rows[table] = by_execution
    done = await connection.fetch("select id, record_id from executions_done where tenant_id = $1", tenant_id)
    contact_of = {row["id"]: replaced[row["record_id"]] for row in done}
    chunks: list[tuple[dict[str, tuple[list[str], list[tuple[Any, ...]]]], list[UUID]]] = []
    for first in range(0, len(executions), CHUNK):
        part = executions[first : first + CHUNK]
        tables = {
            table: (columns[table], [row for identity in part for row in rows[table][identity]]) for table in _OWNED
        }
        chunks.append((tables, [contact_of[identity] for identity in part]))
    return chunks


def _jsonb(raw: bytes) -> bytes:
    return b"\x01" + raw
