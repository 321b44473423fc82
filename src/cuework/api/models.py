"""What the models of all resources share: strict bodies, whole answers, and the spelling of instants.

The answers' models are the contract: the OpenAPI document is made of them, and the web client's types of that.
Must not describe a resource.
"""

from typing import Annotated, Any, Generic, TypeVar

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
)

from cuework.base.patterns import KEY
from cuework.base.time import rfc3339, taken
from cuework.engine.readers import one_line

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
    """What a client gets; a field with a default is there all the same."""

    model_config = ConfigDict(from_attributes=True, json_schema_serialization_defaults_required=True)


class Sparse(Answer):
    """An answer whose fields with defaults may be left out."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=False)


class Page(Answer, Generic[Item]):
    """A page of a list; `next_cursor` is null on the last one."""

    items: list[Item]
    next_cursor: str | None = None


class ProblemPlace(Sparse):
    """One thing that is wrong, and where: `path` is in the body, or query.NAME; line and column are of a YAML text."""

    path: str
    message: str
    suggestion: str | None = None
    line: int | None = None
    column: int | None = None


class Problem(Sparse):
    """RFC 9457. Some types of problem have more members, which their `detail` puts into words."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    detail: str
    errors: list[ProblemPlace]


Instant = Annotated[
    AwareDatetime,
    PlainSerializer(rfc3339, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
"""An instant that is answered, spelled as RFC 3339 in UTC: whatever the store holds."""

SentInstant = Annotated[Instant, AfterValidator(taken)]
"""An instant that a client sends, in UTC and within the years that are taken."""

Key = Annotated[str, StringConstraints(pattern=KEY)]
"""A stable key that definitions refer to: a-z, 0-9, _ and -, at most 63."""

Name = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True), AfterValidator(one_line)]
"""A name for people, on one line."""

AnyJson = Annotated[Any, Field(description="Any JSON value")]
"""What has no shape of its own: a field's value, a step's output."""

Position = Annotated[int, Field(ge=0, le=10_000)]
