"""Questions that a step may ask inside the transaction, answered for a whole batch at once.

Before they are answered, what earlier steps wrote is flushed, so an answer is the same in a batch as alone.
A question is data; crm.lookups answers it. One that cannot be answered has the error as its answer, which fails the
step that asked and nothing else.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from cuework.engine.events import Event

LAST_ID = UUID(int=2**128 - 1)
"""No id comes after it."""


@dataclass(frozen=True, slots=True)
class FindByField:
    """The oldest record, not deleted, whose field has the value. Answer: Ref | None; the row is loaded and locked.

    Shape: field is email, external_id or domain, compared case-folded for email and domain.
    """

    type: str
    field: str
    value: str


@dataclass(frozen=True, slots=True)
class FindRecords:
    """Records that meet a condition. Answer: list of rows, at most `limit`.

    Shape: condition is JSON text of the condition model with literal values; sort is a field, - first for descending.
    """

    type: str
    condition: str
    sort: str = "created_at"
    limit: int = 1


@dataclass(frozen=True, slots=True)
class NextInRotation:
    """The member whose turn it is, after the last one taken; the pool's row is locked until the commit.

    Answer: UUID | None. Two asks of one pass take two turns; turns survive restarts and never double.
    """

    pool: str
    members: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class LeastLoaded:
    """The member with the fewest open items; ties go by order. Answer: UUID | None.

    Shape: items is deal (open ones owned) or task (open ones assigned) or contact (owned).
    The pool's row is locked, so that two passes do not pick the same idle one.
    """

    pool: str
    items: str
    members: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class EventsSince:
    """What happened to a record after an instant. Answer: list of Event, oldest first, at most `limit`.

    Shape: types are event types; what this transaction made counts too. All that one pass does has one instant: of the
    events of that instant those count whose ids come after `mark`. A full answer is not the whole: it goes on `after`
    its last event.
    """

    record: UUID
    types: tuple[str, ...]
    since: datetime
    mark: UUID = LAST_ID
    limit: int = 500
    after: UUID | None = None

    def asks_for(self, event: Event) -> bool:
        """Whether the event is among the answer, the limit aside."""
        about = event.record is not None and event.record.id == self.record
        return about and event.type in self.types and (event.occurred_at, event.id) > (self.since, self.mark)
