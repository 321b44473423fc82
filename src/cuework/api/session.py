"""Sign-in, sign-out, and who am I."""

from datetime import timedelta
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Request, Response
from pydantic import StringConstraints

from cuework.api import identity
from cuework.api.models import Answer, Body
from cuework.api.revisions import show_revision
from cuework.api.roles import Role
from cuework.api.routing import Router, Tx, Who, open_transaction
from cuework.api.state import state_of
from cuework.api.users import RoleName
from cuework.crm import attempts, sessions
from cuework.crm.attempts import Limit
from cuework.crm.keys import hash_secret

ROLES = {"sign_in": Role.PUBLIC, "sign_out": Role.VIEWER, "get_me": Role.VIEWER}
router = Router("session")

_BY_EMAIL = Limit("email", burst=10, every=timedelta(seconds=30))
_BY_ADDRESS = Limit("address", burst=100, every=timedelta(seconds=3))

_ME = """
select t.tenant_id, t.slug, t.name, t.currency, t.timezone, t.revision, u.timezone as user_timezone,
  u.revision as user_revision
from tenants t left join users u on u.tenant_id = t.tenant_id and u.id = $2
where t.tenant_id = $1
"""


class SignIn(Body):
    """An email and its password; the tenant's slug where one person belongs to several."""

    email: Annotated[str, StringConstraints(min_length=1, max_length=320)]
    password: Annotated[str, StringConstraints(min_length=1, max_length=200)]
    tenant: Annotated[str, StringConstraints(max_length=63)] | None = None


class SignedIn(Answer):
    """What changes must carry as X-CSRF-Token while the session lasts."""

    csrf_token: str


class MyUser(Answer):
    """Who asks: a person, or an API key under its own name."""

    id: UUID
    type: Literal["user", "api_key"]
    email: str | None
    name: str
    role: RoleName
    timezone: str | None


class MyTenant(Answer):
    """The account that one is signed in to."""

    id: UUID
    slug: str
    name: str
    currency: str
    timezone: str
    revision: int


class Me(Answer):
    """Who asks, where, and as what; `csrf_token` is null for an API key."""

    user: MyUser
    tenant: MyTenant
    role: RoleName
    csrf_token: str | None


@router.post("/session", status_code=201)
async def sign_in(request: Request, response: Response, body: SignIn) -> SignedIn:
    """The browser is signed in: the answer sets the session cookie and tells the CSRF token."""
    state, email = state_of(request), body.email.strip().lower()
    address = identity.address_of(request) or ""
    await attempts.count(state.pool, _BY_ADDRESS, address)
    await attempts.count(state.pool, _BY_EMAIL, email)
    login = await sessions.check_password(state.pool, body.email, body.password, tenant=body.tenant)
    await attempts.forgive(state.pool, _BY_EMAIL, email)
    await attempts.give_back(state.pool, _BY_ADDRESS, address)  # many people may sit behind one address
    secret, csrf_token = identity.new_secret(), identity.new_secret()
    wanted = sessions.NewSession(
        hash_secret(secret), csrf_token, identity.address_of(request), identity.agent_of(request)
    )
    async with open_transaction(request, login.tenant_id) as connection:
        session_id = await sessions.start_session(connection, login, wanted)
    response.set_cookie(
        identity.COOKIE,
        identity.spell_cookie(login.tenant_id, session_id, secret),
        max_age=int(sessions.SESSION_FOR.total_seconds()),
        httponly=True,
        samesite="lax",
        secure=state.settings.secure_cookies,
    )
    response.headers["Cache-Control"] = "no-store"
    return SignedIn(csrf_token=csrf_token)


@router.delete("/session", status_code=204)
async def sign_out(response: Response, tx: Tx, who: Who) -> None:
    """The session is over; an API key is left as it is."""
    if who.session_id is not None:
        await sessions.end_session(tx, who.tenant_id, who.session_id)
    response.delete_cookie(identity.COOKIE, httponly=True, samesite="lax")


@router.get("/me", response_model=Me)
async def get_me(response: Response, tx: Tx, who: Who) -> dict[str, Any]:
    """Who is signed in, where, and with which role; an API key is a user without email. The ETag is the person's."""
    row = await tx.fetchrow(_ME, who.tenant_id, who.user_id)
    assert row is not None
    if who.user_id is not None:
        show_revision(response, row["user_revision"])
    user = {"id": who.id, "type": who.type, "email": who.email, "name": who.name, "role": who.role.spelled}
    return {
        "user": user | {"timezone": row["user_timezone"]},
        "tenant": {
            "id": who.tenant_id,
            **{name: row[name] for name in ("slug", "name", "currency", "timezone", "revision")},
        },
        "role": who.role.spelled,
        "csrf_token": who.csrf_token,
    }
