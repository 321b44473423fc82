"""How nodes write text: a template that never changes is rendered once, when the node is bound.

A missing variable renders empty and leaves a warning on the step.
"""

from collections.abc import Callable
from typing import TypeAlias

from cuework.engine.context import Context
from cuework.engine.templates import Template

Write: TypeAlias = Callable[[Context], str]
_MOST = 120


def writer(template: Template) -> Write:
    """What writes the text for one visit. Cost: nothing for a text without placeholders."""
    if template.is_literal:
        source = template.source
        return lambda ctx: source
    render = template.render

    def write(ctx: Context) -> str:
        text, warnings = render(ctx)
        if warnings:
            ctx.warn(*warnings)
        return text.replace("\0", "") if "\0" in text else text  # PostgreSQL keeps no NUL

    return write


def maybe(template: Template | None) -> Write | None:
    """The writer of a text that may be left out."""
    return None if template is None else writer(template)


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
