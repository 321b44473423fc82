"""Reads what somebody answered in a form: each answer by its field's type, every problem at its field. Pure.

Must not know where answers go or who gave them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cuework.base.errors import Problem
from cuework.engine.catalog import Catalog
from cuework.engine.readers import Refused, as_stored, read
from cuework.engine.records import Field, FieldType, nearest
from cuework.engine.values import coerce_fields

HONEYPOT = "homepage_url"
"""A field that people do not see and robots fill."""

_TYPES: Mapping[str, FieldType] = {
    "text": FieldType.TEXT,
    "long_text": FieldType.LONG_TEXT,
    "email": FieldType.EMAIL,
    "phone": FieldType.PHONE,
    "number": FieldType.NUMBER,
    "choice": FieldType.CHOICE,
    "checkbox": FieldType.BOOLEAN,
    "consent": FieldType.BOOLEAN,
}
_TICKS = frozenset({"checkbox", "consent"})
_MAX_LONG = 10_000


@dataclass(slots=True)
class Answers:
    """What was answered, as JSON by field; the contact's values that follow; which consents were given; problems."""

    given: dict[str, Any] = field(default_factory=dict[str, Any])
    contact: dict[str, Any] = field(default_factory=dict[str, Any])
    consents: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])
    problems: list[Problem] = field(default_factory=list[Problem])


def field_of(declared: Mapping[str, Any], /) -> Field:
    """A form's field as the engine reads values of it."""
    choices = tuple(declared.get("options") or ()) if declared["type"] == "choice" else None
    return Field(declared["key"], _TYPES[declared["type"]], True, declared["label"], choices)


def read_answers(form: Mapping[str, Any], sent: Mapping[str, Any], catalog: Catalog, *, strict: bool) -> Answers:
    """The answers to that form. Shape: form is its row; strict refuses answers to questions it does not ask."""
    answers = Answers()
    for declared in form["fields"]:
        value = _answer(declared, sent.get(declared["key"]), catalog, answers.problems)
        if value is not None:
            answers.given[declared["key"]] = as_stored(value)
            _pass_on(declared, value, catalog, answers)
        if declared["type"] == "consent" and value:
            answers.consents.append(
                {"field": declared["key"], "text": declared["text"], "version": form["consent_version"]}
            )
            answers.contact["email_consent"] = "granted"
    if strict:
        answers.problems += _strangers(form["fields"], sent)
    return answers


def _answer(declared: Mapping[str, Any], raw: Any, catalog: Catalog, problems: list[Problem]) -> Any:
    """The value, None for a blank; what is wrong is added to the problems."""
    key, kind = declared["key"], declared["type"]
    try:
        value = read(field_of(declared), raw, catalog)
    except Refused as refused:
        problems.append(Problem(key, refused.message, refused.suggestion))
        return None
    if kind == "long_text" and value is not None and len(value) > _MAX_LONG:
        problems.append(Problem(key, f"The text has {len(value):,} characters; at most {_MAX_LONG:,} fit."))
        return None
    if kind in _TICKS:
        value = bool(value)
    needed = declared.get("required") or declared.get("maps_to") == "email"
    if needed and (value is None or (kind in _TICKS and not value)):
        problems.append(Problem(key, "Please tick this box." if kind in _TICKS else "Please fill this in."))
        return None
    return value


def _pass_on(declared: Mapping[str, Any], value: Any, catalog: Catalog, answers: Answers) -> None:
    """The contact gets the answer where the field says so; a field that has changed since may not take it."""
    target = declared.get("maps_to")
    if target is None:
        return
    clean, problems = coerce_fields("contact", {target: as_stored(value)}, catalog)
    answers.problems += [Problem(declared["key"], problem.message, problem.suggestion) for problem in problems]
    answers.contact |= {name: kept for name, kept in clean.items() if kept not in (None, "", [])}


def _strangers(fields: Sequence[Mapping[str, Any]], sent: Mapping[str, Any]) -> list[Problem]:
    known = [declared["key"] for declared in fields]
    strange = [key for key in sent if key not in known and key != HONEYPOT]
    return [Problem(key[:100], "The form has no such field.", nearest(key[:100], known)) for key in strange]
