"""What a simulation came to, without ids and times: two runs that mean the same tell the same story."""

from collections import Counter, defaultdict
from typing import Any
from uuid import UUID

from cuework.testing.simulation_tables import Row, Tables
from cuework.testing.simulation_workflows import KEYS_BY_ID

_TOLD = (
    "first_name",
    "last_name",
    "lead_score",
    "tags",
    "job_title",
    "source",
    "phone",
    "title",
    "status",
    "priority",
    "name",
    "value_amount",
    "revision",
)


def story(tables: Tables) -> dict[str, Any]:
    """Records by name, and the visits of each workflow's executions about each record.

    Who of a team gets which task is not told, only how many each got: turns are promised, their order is not.
    """
    rows = tables.rows
    names = {row["id"]: _name(row) for kind in ("contacts", "deals", "tasks") for row in rows[kind].values()}
    records = [
        (kind, {name: row[name] for name in _TOLD if name in row} | {"deleted": row["deleted_at"] is not None})
        for kind in ("contacts", "deals", "tasks")
        for row in rows[kind].values()
    ]
    executions: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for row in sorted(rows["executions_done"].values(), key=lambda row: row["started_at"]):
        about = names.get(row["record_id"], "")
        executions[KEYS_BY_ID[row["workflow_id"]], about].append((row["reason"], _visits(tables, row["id"])))
    return {
        "records": sorted(records, key=repr),
        "executions": {key: sorted(found, key=repr) for key, found in sorted(executions.items())},
        "turns": sorted(Counter(str(row["assignee_id"]) for row in rows["tasks"].values()).items()),
        "refused": sorted((KEYS_BY_ID[row["workflow_id"]], row["reason"]) for row in rows["misses"].values()),
    }


def _visits(tables: Tables, execution: UUID) -> list[tuple[str, str]]:
    steps = [row for row in tables.rows["steps"].values() if row["execution_id"] == execution]
    return [(row["visit"], row["status"]) for row in sorted(steps, key=lambda row: row["seq"])]


def _name(row: Row) -> str:
    return str(row.get("first_name") or row.get("title") or row.get("name"))
