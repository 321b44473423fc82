"""Which record a step works on: the meaning of `on:` and `to:`.

contact | deal | company | task | record    the trigger's record, or one it leads to
deal.contact | contact.owner                a relation of it
steps.<id>                                  the record an earlier step made or found
{type: contact, id: "{{ trigger.id }}"}     any record, its id by a template
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from cuework.engine.context import Context
from cuework.engine.events import Ref
from cuework.engine.records import RECORD_TYPES, Relation, nearest
from cuework.engine.templates import Template, compile_template

_LONGEST = 100


class TargetError(ValueError):
    """The words name no record; the second argument is a suggestion or None."""


@dataclass(frozen=True, slots=True)
class Target:
    """A compiled `on:`. `type` is the record type it leads to, None if only a step's result will tell.

    Shape: hops are relation field names followed from the start, with the type each leads to; an identity by template
    is told to the step's log under the name of the field that `place` is.
    """

    source: str
    type: str | None
    hops: tuple[tuple[str, str], ...] = ()
    step: str | None = None
    identity: Template | None = None
    place: str = "on"

    def resolve(self, ctx: Context) -> Ref | None:
        """The record, None if there is none (no such relation, an empty id). Errors: Need."""
        if self.identity is not None:
            text, _ = self.identity.render(ctx)
            ctx.tell(self.place, {"type": self.type, "id": text.strip()[:_LONGEST]})
            return Ref(self.type or "", UUID(text.strip())) if _is_uuid(text) else None
        ref = _of_step(ctx, self.step) if self.step else ctx.execution.record
        for field, kind in self.hops:
            if ref is None:
                return None
            row = ctx.world.get(ref)
            value = row.get(field) if row else None
            ref = Ref(kind, value) if value is not None else None
        return ref


def compile_target(words: Any, record_type: str | None, steps: frozenset[str]) -> Target:
    """A target checked against the trigger's record type and the ids of earlier steps.

    Errors: TargetError says which word is not known and what may stand there.
    """
    if isinstance(words, dict):
        return _by_id(words)  # pyright: ignore[reportUnknownArgumentType]
    if not isinstance(words, str) or not words:
        raise TargetError("`on` is a word such as contact or deal.contact, or {type, id}.", None)
    first, *rest = words.split(".")
    if first == "steps":
        return _by_step(words, rest, steps)
    if record_type is None:
        raise TargetError(
            f"The trigger has no record, so “{words}” leads nowhere: name an earlier step or {{type, id}}.", None
        )
    start = [] if first in (record_type, "record") else [first]
    return _follow(words, record_type, start + rest)


def _follow(words: str, kind: str, names: list[str]) -> Target:
    hops: list[tuple[str, str]] = []
    for name in names:
        relations: Mapping[str, Relation] = RECORD_TYPES[kind].relations if kind in RECORD_TYPES else {}
        relation = relations.get(name)
        if relation is None:
            known = [kind, *relations] if not hops else list(relations)
            raise TargetError(f"A {kind} leads to no “{name}”; it leads to {', '.join(known)}.", nearest(name, known))
        hops.append((relation.field, relation.record_type))
        kind = relation.record_type
    return Target(words, kind, tuple(hops))


def _by_step(words: str, rest: list[str], steps: frozenset[str]) -> Target:
    if len(rest) != 1 or rest[0] not in steps:
        name = rest[0] if rest else ""
        raise TargetError(f"No earlier step has the id “{name}”.", nearest(name, steps))
    return Target(words, None, step=rest[0])


def _by_id(words: dict[str, Any]) -> Target:
    kind, identity = words.get("type"), words.get("id")
    if kind not in RECORD_TYPES or not isinstance(identity, str) or set(words) != {"type", "id"}:
        known = ", ".join(RECORD_TYPES)
        raise TargetError(f"A record by id is {{type, id}} with type one of {known}.", nearest(str(kind), RECORD_TYPES))
    return Target(f"{kind} by id", kind, identity=compile_template(identity, "id"))


def _of_step(ctx: Context, step: str) -> Ref | None:
    output: dict[str, Any] = ctx.execution.outputs.get(step or "") or {}
    kind, identity = str(output.get("type")), output.get("id")
    return Ref(kind, UUID(str(identity))) if kind in RECORD_TYPES and identity is not None else None


def _is_uuid(text: str) -> bool:
    try:
        UUID(text.strip())
    except ValueError:
        return False
    return True
