"""Trigger: a contact's lifecycle stage changes."""

from collections.abc import Mapping
from typing import Any

from pydantic import Field

from cuework.engine.binder import Binder
from cuework.engine.events import Event
from cuework.engine.folding import fold
from cuework.engine.match import EventScope
from cuework.engine.node import Trigger
from cuework.nodes.hints import LifecycleStage, either, listed


class ContactStageChanged(Trigger):
    """Starts when a contact moves to another lifecycle stage, from and to any or the named ones.

    A contact that is created in a stage has not moved; use `contact.matches` to count that too.
    """

    type = "contact.stage_changed"
    title = "Lifecycle stage changed"
    group = "Contacts"
    icon = "flag"
    listens = ("contact.updated",)
    record_type = "contact"
    sample = {"to": "customer"}

    before: LifecycleStage | list[LifecycleStage] | None = Field(None, alias="from", description="Empty: any stage")
    after: LifecycleStage | list[LifecycleStage] | None = Field(None, alias="to", description="Empty: any stage")

    def bind(self, binder: Binder) -> None:
        """The stages exist."""
        for path, keys in (("from", self.before), ("to", self.after)):
            for key in listed(keys):
                binder.lifecycle_stage(key, path)

    def miss(self, event: Event, scope: EventScope) -> str | None:
        """The stage did not change, or not like that."""
        changed = event.changes.get("lifecycle_stage")
        if changed is None:
            return "The lifecycle stage did not change."
        old, new = changed
        if self.before is not None and old not in listed(self.before):
            return f"It came from {old or 'no stage'}, not from {either(listed(self.before))}."
        if self.after is not None and new not in listed(self.after):
            return f"It went to {new or 'no stage'}, not to {either(listed(self.after))}."
        return None

    def keys(self) -> Mapping[tuple[str, str], tuple[Any, ...]]:
        """The stages that it may have moved to."""
        wanted = tuple(fold(key) for key in listed(self.after))
        return {("contact", "lifecycle_stage"): wanted} if wanted else {}

    def summary(self) -> str:
        """From where to where."""
        origin = f" from {either(listed(self.before))}" if self.before is not None else ""
        goal = f" to {either(listed(self.after))}" if self.after is not None else ""
        return f"When a contact's lifecycle stage changes{origin}{goal}"
