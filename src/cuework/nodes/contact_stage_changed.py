"""Trigger: a contact's lifecycle stage changes."""

from cuework.engine.binder import Binder
from cuework.nodes.hints import LifecycleStage
from cuework.nodes.stage_changed import StageChanged


class ContactStageChanged(StageChanged[LifecycleStage]):
    """Starts when a contact moves to another lifecycle stage, from and to any or the named ones.

    A contact that is created in a stage has not moved; use `contact.matches` to count that too.
    """

    type = "contact.stage_changed"
    starts_on = ("contact", "lifecycle_stage", "to")
    title = "Lifecycle stage changed"
    group = "Contacts"
    icon = "flag"
    listens = ("contact.updated",)
    record_type = "contact"
    stage_field = "lifecycle_stage"
    sample = {"to": "customer"}

    def bind(self, binder: Binder) -> None:
        """The stages exist."""
        for path, key in self.named():
            binder.lifecycle_stage(key, path)

    def summary(self) -> str:
        """From where to where."""
        return f"When a contact's lifecycle stage changes{self.move()}"
