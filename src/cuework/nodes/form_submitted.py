"""Trigger: a form is submitted."""

from collections.abc import Collection, Mapping
from typing import Annotated, Any

from pydantic import Field

from cuework.engine.binder import Binder
from cuework.engine.catalog import Catalog
from cuework.engine.event_scope import EventScope
from cuework.engine.events import Event
from cuework.engine.folding import fold
from cuework.engine.node import Trigger
from cuework.nodes.hints import either, hint


class FormSubmitted(Trigger):
    """Starts when one of these forms is submitted. The execution is about the contact that the form found or made.

    Filters and templates read the answers as `form.<field>`. Every submission is an event of its own; whether the
    same contact enters again while an earlier execution goes on is the workflow's `re_entry`.
    """

    type = "form.submitted"
    title = "Form submitted"
    group = "Forms"
    icon = "clipboard-list"
    listens = ("form.submitted",)
    record_type = "contact"
    sample = {"forms": ["contact"]}

    forms: list[Annotated[str, Field(json_schema_extra=hint("form"))]] = Field(min_length=1, max_length=100)

    def bind(self, binder: Binder) -> None:
        """The forms exist."""
        for index, key in enumerate(self.forms):
            binder.form(key, f"forms.{index}")

    def miss(self, event: Event, scope: EventScope) -> str | None:
        """It was another form."""
        key = event.data.get("form_key")
        return None if key in self.forms else f"The form was {key}, not {either(self.forms)}."

    def answers(self, catalog: Catalog) -> Collection[str]:
        """What any of the forms asks."""
        forms = [catalog.form_by_key[key] for key in self.forms if key in catalog.form_by_key]
        return {str(field["key"]) for form in forms for field in form.fields}

    def keys(self) -> Mapping[tuple[str, str], tuple[Any, ...]]:
        """The forms."""
        return {("data", "form_key"): tuple(fold(key) for key in self.forms)}

    def summary(self) -> str:
        """Which forms."""
        return f"When the form “{either(self.forms)}” is submitted"
