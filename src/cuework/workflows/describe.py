"""A definition in words: what starts it, who passes its filter, and what its steps do.

For lists, the readable tree and notices. It reads definitions that do not compile too, as far as they make
sense. It must not judge them.
"""

from collections.abc import Iterator, Mapping
from typing import Any, cast

from pydantic import ValidationError

from cuework.engine.condition_words import path_words
from cuework.engine.money import stored
from cuework.engine.node import Node
from cuework.engine.operators import WITHOUT_VALUE, WORDS, Op
from cuework.engine.registry import NodeTypes

_JOINED = {"all": " and ", "any": " or ", "none": " or "}
_LONGEST = 20
# Conditions are worded as what must be (engine.operators); here they say what is.
_SPOKEN = (
    *(("not be ", "is not "), ("be ", "is "), ("have ", "has "), ("not contain ", "does not contain ")),
    *(("contain ", "contains "), ("start ", "starts "), ("end ", "ends "), ("match ", "matches ")),
)


def describe(definition: Mapping[str, Any], types: NodeTypes) -> list[str]:
    """The whole workflow, one line each: the trigger with its filter, then the steps, inner ones indented."""
    return [trigger_words(definition.get("trigger"), types), *_steps(definition.get("steps"), types, 0)]


def trigger_words(trigger: Any, types: NodeTypes) -> str:
    """When it starts, with its filter."""
    raw = _mapping(trigger)
    words = node_words(raw, types.triggers)
    condition = condition_words(raw.get("when"))
    return f"{words}, if {condition}" if condition else words


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


def condition_words(condition: Any) -> str:
    """A condition as a phrase; empty for none."""
    raw = _mapping(condition)
    if "expression" in raw:
        return f"“{raw['expression']}” is true"
    if "field" in raw:
        return _clause(raw)
    for kind, joint in _JOINED.items():
        parts = raw.get(kind)
        if isinstance(parts, list) and parts:
            inner = [_bracketed(each) for each in cast("list[Any]", parts)]
            phrase = joint.join(each for each in inner if each)
            return f"not ({phrase})" if kind == "none" else phrase
    return ""


def _clause(raw: Mapping[str, Any]) -> str:
    field = path_words(str(raw.get("field", "")))
    try:
        op = Op(str(raw.get("op")))
    except ValueError:
        return f"{field} {raw.get('op')} {_value(raw.get('value'))}".strip()
    must = WORDS[op].format("" if op in WITHOUT_VALUE else _value(raw.get("value"))).strip()
    for infinitive, spoken in _SPOKEN:
        if must.startswith(infinitive):
            return f"{field} {spoken}{must.removeprefix(infinitive)}"
    return f"{field} must {must}"


def _bracketed(part: Any) -> str:
    words = condition_words(part)
    raw = _mapping(part)
    several = any(isinstance(raw.get(kind), list) and len(raw[kind]) > 1 for kind in ("all", "any"))
    return f"({words})" if several and words else words


def _value(value: Any) -> str:
    if isinstance(value, Mapping):
        money = stored(value)  # pyright: ignore[reportUnknownArgumentType]
        if money is not None:
            return money.words
        return " ".join(str(each) for each in cast("Mapping[str, Any]", value).values())
    if isinstance(value, list):
        words = [_value(each) for each in cast("list[Any]", value)]
        return ", ".join(words[:_LONGEST]) + (", …" if len(words) > _LONGEST else "")
    return str(value)


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
