"""What a step was asked to do (§32): the constants of its version, and what its templates came to by the log.

An execution's log keeps only what its version does not say, so constants cost a pass nothing; they are put in here,
when somebody reads. Fields that a node type declares as `unlogged` are never shown. Must not judge a definition.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeAlias, cast
from uuid import UUID

from cuework.db.pool import Connection
from cuework.engine.node import Step
from cuework.engine.registry import NodeTypes
from cuework.workflows.definitions import Key
from cuework.workflows.steps import Raw, is_block, walk, with_ids

RawSteps: TypeAlias = Mapping[str, Raw]
"""A version's steps as they were written, by id."""

_RAN_ON = """
select id, state -> 'ran_on' as ran_on from executions
where tenant_id = $1 and id = any($2::uuid[]) and state ? 'ran_on'
"""
_VERSIONS = """
select v.workflow_id, v.version, v.definition from unnest($2::uuid[], $3::int[]) as k(workflow_id, version)
join workflow_versions v on v.tenant_id = $1 and v.workflow_id = k.workflow_id and v.version = k.version
"""


async def steps_of_versions(connection: Connection, tenant_id: UUID, versions: Iterable[Key]) -> dict[Key, RawSteps]:
    """The steps of each of these versions that is there. Cost: one query."""
    wanted = sorted(set(versions))
    if not wanted:
        return {}
    rows = await connection.fetch(_VERSIONS, tenant_id, [key[0] for key in wanted], [key[1] for key in wanted])
    return {(row["workflow_id"], row["version"]): steps_by_id(row["definition"] or {}) for row in rows}


def steps_by_id(definition: Mapping[str, Any]) -> RawSteps:
    """A definition's steps."""
    return {str(raw["id"]): raw for _, raw in walk(with_ids(definition))}


async def earlier_versions(
    connection: Connection, tenant_id: UUID, executions: Iterable[UUID]
) -> dict[UUID, list[list[int]]]:
    """What those of the executions ran on before that were retried on another version. Cost: one query."""
    rows = await connection.fetch(_RAN_ON, tenant_id, list(executions))
    return {row["id"]: row["ran_on"] for row in rows}


def version_of(seq: int, ran_on: Iterable[Sequence[int]], latest: int) -> int:
    """The version on which that row of the log was written. Shape: ran_on as in engine.execution."""
    return next((version for before, version in ran_on if seq < before), latest)


def input_of(raw: Mapping[str, Any], kind: str, types: NodeTypes, kept: Mapping[str, Any] | None) -> dict[str, Any]:
    """The step's input. Shape: raw is the step in its version, perhaps none; kept is what the log has of it.

    A template that was not rendered, because the step did not come so far, is shown as it is written.
    """
    node = types.steps.get(kind)
    known = kept or {}
    if node is None or raw.get("type") != kind:
        return dict(known)
    own = _own(node)
    shown = {name: _without_steps(value) for name, value in _without_steps(raw).items() if name in own}
    return {**shown, **known}


def _own(node: type[Step]) -> set[str]:
    """The fields of a step that its node type has and shows."""
    names = {field.alias or name for name, field in node.model_fields.items()}
    return names.difference(node.unlogged)


def _without_steps(value: Any) -> Any:
    """The value without the steps inside it: each has an input of its own."""
    if isinstance(value, dict):
        inner = cast("Raw", value)
        return {name: each for name, each in inner.items() if not is_block(name, each)}
    return [_without_steps(each) for each in cast("list[Any]", value)] if isinstance(value, list) else value
