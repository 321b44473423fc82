"""Checks one tenant's data against every promise, in one snapshot, without disturbing anybody."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cuework.crm.catalog import load_catalog
from cuework.db.pool import Pool
from cuework.nodes import discover
from cuework.workflows.handled import unhandled
from cuework.workflows.invariants import INVARIANTS

_SHOWN = 10
_FIGURES = {
    "events": "select count(*) from events where tenant_id = $1",
    "executions": "select count(*) from executions where tenant_id = $1",
    "steps": "select count(*) from steps where tenant_id = $1",
    "pending inputs": "select count(*) from inbox where tenant_id = $1",
    "quarantined": "select count(*) from quarantine where tenant_id = $1 and state = 'held'",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check found: sizes, and per broken promise the first offending rows."""

    figures: Mapping[str, int]
    broken: Mapping[str, list[dict[str, Any]]]

    @property
    def clean(self) -> bool:
        """Whether every promise holds."""
        return not self.broken

    def as_json(self) -> dict[str, Any]:
        """For machines."""
        return {"clean": self.clean, "figures": dict(self.figures), "broken": dict(self.broken)}


async def verify_tenant(pool: Pool, tenant_id: UUID) -> Verdict:
    """The tenant's verdict as of one instant. Cost: reads all of its retained history."""
    broken: dict[str, list[dict[str, Any]]] = {}
    async with pool.acquire() as connection:
        await connection.execute(
            f"begin isolation level repeatable read read only; set local app.tenant_id = '{UUID(str(tenant_id))}';"
            "set local statement_timeout = 0"
        )
        try:
            figures = {name: await connection.fetchval(query, tenant_id) for name, query in _FIGURES.items()}
            for promise, query in INVARIANTS.items():
                rows = await connection.fetch(f"{query} limit {_SHOWN}", tenant_id)
                if rows:
                    broken[promise] = [dict(row) for row in rows]
            lost = await unhandled(connection, tenant_id, discover(), await load_catalog(connection, tenant_id))
            if lost:
                broken["every event is handled or pending"] = lost[:_SHOWN]
        finally:
            await connection.execute("rollback")
    return Verdict(figures, broken)
