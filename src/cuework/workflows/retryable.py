"""Which executions that ended can go on where they stood, and in words why the others cannot. Reads nothing."""

from collections.abc import Mapping
from typing import Any

# Of a row `e` of the executions. What an execution knew is kept where it failed at a step, where an input of it was
# put into quarantine, and where a person cancelled it.
RETRYABLE = """(e.status = 'failed' and e.state -> 'failure' ->> 'at' is not null
  or e.reason = 'cancelled' and e.state ? 'stood')"""

# Of the same row: nothing else is active under its entry key, so that it may be again (§2).
FREE = """not exists (select from enrollments n where n.tenant_id = e.tenant_id and n.workflow_id = e.workflow_id
  and n.entry_key = e.entry_key and n.active and n.execution_id <> e.id)"""
TAKEN = (
    "It cannot be retried now: the record entered again, and that execution is active. Retry it when that has ended."
)

_NEVER = {
    "record_deleted": "Its record was deleted, so there is nothing to go on with.",
    "version_removed": "The version that it ran on was removed. Enroll the record again instead.",
    "restarted": "The record entered again, and a newer execution took its place.",
    "suppressed": "The record is suppressed for this workflow.",
    "loop": "Workflows set each other off ten times in a row; it would stop again.",
}


def is_retryable(status: str, reason: str | None, state: Mapping[str, Any] | None) -> bool:
    """The same of values that are read already."""
    kept = state or {}
    failure: Mapping[str, Any] = kept.get("failure") or {}
    return (status == "failed" and failure.get("at") is not None) or (reason == "cancelled" and "stood" in kept)


def why_not(status: str, reason: str | None) -> str:
    """Why one that is not retryable is not."""
    if reason in _NEVER:
        return f"It cannot be retried: {_NEVER[reason][:1].lower()}{_NEVER[reason][1:]}"
    if status not in ("failed", "cancelled"):
        return f"Only an execution that failed or was cancelled can be retried; this one is {status}."
    return "What it knew is not kept any more, so it cannot go on. Enroll the record again."
