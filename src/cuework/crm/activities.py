"""Notes about records: what people and workflows wrote down, append-only."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from cuework.base.errors import Invalid, NotFound, Problem
from cuework.base.ids import new_id
from cuework.base.time import utc_now
from cuework.crm.read import read
from cuework.crm.write import Writer
from cuework.engine.events import Ref


@dataclass(frozen=True, slots=True)
class NewActivity:
    """A note to write; without an instant it is of now."""

    type: str
    record: Ref
    text: str
    occurred_at: datetime | None = None


_INSERT = """
insert into activities (tenant_id, id, type, record_type, record_id, text, actor_type, actor_id, occurred_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning *
"""


async def log_activity(by: Writer, new: NewActivity) -> Any:
    """The note is about the record; its row is returned. Errors: Invalid if there is no such record."""
    try:
        await read(by.connection, by.catalog, new.record)
    except NotFound as error:
        raise Invalid(error.detail, [Problem("record", f"there is no {new.record.type} {new.record.id}")]) from None
    identity: UUID = new_id()
    return await by.connection.fetchrow(
        _INSERT,
        by.tenant_id,
        identity,
        new.type,
        *new.record,
        new.text,
        by.cause.actor_type,
        by.cause.actor_id,
        new.occurred_at or utc_now(),
    )
