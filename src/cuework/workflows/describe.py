"""A definition in words: what starts it, who passes its filter, and what its steps do.

For lists, the readable tree and notices. It reads definitions that do not compile too, as far as they make
sense. It must not judge them.
"""

from collections.abc import Iterator, Mapping
from typing import Any, cast

from pydantic import ValidationError

from cuework.engine.condition_phrases import condition_words
from cuework.engine.node import Node
from cuework.engine.registry import NodeTypes
from cuework.workflows.steps import walk


def describe(definition: Mapping[str, Any], types: NodeTypes) -> list[str]:
    """The whole workflow, one line each: the trigger with its filter, then the steps, inner ones indented."""
    return [trigger_words(definition.get("trigger"), types), *_steps(definition.get("steps"), types, 0)]


def start_words(definition: Mapping[str, Any], types: NodeTypes) -> str | None:
    """When it starts, without its filter; None where nothing is said of it."""
    trigger = _mapping(definition.get("trigger"))
    return node_words(trigger, types.triggers) if trigger.get("type") else None


def step_words(definition: Mapping[str, Any], types: NodeTypes) -> dict[str, str]:
    """What each step does, by its id; those that nobody has given an id yet are left out."""
    return {str(raw["id"]): node_words(raw, types.steps) for _, raw in walk(definition) if raw.get("id")}


def trigger_words(trigger: Any, types: NodeTypes) -> str:
    """When it starts, with its filter."""
    raw = _mapping(trigger)
    words = node_words(raw, types.triggers)
    condition = condition_words(raw.get("when"))
    if not condition:
        return words
    edge = getattr(types.triggers.get(str(raw.get("type"))), "edge", False)
    return f"{words}: {condition}" if edge else f"{words}, if {condition}"


def node_words(raw: Mapping[str, Any], known: Mapping[str, type[Node]]) -> str:
    """What a trigger or step does; its title or type if its configuration is not whole."""
    node = known.get(str(raw.get("type")))
    if node is None:
        return f"Unknown type “{raw.get('type')}”" if raw.get("type") else "Nothing is said here"
    frame = {"type", "id", "disabled", "retry", "on_error", "note"} - _names(node)
    own = {name: value for name, value in raw.items() if name not in frame}
    if "timeout" not in _names(node):
        own.pop("timeout", None)
    try:
        return node.model_validate(own).summary()
    except ValidationError:
        return node.title


def _steps(steps: Any, types: NodeTypes, depth: int) -> Iterator[str]:
    for raw in cast("list[Any]", steps) if isinstance(steps, list) else []:
        step = _mapping(raw)
        off = " (disabled)" if step.get("disabled") else ""
        yield f"{'  ' * depth}{node_words(step, types.steps)}{off}"
        for heading, inner in _blocks(step):
            yield f"{'  ' * (depth + 1)}{heading}"
            yield from _steps(inner, types, depth + 2)


def _blocks(step: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    cases = step.get("cases")
    for index, each in enumerate(cast("list[Any]", cases) if isinstance(cases, list) else []):
        case = _mapping(each)
        name = case.get("name") or f"Case {index + 1}"
        yield f"{name}, if {condition_words(case.get('when')) or 'anything'}:", case.get("steps")
    for name, heading in (("otherwise", "Otherwise:"), ("timeout", "On timeout:"), ("on_error", "On error:")):
        value = step.get(name)
        inner: Any = cast("Any", value) if isinstance(value, list) else _mapping(value).get("steps")
        if inner:
            yield heading, inner


def _names(node: type[Node]) -> set[str]:
    return {field.alias or name for name, field in node.model_fields.items()}


def _mapping(value: Any) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", value) if isinstance(value, Mapping) else {}
