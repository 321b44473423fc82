"""The sentences of explanations. Pure; times are told in the tenant's zone."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeAlias, cast

from cuework.engine.catalog import Catalog
from cuework.engine.condition_words import shown
from cuework.engine.execution import end_words
from cuework.engine.records import RECORD_TYPES, schema

REFUSALS = {
    "inactive": "The workflow was paused or archived when the event was handled.",
    "own_change": "The workflow made that change itself, and its own changes do not start it again.",
    "suppressed": "The record was suppressed for this workflow.",
    "goal_met": "The record had met the workflow's goal already.",
    "entry_key_failed": "The workflow's entry key could not be made from this event.",
    "loop": "Workflows had set each other off ten times in a row, so the chain was stopped.",
    "once": "The workflow takes each record only once, and this one had entered before.",
    "already_active": "The record was in the workflow already.",
    "record_deleted": "The record was deleted.",
    "mass_edit": "It came with a mass edit that was to start no workflow.",
    "pending": "The event waits to be handled.",
    "refused": "It passed the filter and was refused; why is not kept any more.",
}
_MOST_VALUES = 4
_EVENTS = {"form.submitted": "a form was submitted", "webhook.received": "a hook was called"}
_VERBS = {"created": "was created", "updated": "was changed", "deleted": "was deleted", "restored": "was restored"}
_Json: TypeAlias = Mapping[str, Any]


class State(StrEnum):
    """In one word, where the record stands."""

    INSIDE = "inside"
    ENDED = "ended"
    PENDING = "pending"
    NOT_ENTERED = "not_entered"
    NO_EVENT = "no_event"
    INACTIVE = "inactive"
    NEVER_PUBLISHED = "never_published"


def at_words(at: datetime, catalog: Catalog) -> str:
    """An instant for people."""
    local = at.astimezone(catalog.zone)
    return f"{local:%d %b %Y %H:%M:%S} ({local.tzname()})"


def entered_words(name: str, row: Mapping[str, Any], catalog: Catalog) -> str:
    """Why it entered: the event and the values that it brought."""
    when = at_words(row["started_at"], catalog)
    state: Mapping[str, Any] = row["state"] or {}
    seen: Mapping[str, Any] = state.get("trigger") or {}
    if row["event_type"] is None:
        by = (
            "enrolled by hand" if seen.get("event") == "manual" else "by hand, or on an event that is not kept any more"
        )
        return f"It entered {name} on {when}, {by}."
    values = _changed_words(row["event_type"].partition(".")[0], row["event_changes"] or {}, catalog)
    told = f" ({', '.join(values[:_MOST_VALUES])}{', …' if len(values) > _MOST_VALUES else ''})" if values else ""
    return f"It entered {name} on {when}, because {event_words(row['event_type'])}{told}."


def event_words(event_type: str) -> str:
    """What happened, as the rest of a sentence: "the deal was created"."""
    subject, _, what = event_type.partition(".")
    return _EVENTS.get(event_type) or f"the {subject} {_VERBS.get(what) or what.replace('_', ' ')}"


def refused_words(event_type: str, at: datetime, outcome: str, reason: str | None, catalog: Catalog) -> str:
    """What became of the last event that could have started it, and did not."""
    what = event_words(event_type)
    happened = f"{what[:1].upper()}{what[1:]} on {at_words(at, catalog)}"
    if outcome == "pending":
        return f"{happened}; that waits to be handled."
    why = reason or "Why is not kept."
    return f"{happened}, and that did not start it: {why[:1].lower()}{why[1:]}"


def not_enrolled_words(row: Mapping[str, Any], catalog: Catalog) -> str:
    """Why it did not enter although somebody wanted it to."""
    why = REFUSALS.get(str(row["reason"]), str(row["reason"]))
    return f"Enrolled by hand on {at_words(row['at'], catalog)}, it did not enter: {why[:1].lower()}{why[1:]}"


def ended_words(row: Mapping[str, Any], catalog: Catalog) -> str:
    """How the last execution ended."""
    reason = end_words(row["reason"], row["why"]) or ""
    errors = " A step of it failed." if row["has_errors"] and row["status"] == "completed" else ""
    return f"That ended on {at_words(row['finished_at'], catalog)}: {reason[:1].lower()}{reason[1:]}{errors}"


def next_words(row: Mapping[str, Any], catalog: Catalog) -> str:
    """Where it is, and when it moves next."""
    state: Mapping[str, Any] = row["state"] or {}
    waits = [token for token in cast("list[_Json]", state.get("tokens") or []) if token.get("wait")]
    if not waits:
        return "It is running right now."
    first = min(waits, key=_until)
    wait: _Json = first["wait"]
    words = f"It is at the step “{first['at']}”: {wait.get('why') or 'it waits.'}"
    if wait.get("until"):
        return f"{words} It moves on {at_words(datetime.fromisoformat(wait['until']), catalog)}."
    return words


def _until(token: _Json) -> str:
    return token["wait"].get("until") or "9999"


def _changed_words(record_type: str, changes: Mapping[str, Any], catalog: Catalog) -> list[str]:
    """The new values with their fields' names; ids of what has no name here are left out."""
    fields = schema(record_type, catalog) if record_type in RECORD_TYPES else {}
    names = _names(catalog)
    told: list[str] = []
    for key, (_, new) in changes.items():
        field = fields.get(key)
        if field is None or new in (None, "", []):
            continue
        if key.endswith("_id") and key != "external_id":
            told += [f"{key.removesuffix('_id')} {names[str(new)]}"] if str(new) in names else []
        else:
            label = field.label if key.startswith("custom.") else field.label.lower()
            told.append(f"{label} {names.get(str(new)) or shown(new)}")
    return told


def _names(catalog: Catalog) -> dict[str, str]:
    """Who and what an id in an event's values may be."""
    stages = (stage for pipeline in catalog.pipelines for stage in pipeline.stages)
    return {str(each.id): each.name for each in (*catalog.users, *catalog.teams, *catalog.pipelines, *stages)}
