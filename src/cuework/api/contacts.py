"""Contacts: people, and the messages that were sent to them."""

from typing import Any
from uuid import UUID

from cuework.api.lists import Asked, Sortable, Source, fetch_page
from cuework.api.models import Answer, Instant, Page
from cuework.api.records import SetUp, add_record_routes
from cuework.api.references import ExecutionRef
from cuework.api.roles import Role
from cuework.api.routing import Router, Tx
from cuework.crm.read import read
from cuework.crm.timeline import workflows_of
from cuework.engine.events import Ref

router = Router("contacts")
ROLES = add_record_routes(router, "contact") | {"list_messages": Role.VIEWER}


class Message(Answer):
    """A message as it was rendered, and what became of it."""

    id: UUID
    channel: str
    direction: str
    state: str
    sender: str
    recipient: str
    reply_to: str | None
    subject: str | None
    body_html: str | None
    body_text: str | None
    message_id: str | None
    attempts: int
    error: str | None
    execution: ExecutionRef | None
    visit: str | None
    created_at: Instant
    sent_at: Instant | None


@router.get("/contacts/{id}/messages", response_model=Page[Message])
async def list_messages(id: UUID, tx: Tx, catalog: SetUp, asked: Asked) -> dict[str, Any]:  # noqa: A002
    """A page of the messages to the contact, the latest first."""
    await read(tx, catalog, Ref("contact", id))
    source = Source(
        "*",
        "messages where tenant_id = $1 and contact_id = $2",
        [catalog.tenant_id, id],
        {"id": Sortable("id", "uuid")},
        "-id",
    )
    page = await fetch_page(tx, asked, source)
    executions = await workflows_of(tx, catalog.tenant_id, (row["execution_id"] for row in page["items"]))
    for row in page["items"]:
        row["execution"] = executions.get(row["execution_id"])
    return page
