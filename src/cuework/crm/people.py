"""The users of a tenant and their logins: invited, changed, deactivated, restored; never deleted, since
records and logs name them.

Nobody gives or takes a role above their own, and a tenant always keeps an active owner.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from email_validator import EmailNotValidError, validate_email

from cuework.base.errors import Conflict, Forbidden, Invalid, Problem
from cuework.base.time import utc_now
from cuework.crm import passwords, sessions, setup
from cuework.crm.actor import Actor, Role
from cuework.crm.setup import Table
from cuework.db.pool import Connection

USERS = Table("users", "user", "id, email, name, role, timezone, deactivated_at, revision, created_at, updated_at")

_LOGIN = """
insert into logins (email, tenant_id, user_id, password_hash) values ($1, $2, $3, $4)
on conflict (email, tenant_id) do update set password_hash = excluded.password_hash
"""
_OWNERS = """
select id from users where tenant_id = $1 and role = 'owner' and deactivated_at is null order by id for update
"""


@dataclass(frozen=True, slots=True)
class NewUser:
    """A person to add; without a password one is made."""

    email: str
    name: str
    role: Role
    password: str | None = None
    timezone: str | None = None


async def create_user(connection: Connection, actor: Actor, wanted: NewUser, /) -> tuple[dict[str, Any], str | None]:
    """The person can sign in; with the row comes the password, if one was made.

    Errors: Invalid for an email that is none; Conflict names who has it; Forbidden for a role above the actor's.
    """
    email = checked_email(wanted.email)
    _check_grant(actor, wanted.role)
    existing = await connection.fetchval(
        "select id from users where tenant_id = $1 and lower(email) = $2", actor.tenant_id, email
    )
    if existing is not None:
        problem = Problem("email", "is taken")
        raise Conflict(f"There is a user {email} already.", [problem], existing_id=existing)
    made = None if wanted.password else passwords.generated()
    hashed = await passwords.hash_password(wanted.password or made or "")
    values = {"email": email, "name": wanted.name, "role": wanted.role.spelled, "timezone": wanted.timezone}
    row = await setup.create(connection, actor, USERS, values)
    await connection.execute(_LOGIN, email, actor.tenant_id, row["id"], hashed)
    return row, made


async def change_user(
    connection: Connection, actor: Actor, user_id: UUID, changes: Mapping[str, Any], *, expected: int | None
) -> dict[str, Any]:
    """The user has these values of name, role and timezone. Errors: Conflict if no owner would be left."""
    before = await setup.read(connection, actor.tenant_id, USERS, user_id)
    _check_grant(actor, Role.named(before["role"]))
    if "role" in changes:
        _check_grant(actor, Role.named(changes["role"]))
        if changes["role"] != "owner":
            await _keep_an_owner(connection, actor.tenant_id, user_id)
    return await setup.change(connection, actor, USERS, user_id, changes, expected=expected)


async def set_password(connection: Connection, actor: Actor, user_id: UUID, password: str) -> None:
    """The user signs in with that password and is signed out elsewhere; the actor's own session stays."""
    user = await setup.read(connection, actor.tenant_id, USERS, user_id)
    if user_id != actor.user_id:
        _check_grant(actor, Role.named(user["role"]))
    hashed = await passwords.hash_password(password)
    await connection.execute(_LOGIN, user["email"].lower(), actor.tenant_id, user_id, hashed)
    await sessions.end_sessions_of(connection, actor.tenant_id, user_id, but=actor.session_id)
    await setup.write(connection, actor, USERS, user, {}, verb="set_password")


async def deactivate_user(
    connection: Connection, actor: Actor, user_id: UUID, *, expected: int | None = None
) -> dict[str, Any]:
    """The user is signed out, cannot sign in, and is assigned nothing new. Errors: Conflict for the last owner."""
    before = await setup.read(connection, actor.tenant_id, USERS, user_id, expected=expected)
    _check_grant(actor, Role.named(before["role"]))
    if before["deactivated_at"] is not None:
        return before
    await _keep_an_owner(connection, actor.tenant_id, user_id)
    await sessions.end_sessions_of(connection, actor.tenant_id, user_id)
    return await setup.change(connection, actor, USERS, user_id, {"deactivated_at": utc_now()}, expected=expected)


async def restore_user(
    connection: Connection, actor: Actor, user_id: UUID, *, expected: int | None = None
) -> dict[str, Any]:
    """The user can sign in again."""
    before = await setup.read(connection, actor.tenant_id, USERS, user_id, expected=expected)
    _check_grant(actor, Role.named(before["role"]))
    return await setup.change(connection, actor, USERS, user_id, {"deactivated_at": None}, expected=expected)


def checked_email(text: str) -> str:
    """The address in lower case. Errors: Invalid says what is wrong with it."""
    try:
        return validate_email(text, check_deliverability=False, test_environment=True).normalized.lower()
    except EmailNotValidError as error:
        raise Invalid(f"{text!r} is no email address.", [Problem("email", str(error))]) from None


def _check_grant(actor: Actor, role: Role) -> None:
    if role > actor.role:
        raise Forbidden(f"Your role {actor.role.spelled} cannot manage an {role.spelled}.")


async def _keep_an_owner(connection: Connection, tenant_id: UUID, leaving: UUID) -> None:
    owners = [row["id"] for row in await connection.fetch(_OWNERS, tenant_id)]
    if owners == [leaving]:
        raise Conflict("This is the last owner. Make somebody else an owner first.")
