"""What the public addresses of forms share: limits, reading answers of both kinds, the honeypot, and the write.

Limits of a form, for each address and form by itself and per process: 30 submissions at once, then one every
two seconds. Bodies are at most 100,000 bytes and 200 answers. Must not render pages.
"""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias
from urllib.parse import parse_qsl
from uuid import UUID

from fastapi import Request, Response

from cuework.api import idempotency
from cuework.api.identity import address_of, agent_of
from cuework.api.routing import open_transaction
from cuework.api.state import state_of
from cuework.api.throttle import Throttle
from cuework.base.errors import Invalid, Malformed, NotFound, Problem, TooLarge
from cuework.base.ids import new_id
from cuework.crm import forms
from cuework.crm.actor import Actor, Role
from cuework.crm.catalog_cache import current_catalog
from cuework.crm.form_answers import HONEYPOT
from cuework.crm.submit_form import Submission, submit_form
from cuework.db.pool import Connection

Answered: TypeAlias = Callable[[UUID, Mapping[str, Any]], Response]
"""What says that a submission, by its id, was taken by that form."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What was sent. Shape: strict is of programs, whose stray answers are errors; under is where answers stand."""

    answers: Mapping[str, Any]
    strict: bool = False
    under: str = ""


MAX_BYTES = 100_000
MAX_ANSWERS = 200
_throttle = Throttle(burst=30, every_s=2)
_REMEMBERED = 10_000
_tenants: OrderedDict[int, UUID] = OrderedDict()  # of forms, by the half of the id that both share
_HALF = (1 << 64) - 1


def page_path(slug: str, key: str) -> str:
    """Where the form's hosted page is."""
    return f"/f/{slug}/{key}"


def not_too_often(request: Request, form: str) -> None:
    """The attempt is counted. Errors: TooMany."""
    _throttle.check(f"{address_of(request)} {form}")


async def find_form(request: Request, form_id: UUID) -> UUID:
    """The tenant whose form it may be. Errors: NotFound."""
    half = form_id.int & _HALF
    tenant_id = _tenants.get(half)
    if tenant_id is None:
        tenant_id = await forms.find_tenant_of_form(state_of(request).pool, form_id)
        if tenant_id is None:
            raise NotFound(f"There is no form {form_id}.")
        _tenants[half] = tenant_id
        if len(_tenants) > _REMEMBERED:
            _tenants.popitem(last=False)
    return tenant_id


async def answers_of(request: Request) -> Sent:
    """What was sent, as JSON or as a form. Errors: Malformed, TooLarge."""
    body = await request.body()
    if len(body) > MAX_BYTES:
        raise TooLarge(f"The answers are over the limit of {MAX_BYTES:,} bytes.", limit_bytes=MAX_BYTES)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        return _object(await request.json())
    if kind == "application/x-www-form-urlencoded":
        return Sent(_pairs(body))
    raise Malformed("Send the answers as application/json or application/x-www-form-urlencoded.", status=415)


async def accept(request: Request, tenant_id: UUID, form: UUID | str, sent: Sent, answer: Answered) -> Response:
    """The submission is kept; `answer` says so. A filled honeypot is answered alike and kept nowhere.

    With an Idempotency-Key it is kept once. Errors: NotFound, Invalid names the fields.
    """
    key = idempotency.key_of(request)
    async with open_transaction(request, tenant_id) as connection:
        if isinstance(form, UUID):
            row = await forms.read_form(connection, tenant_id, form)
        else:
            row = await forms.read_form_by_key(connection, tenant_id, form)
        if key is None:
            return answer(await _kept(connection, request, tenant_id, row, sent), row)
        public = Actor("public", row["id"], row["name"], Role.PUBLIC, tenant_id)  # keys of one form are its own
        earlier = await idempotency.earlier_answer(connection, request, public, key)
        if earlier is not None:
            return earlier
        response = answer(await _kept(connection, request, tenant_id, row, sent), row)
        await idempotency.keep_answer(connection, public, key, response)
        return response


async def _kept(
    connection: Connection,
    request: Request,
    tenant_id: UUID,
    form: Mapping[str, Any],
    sent: Sent,
) -> UUID:
    if sent.answers.get(HONEYPOT):
        return new_id()
    catalog = await current_catalog(connection, tenant_id)
    submission = Submission(sent.answers, address_of(request), agent_of(request), sent.strict, sent.under)
    return await submit_form(connection, catalog, form, submission)


def _object(value: Any) -> Sent:
    """The answers of a JSON body: under `answers`, or by themselves."""
    if not isinstance(value, dict):
        raise Malformed("The body must be a JSON object.", [Problem("", "must be a JSON object")])
    inner: Any = value.get("answers") if len(value) == 1 else None  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType, reportUnknownMemberType]
    if isinstance(inner, dict):
        return Sent(inner, strict=True, under="answers")  # pyright: ignore[reportUnknownArgumentType]
    if len(value) == 1 and "answers" in value and not isinstance(inner, str):  # pyright: ignore[reportUnknownArgumentType]
        raise Invalid("answers: must be a JSON object.", [Problem("answers", "must be a JSON object, by field")])
    return Sent(value, strict=True)  # pyright: ignore[reportUnknownArgumentType]


def _pairs(body: bytes) -> Mapping[str, Any]:
    try:
        text = body.decode()
        return dict(parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=MAX_ANSWERS))
    except UnicodeDecodeError:
        raise Malformed("The answers are no UTF-8 text.") from None
    except ValueError:
        raise TooLarge(f"There are over {MAX_ANSWERS} answers.") from None
