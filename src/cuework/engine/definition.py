"""A workflow's definition as people write it: a trigger, settings, and a tree of steps.

JSON and YAML are two spellings of it. This file knows the frame that all steps share; what each type of step
takes is declared by its node (see node.py).
"""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from cuework.base.patterns import WORD, WORKFLOW_KEY
from cuework.engine.retry import RetryPolicy
from cuework.engine.schedule import Span

MAX_STEPS = 500
MAX_DEPTH = 20

FRAME = ("id", "type", "disabled", "retry", "timeout", "on_error", "note")


class Settings(BaseModel):
    """How records enter and what happens when a step fails."""

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)

    re_entry: Literal["once", "one_active", "restart", "every_event"] = "one_active"
    entry_key: str | None = Field(None, max_length=500, description="Template; empty: the record's id")
    suppress: dict[str, Any] | None = Field(
        None, description="Condition: who must not enter, not even manually, and leaves when it comes to hold"
    )
    goal: dict[str, Any] | None = Field(
        None, description="Condition: what the workflow is for; who meets it does not enter, or leaves as `goal_met`"
    )
    exit: dict[str, Any] | None = Field(None, description="Condition: who leaves, as `exited`")
    max_age: Span | None = Field(None, description="How long an execution may take; after that it has `timed_out`")
    on_error: Literal["continue", "stop"] | None = None
    zone: str | None = Field(None, description="Time zone of waits for records that have none")
    allow_self: bool = Field(False, description="Whether the workflow's own changes may start it again")


class Frame(BaseModel):
    """What every step may say besides its own fields."""

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)

    id: str = Field(pattern=WORD, description="Unique in the workflow; later steps refer to it")
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
    key: str | None = Field(None, pattern=WORKFLOW_KEY)
    description: str | None = Field(None, max_length=2000)
    folder: str | None = Field(None, max_length=100)
    tags: list[str] = Field(default_factory=list[str], max_length=20)
    trigger: dict[str, Any]
    settings: Settings = Field(default_factory=lambda: Settings.model_validate({}))
    steps: list[dict[str, Any]] = Field(max_length=MAX_STEPS)
