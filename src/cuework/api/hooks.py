"""/hooks: addresses that other systems call to start workflows, and the calls themselves.

A delivery has at most 256,000 bytes; a hook takes 500 at once and then 100 a second, per process.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Any, Literal
from urllib.parse import parse_qsl
from uuid import UUID

from fastapi import Request, Response
from pydantic import Field, StringConstraints

from cuework.api.lists import AskedWhole, fetch_page, set_up_source
from cuework.api.models import Answer, Body, Instant, Key, Name, Page
from cuework.api.parameters import ANY_QUERY
from cuework.api.revisions import IfMatch, shown
from cuework.api.roles import Role
from cuework.api.routing import Router, Tx, Who, open_transaction
from cuework.api.state import keyring_of
from cuework.api.throttle import Throttle
from cuework.base.errors import Invalid, Malformed, Problem, TooLarge
from cuework.base.patterns import HEADER_NAME
from cuework.crm import hook_deliveries, hooks
from cuework.crm import hook_signatures as signatures
from cuework.crm.hook_deliveries import Delivery
from cuework.crm.hook_signatures import Kind

ROLES = {
    "list_hooks": Role.MANAGER,
    "create_hook": Role.ADMIN,
    "rotate_hook": Role.ADMIN,
    "require_hook_signature": Role.ADMIN,
    "delete_hook": Role.ADMIN,
    "receive_hook": Role.PUBLIC,
}
router = Router("hooks")

MAX_BYTES = 256_000
_throttle = Throttle(burst=500, every_s=0.01)
_MESSAGE_ID = ("idempotency-key", "webhook-id", "x-message-id", "x-github-delivery")
_LONGEST_ID = 200
_KEPT = 20
_PRIVATE = ("auth", "cookie", "forwarded", "key", "real-ip", "secret", "signature", "token")


Secret = Annotated[
    str,
    Field(
        max_length=200,
        description="The sender's secret; without one it is made here and shown once",
        json_schema_extra={"writeOnly": True},
    ),
]
Header = Annotated[str, StringConstraints(pattern=HEADER_NAME)]


class Signature(Body):
    """What deliveries must be signed with: `standard` is Standard Webhooks, `header` an HMAC-SHA256 of the body
    in that header, in hex. The secret of before goes on for `overlap_hours`."""

    kind: Kind
    header: Header | None = None
    secret: Secret | None = None
    overlap_hours: Annotated[int, Field(ge=0, le=168)] = 24

    def required(self) -> hooks.Required:
        """What the hook is to require."""
        return hooks.Required(self.kind, self.header, self.secret, timedelta(hours=self.overlap_hours))


class NewHook(Body):
    """A hook to open; workflows refer to its key."""

    key: Key
    name: Name
    signature: Signature | None = None


class Hook(Answer):
    """A hook; `hint` is the end of its token, and `signature` what its deliveries must be signed with.

    Until `previous_secret_until` the secret of before counts too.
    """

    id: UUID
    key: str
    name: str
    hint: str
    signature: Kind
    signature_header: str | None
    previous_secret_until: Instant | None
    revision: int
    created_at: Instant
    updated_at: Instant


class HookWithSecret(Hook):
    """A hook with the secret that was made for its signatures, shown this once."""

    secret: str | None


class HookWithToken(HookWithSecret):
    """A hook with its token and the path to call, shown this once."""

    token: str
    path: str


@router.get("/hooks", response_model=Page[Hook])
async def list_hooks(tx: Tx, who: Who, asked: AskedWhole) -> dict[str, Any]:
    """Every hook, by name."""
    return await fetch_page(tx, asked, set_up_source(hooks.HOOKS, who.tenant_id))


@router.post("/hooks", status_code=201)
async def create_hook(request: Request, body: NewHook, response: Response, tx: Tx, who: Who) -> HookWithToken:
    """The hook takes deliveries at the path that is answered, which is not shown again."""
    required = body.signature.required() if body.signature else hooks.Required(Kind.NONE)
    values = {"key": body.key, "name": body.name}
    return _shown_once(response, await hooks.create_hook(tx, who, keyring_of(request), values, required))


@router.post("/hooks/{id}/rotate")
async def rotate_hook(id: UUID, response: Response, tx: Tx, who: Who, expected: IfMatch) -> HookWithToken:  # noqa: A002
    """The hook has another token; the old one opens nothing any more."""
    return _shown_once(response, await hooks.rotate_hook(tx, who, id, expected=expected))


@router.put("/hooks/{id}/signature")
async def require_hook_signature(
    request: Request,
    id: UUID,  # noqa: A002
    body: Signature,
    response: Response,
    tx: Tx,
    who: Who,
    expected: IfMatch,
) -> HookWithSecret:
    """Deliveries must be signed like this from now on, with a new secret; asked again, it is changed."""
    made = await hooks.require_signature(tx, who, keyring_of(request), id, body.required(), expected=expected)
    response.headers["Cache-Control"] = "no-store"
    return shown(response, HookWithSecret, {**made.row, "secret": made.secret})


@router.delete("/hooks/{id}", status_code=204)
async def delete_hook(id: UUID, tx: Tx, who: Who, expected: IfMatch, force: bool = False) -> None:  # noqa: A002
    """The hook takes nothing any more. 409 names the workflows that use it, unless `force`."""
    await hooks.delete_hook(tx, who, id, anyway=force, expected=expected)


class Delivered(Answer):
    """The delivery was taken; a `duplicate` made no event."""

    status: Literal["accepted", "duplicate"]
    event_id: UUID | None


_PAYLOAD: dict[str, Any] = {"requestBody": {"content": {"application/json": {"schema": {}}}}}


# The sender makes the address it calls, and may add a query of its own.
@router.post("/hooks/{token}", status_code=202, openapi_extra=_PAYLOAD | ANY_QUERY)
async def receive_hook(token: str, request: Request) -> Delivered:
    """The delivery is taken, whatever it starts. Repeated with the same message id, it is dropped.

    The message id is the header Idempotency-Key, webhook-id, X-Message-Id or X-GitHub-Delivery; for a hook that
    requires Standard Webhooks it is webhook-id, which is signed. 401 says what is wrong with a signature.
    """
    tenant_id = hooks.tenant_of(token)
    _throttle.check(token)
    body = await _body(request)
    async with open_transaction(request, tenant_id) as connection:
        hook = await hook_deliveries.find_hook(connection, keyring_of(request), token)
        hook_deliveries.check_signature(hook, request.headers, body)
        names = (signatures.ID,) if hook.signature is Kind.STANDARD else _MESSAGE_ID
        delivery = Delivery(await _payload(request), _headers(request, hook.header), _message_id(request, names))
        event_id = await hook_deliveries.receive(connection, hook, delivery)
    return Delivered(status="accepted" if event_id else "duplicate", event_id=event_id)


def _shown_once(response: Response, made: hooks.Made) -> HookWithToken:
    response.headers["Cache-Control"] = "no-store"
    token = made.token or ""
    secrets = {"token": token, "path": f"/api/v1/hooks/{token}", "secret": made.secret}
    return shown(response, HookWithToken, {**made.row, **secrets})


async def _body(request: Request) -> bytes:
    body = await request.body()
    if len(body) > MAX_BYTES:
        raise TooLarge(f"The delivery is over the limit of {MAX_BYTES:,} bytes.", limit_bytes=MAX_BYTES)
    return body


async def _payload(request: Request) -> Any:
    """The body as JSON, or the fields of a urlencoded form; None for an empty one."""
    body = await request.body()
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not body:
        return None
    if kind == "application/x-www-form-urlencoded":
        try:
            fields = dict(parse_qsl(body.decode(), keep_blank_values=True, errors="strict", max_num_fields=1_000))
        except ValueError:
            raise Malformed("The delivery is no urlencoded form of at most 1,000 fields in UTF-8.") from None
        if any("\0" in text for pair in fields.items() for text in pair):
            raise Invalid("A text has the character NUL, which cannot be stored.", [Problem("", "has NUL")])
        return fields
    return await request.json()


def _headers(request: Request, signature_header: str | None) -> dict[str, str]:
    """The few headers that a workflow may want, none that proves who calls."""
    names = [name for name in request.headers if name in ("content-type", "user-agent") or name.startswith("x-")]
    proof = (signature_header or "").lower()
    told = [name for name in names if name != proof and not any(word in name for word in _PRIVATE)]
    return {name: request.headers[name].replace("\0", "")[:500] for name in told[:_KEPT]}


def _message_id(request: Request, names: Sequence[str]) -> str | None:
    for name in names:
        if value := request.headers.get(name):
            if len(value) > _LONGEST_ID:
                raise Invalid(f"The {name} is over {_LONGEST_ID} characters.", [Problem(name, "is too long")])
            return value
    return None
