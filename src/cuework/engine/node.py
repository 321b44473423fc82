"""How a node type is declared: one class in one file is its configuration, form, docs and behaviour.

Nodes are pure. They see a Context and answer an Outcome; what they need and nobody has loaded is asked for
with `ctx.record`, `ctx.ask`, which interrupt the step until the answer is there and then run it again.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, ClassVar, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict

from cuework.engine.binder import Binder
from cuework.engine.catalog import Catalog
from cuework.engine.context import Context
from cuework.engine.event_scope import EventScope
from cuework.engine.events import Event
from cuework.engine.outcome import Done, Outcome

Kind = Literal["trigger", "flow", "change", "lookup", "effect"]

CREATED = "+"
Touched: TypeAlias = tuple[str, str, str | None]
"""A type of record; a field of it, or CREATED for a new one; and its only values, if there are such: the node's own
field that holds them, or one value behind "="."""


class Node(BaseModel):
    """What every node type declares. The subclass's docstring is its documentation; its fields are its form."""

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)

    type: ClassVar[str]
    title: ClassVar[str]
    group: ClassVar[str]
    icon: ClassVar[str]
    kind: ClassVar[Kind]
    sample: ClassVar[Mapping[str, Any]] = {}

    def bind(self, binder: Binder) -> None:
        """The node knows the tenant's catalogue: conditions are compiled, references checked.

        Errors: problems go to the binder with a path relative to the node; nothing is raised.
        """

    def summary(self) -> str:
        """One line for the tree in the application: what this step will do, in words."""
        return self.title


class Step(Node):
    """A node that executions pass through."""

    Output: ClassVar[type[BaseModel] | None] = None
    kind: ClassVar[Kind] = "change"
    writes: ClassVar[tuple[Touched, ...]] = ()  # whatever its configuration, beside what `values` names
    ends: ClassVar[bool] = False  # nothing comes after it
    leaves_by_exits: ClassVar[bool] = False  # it never leaves by `next`
    unlogged: ClassVar[tuple[str, ...]] = ()  # fields that the log never shows: secrets, and what is shown elsewhere
    subscribes: ClassVar[bool] = False  # it may answer Listen; versions remember it from when they were published

    def run(self, ctx: Context) -> Outcome:
        """What this visit does. Pure: changes are returned, not made."""
        raise NotImplementedError

    def woken(self, ctx: Context, news: str, visit_data: Mapping[str, Any]) -> Outcome:
        """What follows when what the step waited for came.

        Shape: news is 'due' (its time came), 'event' or 'check' (see Listen), 'result' (an effect's outcome,
        then visit_data is that outcome); by default a due or delivered step is done.
        """
        return Done(output=visit_data)

    def blocks(self) -> Iterable[tuple[str, str, list[dict[str, Any]]]]:
        """Inner lists of steps as (exit, path relative to this step, raw steps)."""
        return ()

    def cautions(self) -> Iterable[tuple[str, str, str | None]]:
        """What is allowed and probably not meant, as (path relative to this step, message, suggestion).

        Asked of a bound step when a draft is checked, never while running.
        """
        return ()

    def needs_consent(self) -> str | None:
        """The field of the contact that says whether they want what this step sends; None if it sends them nothing."""
        return None

    def exits(self) -> tuple[str, ...]:
        """The exits it can leave by, besides 'next', which every step has."""
        return tuple(name for name, _, _ in self.blocks())


class Trigger(Node):
    """A node that starts executions.

    Shape: `listens` are the event types that may start it; `record_type` is the type of the record
    that the execution is about, None when there may be none.
    """

    kind: ClassVar[Kind] = "trigger"
    listens: ClassVar[tuple[str, ...]] = ()
    record_type: ClassVar[str | None] = None
    starts_on: ClassVar[Touched | None] = None  # beside what `fields` names and an edge trigger's filter reads
    edge: ClassVar[bool] = False  # fires when `when` becomes true, instead of on each event

    when: dict[str, Any] | None = None

    def about(self) -> str | None:
        """The type of the record that the execution is about."""
        return self.record_type

    def miss(self, event: Event, scope: EventScope) -> str | None:
        """Why this event does not start it although its type fits, before `when` is asked; None if it may."""
        return None

    def answers(self, catalog: Catalog) -> Collection[str] | None:
        """The fields under the root `form`, empty where there is none; None if any may be there."""
        return None if "form.submitted" in self.listens else ()

    def keys(self) -> Mapping[tuple[str, str], tuple[Any, ...]]:
        """Equalities that `miss` insists on, for the trigger index: (root, field) to the values that may start it.

        Roots are those of an EventScope: a record type, or 'data' for the event's data.
        """
        return {}
