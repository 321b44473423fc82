"""A condition as it was written, as a phrase for people: "contact lead score is at least 50".

It reads conditions that do not compile too, as far as they make sense. Nothing here decides or judges anything.
"""

from collections.abc import Mapping
from typing import Any, cast

from cuework.engine.condition_words import path_words
from cuework.engine.money import stored
from cuework.engine.operators import WITHOUT_VALUE, WORDS, Op

_JOINED = {"all": " and ", "any": " or ", "none": " or "}
_LONGEST = 20
# Conditions are worded as what must be (engine.operators); here they say what is.
_SPOKEN = (
    *(("not be ", "is not "), ("be ", "is "), ("have ", "has "), ("not contain ", "does not contain ")),
    *(("contain ", "contains "), ("start ", "starts "), ("end ", "ends "), ("match ", "matches ")),
)
_SPOKEN_OF_MANY = (("not be ", "are not "), ("be ", "are "), ("not contain ", "do not contain "))


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
    several = field.endswith("tags")
    for infinitive, spoken in _SPOKEN_OF_MANY if several else _SPOKEN:
        if must.startswith(infinitive):
            return f"{field} {spoken}{must.removeprefix(infinitive)}"
    return f"{field} {must}" if several else f"{field} must {must}"


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


def _mapping(value: Any) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", value) if isinstance(value, Mapping) else {}
