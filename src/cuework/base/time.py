"""Instants are aware UTC. `utc_now` is for adapters; the engine gets its time as an argument."""

from datetime import UTC, datetime


def utc_now() -> datetime:
    """The current instant, aware UTC."""
    return datetime.now(UTC)


def rfc3339(at: datetime, /) -> str:
    """An instant as the API spells it, for example 2026-03-01T09:00:00.250Z."""
    utc = at if at.tzinfo is UTC else at.astimezone(UTC)
    return utc.isoformat(timespec="milliseconds")[:-6] + "Z"


def milliseconds(at: datetime, /) -> int:
    """Milliseconds since 1970."""
    return int(at.timestamp() * 1000)
