"""Triggers on a deal's end: what won and lost share."""

from collections.abc import Mapping
from typing import Any, ClassVar

from cuework.engine.event_scope import EventScope
from cuework.engine.events import Event
from cuework.nodes.in_pipeline import InPipeline


class DealClosed(InPipeline):
    """A deal gets the status `ends_as`, or is created with it."""

    ends_as: ClassVar[str]
    listens = ("deal.created", "deal.updated")

    def miss(self, event: Event, scope: EventScope) -> str | None:
        """The deal did not get that status by this event, or is in another pipeline."""
        changed = event.changes.get("status")
        if changed is None:
            return "The status did not change."
        if changed[1] != self.ends_as:
            return f"The deal became {changed[1]}, not {self.ends_as}."
        return self.elsewhere(scope)

    def keys(self) -> Mapping[tuple[str, str], tuple[Any, ...]]:
        """The pipeline if one is named, else the status."""
        return super().keys() or {("deal", "status"): (self.ends_as,)}

    def summary(self) -> str:
        """How it ends and where."""
        return f"When a deal{self.place()} is {self.ends_as}"
