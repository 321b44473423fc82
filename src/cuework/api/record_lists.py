"""Lists of records: what they can be sorted by, narrowed to and filtered with.

Must not write. The page itself is api.lists'; conditions become SQL in crm.condition_sql.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any
from uuid import UUID

from fastapi import Query

from cuework.api.lists import Listing, Sortable, Source, fetch_page
from cuework.base.time import utc_now
from cuework.crm.condition_sql import where_sql
from cuework.crm.read import spelled
from cuework.crm.rows import TABLES, row_of
from cuework.db.pool import Connection
from cuework.engine.catalog import Catalog

_TIMES = {"created_at": Sortable("t.created_at", "timestamptz"), "updated_at": Sortable("t.updated_at", "timestamptz")}


def _name(column: str) -> Sortable:
    return Sortable(f"lower(coalesce(t.{column}, ''))", "text")


SORTABLE: Mapping[str, Mapping[str, Sortable]] = {
    "contact": _TIMES
    | {name: _name(name) for name in ("first_name", "last_name", "email")}
    | {"lead_score": Sortable("t.lead_score", "integer")},
    "company": _TIMES | {name: _name(name) for name in ("name", "domain")},
    "deal": _TIMES
    | {"name": _name("name"), "value": Sortable("t.value_amount", "bigint", nullable=True)}
    | {"closed_at": Sortable("t.closed_at", "timestamptz", nullable=True)},
    "task": _TIMES
    | {"title": _name("title"), "due_at": Sortable("t.due_at", "timestamptz", nullable=True)}
    | {"completed_at": Sortable("t.completed_at", "timestamptz", nullable=True)},
}


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What a list is narrowed to by plain parameters: SQL conditions with %s for each argument, in order."""

    conditions: tuple[str, ...] = ()
    arguments: tuple[Any, ...] = field(default=())

    @classmethod
    def equal(cls, **values: Any) -> "Narrowing":
        """Each column that is not None equals its value."""
        given = {column: value for column, value in values.items() if value is not None}
        return cls(tuple(f"t.{column} = %s" for column in given), tuple(given.values()))

    def __add__(self, other: "Narrowing") -> "Narrowing":
        return Narrowing(self.conditions + other.conditions, self.arguments + other.arguments)

    def sql(self, arguments: list[Any]) -> str:
        """The conditions with their numbers; their arguments are appended."""
        text = "".join(f" and {condition}" for condition in self.conditions)
        for argument in self.arguments:
            arguments.append(argument)
            text = text.replace("%s", f"${len(arguments)}", 1)
        return text


async def list_records(
    connection: Connection, catalog: Catalog, kind: str, asked: Listing, narrow: Narrowing
) -> dict[str, Any]:
    """A page of records as the API spells them. Errors: Invalid. Cost: one query."""
    table = TABLES[kind]
    arguments: list[Any] = [catalog.tenant_id]
    where = "t.tenant_id = $1 and t.deleted_at is null" + narrow.sql(arguments)
    if asked.filter is not None:
        now, first = utc_now(), len(arguments) + 1
        condition, values = where_sql(asked.filter, kind, catalog, now=now, first=first, alias="t", path="query.filter")
        where += f" and ({condition})"
        arguments += values
    source = Source(
        ", ".join(f"t.{column}" for column in table.columns),
        f"{table.name} t where {where}",
        arguments,
        SORTABLE[kind],
        "-created_at",
        Sortable("t.id", "uuid"),
    )
    return await fetch_page(connection, asked, source, lambda row: spelled(kind, row_of(kind, row, catalog)))


def narrowing_of(kind: str) -> Callable[..., Narrowing]:
    """The dependency that reads the plain parameters of that record type's list."""
    return _NARROWINGS[kind]


Related = Annotated[UUID | None, Query(description="Only those of this record")]
Exactly = Annotated[str | None, Query(max_length=500, description="Only the one that has exactly this")]


def _contacts(
    email: Exactly = None, external_id: Exactly = None, company_id: Related = None, owner_id: Related = None
) -> Narrowing:
    by_email = Narrowing(("lower(t.email) = lower(%s)",), (email,)) if email else Narrowing()
    return by_email + Narrowing.equal(external_id=external_id, company_id=company_id, owner_id=owner_id)


def _companies(external_id: Exactly = None, owner_id: Related = None) -> Narrowing:
    return Narrowing.equal(external_id=external_id, owner_id=owner_id)


def _deals(
    contact_id: Related = None,
    company_id: Related = None,
    owner_id: Related = None,
    pipeline_id: Related = None,
    stage_id: Related = None,
    status: Annotated[str | None, Query(pattern="^(open|won|lost)$")] = None,
) -> Narrowing:
    return Narrowing.equal(
        contact_id=contact_id,
        company_id=company_id,
        owner_id=owner_id,
        pipeline_id=pipeline_id,
        stage_id=stage_id,
        status=status,
    )


_NARROWINGS: Mapping[str, Callable[..., Narrowing]] = {"contact": _contacts, "company": _companies, "deal": _deals}
