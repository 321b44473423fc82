"""Query parameters that an operation does not know are refused, not ignored: `?statsu=failed` narrows nothing.

What an operation knows is read from its own declaration, dependencies included. Where the address is not the
caller's to choose, others are let through: `ANY_QUERY` says so, in the OpenAPI document too.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi.dependencies.models import Dependant
from starlette.datastructures import QueryParams

from cuework.api.suggestions import closest
from cuework.base.errors import Invalid, Problem

_MARK = "x-other-parameters"
ANY_QUERY: dict[str, Any] = {_MARK: "ignored"}
"""For `openapi_extra` of an operation that takes any query."""
_SHOWN = 20
_LONGEST = 100


def known_parameters(dependant: Dependant, openapi_extra: Mapping[str, Any] | None, /) -> tuple[str, ...] | None:
    """The parameters an operation takes, as it tells them; None if it takes any."""
    if openapi_extra is not None and _MARK in openapi_extra:
        return None
    return tuple(dict.fromkeys(_declared(dependant)))


def check_parameters(query: QueryParams, known: Sequence[str], /) -> None:
    """Errors: Invalid names each parameter that is not known, and each that is given twice."""
    names = [name for name, _ in query.multi_items()]
    problems = [_unknown(name, known) for name in dict.fromkeys(names) if name not in known]
    problems += [_twice(name) for name in known if names.count(name) > 1]
    if problems:
        takes = f"This takes {', '.join(known)}." if known else "This takes no parameters."
        raise Invalid(f"{problems[0].message} {takes}", problems[:_SHOWN])


def _declared(dependant: Dependant) -> list[str]:
    """In the order of the document: an operation's own parameters come before those of what it depends on."""
    names = [field.alias for field in dependant.query_params]
    return names + [name for inner in dependant.dependencies for name in _declared(inner)]


def _unknown(name: str, known: Sequence[str]) -> Problem:
    meant = closest(name, known)
    hint = f' Did you mean "{meant}"?' if meant else ""
    return Problem(f"query.{name[:_LONGEST]}", f'Unknown parameter "{name[:_LONGEST]}".{hint}')


def _twice(name: str) -> Problem:
    return Problem(f"query.{name}", f'The parameter "{name}" is given twice.')
