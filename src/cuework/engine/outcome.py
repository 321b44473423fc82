"""What a step answers. Expected failures are values; a node that raises is a failed step, not a failed worker.

An `input` is what the step was asked to do, by the names of its fields, as far as the version alone does not say it:
readers of the log add the constants (workflows.step_inputs), and named templates tell themselves (Context.tell).

Nothing changes an outcome once it is made. Those that every step makes are not declared frozen all the same:
making a frozen one takes four times as long, and a pass makes thousands.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias
from uuid import UUID

from cuework.engine.events import Ref

NEXT = "next"
SKIP_NEXT = "skip_next"  # the step after the next one of the same list


@dataclass(slots=True)
class Update:
    """An existing record gets these canonical values (custom fields as custom.<key>)."""

    record: Ref
    values: Mapping[str, Any]


@dataclass(slots=True)
class Create:
    """A new record; take `id` from Context.new_id() so that the output can name it."""

    type: str
    id: UUID
    values: Mapping[str, Any]


@dataclass(slots=True)
class Append:
    """A row of a table without revisions: activity, notification. `event` names the event it makes, if any."""

    table: str
    row: Mapping[str, Any]
    event: str | None = None
    record: Ref | None = None


Change: TypeAlias = Update | Create | Append


@dataclass(slots=True)
class Done:
    """The step is finished and leaves by an exit. `why` says in words what it chose or did."""

    output: Mapping[str, Any] = field(default_factory=dict[str, Any])
    changes: tuple[Change, ...] = ()
    exit: str = NEXT
    input: Mapping[str, Any] | None = None
    why: str | None = None


@dataclass(frozen=True, slots=True)
class Sleep:
    """The step waits for an instant, then leaves by `exit`."""

    until: datetime
    why: str
    output: Mapping[str, Any] = field(default_factory=dict[str, Any])
    input: Mapping[str, Any] | None = None
    exit: str = NEXT


@dataclass(frozen=True, slots=True)
class Listen:
    """The step waits for news of records; when any comes, and once soon after now, the node is asked again.

    Asked again, it names the records once more if they may be others by now, none if they are the same for ever.

    Shape: events are event types; until is when it stops waiting, leaving by `timeout`.
    """

    events: tuple[str, ...]
    records: tuple[UUID, ...]
    why: str
    until: datetime | None = None
    input: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Effect:
    """Something must leave the process: delivered after the commit, at least once, under one key per visit.

    Shape: request is JSON; message is the row of `messages` that shows it to people, for channels that keep one.
    """

    kind: str
    connection_id: UUID | None
    request: Mapping[str, Any]
    message: Mapping[str, Any] | None = None
    input: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Skip:
    """The step does nothing, for a reason that has a code and a sentence; the execution goes on."""

    reason: str
    why: str
    input: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Fail:
    """The step cannot be done. The step's on_error decides what follows."""

    code: str
    message: str
    input: Mapping[str, Any] | None = None
    trace: str | None = None


@dataclass(frozen=True, slots=True)
class Stop:
    """The whole execution ends here, as planned."""

    reason: str = "exited"
    why: str = "A stop step ended it."


Outcome: TypeAlias = Done | Sleep | Listen | Effect | Skip | Fail | Stop
