"""What was put into quarantine and why, for people. Reads nothing."""

from collections.abc import Mapping
from typing import Any

_KINDS = {
    "check": "A look at whether a wait is over",
    "wake": "News for an execution that waits",
    "effect": "The outcome of something that was sent",
    "continue": "The next steps of an execution",
    "due": "A timer of an execution",
}
_COMMANDS = {
    "cancel": "Cancelling an execution",
    "retry": "Retrying an execution",
    "enroll": "An enrollment by hand",
    "job": "A part of a job",
}
# By the name of the error as it is stored before its message.
_ERRORS = {
    "DataError": "A value does not fit the field that it should go into.",
    "NumericValueOutOfRangeError": "A number is too large for the field that it should go into.",
    "UniqueViolationError": "A value that must be unique is taken by another record.",
    "ForeignKeyViolationError": "It refers to something that is not there any more.",
    "NotNullViolationError": "A value is missing where the database needs one.",
    "CheckViolationError": "A value is not one that the database allows.",
    "StringDataRightTruncationError": "A text is too long for the field that it should go into.",
    "ProgramLimitExceededError": "A value is too large for the database.",
    "CharacterNotInRepertoireError": "A text holds characters that the database cannot store.",
    "UntranslatableCharacterError": "A text holds characters that the database cannot store.",
    "QueryCanceledError": "It took longer than one transaction may take.",
}
_KILLED = "Worker processes died each time they handled it."
_UNKNOWN = "An error that Cuework has no words for stopped it."


def what_words(kind: str, event_type: str | None, payload: Mapping[str, Any] | None) -> str:
    """What the input was."""
    if kind == "event":
        parts = (payload or {}).get("only")
        if parts == []:
            return f"What {event_type or 'an event'} means for executions that wait"
        return f"The event {event_type}" if event_type else "An event that is not kept any more"
    if kind == "command":
        return _COMMANDS.get(str((payload or {}).get("do")), "A command")
    return _KINDS.get(kind, kind)


def why_words(reason: str, error: str | None) -> str:
    """Why it could not be handled."""
    return _KILLED if reason == "killed" else _ERRORS.get(error_name(error), _UNKNOWN)


def error_name(error: str | None) -> str:
    """The name that a stored error begins with."""
    return (error or "").partition(":")[0].strip()
