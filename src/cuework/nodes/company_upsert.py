"""Action: create a company, or update the one with that domain or external id."""

from typing import Annotated, Any, Self

from pydantic import Field, model_validator

from cuework.engine.node import CREATED
from cuework.nodes.hints import hint
from cuework.nodes.texts import short
from cuework.nodes.upsert import Upsert

Text = Annotated[str | None, Field(min_length=1, max_length=2000, json_schema_extra=hint("template"))]


class CompanyUpsert(Upsert):
    """There is a company with the domain or external id, and it has the values: the one that was there, else a new one.

    Happens exactly once. A new company without a name is named after its domain or external id.
    """

    type = "company.upsert"
    writes = (("company", CREATED, None),)
    title = "Create or update a company"
    group = "Companies"
    icon = "building-2"
    makes = "company"
    sample = {"domain": "{{ trigger.body.domain }}", "values": {"name": "{{ trigger.body.company }}"}}

    domain: Text = None
    external_id: Text = None

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.domain is None) == (self.external_id is None):
            raise ValueError("say either `domain` or `external_id`")
        return self

    def identity(self) -> dict[str, str]:
        """The domain or the external id."""
        return {"domain": self.domain} if self.domain is not None else {"external_id": self.external_id or ""}

    def defaults(self, identity: dict[str, Any]) -> dict[str, Any]:
        """A name, which every company must have."""
        return {**identity, "name": next(iter(identity.values()))}

    def summary(self) -> str:
        """Which company."""
        key, value = ("domain", self.domain) if self.domain is not None else ("external id", self.external_id or "")
        return f"Create or update the company with the {key} {short(value)}"
