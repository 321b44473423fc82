"""Action: take a tag from a contact."""

from cuework.engine.context import Context
from cuework.engine.events import Ref
from cuework.engine.folding import fold
from cuework.engine.outcome import Outcome
from cuework.engine.readers import MAX_TAG
from cuework.engine.world import Row
from cuework.nodes.tag_action import TagAction, changed, unchanged
from cuework.nodes.tags import has


class ContactRemoveTag(TagAction):
    """The contact does not have the tag. If it did not have it, nothing changes.

    Happens exactly once. Tags are compared without regard to case.
    """

    type = "contact.remove_tag"
    writes = (("contact", "tags", None),)
    title = "Remove tag"
    icon = "tags"
    verb = "Remove"

    def act(self, ctx: Context, ref: Ref, row: Row) -> Outcome:
        """The contact's tags without this one."""
        tag = self._tag(ctx).strip()
        tags: list[str] = row["tags"]
        if not has(tags, tag):
            return unchanged(tag[:MAX_TAG], f"It does not have the tag “{tag[:MAX_TAG]}”.")
        return changed(ref, tag, [each for each in tags if fold(each) != fold(tag)])
