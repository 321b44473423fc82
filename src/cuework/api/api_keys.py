"""/api-keys: made and shown once, listed by their last letters, revoked."""

from typing import Any
from uuid import UUID

from fastapi import Response

from cuework.api.lists import Asked, Sortable, Source, fetch_page
from cuework.api.models import Answer, Body, Instant, Name, Page, SentInstant
from cuework.api.roles import Role
from cuework.api.routing import Router, Tx, Who
from cuework.api.users import RoleName
from cuework.crm import keys

ROLES = {"list_api_keys": Role.ADMIN, "create_api_key": Role.ADMIN, "revoke_api_key": Role.ADMIN}
router = Router("api keys")


class ApiKey(Answer):
    """A key; `hint` is its last letters."""

    id: UUID
    name: str
    role: RoleName
    hint: str
    created_by: UUID | None
    created_at: Instant
    expires_at: Instant | None
    last_used_at: Instant | None
    revoked_at: Instant | None


class MadeApiKey(ApiKey):
    """A new key, with the key itself for this one time."""

    key: str


class NewApiKey(Body):
    """A key to make; without `expires_at` it works until it is revoked."""

    name: Name
    role: RoleName = "member"
    expires_at: SentInstant | None = None


@router.get("/api-keys", response_model=Page[ApiKey])
async def list_api_keys(tx: Tx, who: Who, asked: Asked) -> dict[str, Any]:
    """Every key, also revoked ones, newest first."""
    source = Source(
        keys.SHOWN,
        "api_keys where tenant_id = $1",
        [who.tenant_id],
        {"created_at": Sortable("created_at", "timestamptz"), "name": Sortable("name", "text")},
        "-created_at",
    )
    return await fetch_page(tx, asked, source)


@router.post("/api-keys", status_code=201)
async def create_api_key(response: Response, tx: Tx, who: Who, body: NewApiKey) -> MadeApiKey:
    """The key works; this is the only time it is shown."""
    made = await keys.create_key(tx, who, keys.NewKey(body.name, Role.named(body.role), body.expires_at))
    response.headers["Cache-Control"] = "no-store"
    return MadeApiKey(**made.row, key=made.key)


@router.delete("/api-keys/{key_id}", status_code=204)
async def revoke_api_key(tx: Tx, who: Who, key_id: UUID) -> None:
    """The key works no more."""
    await keys.revoke_key(tx, who, key_id)
