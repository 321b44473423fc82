"""Makes a POST with an Idempotency-Key happen once: the same key and request get the first answer again.

The key's row is written in the transaction of the request itself, so that work and answer are kept together
or not at all. Scoped by actor; kept for a day. Answers that carry a secret are not kept.
"""

import hashlib
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from cuework.base.errors import Conflict, Invalid, Problem
from cuework.crm.actor import Actor
from cuework.db.pool import Connection

HEADER = "Idempotency-Key"
_LONGEST = 200
_KEPT_HEADERS = ("content-type", "etag", "location")
_NO_ONE = UUID(int=0)

_TRY_LOCK = "select pg_try_advisory_xact_lock(hashtextextended($1, 730945))"
_TAKE = """
insert into idempotency_keys as k (tenant_id, actor_id, key, request_hash) values ($1, $2, $3, $4)
on conflict (tenant_id, actor_id, key) do update set request_hash = excluded.request_hash, status = null,
  headers = null, body = null, created_at = now()
  where k.created_at < now() - interval '1 day'
returning true
"""
_READ = """
select request_hash, status, headers, body from idempotency_keys
where tenant_id = $1 and actor_id = $2 and key = $3
"""
_KEEP = """
update idempotency_keys set status = $4, headers = $5, body = $6
where tenant_id = $1 and actor_id = $2 and key = $3
"""


def key_of(request: Request, /) -> str | None:
    """The key of a POST that has one. Errors: Invalid for an empty or overlong one."""
    key = request.headers.get(HEADER) if request.method == "POST" else None
    if key is not None and not 0 < len(key) <= _LONGEST:
        place = Problem(HEADER, "has a wrong length")
        raise Invalid(f"The {HEADER} must have 1 to {_LONGEST} characters.", [place])
    return key


async def earlier_answer(connection: Connection, request: Request, actor: Actor, key: str, /) -> Response | None:
    """The answer to give again; None if this request is the first with the key, and has it now.

    Errors: Conflict while the first is in progress; Invalid if the first was another request.
    """
    row_key = (actor.tenant_id, actor.id or _NO_ONE, key)
    if not await connection.fetchval(_TRY_LOCK, " ".join(str(part) for part in row_key)):
        raise Conflict(f"A request with this {HEADER} is still in progress.")
    digest = await _digest(request)
    if await connection.fetchval(_TAKE, *row_key, digest):
        return None
    kept = await connection.fetchrow(_READ, *row_key)
    if kept is None or kept["status"] is None:
        raise Conflict(f"A request with this {HEADER} is still in progress.")
    if kept["request_hash"] != digest:
        problem = Problem(HEADER, "was used for another request", suggestion="use a new key")
        raise Invalid(f"This {HEADER} belongs to another request.", [problem])
    if kept["body"] is None:
        raise Conflict("This was done already. Its answer held a secret that is shown once.")
    return Response(kept["body"], kept["status"], {**kept["headers"], "Idempotent-Replayed": "true"})


async def keep_answer(connection: Connection, actor: Actor, key: str, response: Response, /) -> None:
    """The answer is kept with the work, to be given again."""
    secret = "no-store" in response.headers.get("cache-control", "")
    headers = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
    body = None if secret else bytes(response.body)
    await connection.execute(_KEEP, actor.tenant_id, actor.id or _NO_ONE, key, response.status_code, headers, body)


async def _digest(request: Request) -> bytes:
    parts = (request.method, request.url.path, request.url.query, request.headers.get("content-type", ""))
    return hashlib.sha256("\n".join(parts).encode() + b"\n" + await request.body()).digest()
