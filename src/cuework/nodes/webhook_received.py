"""Trigger: somebody calls an inbound webhook."""

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from cuework.engine.binder import Binder
from cuework.engine.event_scope import EventScope
from cuework.engine.events import Event
from cuework.engine.folding import fold
from cuework.engine.node import Trigger
from cuework.nodes.hints import hint


class WebhookReceived(Trigger):
    """Starts when a request arrives at the hook. There is no record: every record action says which by `on:`.

    Templates read the payload as `trigger.body`. A delivery that is repeated with the same message id is dropped;
    for senders without one, set `entry_key` to something of theirs, such as "{{ trigger.body.order_id }}".
    """

    type = "webhook.received"
    title = "Webhook received"
    group = "Web"
    icon = "webhook"
    listens = ("webhook.received",)
    sample = {"hook": "orders"}

    hook: str = Field(description="The hook's key", json_schema_extra=hint("hook"))

    def bind(self, binder: Binder) -> None:
        """The hook exists."""
        binder.hook(self.hook, "hook")

    def miss(self, event: Event, scope: EventScope) -> str | None:
        """It was another hook."""
        key = event.data.get("hook_key")
        return None if key == self.hook else f"The hook was {key}, not {self.hook}."

    def keys(self) -> Mapping[tuple[str, str], tuple[Any, ...]]:
        """The hook."""
        return {("data", "hook_key"): (fold(self.hook),)}

    def summary(self) -> str:
        """Which hook."""
        return f"When the hook “{self.hook}” is called"
