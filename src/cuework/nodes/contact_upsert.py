"""Action: create a contact, or update the one with that email."""

from typing import Annotated

from pydantic import Field

from cuework.engine.node import CREATED
from cuework.nodes.hints import hint
from cuework.nodes.texts import short
from cuework.nodes.upsert import Upsert


class ContactUpsert(Upsert):
    """There is a contact with the email, and it has the values: the one that was there, else a new one.

    Happens exactly once. Emails are compared without regard to case. Later steps work on the contact with
    `on: steps.<id>`.
    """

    type = "contact.upsert"
    writes = (("contact", CREATED, None),)
    title = "Create or update a contact"
    group = "Contacts"
    icon = "user-plus"
    makes = "contact"
    sample = {"email": "{{ trigger.body.email }}", "values": {"first_name": "{{ trigger.body.name }}"}}

    email: Annotated[str, Field(min_length=1, max_length=2000, json_schema_extra=hint("template"))]

    def identity(self) -> dict[str, str]:
        """The email."""
        return {"email": self.email}

    def summary(self) -> str:
        """Which contact."""
        return f"Create or update the contact with the email {short(self.email)}"
