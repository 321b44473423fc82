"""Every operation of the OpenAPI document has a role, and lets in exactly the roles from there upwards.

Which role that is stands in two places on purpose: beside the operation, and here by what it is about, as
docs/security.md tells it. A row of ROLES that is wrong would otherwise be enforced faithfully.
"""

from collections.abc import AsyncGenerator, Mapping
from typing import Any
from uuid import uuid4

import pytest
import pytest_asyncio

from cuework.api.application import collect_roles, create_app, openapi_document
from cuework.api.roles import Role
from cuework.api.routing import Router
from cuework.testing.application import Application, World, new_world, running_application


@pytest_asyncio.fixture(scope="module")
async def app(module_database_url: str) -> AsyncGenerator[Application]:
    async with running_application(module_database_url) as application:
        yield application


@pytest_asyncio.fixture(scope="module")
async def acme(app: Application) -> AsyncGenerator[World]:
    async with new_world(app, "acme") as world:
        yield world


def _operations() -> list[tuple[str, str, str]]:
    paths: dict[str, dict[str, Any]] = openapi_document()["paths"]
    return [
        (method.upper(), path.format_map(_AnyId()), operation["operationId"])
        for path, methods in paths.items()
        for method, operation in methods.items()
    ]


class _AnyId(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return str(uuid4())


async def test_every_operation_lets_in_its_role_and_those_above_and_no_other(acme: World) -> None:
    roles = collect_roles()
    clients = {Role.named(role): getattr(acme, role) for role in ("viewer", "member", "manager", "admin", "owner")}
    wrong: list[str] = []
    for method, path, operation in _operations():
        needed = roles[operation]
        if needed is Role.PUBLIC:
            continue
        for role, client in clients.items():
            if role >= needed and operation in _HANDLED_ELSEWHERE:
                continue
            answer = await client.request(method, f"http://cuework.test{path}", content=b"")
            refused = answer.status_code == 403 and answer.json().get("operation") == operation
            if refused == (role >= needed) or answer.status_code >= 500 or answer.status_code == 401:
                wrong.append(f"{operation}: {role.spelled} got {answer.status_code}, needed {needed.spelled}")
    assert wrong == []


def test_who_may_see_and_change_what_is_as_the_pages_say() -> None:
    roles = collect_roles()
    wrong: list[str] = []
    for method, path, operation in _operations():
        see, change = _ABOUT[path.removeprefix("/api/v1").split("/")[1]]
        wanted = _APART.get(operation, see if method == "GET" else change)
        if roles[operation] is not wanted:
            wrong.append(f"{operation} is for {roles[operation].spelled}, not for {wanted.spelled}")
    assert wrong == []


async def test_only_public_operations_answer_without_a_key(acme: World) -> None:
    roles = collect_roles()
    wrong: list[str] = []
    async with acme.app.client() as nobody:
        for method, path, operation in _operations():
            if roles[operation] is Role.PUBLIC:
                continue
            answer = await nobody.request(method, f"http://cuework.test{path}", content=b"")
            if answer.status_code != 401:
                wrong.append(f"{operation} answered {answer.status_code} to nobody")
    assert wrong == []


async def test_an_operation_without_a_role_keeps_the_application_from_starting(
    app: Application, monkeypatch: pytest.MonkeyPatch
) -> None:
    from cuework.api import session

    router = Router("session")

    @router.get("/secret")
    async def get_secret() -> None:
        """Nobody said who may see this."""

    monkeypatch.setattr(session, "router", router)
    with pytest.raises(RuntimeError, match="get_secret has no row in ROLES"):
        create_app(app.state)


_OWN = (Role.VIEWER, Role.VIEWER)
_RECORDS = (Role.VIEWER, Role.MEMBER)
_BUILT = (Role.VIEWER, Role.MANAGER)
_SET_UP = (Role.VIEWER, Role.ADMIN)
_SEEN = (Role.VIEWER, Role.OWNER)  # nothing changes them
# By the first word of the path: from which role on one may see, and change.
_ABOUT: Mapping[str, tuple[Role, Role]] = {
    **dict.fromkeys(("me", "notifications", "session"), _OWN),
    **dict.fromkeys(("contacts", "companies", "deals", "tasks", "activities", "tags"), _RECORDS),
    **dict.fromkeys(("workflows", "executions", "forms", "jobs"), _BUILT),
    **dict.fromkeys(("users", "teams", "pipelines", "lifecycle-stages", "custom-fields", "tenant"), _SET_UP),
    **dict.fromkeys(("events", "node-types", "search", "workflow-examples"), _SEEN),
    "quarantine": (Role.MANAGER, Role.MANAGER),
    "hooks": (Role.MANAGER, Role.ADMIN),
    "connections": (Role.MEMBER, Role.ADMIN),
    "api-keys": (Role.ADMIN, Role.ADMIN),
    "audit": (Role.ADMIN, Role.OWNER),
    **dict.fromkeys(("healthz", "readyz", "f"), (Role.PUBLIC, Role.PUBLIC)),
}
# Operations that are not as the rest of theirs.
_APART = {
    "sign_in": Role.PUBLIC,
    "receive_hook": Role.PUBLIC,
    "submit_form": Role.PUBLIC,
    "change_tag": Role.MANAGER,
    "merge_tag": Role.MANAGER,
    "delete_tag": Role.MANAGER,
    "enroll_records": Role.MEMBER,
}
# Streams never end: their own tests let the allowed roles in.
_HANDLED_ELSEWHERE = {"stream_executions"}
