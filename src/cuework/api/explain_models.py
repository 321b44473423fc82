"""What is said of one record and one workflow: why it entered or did not, and what a test would do, as answered.

Must not read or decide anything.
"""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from cuework.api.execution_models import ExecutionStatus, Failure, StreamedStep
from cuework.api.models import Answer, AnyJson, Instant
from cuework.api.references import RecordRef
from cuework.api.workflow_models import WorkflowStatus
from cuework.workflows.explain_words import State


class ClauseOutcome(Answer):
    """How one clause of a filter came out: as written, whether it is as it must be, and what it saw."""

    clause: Annotated[dict[str, Any], Field(description="The clause as it was written")]
    ok: bool
    value: AnyJson
    reason: str


class ExplainedEvent(Answer):
    """What became of one event of the record. `outcome` is a code, `reason` its sentence."""

    event_id: UUID
    type: str
    occurred_at: Instant
    outcome: str
    reason: str | None
    version: Annotated[int | None, Field(description="The version that took events then")]
    values: Annotated[dict[str, AnyJson], Field(description="What the event set, by field")]
    clauses: list[ClauseOutcome]


class ExplainedExecution(Answer):
    """An execution of the record in the workflow."""

    id: UUID
    version: int
    status: ExecutionStatus
    reason: str | None
    reason_text: str | None
    started_at: Instant
    finished_at: Instant | None
    next_at: Instant | None
    has_errors: bool


class ExplainedWorkflow(Answer):
    """The workflow that is explained."""

    id: UUID
    name: str
    status: WorkflowStatus


class Explanation(Answer):
    """The answer in sentences, and its parts. `execution` is the one that lives, or else the last."""

    state: State
    sentences: list[str]
    execution_id: UUID | None
    execution: ExplainedExecution | None
    executions: list[ExplainedExecution]
    next_at: Instant | None
    events: list[ExplainedEvent]
    workflow: ExplainedWorkflow
    record: RecordRef


class RehearsedTrigger(Answer):
    """What the test began with."""

    event_id: UUID
    type: str
    event_type: str


class PlacedClause(ClauseOutcome):
    """How a clause came out, and where it stands in the filter."""

    place: str


class RehearsedFilter(Answer):
    """Whether the trigger would let it in, clause by clause; `miss` says why not, before the filter."""

    passes: bool
    miss: str | None
    clauses: list[PlacedClause]


class WouldSend(Answer):
    """What a step would send."""

    kind: str
    request: Annotated[dict[str, Any], Field(description="What its channel would be asked to send")]


class RehearsedStep(StreamedStep):
    """A visit of a step in a test, and what it would send."""

    would_send: WouldSend | None


class RehearsedExecution(Answer):
    """What a workflow would do, step by step, with time travelled through its waits. Nothing was done or kept."""

    test: Literal[True]
    workflow_id: UUID
    version: Annotated[int | None, Field(description="Null for the draft")]
    record: RecordRef | None
    trigger: RehearsedTrigger
    filter: RehearsedFilter
    status: ExecutionStatus
    reason: str | None
    reason_text: str | None
    has_errors: bool
    error: Failure | None
    started_at: Instant
    ends_at: Instant | None
    steps: list[RehearsedStep]
