"""Every failure as application/problem+json (RFC 9457): what happened, where, and what would mend it.

Bad input never answers 5xx: data that PostgreSQL refuses is the request's fault, and said so. What nobody
expected answers 500 with an id to look for in the log, never with its trace.
"""

from collections.abc import Iterable, Mapping
from typing import Any, cast
from uuid import uuid4

import asyncpg
import structlog
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from cuework.api.bodies import is_json
from cuework.api.suggestions import known_names, nearest
from cuework.base import json
from cuework.base.errors import (
    Conflict,
    CueworkError,
    Forbidden,
    Invalid,
    NotFound,
    Problem,
    TooLarge,
    Unavailable,
    shortened,
)
from cuework.base.misfits import phrase

log = structlog.get_logger("cuework.api")
MEDIA_TYPE = "application/problem+json"
_SHOWN = 100
_SUGGESTED = 20  # problems that get a suggestion: looking for the nearest name costs a millisecond
_TITLES = {405: "Method not allowed", 404: NotFound.title, 413: TooLarge.title, 403: Forbidden.title}

# asyncpg's classes, the most special first. The request is at fault, or a state of the data.
_DATA = (asyncpg.DataError, asyncpg.exceptions.DataError)
_BROKEN: tuple[type[BaseException], ...] = (
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,  # a connection that was cut while a statement was being sent
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.InsufficientResourcesError,
    asyncpg.QueryCanceledError,
    asyncpg.LockNotAvailableError,
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.exceptions.InvalidAuthorizationSpecificationError,
    asyncpg.exceptions.InvalidCatalogNameError,
    ConnectionError,
    TimeoutError,
    OSError,
)


def answer_problems(app: FastAPI, /) -> None:
    """The application answers every failure as a problem."""

    async def answer(request: Request, error: Exception) -> Response:
        return problem_response(as_cuework_error(request, error))

    known = (
        CueworkError,
        RequestValidationError,
        HTTPException,
        asyncpg.PostgresError,
        asyncpg.InterfaceError,
        OSError,
    )
    for kind in known:
        app.add_exception_handler(kind, answer)


def as_cuework_error(request: Request | None, error: Exception, /) -> CueworkError:
    """The failure as one of Cuework's; what is none of them is unexpected and logged with its trace."""
    if isinstance(error, CueworkError):
        return error
    if isinstance(error, RequestValidationError):
        return _invalid_request(request, error)
    if isinstance(error, HTTPException):
        return _http(error)
    found = _from_database(error)
    if found is None:
        incident = uuid4().hex[:12]
        log.error("unexpected error", incident=incident, exc_info=error)
        found = CueworkError(
            f"An unexpected error happened; it is in the server's log as {incident}.", incident=incident
        )
    return found


def problem_response(error: CueworkError, /) -> Response:
    """The answer for that error."""
    status: int = error.extra.get("status", error.status)  # pyright: ignore[reportAssignmentType]
    body: dict[str, Any] = {
        "type": f"urn:cuework:problem:{error.code}",
        "title": _TITLES.get(status, error.title),
        "status": status,
        "detail": error.detail,
        "errors": [problem.as_json() for problem in error.problems[:_SHOWN]],
    }
    body |= {name: value for name, value in error.extra.items() if name not in body and name != "headers"}
    headers = dict(cast("Mapping[str, str]", error.extra.get("headers", {})))
    wait = error.extra.get("retry_after_s", 1 if status == Unavailable.status else None)
    if wait is not None:
        headers["Retry-After"] = str(wait)
    if status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return Response(json.dumps(body), status, headers, MEDIA_TYPE)


def problems_of(errors: Iterable[Mapping[str, Any]], /, model: Any = None) -> list[Problem]:
    """Pydantic's errors as problems; with the model, the first unknown fields get a suggestion."""
    return [_problem(error, model, suggest=n < _SUGGESTED) for n, error in enumerate(errors)]


