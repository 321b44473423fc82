"""Action: add a tag to a contact."""

from cuework.engine.context import Context
from cuework.engine.events import Ref
from cuework.engine.outcome import Fail, Outcome
from cuework.engine.readers import one_line
from cuework.engine.world import Row
from cuework.nodes.tag_action import TagAction, changed, unchanged
from cuework.nodes.tags import has, problem_of


class ContactAddTag(TagAction):
    """The contact has the tag. If it has it already, nothing changes and no other workflow is set off.

    Happens exactly once. Tags are compared without regard to case.
    """

    type = "contact.add_tag"
    writes = (("contact", "tags", None),)
    title = "Add tag"
    icon = "tag"
    verb = "Add"

    def act(self, ctx: Context, ref: Ref, row: Row) -> Outcome:
        """The tag is appended to the contact's."""
        tag = one_line(self._tag(ctx))
        tags: list[str] = row["tags"]
        if has(tags, tag):
            return unchanged(tag, f"It has the tag “{tag}” already.")
        problem = problem_of(tag, tags)
        if problem is not None:
            return Fail("invalid_value", problem)
        return changed(ref, tag, [*tags, tag])
