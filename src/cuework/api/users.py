"""/users, and what a person may change of their own: PATCH /me."""

from datetime import datetime, timedelta
from typing import Annotated, Any, Literal
from uuid import UUID
from zoneinfo import available_timezones

from fastapi import Request, Response
from pydantic import AfterValidator, Field

from cuework.api.lists import BY_NAME, AskedWhole, Sortable, fetch_page, set_up_source
from cuework.api.models import Answer, Body, Changes, Instant, Name, Page
from cuework.api.revisions import IfMatch, show_revision
from cuework.api.roles import Role
from cuework.api.routing import Router, Tx, Who
from cuework.api.state import state_of
from cuework.base.errors import Forbidden
from cuework.crm import attempts, passwords, people, sessions, setup
from cuework.crm.attempts import Limit
from cuework.crm.deletion import refuse_if_used
from cuework.crm.people import USERS

ROLES = {
    "list_users": Role.VIEWER,
    "get_user": Role.VIEWER,
    "create_user": Role.ADMIN,
    "change_user": Role.ADMIN,
    "deactivate_user": Role.ADMIN,
    "restore_user": Role.ADMIN,
    "change_me": Role.VIEWER,
}
router = Router("users")

_SORTABLE = {**BY_NAME, "email": Sortable("lower(email)", "text")}
_OWN_PASSWORD = Limit("own password", burst=10, every=timedelta(seconds=30))


def _known_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError("is no time zone; use a name like Europe/Berlin")
    return name


Zone = Annotated[str, Field(max_length=64), AfterValidator(_known_zone)]
"""The name of a time zone."""
RoleName = Literal["owner", "admin", "manager", "member", "viewer"]
Password = Annotated[str, Field(min_length=passwords.SHORTEST, max_length=passwords.LONGEST)]


class User(Answer):
    """A person of the tenant."""

    id: UUID
    email: str
    name: str
    role: RoleName
    timezone: str | None
    active: bool
    revision: int
    created_at: Instant
    updated_at: Instant


class MadeUser(User):
    """A new person; `password` is there once, if one was made."""

    password: str | None = None


class NewUser(Body):
    """A person to add; without a password one is made and shown once."""

    email: Annotated[str, Field(max_length=320)]
    name: Name
    role: RoleName = "member"
    password: Password | None = None
    timezone: Zone | None = None


class UserChanges(Changes):
    """What an admin may change of a person."""

    name: Name = ""
    role: RoleName = "member"
    timezone: Zone | None = None
    password: Password = ""


class OwnChanges(Changes):
    """What people may change of themselves; a new password takes the current one."""

    name: Name = ""
    timezone: Zone | None = None
    password: Password = ""
    current_password: Annotated[str, Field(max_length=passwords.LONGEST)] = ""


@router.get("/users", response_model=Page[User])
async def list_users(tx: Tx, who: Who, asked: AskedWhole) -> dict[str, Any]:
    """Everybody of the tenant, by name; deactivated people too."""
    return await fetch_page(tx, asked, set_up_source(USERS, who.tenant_id, _SORTABLE), lambda row: _shown(dict(row)))


@router.post("/users", status_code=201)
async def create_user(response: Response, tx: Tx, who: Who, body: NewUser) -> MadeUser:
    """The person can sign in."""
    wanted = people.NewUser(body.email, body.name, Role.named(body.role), body.password, body.timezone)
    row, made = await people.create_user(tx, who, wanted)
    show_revision(response, row["revision"])
    if made is not None:
        response.headers["Cache-Control"] = "no-store"
    return MadeUser(**_shown(row).model_dump(), password=made)


@router.get("/users/{user_id}")
async def get_user(response: Response, tx: Tx, who: Who, user_id: UUID) -> User:
    """One person."""
    return _with_tag(response, await setup.read(tx, who.tenant_id, USERS, user_id))


@router.patch("/users/{user_id}")
async def change_user(
    response: Response, tx: Tx, who: Who, user_id: UUID, body: UserChanges, expected: IfMatch
) -> User:
    """The person has these values; a new password signs them out everywhere."""
    changes = body.sent()
    password = changes.pop("password", None)
    row = await people.change_user(tx, who, user_id, changes, expected=expected)
    if password is not None:
        await people.set_password(tx, who, user_id, password)
        row = await setup.read(tx, who.tenant_id, USERS, user_id)
    return _with_tag(response, row)


@router.delete("/users/{user_id}")
async def deactivate_user(
    response: Response, tx: Tx, who: Who, user_id: UUID, expected: IfMatch, force: bool = False
) -> User:
    """The person is signed out and cannot sign in; records and logs keep their name."""
    row = await setup.read(tx, who.tenant_id, USERS, user_id)
    await refuse_if_used(tx, who, "user", row["email"], anyway=force)
    return _with_tag(response, await people.deactivate_user(tx, who, user_id, expected=expected))


@router.post("/users/{user_id}/restore")
async def restore_user(response: Response, tx: Tx, who: Who, user_id: UUID, expected: IfMatch) -> User:
    """The person can sign in again."""
    return _with_tag(response, await people.restore_user(tx, who, user_id, expected=expected))


@router.patch("/me")
async def change_me(
    request: Request, response: Response, tx: Tx, who: Who, body: OwnChanges, expected: IfMatch
) -> User:
    """The signed-in person has these values."""
    if who.user_id is None:
        raise Forbidden("An API key is no person.")
    await setup.read(tx, who.tenant_id, USERS, who.user_id, locked=True, expected=expected)
    changes = body.sent()
    password, current = changes.pop("password", None), changes.pop("current_password", "")
    if password is not None:
        pool = state_of(request).pool
        await attempts.count(pool, _OWN_PASSWORD, str(who.user_id))  # who took over a session must not guess either
        await sessions.check_own_password(tx, who.tenant_id, who.user_id, current)
        await attempts.forgive(pool, _OWN_PASSWORD, str(who.user_id))
        await people.set_password(tx, who, who.user_id, password)
    return _with_tag(response, await setup.change(tx, who, USERS, who.user_id, changes))


def _shown(row: dict[str, Any]) -> User:
    deactivated_at: datetime | None = row["deactivated_at"]
    return User(**row, active=deactivated_at is None)


def _with_tag(response: Response, row: dict[str, Any]) -> User:
    show_revision(response, row["revision"])
    return _shown(row)