def _invalid_request(request: Request | None, error: RequestValidationError) -> Invalid | NotFound:
    for each in error.errors():
        if each["loc"][:1] == ("path",):  # what cannot be an id is the id of nothing
            place = str(each["loc"][-1])
            name = "id" if place.endswith("id") else place
            return NotFound(f"There is nothing here with the {name} “{str(each['input'])[:_SHOWN]}”.")
    body_field = getattr(request.scope.get("route"), "body_field", None) if request is not None else None
    model = body_field.field_info.annotation if body_field is not None else None
    whole = _wrong_body(request, error)
    problems = [Problem("", whole)] if whole else problems_of(error.errors(), model)
    first = problems[0]
    where = f"{first.path}: " if first.path else ""
    more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
    return Invalid(f"{where}{first.message}{more}", problems)


def _wrong_body(request: Request | None, error: RequestValidationError) -> str | None:
    """What is wrong if it is the body as a whole: nothing was sent, or what is no JSON, or none that is an object."""
    found = next((each for each in error.errors() if each["loc"] == ("body",)), None)
    if found is None or request is None:
        return None
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if request.headers.get("content-length", "0") == "0" and "transfer-encoding" not in request.headers:
        return "Send a JSON body with Content-Type: application/json."
    if not is_json(kind):
        came = f"as {shortened(kind, _SHOWN)}" if kind else "without a Content-Type"
        return f"The body came {came}; send it as JSON, with Content-Type: application/json."
    return f"The body {phrase(found) if found['type'] != 'missing' else 'must be a JSON object'}."


def _problem(error: Mapping[str, Any], model: Any, *, suggest: bool) -> Problem:
    place = list(error["loc"])
    inside_body = place[:1] == ["body"]
    if place and place[0] in {"body", "path", "header", "cookie"}:  # "query" stays: bodies have fields of such names
        place = place[1:]
    kind, message = str(error["type"]), phrase(error)
    suggestion = None
    if kind == "extra_forbidden":
        message = f"there is no field {shortened(str(place[-1]), _SHOWN)}"
        names = known_names(model, place[:-1]) if suggest and (inside_body or model is not None) else []
        suggestion = nearest(str(place[-1])[:_SHOWN], names)
    elif kind in {"enum", "literal_error"} and suggest:
        suggestion = _nearest_of_expected(error)
    return Problem(".".join(shortened(str(part), _SHOWN) for part in place), message, suggestion)


def _nearest_of_expected(error: Mapping[str, Any]) -> str | None:
    expected = str(error.get("ctx", {}).get("expected", "")).replace(" or ", ", ")
    return nearest(str(error.get("input"))[:_SHOWN], [word.strip("' ") for word in expected.split(", ")])


def _http(error: HTTPException) -> CueworkError:
    details = {404: "There is nothing at this address.", 405: "This address does not take that method."}
    detail = details.get(error.status_code, str(error.detail))
    kinds: dict[int, type[CueworkError]] = {404: NotFound, 413: TooLarge, 403: Forbidden}
    kind = kinds.get(error.status_code, Invalid)
    return kind(detail, status=error.status_code, headers=dict(error.headers or {}))


def _from_database(error: Exception) -> CueworkError | None:
    if isinstance(error, _DATA):
        log.warning("refused by the database", error=type(error).__name__)
        return Invalid(f"A value cannot be stored: {_first_line(error)}")
    if isinstance(error, asyncpg.UniqueViolationError):
        return Conflict("There is one with the same key already.", constraint=error.constraint_name)
    if isinstance(error, asyncpg.ForeignKeyViolationError):
        return Conflict("It refers to something that is not there, or something still refers to it.")
    if isinstance(error, asyncpg.IntegrityConstraintViolationError):
        return Invalid(f"A value is not allowed: {_first_line(error)}")
    if isinstance(error, _BROKEN):
        log.warning("not available", error=type(error).__name__, detail=_first_line(error))
        return Unavailable("The database does not answer right now. Nothing was changed; try again in a moment.")
    return None


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
