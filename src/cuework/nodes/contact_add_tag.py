"""Action: add a tag to a contact."""

from pydantic import BaseModel, PrivateAttr

from cuework.engine.binder import Binder
from cuework.engine.context import Context
from cuework.engine.events import Ref
from cuework.engine.outcome import Done, Fail, Outcome, Update
from cuework.engine.world import Row
from cuework.nodes.bound import keep
from cuework.nodes.hints import Line
from cuework.nodes.record_action import RecordAction
from cuework.nodes.tags import has, problem_of
from cuework.nodes.texts import Write, short, writer


class TagOutput(BaseModel):
    """The tag, and whether the step changed anything."""

    tag: str
    changed: bool


class ContactAddTag(RecordAction):
    """The contact has the tag. If it has it already, nothing changes and no other workflow is set off.

    Happens exactly once. Tags are compared without regard to case.
    """

    type = "contact.add_tag"
    title = "Add tag"
    group = "Contacts"
    icon = "tag"
    sample = {"tag": "new-contact"}
    works_on = ("contact",)
    Output = TagOutput

    tag: Line

    _tag: Write = PrivateAttr()

    def bind(self, binder: Binder) -> None:
        """The tag's text is ready to be written."""
        super().bind(binder)
        keep(self, _tag=writer(self.tag))

    def act(self, ctx: Context, ref: Ref, row: Row) -> Outcome:
        """The tag is appended to the contact's."""
        tag = self._tag(ctx).strip()
        tags: list[str] = row["tags"]
        if has(tags, tag):
            return Done({"tag": tag, "changed": False}, why=f"It has the tag “{tag}” already.")
        problem = problem_of(tag, tags)
        if problem is not None:
            return Fail("invalid_value", problem)
        return Done({"tag": tag, "changed": True}, (Update(ref, {"tags": [*tags, tag]}),))

    def summary(self) -> str:
        """The tag and where it goes."""
        return f"Add the tag “{short(self.tag.source)}”{self.where()}"
