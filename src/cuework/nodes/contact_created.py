"""Trigger: a contact is created."""

from cuework.engine.node import CREATED, Trigger


class ContactCreated(Trigger):
    """Starts when a contact is created, by whatever: a person, the API, a form, an import or a workflow.

    The filter is tested on the values that the contact was created with.
    """

    type = "contact.created"
    starts_on = ("contact", CREATED, None)
    title = "Contact created"
    group = "Contacts"
    icon = "user-plus"
    listens = ("contact.created",)
    record_type = "contact"
    sample = {"when": {"all": [{"field": "contact.email", "op": "known"}]}}

    def summary(self) -> str:
        """What starts it."""
        return "When a contact is created"
