"""Cursors: where a page of a list ended, opaque to clients and checked when they come back.

A cursor holds how its list was sorted, the last row's value of that, and the last row's id. Must not know SQL.
"""

import base64
import binascii

from cuework.base import json
from cuework.base.errors import Invalid, Problem


def spell(sort: str, value: str | None, last_id: str, /) -> str:
    """The cursor for what comes after that row in a list that is sorted like this."""
    return base64.urlsafe_b64encode(json.dumps([sort, value, last_id])).decode().rstrip("=")


def read(cursor: str, sort: str, /) -> tuple[str | None, str]:
    """The last row's value and id. Errors: Invalid for what is no cursor of a list that is sorted like this."""
    try:
        parsed = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (binascii.Error, ValueError):
        parsed = None
    match parsed:
        case [str() as sorted_by, (str() | None) as value, str() as last_id] if sorted_by == sort:
            return value, last_id
        case _:
            raise refused()


def refused() -> Invalid:
    """What is said of a cursor that is none of the list's."""
    problem = Problem("query.cursor", "is not valid here")
    return Invalid("The cursor is none of this list with this sort. Begin again without one.", [problem])
