"""Checks that what a record refers to is there: related records, people, teams, pipelines and stages.

One query for any number of records. Must not judge values for themselves: engine.values does that.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, TypeAlias
from uuid import UUID

from cuework.base.errors import Problem
from cuework.db.pool import Connection
from cuework.engine.catalog import Catalog
from cuework.engine.records import RECORD_TYPES, FieldType
from cuework.engine.world import Row

Values: TypeAlias = Mapping[str, Any]
Item: TypeAlias = tuple[str, Values, Row | None]

_THERE = """
select id from companies where tenant_id = $1 and id = any($2::uuid[]) and deleted_at is null
union all
select id from contacts where tenant_id = $1 and id = any($3::uuid[]) and deleted_at is null
union all
select id from deals where tenant_id = $1 and id = any($4::uuid[]) and deleted_at is null
"""
_KINDS = ("company", "contact", "deal")


async def check_references(
    connection: Connection, catalog: Catalog, kind: str, items: Sequence[Item]
) -> list[list[Problem]]:
    """The problems of each item, in the items' order.

    Shape: an item is (path, canonical values, the row that they change or None for a new one).
    Cost: one query, none if nothing refers to a record.
    """
    wanted: dict[str, set[UUID]] = {name: set() for name in _KINDS}
    for _, values, row in items:
        for _, target, identity in _related(kind, values, row):
            wanted[target].add(identity)
    there: set[UUID] = set()
    if any(wanted.values()):
        ids = [sorted(wanted[name]) for name in _KINDS]
        there = {row["id"] for row in await connection.fetch(_THERE, catalog.tenant_id, *ids)}
    return [list(_problems(kind, item, catalog, there)) for item in items]


def _related(kind: str, values: Values, row: Row | None) -> Iterator[tuple[str, str, UUID]]:
    """The references to other records that the values newly make: (field, kind, id)."""
    for relation in RECORD_TYPES[kind].relations.values():
        identity = values.get(relation.field)
        known = relation.record_type in _KINDS
        if known and isinstance(identity, UUID) and (row is None or row[relation.field] != identity):
            yield relation.field, relation.record_type, identity


def _problems(kind: str, item: Item, catalog: Catalog, there: set[UUID]) -> Iterator[Problem]:
    path, values, row = item
    at = f"{path}." if path else ""
    for field, target, identity in _related(kind, values, row):
        if identity not in there:
            yield Problem(f"{at}{field}", f"there is no {target} {identity}")
    for field in RECORD_TYPES[kind].fields.values():
        identity = values.get(field.key)
        if field.type is FieldType.USER and identity is not None and (row is None or row[field.key] != identity):
            yield from _person(f"{at}{field.key}", identity, catalog)
    team_id = values.get("team_id")
    if team_id is not None and all(team.id != team_id for team in catalog.teams):
        yield Problem(f"{at}team_id", f"there is no team {team_id}")
    if kind == "deal":
        yield from _place(at, values, catalog)


def _person(path: str, identity: UUID, catalog: Catalog) -> Iterator[Problem]:
    user = catalog.user_by_id.get(identity)
    if user is None:
        yield Problem(path, f"there is no user {identity}")
    elif not user.active:
        yield Problem(path, f"{user.name} is deactivated and is assigned nothing new")


def _place(at: str, values: Values, catalog: Catalog) -> Iterator[Problem]:
    pipeline_id, stage_id = values.get("pipeline_id"), values.get("stage_id")
    if pipeline_id is not None and all(pipeline.id != pipeline_id for pipeline in catalog.pipelines):
        yield Problem(f"{at}pipeline_id", f"there is no pipeline {pipeline_id}")
        return
    if stage_id is None:
        return
    pipeline, _ = catalog.stage_by_id.get(stage_id, (None, None))
    if pipeline is None:
        yield Problem(f"{at}stage_id", f"there is no deal stage {stage_id}")
    elif pipeline_id is not None and pipeline.id != pipeline_id:
        yield Problem(f"{at}stage_id", f"is a stage of {pipeline.name}, another pipeline than the one given")
