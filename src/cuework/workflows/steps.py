"""Walks the steps of a definition as people wrote it, valid or not, and gives each an id.

It knows the shape that all steps share: a list of mappings with `type` is a block of steps, wherever it
stands. It must not judge anything: compiling does.
"""

from collections.abc import Iterator, Mapping
from copy import deepcopy
from typing import Any, TypeAlias, cast

from cuework.engine.definition import MAX_DEPTH, MAX_STEPS

Raw: TypeAlias = dict[str, Any]


def with_ids(definition: Mapping[str, Any]) -> Raw:
    """A copy in which every step has the id that compiling would give it, so that pages can name it."""
    copy = deepcopy(dict(definition))
    seen: set[str] = set()
    for _, raw in walk(copy):
        if raw.get("id") is None:
            raw["id"] = _free(str(raw.get("type", "step")).rsplit(".", 1)[-1], seen)
        seen.add(str(raw["id"]))
    return copy


def walk(definition: Mapping[str, Any]) -> Iterator[tuple[str, Raw]]:
    """Every step with its path, in the order in which it is written, a step before those inside it."""
    yield from _walk(_steps(definition.get("steps")), "steps", 0)


def is_block(name: str, value: Any) -> bool:
    """Whether a field holds inner steps, perhaps none."""
    return name in ("steps", "otherwise") and (value == [] or bool(_steps(value)))


def _walk(steps: list[Raw], path: str, depth: int) -> Iterator[tuple[str, Raw]]:
    if depth > MAX_DEPTH:
        return
    for index, raw in enumerate(steps):
        yield f"{path}.{index}", raw
        for where, inner in _blocks(raw):
            yield from _walk(inner, f"{path}.{index}.{where}", depth + 1)


def _blocks(raw: Raw) -> Iterator[tuple[str, list[Raw]]]:
    for name, value in raw.items():
        if isinstance(value, list):
            each = _steps(cast("list[Any]", value))
            if name in ("steps", "otherwise") and each:
                yield name, each
            for index, item in enumerate(cast("list[Any]", value)):
                if isinstance(item, dict) and (inner := _steps(cast("Raw", item).get("steps"))):
                    yield f"{name}.{index}.steps", inner
        elif isinstance(value, dict) and (inner := _steps(cast("Raw", value).get("steps"))):
            yield f"{name}.steps", inner


def _steps(value: Any) -> list[Raw]:
    """The value as a block of steps; empty if it is none."""
    if not isinstance(value, list):
        return []
    steps = cast("list[Any]", value)
    return cast("list[Raw]", steps) if all(isinstance(each, dict) and "type" in each for each in steps) else []


def _free(stem: str, seen: set[str]) -> str:
    return next(name for n in range(1, MAX_STEPS + 2) if (name := f"{stem}_{n}") not in seen)
