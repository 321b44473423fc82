"""What happened to a record, and what caused it. Immutable facts; nothing here decides anything."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

MAX_HOPS = 10
EVENT_TYPES = (
    *(
        f"{kind}.{verb}"
        for kind in ("contact", "company", "deal", "task")
        for verb in ("created", "updated", "deleted", "restored")
    ),
    *("form.submitted", "webhook.received", "activity.logged"),
)
"""Every type of event that there is."""


class Ref(NamedTuple):
    """A record by type and id."""

    type: str
    id: UUID

    def as_json(self) -> dict[str, Any]:
        """As the API spells it."""
        return {"type": self.type, "id": str(self.id)}


@dataclass(slots=True)  # not frozen, as Event below
class Cause:
    """Who or what makes a change: a person, a key, a form, or an execution and the chain behind it.

    Shape: workflows are those visited since the root event, in order; hops counts the executions between.
    """

    actor_type: str
    actor_id: UUID | None = None
    execution_id: UUID | None = None
    root_id: UUID | None = None
    hops: int = 0
    workflows: tuple[UUID, ...] = ()
    batch_id: UUID | None = None
    bulk: bool = False


@dataclass(slots=True)  # not frozen: a pass makes thousands, and frozen ones take four times as long to make
class Event:
    """One change of one record by one request or step.

    Shape: changes maps field to (old, new), custom fields as custom.<key>; links names related records
    (contact_id, company_id, ...); data holds what is not a field, such as a form's answers.
    """

    id: UUID
    type: str
    record: Ref | None
    revision: int
    occurred_at: datetime
    cause: Cause
    changes: Mapping[str, tuple[Any, Any]] = field(default_factory=dict[str, tuple[Any, Any]])
    links: Mapping[str, UUID] = field(default_factory=dict[str, UUID])
    data: Mapping[str, Any] = field(default_factory=dict[str, Any])

    @property
    def root_id(self) -> UUID:
        """The event that began the chain; itself when nothing caused it."""
        return self.cause.root_id or self.id

    @property
    def starts_nothing(self) -> bool:
        """Whether it is of a mass edit that was to start no workflow; `quieted` made it so."""
        return self.cause.batch_id is not None and self.data.get("workflows") == "none"

    def quieted(self) -> "Event":
        """The same event, of a batch that starts nothing: it is in the log and nobody's input."""
        return replace(self, data={**self.data, "workflows": "none"})

    def concerned(self) -> tuple[UUID, ...]:
        """Every record that this is news for: its own, related ones, and those it was related to before."""
        ids = dict.fromkeys([self.record.id] if self.record else [])
        ids.update(dict.fromkeys(self.links.values()))
        for name, (old, new) in self.changes.items():
            if name in LINKS:
                ids.update(dict.fromkeys(value for value in (old, new) if value is not None))
        return tuple(ids)


LINKS = ("contact_id", "company_id", "deal_id")
