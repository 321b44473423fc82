"""What a tag may be, and whether a contact has it. Pure."""

from cuework.engine.folding import fold
from cuework.engine.readers import MAX_TAG, MAX_TAGS


def has(tags: list[str], tag: str) -> bool:
    """Whether the tag is among them, without regard to case."""
    if tag in tags:
        return True
    folded = fold(tag)
    return any(fold(each) == folded for each in tags)


def problem_of(tag: str, tags: list[str]) -> str | None:
    """Why the tag cannot be added to these, in words."""
    if not tag:
        return "The tag is empty."
    if len(tag) > MAX_TAG:
        return f"The tag has {len(tag)} characters; at most {MAX_TAG} fit."
    if len(tags) >= MAX_TAGS:
        return f"The contact has {len(tags)} tags; more than {MAX_TAGS} are not kept."
    return None
