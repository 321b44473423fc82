"""Trigger: a contact begins to match a condition."""

from cuework.nodes.edge_trigger import BeginsToMatch


class ContactMatches(BeginsToMatch):
    """Starts when a contact goes from not matching the condition to matching it, also by being created or restored.

    A contact that matches and goes on matching starts nothing, however often it changes. Only changes of the contact
    itself are looked at: conditions on related records and on the time are tested when the contact changes.
    """

    type = "contact.matches"
    title = "Contact begins to match"
    group = "Contacts"
    icon = "filter"
    listens = ("contact.created", "contact.updated", "contact.restored")
    record_type = "contact"
    sample = {"when": {"all": [{"field": "contact.lead_score", "op": "gte", "value": 50}]}}
