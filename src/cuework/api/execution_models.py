"""What executions, their steps and the figures about them are, as they are answered and streamed.

The words of a step's input, output and changes are its node type's. Must not read or decide anything.
"""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import ConfigDict, Field, RootModel

from cuework.api.known_words import one_of
from cuework.api.models import Answer, AnyJson, Instant, Sparse
from cuework.api.references import ActorRef, FieldChanges, NamedRecord, RecordRef
from cuework.engine.execution import SENTENCES

Reason = Annotated[str, one_of(SENTENCES)]
"""Why an execution ended."""
ExecutionStatus = Literal["pending", "running", "waiting", "completed", "failed", "cancelled"]
StepStatus = Literal["pending", "running", "waiting", "completed", "skipped", "held", "failed", "cancelled"]


class ExecutionTrigger(Answer):
    """What set it off; `event_id` is null for one that was enrolled by hand."""

    event_id: UUID | None
    type: str


class Execution(Answer):
    """One run of a version about one record. `reason` is a code and `reason_text` its sentence."""

    id: UUID
    workflow_id: UUID
    workflow_name: str | None
    version: int
    status: ExecutionStatus
    reason: str | None
    reason_text: str | None
    has_errors: bool
    record: NamedRecord | None
    trigger: ExecutionTrigger
    entry_key: str
    test: bool
    started_at: Instant
    finished_at: Instant | None
    duration_ms: Annotated[int, Field(description="How long it worked, without its waits")]
    elapsed_ms: Annotated[int, Field(description="How long it took, or has taken until now")]
    next_at: Annotated[Instant | None, Field(description="When it moves next, if that is known")]
    updated_at: Instant
    revision: Annotated[int, Field(description="Of two tellings the higher is the newer")]


class TriggerData(Answer):
    """What the event brought: changes, and what is no field, such as an answer or a payload."""

    model_config = ConfigDict(extra="allow")

    changes: FieldChanges


class TriggerDetail(ExecutionTrigger, Sparse):
    """The event itself; of one that is not kept any more, only what the execution knew of it."""

    event_type: str | None = None
    occurred_at: Instant | None = None
    actor: ActorRef | None = None
    caused_by: Annotated[UUID | None, Field(description="The execution whose step made the event")] = None
    hops: int | None = None
    data: TriggerData


class ChangedRecord(RecordRef, Sparse):
    """A record that a step changed; its name is told with the whole execution only."""

    name: str | None = None


class StepChange(Sparse):
    """One changed value, or a record that the step created."""

    record: ChangedRecord
    field: str | None = None
    old: AnyJson = None
    new: AnyJson = None
    created: bool | None = None


class StepError(Sparse):
    """Why it failed. The trace is for managers only."""

    code: str | None = None
    message: str
    trace: str | None = None


class Failure(StepError):
    """Why an execution failed, and where: the step's id and its visit."""

    at: str | None = None
    visit: str | None = None


class StreamedStep(Answer):
    """A visit of a step as the stream tells it: finished, or what a live execution waits in."""

    execution_id: UUID
    seq: int
    revision: int
    visit: Annotated[str, Field(description="The step's id, with the turns of the loops around it")]
    type: str
    title: str
    status: StepStatus
    attempts: int
    started_at: Instant | None
    finished_at: Instant | None
    until: Annotated[Instant | None, Field(description="Where it waits: until when it does")]
    input: AnyJson
    output: AnyJson
    changes: list[StepChange]
    error: StepError | None
    why: str | None
    reason: str | None
    warnings: list[str]
    note: str | None


class StepMessage(Answer):
    """What a step sent, and what became of it."""

    id: UUID
    visit: str | None
    recipient: str
    subject: str | None
    state: str
    message_id: str | None
    error: str | None
    sent_at: Instant | None


class ExecutionStep(StreamedStep):
    """A visit of a step, with what it sent."""

    message: StepMessage | None


class ExecutionDetail(Execution):
    """One execution with every step, and what set it off."""

    trigger: TriggerDetail  # pyright: ignore[reportIncompatibleVariableOverride] - it says more of the same
    error: Failure | None
    retryable: Annotated[bool, Field(description="Whether it failed or was cancelled and can go on where it stood")]
    paused_at: Annotated[
        Instant | None, Field(description="Since when it stays where it is, because its workflow is paused")
    ]
    steps: list[ExecutionStep]


class ExecutionCount(Answer):
    """How many there are: exact unless there are `more`."""

    count: int
    more: bool
    text: str


class Durations(Answer):
    """How long executions worked, without their waits, in milliseconds."""

    mean: float | None
    p95: float | None


class StatisticsPoint(Answer):
    """One stretch of a series: how many began, and how many ended how."""

    at: Instant
    total: int
    completed: int
    failed: int
    cancelled: int


class ExecutionStatistics(Answer):
    """Figures of a stretch of time. `total` is how many began in it; `refused` never did."""

    total: int
    pending: int
    running: int
    waiting: int
    completed: int
    failed: int
    cancelled: int
    with_errors: int
    refused: int
    success_rate: float | None
    duration_ms: Durations
    histogram: Annotated[list[int], Field(description="Executions by duration: bucket n is under 2^n milliseconds")]
    series: list[StatisticsPoint]
    series_step_s: int


class Accepted(Answer):
    """What the execution was told to do; it will within moments."""

    id: UUID
    accepted: Literal["cancel", "retry"]


class BulkCount(Answer):
    """How many executions the action would be done to: exact unless there are `more`."""

    count: int
    more: bool


class BulkStarted(BulkCount):
    """The job that does it."""

    id: UUID
    state: Literal["running"] = "running"


class ExecutionNews(Answer):
    """What an execution is now: the whole row; of two the one with the higher revision is the newer."""

    id: str
    event: Literal["execution"]
    data: Execution


class StepNews(Answer):
    """A finished step of an execution that moved."""

    id: str
    event: Literal["step"]
    data: StreamedStep


class LeftOut(Answer):
    """How many rows were left out."""

    left_out: int


class FiguresNews(Answer):
    """Too much happened to tell it row by row."""

    id: str
    event: Literal["figures"]
    data: LeftOut


class Nothing(Answer):
    """An empty object."""


class ResetNews(Answer):
    """What was missed cannot be told again: read the list."""

    id: str
    event: Literal["reset"]
    data: Nothing


class StreamMessage(
    RootModel[Annotated[ExecutionNews | StepNews | FiguresNews | ResetNews, Field(discriminator="event")]]
):
    """A message of the stream, as a reader of server-sent events has it: its `data` is JSON."""
