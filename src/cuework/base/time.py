"""Instants are aware UTC. `utc_now` is for adapters; the engine gets its time as an argument."""

from datetime import UTC, datetime

FIRST_YEAR, LAST_YEAR = 1900, 9000
"""The years, in UTC, of instants that are taken: local time before them is not by whole minutes, and one past
them must still be there to be moved by ten years and by a zone's offset."""


def utc_now() -> datetime:
    """The current instant, aware UTC."""
    return datetime.now(UTC)


def taken(at: datetime, /) -> datetime:
    """An aware instant in UTC, if it is one that is taken. Errors: ValueError says which are."""
    try:
        utc = at.astimezone(UTC)
    except OverflowError:
        utc = at
    if not FIRST_YEAR <= utc.year <= LAST_YEAR:
        raise ValueError(f"must lie between the years {FIRST_YEAR} and {LAST_YEAR}")
    return utc


def rfc3339(at: datetime, /) -> str:
    """An instant as the API spells it, for example 2026-03-01T09:00:00.250Z."""
    utc = at if at.tzinfo is UTC else at.astimezone(UTC)
    return utc.isoformat(timespec="milliseconds")[:-6] + "Z"


def seconds_words(seconds: float, /) -> str:
    """A number of seconds for a sentence."""
    return "1 second" if seconds == 1 else f"{seconds:g} seconds"


def milliseconds(at: datetime, /) -> int:
    """Milliseconds since 1970."""
    return int(at.timestamp() * 1000)
