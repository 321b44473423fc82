"""/notifications: the signed-in person's own, newest first."""

from typing import Any
from uuid import UUID

from cuework.api.lists import Asked, Sortable, Source, fetch_page
from cuework.api.models import Answer, Instant, Page
from cuework.api.roles import Role
from cuework.api.routing import Router, Tx, Who
from cuework.base.errors import NotFound

ROLES = {
    "list_notifications": Role.VIEWER,
    "mark_notification_read": Role.VIEWER,
    "mark_all_notifications_read": Role.VIEWER,
}
router = Router("notifications")
_COLUMNS = "id, text, link, record_type, record_id, execution_id, created_at, read_at"


class NotificationAnswer(Answer):
    """Something a person should know."""

    id: UUID
    text: str
    link: str | None
    record_type: str | None
    record_id: UUID | None
    execution_id: UUID | None
    created_at: Instant
    read_at: Instant | None


class NotificationPage(Page[NotificationAnswer]):
    """A page of them, with how many are unread in all (counted to 100)."""

    unread: int


@router.get("/notifications", response_model=NotificationPage)
async def list_notifications(tx: Tx, who: Who, asked: Asked, unread: bool = False) -> dict[str, Any]:
    """My notifications."""
    only = " and read_at is null" if unread else ""
    source = Source(
        _COLUMNS,
        f"notifications where tenant_id = $1 and user_id = $2{only}",
        [who.tenant_id, who.user_id],
        {"created_at": Sortable("id", "uuid")},
        "-created_at",
    )
    count = await tx.fetchval(
        """select count(*) from (select from notifications where tenant_id = $1 and user_id = $2
        and read_at is null limit 100) as unread""",
        who.tenant_id,
        who.user_id,
    )
    return await fetch_page(tx, asked, source) | {"unread": count}


@router.post("/notifications/{notification_id}/read")
async def mark_notification_read(tx: Tx, who: Who, notification_id: UUID) -> NotificationAnswer:
    """I have read it."""
    row = await tx.fetchrow(
        f"""update notifications set read_at = coalesce(read_at, now())
        where tenant_id = $1 and user_id = $2 and id = $3 returning {_COLUMNS}""",
        who.tenant_id,
        who.user_id,
        notification_id,
    )
    if row is None:
        raise NotFound(f"There is no notification {notification_id} for you.")
    return NotificationAnswer(**row)


@router.post("/notifications/read-all", status_code=204)
async def mark_all_notifications_read(tx: Tx, who: Who) -> None:
    """I have read all of them."""
    await tx.execute(
        "update notifications set read_at = now() where tenant_id = $1 and user_id = $2 and read_at is null",
        who.tenant_id,
        who.user_id,
    )
