"""What several tests of the store begin with: a workflow that calls out, and a step that cannot be written."""

from typing import ClassVar

from cuework.engine.context import Context
from cuework.engine.node import Step
from cuework.engine.outcome import Done, Outcome, Update

CALL = """
name: Call
trigger: {type: contact.created}
steps:
  - {id: before, type: contact.add_score, points: 1}
  - {id: call, type: http.request, url: "https://example.com/", on_error: stop}
  - {id: after, type: contact.add_score, points: 10}
"""
FREED: set[str] = set()
"""Contacts, by id, that a Burst spares by now."""


class Burst(Step):
    """Makes the one contact called Poison break the statement it is written by, until it is freed."""

    type: ClassVar[str] = "test.burst"
    title: ClassVar[str] = "Burst"
    group: ClassVar[str] = "test"
    icon: ClassVar[str] = "bomb"

    def run(self, ctx: Context) -> Outcome:
        """A score that the column cannot hold."""
        row, ref = ctx.root("contact"), ctx.execution.record
        assert row is not None
        assert ref is not None
        bad = row["first_name"] == "Poison" and str(ref.id) not in FREED
        return Done(changes=(Update(ref, {"lead_score": 2**40 if bad else 7}),))
