"""Trigger: a contact's lead score changes, or crosses a threshold."""

from typing import Literal

from pydantic import Field

from cuework.engine.binder import Binder
from cuework.engine.event_scope import EventScope
from cuework.engine.events import Event
from cuework.engine.node import Trigger


class ContactScoreChanged(Trigger):
    """Starts when a contact's lead score changes; with `crosses`, only when it passes that number.

    Going up crosses when the score was below the number and is at or above it; going down, when it was at or above
    and is below. A contact that is created with a score has crossed nothing; use `contact.matches` to count that too.
    """

    type = "contact.score_changed"
    starts_on = ("contact", "lead_score", None)
    title = "Lead score changed"
    group = "Contacts"
    icon = "gauge"
    listens = ("contact.updated",)
    record_type = "contact"
    sample = {"crosses": 50, "direction": "up"}

    crosses: int | None = Field(None, ge=-1_000_000, le=1_000_000, description="Empty: any change")
    direction: Literal["up", "down", "either"] | None = Field(None, description="Empty: up with a number, else either")

    def bind(self, binder: Binder) -> None:
        """Nothing in it depends on the tenant."""

    def miss(self, event: Event, scope: EventScope) -> str | None:
        """The score did not change, or did not cross the number in that direction."""
        changed = event.changes.get("lead_score")
        if changed is None:
            return "The lead score did not change."
        old, new = changed[0] or 0, changed[1] or 0
        direction = self._direction()
        if direction != "either" and (new > old) is not (direction == "up"):
            return f"The lead score went from {old} to {new}, which is not {direction}."
        if self.crosses is not None and (old >= self.crosses) is (new >= self.crosses):
            return f"The lead score went from {old} to {new} and did not cross {self.crosses}."
        return None

    def summary(self) -> str:
        """Which changes of the score."""
        direction = self._direction()
        way = "" if direction == "either" else f" {direction}"
        if self.crosses is None:
            return f"When a contact's lead score {'changes' if not way else 'goes' + way}"
        return f"When a contact's lead score crosses {self.crosses}{' going' + way if way else ''}"

    def _direction(self) -> str:
        return self.direction or ("either" if self.crosses is None else "up")
