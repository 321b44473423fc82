"""/quarantine: inputs that could not be handled and are held back, and what people decide about them."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field

from cuework.api.lists import Asked, Sortable, Source, fetch_page
from cuework.api.models import Answer, Body, Instant, Page
from cuework.api.references import NamedRecord
from cuework.api.roles import Role
from cuework.api.routing import Router, Tx, Who
from cuework.base.errors import Conflict, NotFound
from cuework.crm.actor import Actor
from cuework.db.pool import Connection
from cuework.workflows import put_aside

# What an input held and how it failed shows how workflows are built, so it is for those who build them.
ROLES = {
    "list_quarantine": Role.MANAGER,
    "retry_quarantined": Role.MANAGER,
    "discard_quarantined": Role.MANAGER,
    "decide_quarantined": Role.MANAGER,
}
router = Router("quarantine")

MOST = 500

State = Literal["held", "discarded"]
Kind = Literal["event", "check", "wake", "effect", "command", "continue", "due"]
Note = Annotated[str | None, Field(max_length=500, description="Why, for the log")]


class QuarantinedWorkflow(Answer):
    """The workflow that could not handle it; its name is null once it is deleted."""

    id: UUID
    name: str | None


class QuarantinedEvent(Answer):
    """The event that it was about; its type is null once it is not kept any more."""

    id: UUID
    type: str | None


class Quarantined(Answer):
    """An input that could not be handled. `what` and `why` are sentences; `error` and `trace` are for who builds."""

    id: UUID
    kind: Kind
    what: str
    reason: Annotated[
        Literal["error", "killed"], Field(description="It failed alone, twice; or processes died with it three times")
    ]
    why: str
    error: str | None
    trace: str | None
    attempts: Annotated[int, Field(description="How often it was tried alone")]
    at: Instant
    workflow: QuarantinedWorkflow | None
    event: QuarantinedEvent | None
    record: NamedRecord | None
    execution_id: UUID | None
    state: State
    decided_at: Instant | None
    decided_by: UUID | None
    note: str | None


class QuarantinePage(Page[Quarantined]):
    """A page of them, with how many are held back in all (counted to 10,000)."""

    held: int


@router.get("/quarantine", response_model=QuarantinePage)
async def list_quarantine(
    tx: Tx,
    who: Who,
    asked: Asked,
    state: State = "held",
    reason: Literal["error", "killed"] | None = None,
    kind: Kind | None = None,
    workflow_id: UUID | None = None,
    execution_id: UUID | None = None,
    record_id: UUID | None = None,
) -> dict[str, Any]:
    """A page of inputs that are held back, or were discarded, the newest first."""
    arguments: list[Any] = [who.tenant_id, state]
    where = f"{put_aside.SOURCE} and q.state = $2"
    for condition, value in (
        ("q.reason = ${}", reason),
        ("q.kind = ${}", kind),
        ("q.workflow_id = ${}", workflow_id),
        ("q.execution_id = ${}", execution_id),
        ("coalesce(e.record_id, x.record_id) = ${}", record_id),
    ):
        if value is not None:
            arguments.append(value)
            where += f" and {condition.format(len(arguments))}"
    times = {"at": Sortable("q.at", "timestamptz")}
    source = Source(put_aside.COLUMNS, where, arguments, times, "-at", Sortable("q.id", "uuid"))
    page = await fetch_page(tx, asked, source)
    items = await put_aside.spell(tx, who.tenant_id, page["items"])
    return page | {"items": items, "held": await put_aside.held(tx, who.tenant_id)}


class Decision(Answer):
    """What was decided about it."""

    id: UUID
    accepted: Literal["retry", "discard"]


@router.post("/quarantine/{input_id}/retry", status_code=202)
async def retry_quarantined(tx: Tx, who: Who, input_id: UUID) -> Decision:
    """It will be tried again within moments; an execution that failed because of it goes on where it stood.

    Nothing is sent a second time: what was sent for it keeps its outcome. If it fails again, it comes back.
    """
    await _check(tx, who, input_id, await put_aside.retry(tx, who, [input_id]))
    return Decision(id=input_id, accepted="retry")


class Discard(Body):
    """Why it is discarded."""

    note: Note = None


@router.post("/quarantine/{input_id}/discard")
async def discard_quarantined(tx: Tx, who: Who, input_id: UUID, body: Discard | None = None) -> Decision:
    """It will not be handled; it stays listed as discarded. This cannot be undone."""
    note = body.note if body else None
    await _check(tx, who, input_id, await put_aside.discard(tx, who, [input_id], note=note))
    return Decision(id=input_id, accepted="discard")


class DecideMany(Body):
    """Which inputs, and what to do with all of them."""

    action: Literal["retry", "discard"]
    ids: Annotated[list[UUID], Field(min_length=1, max_length=MOST)]
    note: Note = None


class Left(Answer):
    """One that could not be decided on, and why."""

    id: UUID
    why: str


class DecidedMany(Answer):
    """Which were decided on; the others are as they were."""

    done: list[UUID]
    left: list[Left]


@router.post("/quarantine/bulk", status_code=202)
async def decide_quarantined(tx: Tx, who: Who, body: DecideMany) -> DecidedMany:
    """Each of the inputs is retried or discarded, or its answer says why it is not."""
    if body.action == "retry":
        decided = await put_aside.retry(tx, who, body.ids)
    else:
        decided = await put_aside.discard(tx, who, body.ids, note=body.note)
    left = [Left(id=each, why=why) for each, why in decided.left.items()]
    return DecidedMany(done=list(decided.done), left=left)


async def _check(tx: Connection, who: Actor, input_id: UUID, decided: put_aside.Decided) -> None:
    """Errors: NotFound for one that never was there; Conflict for one that cannot be decided on any more."""
    why = decided.left.get(input_id)
    if why is None:
        return
    if not await put_aside.is_known(tx, who.tenant_id, input_id):
        raise NotFound(f"There is no input {input_id} in quarantine.")
    raise Conflict(why)
