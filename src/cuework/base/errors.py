"""The one tree of errors. A message says what happened, with which value, and what to do.

CueworkError
├── Invalid            422  the request or definition is wrong; `problems` name the places
│   ├── Malformed      400  it could not even be read
│   └── Misconfigured       a setting is wrong: wrong usage, exit code 2
├── NotSignedIn        401
├── Forbidden          403
├── NotFound           404  also for another tenant's id: the same answer as an absent one
├── Conflict           409  it is there already, or the state does not allow it
├── Stale              412  If-Match does not hold
├── TooLarge           413
├── TooMany            429  a rate limit; `retry_after_s` says when
└── Unavailable        503  the database or a needed process is not there

Expected outcomes inside the engine are values, not exceptions (see engine/outcome.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

MOST_TOLD = 1_000
"""Characters that an error tells of what it was given, at most."""


def shortened(text: str, limit: int = MOST_TOLD, /) -> str:
    """The text, or as much of its beginning as the limit takes."""
    return text if len(text) <= limit else f"{text[: limit - 1]}…"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, where, and what would mend it.

    Shape: path is dotted with indices, for example steps.2.cases.0.when.all.1.field; line and column count from 1.
    A warning is no reason to refuse: only checks of drafts make any.
    """

    path: str
    message: str
    suggestion: str | None = None
    line: int | None = None
    column: int | None = None
    severity: Literal["error", "warning"] = "error"

    def __post_init__(self) -> None:
        for name in ("path", "message", "suggestion"):
            text: str | None = getattr(self, name)
            if text is not None and len(text) > MOST_TOLD:
                object.__setattr__(self, name, shortened(text))

    def as_json(self) -> dict[str, object]:
        """The problem without its empty parts."""
        parts = {"path": self.path, "message": self.message, "suggestion": self.suggestion}
        parts |= {"line": self.line, "column": self.column}
        return {name: part for name, part in parts.items() if part is not None}


class CueworkError(Exception):
    """Something expected to go wrong did."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "error"
    title: ClassVar[str] = "Something went wrong"

    def __init__(self, detail: str, problems: Sequence[Problem] = (), **extra: object) -> None:
        self.detail = shortened(detail, 2 * MOST_TOLD)
        super().__init__(self.detail)
        self.problems = tuple(problems)
        self.extra = extra


class Invalid(CueworkError):
    """The request or definition is wrong; the problems name the places."""

    status, code, title = 422, "invalid", "Invalid input"


class Malformed(Invalid):
    """The input could not even be read."""

    status, code, title = 400, "malformed", "Malformed input"


class Misconfigured(Invalid):
    """A setting of this process is wrong; the problems name the variables."""

    code, title = "misconfigured", "Wrong setting"


class NotSignedIn(CueworkError):
    """Nobody, or nobody known, is asking."""

    status, code, title = 401, "not_signed_in", "Sign in first"


class Forbidden(CueworkError):
    """The role does not allow it."""

    status, code, title = 403, "forbidden", "Not allowed"


class NotFound(CueworkError):
    """There is no such thing in this tenant."""

    status, code, title = 404, "not_found", "Not found"


class Conflict(CueworkError):
    """It is there already, or its state does not allow this."""

    status, code, title = 409, "conflict", "Conflict"


class Stale(CueworkError):
    """Somebody changed it since it was read."""

    status, code, title = 412, "stale", "Changed since you read it"


class TooLarge(CueworkError):
    """The input is over a limit of bytes, depth or keys."""

    status, code, title = 413, "too_large", "Too large"


class TooMany(CueworkError):
    """A rate limit was reached; extra retry_after_s says when to come back."""

    status, code, title = 429, "too_many", "Too many requests"


class Unavailable(CueworkError):
    """The database or another needed part is not there right now."""

    status, code, title = 503, "unavailable", "Not available right now"
