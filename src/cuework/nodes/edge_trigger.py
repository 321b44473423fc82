"""Triggers that fire when a record begins to match: from not matching to matching, at the moment it happens (§1).

What the record was before is worked out from the event's own old values; nothing is stored.
"""

from cuework.engine.binder import Binder
from cuework.engine.node import Trigger


class BeginsToMatch(Trigger):
    """What the `matches` triggers share."""

    edge = True

    def bind(self, binder: Binder) -> None:
        """There is a condition, and it asks for a state, not for a change."""
        if self.when is None:
            binder.problem("when", "This trigger needs a condition: it fires when a record begins to meet it.")
            return
        condition = binder.condition(self.when, "when")
        if condition is not None and condition.uses_change:
            message = "This trigger fires when its condition becomes true, so the condition cannot ask for a change."
            binder.problem("when", message, f"use {self.record_type}.updated, or compare with eq instead of changed_to")

    def summary(self) -> str:
        """What starts it; the condition is told beside it."""
        return f"When a {self.record_type} begins to match"
