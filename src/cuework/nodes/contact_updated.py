"""Trigger: fields of a contact change."""

from cuework.nodes.field_changes import RecordUpdated


class ContactUpdated(RecordUpdated):
    """Starts when a contact changes: any field, or one of those named, from and to given values.

    One save of several fields is one change. A write that changes nothing starts nothing. The filter is tested on
    the values that the contact had right after this change.
    """

    type = "contact.updated"
    title = "Contact updated"
    group = "Contacts"
    icon = "user-pen"
    listens = ("contact.updated",)
    record_type = "contact"
    sample = {"fields": [{"field": "lifecycle_stage", "to": "customer"}]}
