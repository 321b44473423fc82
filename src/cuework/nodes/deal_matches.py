"""Trigger: a deal begins to match a condition."""

from cuework.nodes.edge_trigger import BeginsToMatch


class DealMatches(BeginsToMatch):
    """Starts when a deal goes from not matching the condition to matching it, also by being created or restored.

    A deal that matches and goes on matching starts nothing, however often it changes. Only changes of the deal
    itself are looked at: conditions on related records and on the time are tested when the deal changes.
    """

    type = "deal.matches"
    title = "Deal begins to match"
    group = "Deals"
    icon = "filter"
    listens = ("deal.created", "deal.updated", "deal.restored")
    record_type = "deal"
    sample = {"when": {"all": [{"field": "deal.value", "op": "gt", "value": {"amount": "10000", "currency": "EUR"}}]}}
