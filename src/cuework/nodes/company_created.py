"""Trigger: a company is created."""

from cuework.engine.node import CREATED, Trigger


class CompanyCreated(Trigger):
    """Starts when a company is created, by whatever: a person, the API, an import or a workflow."""

    type = "company.created"
    starts_on = ("company", CREATED, None)
    title = "Company created"
    group = "Companies"
    icon = "building-2"
    listens = ("company.created",)
    record_type = "company"
    sample = {"when": {"all": [{"field": "company.domain", "op": "known"}]}}

    def summary(self) -> str:
        """What starts it."""
        return "When a company is created"
