"""Loops between workflows (§30): what one changes starts another, and what that changes starts the first again.

Told from definitions alone: which fields steps write and which changes start a trigger. It may name a loop that
the values of the day never close, and it does not see what passes through hooks of others. The loop guard ends
a real one after ten rounds; this says so before. Reads the definitions of live workflows, never records.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, cast
from uuid import UUID

from cuework.base.errors import Problem
from cuework.db.pool import Connection
from cuework.engine.condition_words import path_words
from cuework.engine.events import MAX_HOPS
from cuework.engine.node import CREATED
from cuework.engine.registry import NodeTypes
from cuework.workflows.steps import walk, with_ids

MOST_WORKFLOWS = 500  # so many live ones are looked at, the latest published first
ANY = "*"
_LIVE = f"""
select w.id, w.name, v.definition from workflow_spans s
join workflow_versions v on v.tenant_id = s.tenant_id and v.workflow_id = s.workflow_id and v.version = s.version
join workflows w on w.tenant_id = s.tenant_id and w.id = s.workflow_id
where s.tenant_id = $1 and s.to_at is null order by s.from_at desc limit {MOST_WORKFLOWS}
"""


class Change(NamedTuple):
    """A field of a type of record that is written or waited for; `values` are the only ones if that is known."""

    record_type: str
    field: str
    values: frozenset[str] | None = None

    def meets(self, wanted: "Change") -> bool:
        """Whether this change may be the wanted one."""
        if self.record_type != wanted.record_type:
            return False
        if wanted.field == ANY:
            return self.field != CREATED
        fits = self.values is None or wanted.values is None or bool(self.values & wanted.values)
        return self.field == wanted.field and fits


@dataclass(frozen=True, slots=True)
class _Link:
    """A workflow as far as chains see it: what starts it, and what its steps change, by path."""

    name: str
    starts: tuple[Change, ...]
    writes: tuple[tuple[str, Change], ...]


async def loops(
    connection: Connection, tenant_id: UUID, workflow_id: UUID | None, definition: Mapping[str, Any], types: NodeTypes
) -> list[Problem]:
    """A warning for each step that begins a chain which comes back. Cost: one query of live definitions."""
    own = _link(str(definition.get("name") or "this workflow"), definition, types)
    if not own.starts or not own.writes:
        return []
    rows = await connection.fetch(_LIVE, tenant_id)
    others = [_link(row["name"], row["definition"], types) for row in rows if row["id"] != workflow_id]
    return list(_told(own, others))


def _told(own: _Link, others: list[_Link]) -> Iterator[Problem]:
    told: set[str] = set()
    for path, change in own.writes:
        chain = _back(change, own, others)
        if chain and path not in told:
            told.add(path)
            names = ", then ".join(f"“{each.name}”" for each in chain)
            what = f"creates a {change.record_type}" if change.field == CREATED else f"changes the {_words(change)}"
            message = (
                f"This {what}, which may start {names}, and what that does may start this workflow again. "
                f"After {MAX_HOPS} rounds the chain is stopped."
            )
            yield Problem(path, message, "make one of the filters narrower", severity="warning")


def _words(change: Change) -> str:
    return f"{change.record_type}'s {path_words(change.field)}"


def _back(change: Change, own: _Link, others: list[_Link]) -> list[_Link]:
    """The shortest chain of other workflows from that change back to this one; empty if there is none."""
    chains = [[each] for each in others if _begins(change, each)]
    seen = {id(chain[0]) for chain in chains}
    while chains:
        longer: list[list[_Link]] = []
        for chain in chains:
            written = [each for _, each in chain[-1].writes]
            if any(_begins(each, own) for each in written):
                return chain
            for other in others:
                if id(other) not in seen and any(_begins(each, other) for each in written):
                    seen.add(id(other))
                    longer.append([*chain, other])
        chains = [chain for chain in longer if len(chain) < MAX_HOPS]
    return []


def _begins(change: Change, link: _Link) -> bool:
    return any(change.meets(wanted) for wanted in link.starts)


def _link(name: str, definition: Mapping[str, Any], types: NodeTypes) -> _Link:
    kept = with_ids(definition)
    return _Link(name, tuple(_starts(kept.get("trigger"), types)), tuple(_writes(kept, types)))


def _starts(trigger: Any, types: NodeTypes) -> Iterator[Change]:
    raw = _mapping(trigger)
    kind = str(raw.get("type"))
    record_type, _, verb = kind.partition(".")
    node = types.triggers.get(kind)
    if node is not None and node.starts_on is not None:
        record_type, field, key = node.starts_on
        yield Change(record_type, field, _values(raw, key))
    elif verb == "matches":
        yield Change(record_type, CREATED)
        yield from (Change(record_type, field) for field in _read(raw.get("when"), record_type))
    elif verb == "updated":
        fields = cast("list[Any]", raw.get("fields")) if isinstance(raw.get("fields"), list) else []
        for each in fields:
            found = _mapping(each)
            yield Change(record_type, _plain(str(found.get("field")), record_type), _fixed(found.get("to")))
        if not fields:
            yield Change(record_type, ANY)


def _writes(definition: Mapping[str, Any], types: NodeTypes) -> Iterator[tuple[str, Change]]:
    for path, raw in walk(definition):
        kind = str(raw.get("type"))
        record_type = kind.partition(".")[0]
        if raw.get("disabled"):
            continue
        node = types.steps.get(kind)
        for written_type, field, key in node.writes if node is not None else ():
            yield path, Change(written_type, field, _values(raw, key))
        if kind.endswith((".update", ".upsert")):
            for field, value in _flat(_mapping(raw.get("values"))).items():
                yield path, Change(record_type, _plain(field, record_type), _fixed(value))


def _flat(values: Mapping[str, Any]) -> dict[str, Any]:
    own = _mapping(values.get("custom"))
    flat = {name: value for name, value in values.items() if name != "custom"}
    return flat | {f"custom.{name}": value for name, value in own.items()}


def _values(raw: Mapping[str, Any], key: str | None) -> frozenset[str] | None:
    if key is None:
        return None
    return frozenset({key[1:]}) if key.startswith("=") else _fixed(raw.get(key))


def _fixed(value: Any) -> frozenset[str] | None:
    """The values that it can only be; None for templates and what is not said."""
    listed = cast("list[Any]", value) if isinstance(value, list) else [value]
    if value is None or any(not isinstance(each, (str, int, bool)) or "{" in str(each) for each in listed):
        return None
    return frozenset(str(each) for each in listed)


def _read(condition: Any, record_type: str) -> Iterator[str]:
    """The fields of that type of record that a condition's clauses read."""
    raw = _mapping(condition)
    if str(raw.get("field", "")).startswith(f"{record_type}."):
        yield _plain(str(raw["field"]), record_type)
    for kind in ("all", "any", "none"):
        parts = raw.get(kind)
        for each in cast("list[Any]", parts) if isinstance(parts, list) else []:
            yield from _read(each, record_type)


def _plain(field: str, record_type: str) -> str:
    return field.removeprefix(f"{record_type}.")


def _mapping(value: Any) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", value) if isinstance(value, dict) else {}
