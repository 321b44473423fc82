"""Pipelines and their deal stages, under stable keys. Exactly one pipeline is the default.

A stage's key never changes, since definitions refer to it; a stage that deals are in is not deleted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cuework.base.errors import Conflict, Invalid, Problem
from cuework.base.ids import new_id
from cuework.crm import setup
from cuework.crm.actor import Actor
from cuework.crm.deletion import refuse_if_used
from cuework.crm.setup import Table
from cuework.db.pool import Connection

PIPELINES = Table(
    "pipelines",
    "pipeline",
    """id, key, name, position, is_default, (select coalesce(jsonb_agg(jsonb_build_object('id', s.id, 'key', s.key,
      'name', s.name, 'probability', s.probability) order by s.position, s.key), '[]')
    from deal_stages s where s.tenant_id = pipelines.tenant_id and s.pipeline_id = pipelines.id) as stages,
    revision, created_at, updated_at""",
)
_WRITE_STAGES = """
insert into deal_stages (tenant_id, id, pipeline_id, key, name, probability, position)
select $1, s.id, $2, s.key, s.name, s.probability, s.position
from unnest($3::uuid[], $4::text[], $5::text[], $6::int[]) with ordinality as s(id, key, name, probability, position)
on conflict (tenant_id, pipeline_id, key) do update
  set name = excluded.name, probability = excluded.probability, position = excluded.position
"""
_STILL_IN = """
select s.key, count(*) as deals from deals d join deal_stages s on s.tenant_id = d.tenant_id and s.id = d.stage_id
where d.tenant_id = $1 and d.stage_id = any($2::uuid[]) group by s.key order by s.key
"""


@dataclass(frozen=True, slots=True)
class StageValues:
    """A stage as it shall be."""

    key: str
    name: str
    probability: int = 0


async def create_pipeline(
    connection: Connection, actor: Actor, values: Mapping[str, Any], stages: Sequence[StageValues]
) -> dict[str, Any]:
    """The pipeline exists with these stages in order. Errors: Conflict, Invalid for stages with equal keys."""
    _check_stages(stages)
    await _make_room_for_default(connection, actor, values)
    row = await setup.create(connection, actor, PIPELINES, values)
    await _write_stages(connection, actor.tenant_id, row["id"], stages)
    return await setup.read(connection, actor.tenant_id, PIPELINES, row["id"])


async def change_pipeline(
    connection: Connection,
    actor: Actor,
    pipeline_id: UUID,
    changes: Mapping[str, Any],
    *,
    stages: Sequence[StageValues] | None,
    expected: int | None,
    anyway: bool = False,
) -> dict[str, Any]:
    """The pipeline has these values and, if given, exactly these stages.

    Errors: Conflict for a stage with deals in it or, unless `anyway`, one that workflows use.
    """
    before = await setup.read(connection, actor.tenant_id, PIPELINES, pipeline_id, locked=True)
    setup.check_revision(expected, before["revision"])
    if before["is_default"] and changes.get("is_default") is False:
        raise Conflict("There must be a default pipeline: make another one the default instead.")
    same_stages = stages is None or [vars_of(stage) for stage in stages] == [
        {name: stage[name] for name in ("key", "name", "probability")} for stage in before["stages"]
    ]
    if same_stages and all(before[name] == value for name, value in changes.items()):
        return before
    if stages is not None:
        _check_stages(stages)
        await _drop_stages(connection, actor, before, {stage.key for stage in stages}, anyway=anyway)
        await _write_stages(connection, actor.tenant_id, pipeline_id, stages)
    await _make_room_for_default(connection, actor, changes)
    return await setup.write(connection, actor, PIPELINES, before, changes)


async def delete_pipeline(
    connection: Connection, actor: Actor, pipeline_id: UUID, *, anyway: bool, expected: int | None = None
) -> None:
    """The pipeline and its stages are gone. Errors: Conflict for the default, with deals, or used by workflows."""
    before = await setup.read(connection, actor.tenant_id, PIPELINES, pipeline_id, locked=True, expected=expected)
    if before["is_default"]:
        raise Conflict("The default pipeline cannot be deleted: make another one the default first.")
    await _drop_stages(connection, actor, before, set(), anyway=anyway)
    await refuse_if_used(connection, actor, "pipeline", before["key"], anyway=anyway)
    await setup.remove(connection, actor, PIPELINES, before)


def vars_of(stage: StageValues) -> dict[str, Any]:
    """The stage as its row shows it."""
    return {"key": stage.key, "name": stage.name, "probability": stage.probability}


async def _drop_stages(
    connection: Connection, actor: Actor, pipeline: Mapping[str, Any], kept: set[str], *, anyway: bool
) -> None:
    leaving = [stage for stage in pipeline["stages"] if stage["key"] not in kept]
    ids = [UUID(stage["id"]) for stage in leaving]
    if not ids:
        return
    occupied = await connection.fetch(_STILL_IN, actor.tenant_id, ids)
    if occupied:
        told = ", ".join(f"{row['key']} ({row['deals']})" for row in occupied)
        raise Conflict(f"There are deals in these stages, deleted ones included: {told}. Move them first.")
    for stage in leaving:
        await refuse_if_used(connection, actor, "stage", stage["key"], anyway=anyway)
    await connection.execute(
        "delete from deal_stages where tenant_id = $1 and id = any($2::uuid[])", actor.tenant_id, ids
    )


async def _write_stages(
    connection: Connection, tenant_id: UUID, pipeline_id: UUID, stages: Sequence[StageValues]
) -> None:
    await connection.execute(
        _WRITE_STAGES,
        tenant_id,
        pipeline_id,
        [new_id() for _ in stages],
        [stage.key for stage in stages],
        [stage.name for stage in stages],
        [stage.probability for stage in stages],
    )


async def _make_room_for_default(connection: Connection, actor: Actor, values: Mapping[str, Any]) -> None:
    if values.get("is_default"):
        await connection.execute(
            """update pipelines set is_default = false, revision = revision + 1, updated_at = now()
            where tenant_id = $1 and is_default""",
            actor.tenant_id,
        )


def _check_stages(stages: Sequence[StageValues]) -> None:
    if not stages:
        raise Invalid("A pipeline needs a stage.", [Problem("stages", "is empty")])
    keys = [stage.key for stage in stages]
    twice = [Problem(f"stages.{n}.key", "is there twice") for n, key in enumerate(keys) if key in keys[:n]]
    if twice:
        raise Invalid("Two stages have the same key.", twice)
