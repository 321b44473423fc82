"""POST /connections/{id}/check: tries the provider, outside any transaction, and keeps what came of it."""

from uuid import UUID

from fastapi import Request, Response

from cuework.api.connections import ConnectionAnswer
from cuework.api.revisions import shown
from cuework.api.roles import Role
from cuework.api.routing import DetachedRoute, Router, Who, open_transaction
from cuework.api.state import state_of
from cuework.base.errors import Unavailable
from cuework.crm import connections, setup

ROLES = {"check_connection": Role.ADMIN}
router = Router("connections", route_class=DetachedRoute)


@router.post("/connections/{connection_id}/check")
async def check_connection(request: Request, response: Response, who: Who, connection_id: UUID) -> ConnectionAnswer:
    """The provider was asked whether the credentials work; `check_error` is null if they do."""
    channels = state_of(request).channels
    if channels is None:
        raise Unavailable("This server has no channels.")
    async with open_transaction(request, who.tenant_id) as connection:
        account = await connections.read_account(connection, who.tenant_id, connection_id)
    checked = await channels.by_type[account.type].check(account)
    async with open_transaction(request, who.tenant_id) as connection:
        await connections.keep_check(connection, account, checked)
        row = await setup.read(connection, who.tenant_id, connections.CONNECTIONS, connection_id)
    return shown(response, ConnectionAnswer, row)
