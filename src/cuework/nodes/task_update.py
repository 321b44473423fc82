"""Action: set fields of a task."""

from cuework.nodes.record_update import RecordUpdate


class TaskUpdate(RecordUpdate):
    """The task's fields have these values. Setting its status to done completes it.

    Happens exactly once. A value that is there already changes nothing and sets nothing off. A template whose result
    does not fit the field fails the step and writes nothing.
    """

    type = "task.update"
    title = "Update task"
    group = "Tasks"
    icon = "pencil"
    sample = {"values": {"status": "done"}}
    works_on = ("task",)
    updates = "task"
