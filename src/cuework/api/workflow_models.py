"""What workflows, their versions and what is said about them are, as they are answered.

A definition is free here: a draft may be anything, and `GET /node-types/schema` says what a right one is. Must
not read or decide anything.
"""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from cuework.api.models import Answer, Instant, ProblemPlace

WorkflowStatus = Literal["draft", "published", "paused", "archived"]
Definition = Annotated[
    dict[str, Any],
    Field(description="A definition as it was written, right or wrong; /node-types/schema says what a right one is"),
]


class DefinitionProblem(ProblemPlace):
    """One thing that keeps a definition from being published, or that is probably not meant, and where."""

    severity: Literal["error", "warning"]


class LiveVersion(Answer):
    """A version that takes events now, and its share of them in percent."""

    version: int
    share: int


class WorkflowFigures(Answer):
    """What it did: how many executions live (counted to 10,000), and how many there were in all."""

    active: int
    total: int


class Workflow(Answer):
    """A workflow with its draft, its state and what it did lately.

    `published` is what takes events now, empty while it is off; `published_version` is the newest published one,
    also while it is off. `trigger_summary` is of the draft, or of that version while the draft has no such trigger.
    """

    id: UUID
    key: str
    name: str
    status: WorkflowStatus
    definition: Definition
    owner_id: UUID | None
    folder: str | None
    tags: list[str]
    published: list[LiveVersion]
    published_version: int | None
    trigger_summary: str | None
    has_unpublished_changes: bool
    paused_at: Annotated[Instant | None, Field(description="Since when its executions stay where they are")]
    last_execution_at: Instant | None
    revision: int
    created_at: Instant
    updated_at: Instant
    errors_7d: int
    stats: WorkflowFigures


class CheckedWorkflow(Workflow):
    """A workflow with the problems of its draft, and what it does in sentences.

    `start_words` is what starts it, without the filter; `step_words` what each step does, by the step's id.
    """

    start_words: str | None
    step_words: dict[str, str]
    problems: list[DefinitionProblem]


class ResumedWorkflow(Workflow):
    """A workflow that was just resumed; `job_id` sends on what was held, if anything was."""

    job_id: UUID | None


class HeldExecutions(Answer):
    """What resuming a paused workflow would set in motion; each number is counted to 10,000."""

    paused_at: Instant | None
    parked: Annotated[int, Field(description="Executions that stand still, with or without something to do")]
    overdue: Annotated[int, Field(description="Waits whose time came while it was paused")]
    news: Annotated[int, Field(description="Other executions for which something came: an event, an outcome")]


class PublishedWorkflow(Workflow):
    """A workflow that was just published; `job_id` enrolls the records that match now, if that was asked for."""

    job_id: UUID | None


class Validation(Answer):
    """What is wrong with a definition; it and its trigger in words are null where it cannot be read at all."""

    valid: bool
    problems: list[DefinitionProblem]
    definition: Definition | None
    trigger_summary: str | None


class ParkedExecutions(Answer):
    """How many executions stand at a step of a version; they stay on their version."""

    version: int
    step: str | None
    executions: int


class PublishPlan(Answer):
    """What publishing would do. `hash` is what was looked at; `diff` are sentences.

    `matching` is how many records match now, counted to 10,000; it is known for triggers about records' states only.
    """

    hash: str
    diff: list[str]
    parked: list[ParkedExecutions]
    matching: int
    matching_more: bool
    matching_known: bool
    problems: list[DefinitionProblem]


class Publisher(Answer):
    """Who published a version; the name is null for somebody who is not kept any more, and for API keys."""

    id: UUID
    name: str | None


class WorkflowVersion(Answer):
    """A version, and whether it takes events now."""

    version: int
    note: str
    published_at: Instant
    definition: Definition
    hash: str
    live: bool
    published_by: Publisher | None


class WorkflowExample(Answer):
    """A definition to begin with. `yaml` is the file, comments and all."""

    key: str
    name: str
    description: str
    yaml: str
    definition: Definition


class EnrolledRecord(Answer):
    """A record that will enter, and the execution that it becomes unless it is refused."""

    record_id: UUID | None
    execution_id: UUID


class Enrolled(Answer):
    """What will enter; for a workflow without records one execution without any."""

    accepted: int
    items: list[EnrolledRecord]
