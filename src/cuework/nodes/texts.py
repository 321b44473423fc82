"""How nodes write text: a template that never changes is rendered once, when the node is bound.

A missing variable renders empty and leaves a warning on the step. What a template came to is told to the step's log
if it is said under which field's name.
"""

from collections.abc import Callable
from typing import TypeAlias

from cuework.engine.binder import Binder
from cuework.engine.context import Context
from cuework.engine.templates import Template

Write: TypeAlias = Callable[[Context], str]
LONGEST_TOLD = 500
_MOST = 120


def writer(template: Template, name: str | None = None) -> Write:
    """What writes the text for one visit, and tells it by that name. Cost: nothing for a text without placeholders."""
    if template.is_literal:
        source = template.source
        return lambda ctx: source
    render = template.render

    def write(ctx: Context) -> str:
        text, warnings = render(ctx)
        if warnings:
            ctx.warn(*warnings)
        if "\0" in text:
            text = text.replace("\0", "")  # PostgreSQL keeps no NUL
        if name is not None:
            ctx.tell(name, beginning(text))
        return text

    return write


def maybe(template: Template | None, name: str | None = None) -> Write | None:
    """The writer of a text that may be left out."""
    return None if template is None else writer(template, name)


def refuse_blank(template: Template, binder: Binder, path: str, message: str) -> None:
    """A text that says nothing whatever happens is a problem of the definition: the step would fail each time."""
    if template.is_literal and not template.source.strip():
        binder.problem(path, message)


def beginning(text: str) -> str:
    """The text as a step's log shows it: where a long one begins."""
    return text if len(text) <= LONGEST_TOLD else f"{text[:LONGEST_TOLD]}…"


def short(text: str, limit: int = 60) -> str:
    """The text's first line, cut to fit a summary."""
    line = text.strip().split("\n", 1)[0]
    if len(line) <= limit:
        return line
    opened = line.rfind("{{", 0, limit)
    closed = line.find("}}", opened) + 2
    if opened < 0 or 2 <= closed <= limit:
        return f"{line[: limit - 1].rstrip()}…"
    if 2 <= closed <= _MOST:  # a placeholder is shown whole or not at all
        return line[:closed] + ("…" if closed < len(line) else "")
    return f"{line[:opened].rstrip()}…"
