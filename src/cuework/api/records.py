"""The operations that contacts, companies, deals and tasks have in common, added to a router by record type.

A handler parses, calls one function of crm, and answers. Lists are record_lists' business.
"""

from collections.abc import Callable, Coroutine
from typing import Annotated, Any, TypeAlias
from uuid import UUID

from fastapi import Depends, Response

from cuework.api.lists import AskedOfRecords
from cuework.api.models import Page
from cuework.api.record_lists import Narrowing, list_records, narrowing_of
from cuework.api.record_models import RecordFields, answer_model, fields_model
from cuework.api.revisions import IfMatch, etag
from cuework.api.roles import Role
from cuework.api.routing import Router, Tx, Who
from cuework.base import json
from cuework.crm import read, write
from cuework.crm.catalog_cache import current_catalog
from cuework.db.pool import Connection
from cuework.engine.catalog import Catalog
from cuework.engine.events import Ref
from cuework.engine.world import Row

PLURAL = {"contact": "contacts", "company": "companies", "deal": "deals", "task": "tasks"}


async def _catalog(tx: Tx, who: Who) -> Catalog:
    return await current_catalog(tx, who.tenant_id)


def _writer(tx: Tx, who: Who, catalog: "SetUp") -> write.Writer:
    return write.writer(tx, catalog, who)


SetUp = Annotated[Catalog, Depends(_catalog)]
"""The tenant's set-up, for operations that only use it."""

Writes = Annotated[write.Writer, Depends(_writer)]
"""A writer in the name of who asks."""


Told: TypeAlias = Callable[[Connection, UUID, list[dict[str, Any]]], Coroutine[Any, Any, None]]
"""Adds to records that are read what else is known of them."""


def record_answer(kind: str, row: Row, status: int = 200, *, told: dict[str, Any] | None = None) -> Response:
    """The record with its revision as the ETag; `told` is the record as it is spelled, if more is said of it."""
    headers = {"ETag": etag(row["revision"])}
    if status == 201:
        headers["Location"] = f"/api/v1/{PLURAL[kind]}/{row['id']}"
    return Response(json.dumps(told or read.spelled(kind, row)), status, headers, "application/json")


def add_record_routes(
    router: Router,
    kind: str,
    narrowing: Callable[..., Narrowing] | None = None,
    *,
    told: Told | None = None,
    more: dict[str, Any] | None = None,
) -> dict[str, Role]:
    """The router has the operations; the answer is their rows in the table of roles.

    `told` fills the fields `more` of records that are read: one or a page.
    """
    plural = PLURAL[kind]
    base = f"/{plural}"
    model = answer_model(kind, more)
    _add_list(router, kind, Page[model], narrowing or narrowing_of(kind), told)
    _add_writes(router, kind, model, fields_model(kind))

    @router.get(f"{base}/{{id}}", name=f"get_{kind}", response_model=model)
    async def get_record(id: UUID, tx: Tx, catalog: SetUp) -> Response:  # noqa: A002 - the API's word
        """The record; 404 for a deleted one."""
        row = await read.read(tx, catalog, Ref(kind, id))
        shown = read.spelled(kind, row)
        if told is not None:
            await told(tx, catalog.tenant_id, [shown])
        return record_answer(kind, row, told=shown)

    @router.delete(f"{base}/{{id}}", name=f"delete_{kind}", status_code=204)
    async def delete_record(id: UUID, by: Writes, expected: IfMatch) -> None:  # noqa: A002
        """The record is out of sight; it can be restored."""
        await write.delete(by, Ref(kind, id), expected=expected)

    @router.post(f"{base}/{{id}}/restore", name=f"restore_{kind}", response_model=model)
    async def restore_record(id: UUID, by: Writes, expected: IfMatch) -> Response:  # noqa: A002
        """A deleted record is back."""
        return record_answer(kind, await write.restore(by, Ref(kind, id), expected=expected))

    return {
        f"list_{plural}": Role.VIEWER,
        f"get_{kind}": Role.VIEWER,
        f"create_{kind}": Role.MEMBER,
        f"update_{kind}": Role.MEMBER,
        f"delete_{kind}": Role.MEMBER,
        f"restore_{kind}": Role.MEMBER,
    }


def _add_list(router: Router, kind: str, model: Any, narrowing: Callable[..., Narrowing], told: Told | None) -> None:
    @router.get(f"/{PLURAL[kind]}", name=f"list_{PLURAL[kind]}", response_model=model)
    async def list_page(
        tx: Tx, catalog: SetUp, asked: AskedOfRecords, narrow: Annotated[Narrowing, Depends(narrowing)]
    ) -> Response:
        """A page of the records that are not deleted, the newest first unless sorted otherwise."""
        page = await list_records(tx, catalog, kind, asked, narrow)
        if told is not None:
            await told(tx, catalog.tenant_id, page["items"])
        return Response(json.dumps(page), media_type="application/json")


def _add_writes(router: Router, kind: str, model: Any, fields: type[RecordFields]) -> None:
    async def create_record(body: RecordFields, by: Writes) -> Response:
        """The record exists, and workflows that wait for such a one begin."""
        return record_answer(kind, await write.create(by, kind, body.sent()), 201)

    async def update_record(id: UUID, body: RecordFields, by: Writes, expected: IfMatch) -> Response:  # noqa: A002
        """The record has the fields that were sent; a change that changes nothing is none."""
        return record_answer(kind, await write.update(by, Ref(kind, id), body.sent(), expected=expected))

    for handler in (create_record, update_record):
        handler.__annotations__["body"] = fields  # FastAPI takes the body's model from here
    base = f"/{PLURAL[kind]}"
    router.post(base, name=f"create_{kind}", status_code=201, response_model=model)(create_record)
    router.patch(f"{base}/{{id}}", name=f"update_{kind}", response_model=model)(update_record)
