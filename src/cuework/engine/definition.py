"""A workflow's definition as people write it: a trigger, settings, and a tree of steps.

JSON and YAML are two spellings of it. This file knows the frame that all steps share; what each type of step
takes is declared by its node (see node.py).
"""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from cuework.base.errors import Problem
from cuework.engine.records import nearest
from cuework.engine.retry import RetryPolicy
from cuework.engine.schedule import Span

MAX_STEPS = 500
MAX_DEPTH = 20

# Words of the vocabulary whose behaviour does not exist yet: said so, instead of being ignored.
LATER_SETTINGS = ("exit", "goal", "settle", "limits", "max_age")

FRAME = ("id", "type", "disabled", "retry", "timeout", "on_error", "note")


class Settings(BaseModel):
    """How records enter and what happens when a step fails."""

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)

    re_entry: Literal["once", "one_active", "restart", "every_event"] = "one_active"
    entry_key: str | None = Field(None, max_length=500, description="Template; empty: the record's id")
    suppress: dict[str, Any] | None = Field(None, description="Condition: who must not enter, not even manually")
    on_error: Literal["continue", "stop"] | None = None
    zone: str | None = Field(None, description="Time zone of waits for records that have none")
    allow_self: bool = Field(False, description="Whether the workflow's own changes may start it again")


class Frame(BaseModel):
    """What every step may say besides its own fields."""

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)

    id: str = Field(pattern=r"^[a-z][a-z0-9_]{0,39}$", description="Unique in the workflow; later steps refer to it")
    type: str
    disabled: bool = False
    retry: RetryPolicy | None = None
    timeout: Span | None = None
    on_error: (
        Literal["continue", "stop"]
        | Annotated[dict[Literal["steps"], list[dict[str, Any]]], Field(min_length=1)]
        | None
    ) = None
    note: str | None = Field(None, max_length=2000)


class Definition(BaseModel):
    """The whole of a workflow but its identity and state."""

    model_config = ConfigDict(extra="forbid")

    name: str = Field(min_length=1, max_length=200)
    key: str | None = Field(None, pattern=r"^[a-z0-9][a-z0-9-]{0,79}$")
    description: str | None = Field(None, max_length=2000)
    folder: str | None = Field(None, max_length=100)
    tags: list[str] = Field(default_factory=list[str], max_length=20)
    trigger: dict[str, Any]
    settings: Settings = Field(default_factory=lambda: Settings.model_validate({}))
    steps: list[dict[str, Any]] = Field(max_length=MAX_STEPS)


def problems_of(error: ValidationError, path: str, model: type[BaseModel] | None = None) -> list[Problem]:
    """Pydantic's errors as problems with places and suggestions."""
    names = list(model.model_fields) if model else []
    return [_problem(dict(each), path, names) for each in error.errors(include_url=False, include_context=True)]


def _problem(each: Mapping[str, Any], path: str, names: list[str]) -> Problem:
    # Members of unions appear in the location as words that stand nowhere in the document.
    loc = [str(part) for part in each["loc"] if isinstance(part, int) or str(part).isidentifier() or "-" in str(part)]
    where = ".".join([path, *loc] if path else loc)
    wrapped = each.get("ctx", {}).get("error")
    inner: tuple[Problem, ...] = getattr(wrapped, "problems", ())
    if inner:
        return Problem(where, inner[0].message, inner[0].suggestion)
    if each["type"] == "extra_forbidden":
        name = loc[-1] if loc else ""
        return Problem(
            where, f"“{name}” is not a field here.", nearest(name, names) or f"there are: {', '.join(names)}"
        )
    if each["type"] == "missing":
        return Problem(where, f"“{loc[-1] if loc else path}” is missing.")
    return Problem(where, each["msg"].removeprefix("Value error, ") + ".")
