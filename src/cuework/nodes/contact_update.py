"""Action: set fields of a contact."""

from cuework.nodes.record_update import RecordUpdate


class ContactUpdate(RecordUpdate):
    """The contact's fields have these values. Tags and the score have steps of their own, which add, not replace.

    Happens exactly once. A value that is there already changes nothing and sets nothing off. A template whose result
    does not fit the field fails the step and writes nothing.
    """

    type = "contact.update"
    title = "Update contact"
    group = "Contacts"
    icon = "pencil"
    sample = {"values": {"job_title": "Buyer", "owner_id": "ana@example.com"}}
    works_on = ("contact",)
    updates = "contact"
