"""What the models of all resources share: strict bodies, and the spelling of instants.

Must not describe a resource.
"""

from datetime import UTC, datetime
from typing import Annotated, Any, Generic, TypeVar

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
)

from cuework.base.time import rfc3339

Item = TypeVar("Item")


class Body(BaseModel):
    """What a client sends: a field that the model does not know is an error."""

    model_config = ConfigDict(extra="forbid", ser_json_bytes="base64")

    def sent(self) -> dict[str, Any]:
        """The fields that were sent, by name."""
        return self.model_dump(exclude_unset=True)


def _without_defaults(schema: dict[str, Any]) -> None:
    for field in schema.get("properties", {}).values():
        field.pop("default", None)


class Changes(Body):
    """A partial change: fields that are not sent stay as they are, so their defaults mean nothing."""

    model_config = ConfigDict(json_schema_extra=_without_defaults)


class Answer(BaseModel):
    """What a client gets."""

    model_config = ConfigDict(from_attributes=True)


class Page(BaseModel, Generic[Item]):
    """A page of a list; `next_cursor` is null on the last one."""

    items: list[Item]
    next_cursor: str | None = None


class Problem(BaseModel):
    """RFC 9457."""

    class Place(BaseModel):
        """One thing that is wrong, and where."""

        path: str
        message: str
        suggestion: str | None = None
        line: int | None = None
        column: int | None = None

    type: str
    title: str
    status: int
    detail: str
    errors: list[Place] = []


def _in_range(at: datetime) -> datetime:
    if not 1900 <= at.year <= 9000:
        raise ValueError("must lie between the years 1900 and 9000")
    return at.astimezone(UTC)


Instant = Annotated[AwareDatetime, AfterValidator(_in_range), PlainSerializer(rfc3339, return_type=str)]
"""An instant in UTC, spelled as RFC 3339."""

Key = Annotated[str, StringConstraints(pattern=r"^[a-z0-9](?:[a-z0-9_-]{0,62})$")]
"""A stable key that definitions refer to: a-z, 0-9, _ and -, at most 63."""

Name = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
"""A name for people."""

Position = Annotated[int, Field(ge=0, le=10_000)]
