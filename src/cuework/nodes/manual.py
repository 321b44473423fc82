"""Trigger: only by hand or by the API."""

from typing import Literal

from pydantic import Field

from cuework.engine.node import Trigger


class Manual(Trigger):
    """Starts only when somebody enrolls a record by hand or through the API; never by itself.

    Any other workflow can be started by hand too: that skips its filter, never its suppression.
    """

    type = "manual"
    title = "Started by hand"
    group = "Flow"
    icon = "hand"
    sample = {"record_type": "contact"}

    of_type: Literal["contact", "company", "deal", "task"] | None = Field(
        None, alias="record_type", description="What it is started for; empty: for nothing in particular"
    )

    def about(self) -> str | None:
        """The type of record that it is started for."""
        return self.of_type

    def summary(self) -> str:
        """For what."""
        return f"When started by hand for a {self.of_type}" if self.of_type else "When started by hand"
