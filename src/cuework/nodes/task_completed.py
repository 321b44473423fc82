"""Trigger: a task is done."""

from collections.abc import Mapping
from typing import Any

from cuework.engine.event_scope import EventScope
from cuework.engine.events import Event
from cuework.engine.node import Trigger


class TaskCompleted(Trigger):
    """Starts when a task is marked as done. Say in the filter which tasks: their priority, assignee, title.

    The execution is about the task; its steps reach the task's contact, company and deal by `on:`.
    """

    type = "task.completed"
    starts_on = ("task", "status", "=done")
    title = "Task completed"
    group = "Tasks"
    icon = "square-check"
    listens = ("task.created", "task.updated")
    record_type = "task"
    sample = {"when": {"all": [{"field": "task.priority", "op": "in", "value": ["high", "urgent"]}]}}

    def miss(self, event: Event, scope: EventScope) -> str | None:
        """The task was not completed by this event."""
        changed = event.changes.get("status")
        return None if changed is not None and changed[1] == "done" else "The task was not completed."

    def keys(self) -> Mapping[tuple[str, str], tuple[Any, ...]]:
        """Tasks that are done."""
        return {("task", "status"): ("done",)}

    def summary(self) -> str:
        """What starts it."""
        return "When a task is completed"
