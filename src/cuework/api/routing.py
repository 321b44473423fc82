"""The route class of every operation: one request is one transaction of one tenant.

    read the body -> begin -> who asks? -> may they? -> the handler -> commit -> ring the bell -> answer

The answer is sent after the commit, so nothing is acknowledged that is not durable; a failure anywhere rolls
back and answers as a problem. What a query asks that the operation does not know is refused before the handler.
The connection is held neither while a body comes in nor while an answer goes out. Public operations get no
transaction: they find their tenant themselves (`open_transaction`).
"""

import inspect
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Request, Response
from fastapi.routing import APIRoute

from cuework.api import idempotency, identity
from cuework.api.bodies import CheckedRequest
from cuework.api.parameters import check_parameters, known_parameters
from cuework.api.roles import check_role
from cuework.api.state import state_of
from cuework.crm.actor import Actor, Role
from cuework.db import tenancy
from cuework.db.pool import Connection

Handler = Callable[[Request], Coroutine[Any, Any, Response]]
AfterCommit = Callable[[], Awaitable[None] | None]
ACQUIRE_WITHIN = 5.0
PREFIX = "/api/v1"
_SAFE = {"GET", "HEAD", "OPTIONS"}


class TenantRoute(APIRoute):
    """Runs the handler inside the actor's tenant transaction."""

    holds_transaction = True

    def get_route_handler(self) -> Handler:
        """FastAPI's own handler, with Cuework's order of things around it."""
        handle_known = super().get_route_handler()
        parameters = known_parameters(self.dependant, self.openapi_extra)

        async def handle(request: Request) -> Response:
            if parameters is not None and request.scope["query_string"]:
                check_parameters(request.query_params, parameters)
            return await handle_known(request)

        async def answer(request: Request) -> Response:
            checked = CheckedRequest(request.scope, request.receive)
            needed = state_of(checked).roles[self.name]
            if needed is Role.PUBLIC:
                await checked.check_body()
                return await handle(checked)
            shown = identity.read_credentials(checked)
            await checked.check_body()
            if self.holds_transaction:
                return await self._in_transaction(checked, shown, handle)
            async with open_transaction(checked, shown.tenant_id) as connection:
                await self._admit(connection, checked, shown)
            return await handle(checked)

        return answer

    async def _in_transaction(self, request: CheckedRequest, shown: identity.Credentials, handle: Handler) -> Response:
        async with open_transaction(request, shown.tenant_id) as connection:
            actor = await self._admit(connection, request, shown)
            request.state.connection = connection
            key = idempotency.key_of(request)
            if key is None:
                response = await handle(request)
            elif (earlier := await idempotency.earlier_answer(connection, request, actor, key)) is not None:
                response = earlier
            else:
                response = await handle(request)
                await idempotency.keep_answer(connection, actor, key, response)
        return response

    async def _admit(self, connection: Connection, request: CheckedRequest, shown: identity.Credentials) -> Actor:
        actor = await identity.authenticate(connection, request, shown)
        request.state.actor = actor
        check_role(actor, self.name, state_of(request).roles[self.name])
        return actor


class DetachedRoute(TenantRoute):
    """Checks who asks in a short transaction of its own and runs the handler without one: for streams and
    handlers that wait. They open transactions with `open_transaction`."""

    holds_transaction = False


class Router(APIRouter):
    """A router whose operations are named after their functions, run as TenantRoute, and lie under /api/v1."""

    def __init__(self, tag: str, *, route_class: type[TenantRoute] = TenantRoute, **options: Any) -> None:
        options.setdefault("prefix", PREFIX)
        options.setdefault("generate_unique_id_function", operation_id)
        options.setdefault("responses", PROBLEM_RESPONSES)
        super().__init__(tags=[tag], route_class=route_class, redirect_slashes=False, **options)


def operation_id(route: APIRoute, /) -> str:
    """The stable operation id: the name of the handler."""
    return route.name


@asynccontextmanager
async def open_transaction(request: Request, tenant_id: UUID, /) -> AsyncGenerator[Connection]:
    """One transaction of that tenant, committed at the end; then what waits for the commit runs.

    For public and detached operations; the others have theirs already (`Tx`).
    """
    state = state_of(request)
    outer: list[AfterCommit] | None = getattr(request.state, "after_commit", None)
    waiting: list[AfterCommit] = []
    request.state.after_commit = waiting
    try:
        async with (
            state.pool.acquire(timeout=ACQUIRE_WITHIN) as connection,
            tenancy.tenant_scope(connection, tenant_id),
        ):
            yield connection
    finally:
        request.state.after_commit = outer
    if request.method not in _SAFE:
        state.ring(tenant_id)
    for call in waiting:
        outcome = call()
        if inspect.isawaitable(outcome):
            await outcome


def after_commit(request: Request, call: AfterCommit, /) -> None:
    """The call happens once the request's transaction is durable, and not at all if it is not."""
    request.state.after_commit.append(call)


def _actor(request: Request) -> Actor:
    return request.state.actor


def _connection(request: Request) -> Connection:
    return request.state.connection


Who = Annotated[Actor, Depends(_actor)]
"""Who asks; the role has been checked."""

if TYPE_CHECKING:
    Tx = Annotated[Connection, Depends(_connection)]
    """The request's transaction: handlers neither commit nor roll back."""
else:
    Tx = Annotated[Any, Depends(_connection)]  # FastAPI cannot evaluate the alias of asyncpg's generics

PROBLEM_RESPONSES: dict[int | str, dict[str, Any]] = {
    "4XX": {
        "description": "A problem (RFC 9457) that says what is wrong and where",
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
}
