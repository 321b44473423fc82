"""What adding and removing a tag share: the tag's text, and what the step says it did."""

from typing import ClassVar

from pydantic import BaseModel, PrivateAttr

from cuework.engine.binder import Binder
from cuework.engine.events import Ref
from cuework.engine.outcome import Done, Update
from cuework.nodes.bound import keep
from cuework.nodes.hints import Line
from cuework.nodes.record_action import RecordAction
from cuework.nodes.tags import problem_of
from cuework.nodes.texts import Write, short, writer


class TagOutput(BaseModel):
    """The tag, and whether the step changed anything."""

    tag: str
    changed: bool


class TagAction(RecordAction):
    """A step about one tag of a contact."""

    verb: ClassVar[str]
    group = "Contacts"
    sample = {"tag": "new-contact"}
    works_on = ("contact",)
    Output = TagOutput

    tag: Line

    _tag: Write = PrivateAttr()

    def bind(self, binder: Binder) -> None:
        """The tag's text is ready to be written."""
        super().bind(binder)
        problem = problem_of(self.tag.source.strip(), []) if self.tag.is_literal else None
        if problem is not None:
            binder.problem("tag", problem)
        keep(self, _tag=writer(self.tag, "tag"))

    def summary(self) -> str:
        """The tag and whose."""
        return f"{self.verb} the tag “{short(self.tag.source)}”{self.where()}"


def unchanged(tag: str, why: str) -> Done:
    """The contact's tags are as they should be already."""
    return Done({"tag": tag, "changed": False}, why=why)


def changed(ref: Ref, tag: str, tags: list[str]) -> Done:
    """The contact has these tags from now on."""
    return Done({"tag": tag, "changed": True}, (Update(ref, {"tags": tags}),))
