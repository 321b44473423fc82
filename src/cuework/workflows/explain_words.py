"""The sentences of explanations. Pure; times are told in the tenant's zone."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeAlias, cast

from cuework.base import json
from cuework.engine.catalog import Catalog
from cuework.engine.execution import SENTENCES

REFUSALS = {
    "inactive": "The workflow was paused or archived when the event was handled.",
    "own_change": "The workflow made that change itself, and its own changes do not start it again.",
    "suppressed": "The record was suppressed for this workflow.",
    "entry_key_failed": "The workflow's entry key could not be made from this event.",
    "loop": "Workflows had set each other off ten times in a row, so the chain was stopped.",
    "once": "The workflow takes each record only once, and this one had entered before.",
    "already_active": "The record was in the workflow already.",
    "record_deleted": "The record was deleted.",
    "pending": "The event waits to be handled.",
    "refused": "It passed the filter and was refused; why is not kept any more.",
}
_MOST_VALUES = 4
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
    changes: Mapping[str, Any] = row["event_changes"] or {}
    values = [f"{field} {_value(new)}" for field, (_, new) in list(changes.items())[:_MOST_VALUES]]
    told = f" ({', '.join(values)}{', …' if len(changes) > _MOST_VALUES else ''})" if values else ""
    return f"It entered {name} on {when}, because of {row['event_type']}{told}."


def ended_words(row: Mapping[str, Any], catalog: Catalog) -> str:
    """How the last execution ended."""
    reason = SENTENCES.get(row["reason"] or "", row["reason"] or "")
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


def _value(value: Any) -> str:
    return f"“{value}”" if isinstance(value, str) else json.dumps_text(value)
