"""Makes the application: finds the routers, checks that every operation has its role, joins the parts.

A module of this package that has a `router` is served; its `ROLES` are its rows in the table of roles. So a new
resource touches one file.
"""

import importlib
import pkgutil
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from functools import cache
from types import ModuleType
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

import cuework.api
from cuework import __version__
from cuework.api import forgetting, manual, static
from cuework.api.envelope import Envelope
from cuework.api.execution_models import StreamMessage
from cuework.api.models import Problem
from cuework.api.problems import answer_problems
from cuework.api.roles import Role
from cuework.api.routing import Router, TenantRoute
from cuework.api.state import AppState

DESCRIPTION = """
Contacts, companies, deals and tasks, and the workflows that their changes start.

Send an API key as `Authorization: Bearer cw_...`, or sign in at `POST /api/v1/session` and send the
`csrf_token` of `GET /api/v1/me` as `X-CSRF-Token` with every change. Errors are `application/problem+json`.
Lists take `limit`, `cursor` and `sort`, lists of records a `filter`; a parameter that an operation does not
know is refused by name. A change can name the revision it was made against with
`If-Match`; a `POST` with an `Idempotency-Key` happens once.
"""
_ABOUT: dict[str, Any] = {"title": "Cuework", "version": __version__, "description": DESCRIPTION}


def create_app(state: AppState, /) -> FastAPI:
    """The application over that state. Errors: RuntimeError names operations without a role."""
    app = FastAPI(
        **_ABOUT,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan,
        redirect_slashes=False,
    )
    app.state.cuework = state
    answer_problems(app)
    for module in router_modules():
        # Not included but taken over: the routes are whole, and one flat list is matched in half the time.
        app.router.routes.extend(module.router.routes)
    state.roles = collect_roles()
    manual.serve_manual(app)
    static.serve_static(app, state.static)
    app.openapi = openapi_document
    app.add_middleware(Envelope)
    return app


def router_modules() -> Iterator[ModuleType]:
    """The modules of this package that have a router, by name."""
    for found in sorted(pkgutil.iter_modules(cuework.api.__path__), key=lambda module: module.name):
        module = importlib.import_module(f"cuework.api.{found.name}")
        if isinstance(getattr(module, "router", None), Router):
            yield module


def collect_roles() -> dict[str, Role]:
    """The table of roles. Errors: RuntimeError where the table and the operations do not agree."""
    table: dict[str, Role] = {}
    wrong: list[str] = []
    for module in router_modules():
        names = [route.name for route in module.router.routes if isinstance(route, TenantRoute)]
        rows: dict[str, Role] = getattr(module, "ROLES", {})
        where = module.__name__
        wrong += [f"{where}: {name} has no row in ROLES" for name in names if name not in rows]
        wrong += [f"{where}: ROLES has {name}, which is no operation" for name in rows if name not in names]
        wrong += [f"{where}: {name} is taken by another operation" for name in names if name in table]
        table |= rows
    if wrong:
        raise RuntimeError("The table of roles is not right:\n" + "\n".join(sorted(set(wrong))))
    return table


@cache
def openapi_document() -> dict[str, Any]:
    """The OpenAPI 3.1 document, made once: with the role of each operation and both ways to sign in."""
    routes = [route for module in router_modules() for route in module.router.routes]
    document = get_openapi(**_ABOUT, routes=routes, openapi_version="3.1.0")
    parts = document.setdefault("components", {})
    for model in (Problem, StreamMessage):  # what no operation's own answer is
        schema = model.model_json_schema(mode="serialization", ref_template="#/components/schemas/{model}")
        parts.setdefault("schemas", {}).update({**schema.pop("$defs", {}), model.__name__: schema})
    parts["securitySchemes"] = {
        "key": {"type": "http", "scheme": "bearer", "description": "An API key, cw_..."},
        "session": {"type": "apiKey", "in": "cookie", "name": "cuework_session"},
    }
    roles = collect_roles()
    for path in document["paths"].values():
        for operation in path.values():
            role = roles[operation["operationId"]]
            operation["x-role"] = role.spelled
            operation["security"] = [] if role is Role.PUBLIC else [{"key": []}, {"session": []}]
            operation.get("responses", {}).pop("422", None)
    return document


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncGenerator[None]:
    async with forgetting.running(app.state.cuework.pool):
        yield
