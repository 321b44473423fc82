"""Words of the vocabulary whose behaviour does not exist yet: said so, instead of ignored or taken for a mistake.

Each with what does something like it now, None where there is nothing. Must not name what exists: a test compares.
"""

from collections.abc import Mapping

LATER_SETTINGS = ("settle", "limits")
LATER_TRIGGERS: Mapping[str, str | None] = {
    "schedule": "manual, started by POST /api/v1/workflows/{id}/enroll",
    "date.reached": "flow.delay until a field of the record",
}
LATER_STEPS: Mapping[str, str | None] = {
    "flow.switch": "flow.branch with a case for each value",
    "flow.split": None,
    "flow.parallel": None,
    "flow.loop": None,
    "flow.call": None,
    "flow.approval": "task.create, then flow.wait_until task.completed",
    "flow.set": None,
    "flow.goal": "settings.goal",
}


def not_available(word: str, /) -> str:
    """The sentence for such a word."""
    return f"“{word}” is not available in this version."
