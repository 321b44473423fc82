"""What is wrong with a value, in plain words, of what pydantic says about it.

    phrase      goes on after a name or a path: "must be text", "must have at most 200 characters"

One place for all of them: requests, definitions and connections word the same mistake alike. Must not tell the value:
some are credentials, and some are long.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from cuework.base.patterns import WORDS

OWN_WORDS = frozenset({"value_error", "assertion_error"})
"""The kinds of error whose phrase is a check's own sentence."""

_CHOICE_OF_WORDS = re.compile(r"^\^\(([\w-]+(?:\|[\w-]+)+)\)\$$")


def phrase(error: Mapping[str, Any], /) -> str:
    """What that error of pydantic means for who wrote the value; a check's own words stay as they are."""
    kind = str(error["type"])
    context: Mapping[str, Any] = error.get("ctx") or {}
    told = _TOLD.get(kind)
    if told is not None:
        return told
    word = _WORDED.get(kind)
    if word is not None:
        return word(context)
    family = kind.partition("_")[0]
    return _FAMILIES.get(family) or _own_words(error)


def _own_words(error: Mapping[str, Any]) -> str:
    return str(error["msg"]).removeprefix("Value error, ").removeprefix("Assertion failed, ")


def _expected(context: Mapping[str, Any]) -> str:
    return f"must be {context['expected'].replace(chr(39), '')}"


def _pattern(context: Mapping[str, Any]) -> str:
    pattern = context["pattern"]
    choice = _CHOICE_OF_WORDS.match(pattern)
    if choice:
        *others, last = choice[1].split("|")
        return f"must be {', '.join(others)} or {last}"
    return WORDS.get(pattern, f"must fit the pattern {pattern}")


def _counted(count: int, one: str, many: str) -> str:
    return f"{count:,} {one if count == 1 else many}"


def _least(one: str, many: str) -> Callable[[Mapping[str, Any]], str]:
    def words(context: Mapping[str, Any]) -> str:
        least = context["min_length"]
        return "must not be empty" if least == 1 else f"must have at least {_counted(least, one, many)}"

    return words


def _most(one: str, many: str) -> Callable[[Mapping[str, Any]], str]:
    return lambda context: f"must have at most {_counted(context['max_length'], one, many)}"


def _bound(words: str, name: str) -> Callable[[Mapping[str, Any]], str]:
    def told(context: Mapping[str, Any]) -> str:
        bound = context[name]
        return f"must be {words} {bound:,}" if isinstance(bound, (int, float)) else f"must be {words} {bound}"

    return told


_TOLD: Mapping[str, str] = {
    "missing": "is required",
    "extra_forbidden": "is not a field here",
    "string_type": "must be text",
    "string_unicode": "must be text",
    "none_required": "must be null",
    "finite_number": "must be a finite number",
    "timezone_aware": "must name its time zone, such as 2026-03-01T09:00:00Z",
    "frozen_set_type": "must be a list",
    "dict_type": "must be a JSON object",
    "mapping_type": "must be a JSON object",
    "model_type": "must be a JSON object",
    "model_attributes_type": "must be a JSON object",
    "union_tag_not_found": "does not say which kind it is",
    "json_invalid": "must be JSON",
}
_WORDED: Mapping[str, Callable[[Mapping[str, Any]], str]] = {
    "enum": _expected,
    "literal_error": _expected,
    "union_tag_invalid": lambda context: f"must be {str(context['expected_tags']).replace(chr(39), '')}",
    "string_pattern_mismatch": _pattern,
    "string_too_short": _least("character", "characters"),
    "string_too_long": _most("character", "characters"),
    "too_short": _least("entry", "entries"),
    "too_long": _most("entry", "entries"),
    "greater_than": _bound("more than", "gt"),
    "greater_than_equal": _bound("at least", "ge"),
    "less_than": _bound("less than", "lt"),
    "less_than_equal": _bound("at most", "le"),
}
_FAMILIES: Mapping[str, str] = {
    "int": "must be a whole number",
    "float": "must be a number",
    "decimal": "must be a number",
    "bool": "must be true or false",
    "list": "must be a list",
    "tuple": "must be a list",
    "set": "must be a list",
    "uuid": "must be an id such as 0190a6f0-5b1c-7000-8000-000000000000",
    "datetime": "must be a date and time such as 2026-03-01T09:00:00Z",
    "date": "must be a date such as 2026-03-01",
    "time": "must be a time of day such as 09:00",
    "url": "must be a web address",
}
