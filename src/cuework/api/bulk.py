"""Many records in one request: imports and mass edits, with a choice of what they may start."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import Field, WithJsonSchema

from cuework.api.models import Answer, Body, ProblemPlace
from cuework.api.records import PLURAL, Writes
from cuework.api.roles import Role
from cuework.api.routing import Router
from cuework.base.errors import Invalid, Problem
from cuework.crm.bulk_write import MOST, Batch, Workflows, write_many

router = Router("bulk")
ROLES = {f"bulk_{plural}": Role.MEMBER for plural in PLURAL.values()}

Created = Annotated[Any, WithJsonSchema({"type": "object", "description": "Fields as in the POST of one record"})]
Updated = Annotated[
    Any, WithJsonSchema({"type": "object", "required": ["id"], "description": "The id and the fields to change"})
]


class BulkBody(Body):
    """Records to create and to change, at most 1,000 together.

    `workflows`: `bulk` starts workflows at bulk priority, `none` starts nothing.
    """

    create: list[Created] = Field([], max_length=MOST)
    update: list[Updated] = Field([], max_length=MOST)
    workflows: Workflows = Workflows.BULK


class BulkItem(Answer):
    """One item: its place in its list, the record's id, and why it failed where it did."""

    operation: Literal["create", "update"]
    index: int
    id: UUID | None
    status: Literal["created", "updated", "unchanged", "failed"]
    errors: list[ProblemPlace]


class BulkAnswer(Answer):
    """What became of each item, in the order of the request: created ones first."""

    batch_id: UUID
    created: int
    updated: int
    unchanged: int
    failed: int
    items: list[BulkItem]


def _add(kind: str, plural: str) -> None:
    @router.post(f"/{plural}/bulk", name=f"bulk_{plural}", response_model=BulkAnswer)
    async def bulk(body: BulkBody, by: Writes) -> dict[str, Any]:
        """Every valid item is written in one transaction; each other one says why not."""
        _check(body)
        return _spelled(await write_many(by, kind, body.create, body.update, body.workflows))


for _kind, _plural in PLURAL.items():
    _add(_kind, _plural)


def _check(body: BulkBody) -> None:
    count = len(body.create) + len(body.update)
    if count > MOST:
        raise Invalid(f"{count} records are too many for one request; send at most {MOST}.", [Problem("", "too many")])
    if body.workflows is Workflows.HOLD:
        problem = Problem("workflows", "hold is not available yet", "use bulk or none")
        raise Invalid("Holding workflows for release is not available yet.", [problem])


def _spelled(batch: Batch) -> dict[str, Any]:
    statuses = [item.status for item in batch.items]
    counts = {name: statuses.count(name) for name in ("created", "updated", "unchanged", "failed")}
    items = [
        {
            "operation": item.operation,
            "index": item.index,
            "id": item.ref.id if item.ref else None,
            "status": item.status,
            "errors": [problem.as_json() for problem in item.problems],
        }
        for item in batch.items
    ]
    return {"batch_id": batch.id, **counts, "items": items}
