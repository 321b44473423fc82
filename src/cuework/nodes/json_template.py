"""JSON with templates in its texts: compiled once, filled for each visit. Pure."""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias, cast

from cuework.base import json
from cuework.engine.binder import Binder
from cuework.engine.context import Context
from cuework.nodes.texts import writer

Fill: TypeAlias = Callable[[Context], Any]
MAX_DEPTH = 20
LONGEST_SHOWN = 2_000  # characters in the step's log


def filler(value: Any, binder: Binder, path: str, depth: int = 0) -> Fill:
    """What makes the value of one visit: texts are rendered, all else is as written. Problems go to the binder."""
    if depth > MAX_DEPTH:
        binder.problem(path, f"This is nested deeper than {MAX_DEPTH}.")
        return lambda ctx: None
    if isinstance(value, str):
        return _text(value, binder, path)
    if isinstance(value, Mapping):
        pairs = cast("Mapping[str, Any]", value).items()
        items = [(str(key), filler(each, binder, f"{path}.{key}", depth + 1)) for key, each in pairs]
        return lambda ctx: {key: fill(ctx) for key, fill in items}
    if isinstance(value, list):
        inner = cast("list[Any]", value)
        parts = [filler(each, binder, f"{path}.{index}", depth + 1) for index, each in enumerate(inner)]
        return lambda ctx: [fill(ctx) for fill in parts]
    return lambda ctx: value


def shortened(value: Any) -> Any:
    """The value as a step's log shows it: the beginning of a long one."""
    text = value if isinstance(value, str) else json.dumps_text(value)
    return value if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"


def has_templates(value: Any, depth: int = 0) -> bool:
    """Whether any text in the value has a placeholder."""
    if isinstance(value, str):
        return "{{" in value or "{%" in value
    if depth > MAX_DEPTH:
        return False
    inner: list[Any] = []
    if isinstance(value, Mapping):
        inner = list(cast("Mapping[str, Any]", value).values())
    elif isinstance(value, list):
        inner = cast("list[Any]", value)
    return any(has_templates(each, depth + 1) for each in inner)


def _text(text: str, binder: Binder, path: str) -> Fill:
    template = binder.template(text, path)
    return writer(template) if template is not None else lambda ctx: text
