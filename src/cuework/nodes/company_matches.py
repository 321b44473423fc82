"""Trigger: a company begins to match a condition."""

from cuework.nodes.edge_trigger import BeginsToMatch


class CompanyMatches(BeginsToMatch):
    """Starts when a company goes from not matching the condition to matching it, also by being created or restored.

    A company that matches and goes on matching starts nothing, however often it changes. Only changes of the company
    itself are looked at: conditions on related records and on the time are tested when the company changes.
    """

    type = "company.matches"
    title = "Company begins to match"
    group = "Companies"
    icon = "filter"
    listens = ("company.created", "company.updated", "company.restored")
    record_type = "company"
    sample = {"when": {"all": [{"field": "company.domain", "op": "known"}]}}
