"""What answers say of things that they only point to: records, executions, and who did something.

Must not describe a resource of its own.
"""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import Field

from cuework.api.models import Answer, AnyJson

RecordKind = Literal["contact", "company", "deal", "task"]
FieldChanges = Annotated[
    dict[str, tuple[AnyJson, AnyJson]],
    Field(description="The old and the new value by field; custom fields as custom.<key>"),
]


class RecordRef(Answer):
    """A record by type and id."""

    type: RecordKind
    id: UUID


class NamedRecord(RecordRef):
    """A record with what people call it; null for one without a name."""

    name: str | None


class ActorRef(Answer):
    """Who: a user, an api_key, a workflow, a form, public, or the system."""

    type: str
    id: UUID | None


class NamedActor(ActorRef):
    """Who, with a name where there is one."""

    name: str | None


class ExecutionRef(Answer):
    """An execution and its workflow, which is null once the execution is not kept any more."""

    id: UUID
    workflow_id: UUID | None
    workflow_name: str | None


class FieldChange(Answer):
    """A field's old and new value."""

    field: str
    old: AnyJson
    new: AnyJson
