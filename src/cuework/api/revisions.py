"""ETag and If-Match: the revision of a thing, so that nobody overwrites what they have not seen."""

from collections.abc import Mapping
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Header, Response

from cuework.api.models import Answer
from cuework.base.errors import Invalid, Problem
from cuework.crm.setup import check_revision

__all__ = ["IfMatch", "check_revision", "etag", "show_revision", "shown"]

Shown = TypeVar("Shown", bound=Answer)


def etag(revision: int, /) -> str:
    """The ETag of that revision."""
    return f'"{revision}"'


def show_revision(response: Response, revision: int, /) -> None:
    """The answer carries the revision as its ETag."""
    response.headers["ETag"] = etag(revision)


def shown(response: Response, answer: type[Shown], row: Mapping[str, Any], /) -> Shown:
    """The answer for a row, with its ETag."""
    show_revision(response, row["revision"])
    return answer(**row)


def _expected(
    if_match: Annotated[str | None, Header(description="The ETag that the change was made against")] = None,
) -> int | None:
    if if_match is None or if_match.strip() == "*":
        return None
    text = if_match.strip().removeprefix("W/").strip('"')
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise Invalid(
            f"If-Match must be an ETag of this API, not {if_match[:40]!r}.",
            [Problem("If-Match", "is no ETag")],
        )
    return int(text)


IfMatch = Annotated[int | None, Depends(_expected)]
"""The revision that the client saw; None where it does not say."""
