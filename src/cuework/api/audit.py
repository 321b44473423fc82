"""GET /audit: who changed which workflow, connection, user, role, key or setting."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query
from pydantic import Field

from cuework.api.lists import Asked, Sortable, Source, fetch_page
from cuework.api.models import Answer, Instant, Page
from cuework.api.references import NamedActor
from cuework.api.roles import Role
from cuework.api.routing import Router, Tx, Who

ROLES = {"list_audit": Role.ADMIN}
router = Router("audit")


Fields = Annotated[dict[str, Any], Field(description="Values by field; which fields there are depends on the action")]


class AuditSubject(Answer):
    """What it was done to."""

    type: str
    id: UUID | None
    name: str | None


class AuditRow(Answer):
    """One change; before and after hold what differs."""

    id: UUID
    at: Instant
    action: str
    actor: NamedActor
    subject: AuditSubject
    before: Fields | None
    after: Fields | None
    ip: str | None
    user_agent: str | None


@router.get("/audit", response_model=Page[AuditRow])
async def list_audit(
    tx: Tx,
    who: Who,
    asked: Asked,
    subject_id: UUID | None = None,
    actor_id: UUID | None = None,
    action: Annotated[str | None, Query(max_length=100)] = None,
) -> dict[str, Any]:
    """The audit log, newest first."""
    source = Source(
        "*",
        """audit where tenant_id = $1 and ($2::uuid is null or subject_id = $2)
        and ($3::uuid is null or actor_id = $3) and ($4::text is null or action = $4)""",
        [who.tenant_id, subject_id, actor_id, action],
        {"at": Sortable("id", "uuid")},
        "-at",
    )
    return await fetch_page(tx, asked, source, _shown)


def _shown(row: Any) -> dict[str, Any]:
    plain = {name: row[name] for name in ("id", "at", "action", "before", "after", "ip", "user_agent")}
    actor, subject = ({part: row[f"{side}_{part}"] for part in ("type", "id", "name")} for side in ("actor", "subject"))
    return plain | {"actor": actor, "subject": subject}
