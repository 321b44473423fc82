"""Trigger: a deal is created."""

from cuework.engine.node import CREATED, Trigger


class DealCreated(Trigger):
    """Starts when a deal is created, by whatever: a person, the API, an import or a workflow.

    Values in another currency than the filter's are converted by the tenant's rates; without a rate they do not match.
    """

    type = "deal.created"
    starts_on = ("deal", CREATED, None)
    title = "Deal created"
    group = "Deals"
    icon = "briefcase"
    listens = ("deal.created",)
    record_type = "deal"
    sample = {"when": {"all": [{"field": "deal.value", "op": "gt", "value": {"amount": "50", "currency": "EUR"}}]}}

    def summary(self) -> str:
        """What starts it."""
        return "When a deal is created"
