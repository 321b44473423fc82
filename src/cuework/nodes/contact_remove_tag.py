"""Action: take a tag from a contact."""

from pydantic import BaseModel, PrivateAttr

from cuework.engine.binder import Binder
from cuework.engine.context import Context
from cuework.engine.events import Ref
from cuework.engine.folding import fold
from cuework.engine.outcome import Done, Outcome, Update
from cuework.engine.world import Row
from cuework.nodes.bound import keep
from cuework.nodes.hints import Line
from cuework.nodes.record_action import RecordAction
from cuework.nodes.tags import has
from cuework.nodes.texts import Write, short, writer


class UntagOutput(BaseModel):
    """The tag, and whether the step changed anything."""

    tag: str
    changed: bool


class ContactRemoveTag(RecordAction):
    """The contact does not have the tag. If it did not have it, nothing changes.

    Happens exactly once. Tags are compared without regard to case.
    """

    type = "contact.remove_tag"
    title = "Remove tag"
    group = "Contacts"
    icon = "tags"
    sample = {"tag": "new-contact"}
    works_on = ("contact",)
    Output = UntagOutput

    tag: Line

    _tag: Write = PrivateAttr()

    def bind(self, binder: Binder) -> None:
        """The tag's text is ready to be written."""
        super().bind(binder)
        keep(self, _tag=writer(self.tag))

    def act(self, ctx: Context, ref: Ref, row: Row) -> Outcome:
        """The contact's tags without this one."""
        tag = self._tag(ctx).strip()
        tags: list[str] = row["tags"]
        if not has(tags, tag):
            return Done({"tag": tag, "changed": False}, why=f"It does not have the tag “{tag}”.")
        rest = [each for each in tags if fold(each) != fold(tag)]
        return Done({"tag": tag, "changed": True}, (Update(ref, {"tags": rest}),))

    def summary(self) -> str:
        """The tag and where it goes from."""
        return f"Remove the tag “{short(self.tag.source)}”{self.where()}"
