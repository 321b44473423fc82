"""One execution in memory: where its tokens are, what its steps gave, and how it ends.

Only the pass that holds its record's lane changes one. `state` is what is stored of it while it lives.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from cuework.engine.events import Cause, Ref

# Status by reason (§20). An end has one of these reasons; nothing else ends an execution.
ENDS = {
    "completed": ("completed", "goal_met", "exited", "unsubscribed"),
    "cancelled": ("cancelled", "suppressed", "record_deleted", "version_removed", "restarted"),
    "failed": ("failed", "loop", "timed_out"),
}
STATUS_BY_REASON = {reason: status for status, reasons in ENDS.items() for reason in reasons}

SENTENCES = {
    "completed": "Every step is done.",
    "goal_met": "The goal was met, so the rest was not needed.",
    "exited": "A stop step or the exit condition ended it as planned.",
    "unsubscribed": "The contact unsubscribed.",
    "cancelled": "Somebody cancelled it.",
    "suppressed": "The record is suppressed for this workflow.",
    "record_deleted": "Its record was deleted.",
    "version_removed": "Its version was removed when another was published.",
    "restarted": "The record entered again and the workflow restarts.",
    "failed": "A step failed and the workflow stops on errors.",
    "loop": "Workflows set each other off ten times in a row, so the chain was stopped.",
    "timed_out": "It took longer than the workflow's max_age.",
}


def end_words(reason: str | None, why: str | None) -> str | None:
    """How an execution ended, in a sentence; None for one that goes on."""
    return why or SENTENCES.get(reason or "", reason)


@dataclass(slots=True)
class Token:
    """A place in the tree: the step it stands before, or waits in when `wait` says for what.

    Shape: at is the step's id; visit its id with loop indices; wait is {kind: sleep|listen|effect, until, why,
    exit, output, input, since, mark, attempts}, all JSON; ids of what a pass does later come after its mark.
    """

    at: str
    visit: str
    wait: dict[str, Any] | None = None

    def as_json(self) -> dict[str, Any]:
        """As stored in executions_live.state."""
        return {"at": self.at, "visit": self.visit, "wait": self.wait}


@dataclass(slots=True)
class StepLog:
    """The finished visit of a step, as it is appended to the log."""

    execution_id: UUID
    seq: int
    visit: str
    type: str
    status: str
    attempts: int
    started_at: datetime
    finished_at: datetime
    detail: dict[str, Any]


@dataclass(slots=True)
class Execution:
    """One run of one version about one record.

    Shape: trigger holds what the template root `trigger` shows; outputs maps step id to what it gave;
    seq is the number of finished visits; stood are the tokens of one that ended and may be retried where it stood;
    ran_on are earlier versions that it was on, each with the number of visits until then; why says how it ended, where
    the sentence of the reason does not.
    """

    id: UUID
    workflow_id: UUID
    version: int
    record: Ref | None
    lane: int
    event_id: UUID | None
    trigger_type: str
    entry_key: str
    started_at: datetime
    cause: Cause
    trigger: Mapping[str, Any] = field(default_factory=dict[str, Any])
    outputs: dict[str, Any] = field(default_factory=dict[str, Any])
    tokens: list[Token] = field(default_factory=list[Token])
    seq: int = 0
    status: str = "running"
    reason: str | None = None
    has_errors: bool = False
    test: bool = False
    active_ms: int = 0
    revision: int = 0
    failure: dict[str, Any] | None = None
    stood: list[Token] = field(default_factory=list[Token])
    too_old_at: datetime | None = None
    ran_on: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    why: str | None = None

    def end(self, reason: str) -> None:
        """The execution has ended, for a reason of the table above; it holds no tokens any more."""
        self.status = STATUS_BY_REASON[reason]
        self.reason = reason
        self.tokens = []

    @property
    def ended(self) -> bool:
        """Whether it has come to an end."""
        return self.reason is not None

    def caused(self) -> Cause:
        """The cause of what its steps change."""
        return self.cause

    def state(self) -> dict[str, Any]:
        """What is stored of it besides the columns."""
        known = {
            "trigger": self.trigger,
            "outputs": self.outputs,
            "tokens": [token.as_json() for token in self.tokens],
            "seq": self.seq,
            "root": self.cause.root_id,
            "hops": self.cause.hops,
            "workflows": self.cause.workflows,
            "failure": self.failure,
            "too_old_at": self.too_old_at,
        }
        if self.cause.batch_id is not None or self.cause.bulk:
            known |= {"batch": self.cause.batch_id, "bulk": self.cause.bulk}
        return known | {"ran_on": self.ran_on} if self.ran_on else known

    def left(self) -> dict[str, Any] | None:
        """What is kept of it when it has ended: all if it can be retried, else what its log is read with, if any."""
        why = {"why": self.why} if self.why is not None else {}
        if self.status == "failed" or self.stood:
            return self.state() | why | ({"stood": [token.as_json() for token in self.stood]} if self.stood else {})
        return ({"ran_on": self.ran_on} if self.ran_on else {}) | why or None


def restore(row: Mapping[str, Any]) -> Execution:
    """The execution of a stored row (executions_live, or executions_done when it is to be retried)."""
    state = row["state"]
    record = Ref(row["record_type"], row["record_id"]) if row["record_id"] else None
    return Execution(
        id=row["id"],
        workflow_id=row["workflow_id"],
        version=row["version"],
        record=record,
        lane=row["lane"],
        event_id=row["event_id"],
        trigger_type=row["trigger_type"],
        entry_key=row["entry_key"],
        started_at=row["started_at"],
        cause=cause_of(row["id"], row["workflow_id"], state),
        trigger=state["trigger"],
        outputs=state["outputs"],
        tokens=_tokens(state["tokens"]),
        seq=state["seq"],
        status=row["status"],
        has_errors=row["has_errors"],
        test=row["test"],
        active_ms=row["active_ms"],
        revision=row["revision"],
        failure=state.get("failure"),
        stood=_tokens(state["stood"]) if "stood" in state else [],
        too_old_at=datetime.fromisoformat(state["too_old_at"]) if state.get("too_old_at") else None,
        ran_on=[(before, version) for before, version in state.get("ran_on", ())],
    )


def _tokens(stored: Iterable[Mapping[str, Any]]) -> list[Token]:
    return [Token(token["at"], token["visit"], token["wait"]) for token in stored]


def cause_of(identity: UUID, workflow_id: UUID, state: Mapping[str, Any]) -> Cause:
    """The cause of what a stored execution changes, as it was when the execution began."""
    root, batch = (UUID(str(state[name])) if state.get(name) else None for name in ("root", "batch"))
    visited = tuple(UUID(str(workflow)) for workflow in state.get("workflows", ()))
    bulk = state.get("bulk", False)
    return Cause("workflow", workflow_id, identity, root, state.get("hops", 1), visited, batch, bulk)
