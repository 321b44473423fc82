"""/connections: providers' accounts. Credentials go in and never come out."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Request, Response
from pydantic import Field

from cuework.api.lists import AskedWhole, fetch_page, set_up_source
from cuework.api.models import Answer, Body, Changes, Instant, Key, Name, Page
from cuework.api.revisions import IfMatch, shown
from cuework.api.roles import Role
from cuework.api.routing import Router, Tx, Who
from cuework.api.state import keyring_of
from cuework.crm import connections, setup
from cuework.crm.connections import CONNECTIONS

ROLES = {
    "list_connections": Role.MEMBER,
    "get_connection": Role.MEMBER,
    "create_connection": Role.ADMIN,
    "change_connection": Role.ADMIN,
    "delete_connection": Role.ADMIN,
}
router = Router("connections")
Secret = Annotated[
    dict[str, str],
    Field(
        max_length=20,
        description="Credentials by name, such as password; never answered",
        json_schema_extra={"writeOnly": True},
    ),
]
ConnectionType = Literal["smtp", "http"]
Config = Annotated[dict[str, Any], Field(description="The provider's settings; which, its type says")]


class ConnectionAnswer(Answer):
    """A provider's account; `check_error` says what the last check found wrong."""

    id: UUID
    key: str
    name: str
    type: ConnectionType
    config: Config
    has_secret: bool
    checked_at: Instant | None
    check_error: str | None
    revision: int
    created_at: Instant
    updated_at: Instant


class NewConnection(Body):
    """An account to add; definitions refer to its key."""

    key: Key
    name: Name
    type: ConnectionType
    config: Config = Field(default_factory=dict)
    secret: Secret | None = None


class ConnectionChanges(Changes):
    """What may change; `secret` replaces all credentials, and without it they stay."""

    name: Name = ""
    config: Config = Field(default_factory=dict)
    secret: Secret | None = None


@router.get("/connections", response_model=Page[ConnectionAnswer])
async def list_connections(tx: Tx, who: Who, asked: AskedWhole) -> dict[str, Any]:
    """Every connection, by name."""
    return await fetch_page(tx, asked, set_up_source(CONNECTIONS, who.tenant_id))


@router.post("/connections", status_code=201)
async def create_connection(
    request: Request, response: Response, tx: Tx, who: Who, body: NewConnection
) -> ConnectionAnswer:
    """The connection exists; check it with POST /connections/{id}/check."""
    row = await connections.create_connection(tx, who, keyring_of(request), body.model_dump())
    return shown(response, ConnectionAnswer, row)


@router.get("/connections/{connection_id}")
async def get_connection(response: Response, tx: Tx, who: Who, connection_id: UUID) -> ConnectionAnswer:
    """One connection."""
    return shown(response, ConnectionAnswer, await setup.read(tx, who.tenant_id, CONNECTIONS, connection_id))


@router.patch("/connections/{connection_id}")
async def change_connection(
    request: Request,
    response: Response,
    tx: Tx,
    who: Who,
    connection_id: UUID,
    body: ConnectionChanges,
    expected: IfMatch,
) -> ConnectionAnswer:
    """The connection has these values."""
    keyring = keyring_of(request)
    row = await connections.change_connection(tx, who, keyring, connection_id, body.sent(), expected=expected)
    return shown(response, ConnectionAnswer, row)


@router.delete("/connections/{connection_id}", status_code=204)
async def delete_connection(tx: Tx, who: Who, connection_id: UUID, expected: IfMatch, force: bool = False) -> None:
    """The connection and its credentials are gone; refused while workflows use it, unless forced."""
    await connections.delete_connection(tx, who, connection_id, anyway=force, expected=expected)
