"""Templates and conditions that read what is never there: a field with a slip in its name, a step that comes later.

They compile, print nothing and match nothing, so drafts are warned of them. What only the moment tells is believed:
a trigger's data, a request's answer, the variables of loops, and whatever a text asks with `default` or `is defined`.
Must not judge the types of what is there.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias, cast

from pydantic import BaseModel

from cuework.base.errors import Problem
from cuework.engine.catalog import Catalog
from cuework.engine.conditions import Clause, Condition, Formula
from cuework.engine.operators import Op
from cuework.engine.paths import roots_of
from cuework.engine.plan import Plan, PlanStep
from cuework.engine.records import CUSTOM, CUSTOM_PREFIX, RECORD_TYPES, Field, FieldType, nearest, schema
from cuework.engine.templates import Template

_RECORDS = frozenset(RECORD_TYPES) - {"user"} | {"record", "owner", "assignee"}
_FIXED = {
    "execution": ("id", "version"),
    "workflow": ("id", "name", "key"),
    "tenant": ("name", "currency", "timezone"),
}
_IN_STEPS_ONLY = frozenset({"steps", *_FIXED})
_KEPT = ("deleted_at", CUSTOM)  # of every row, beside its fields
_MONEY = ("amount", "currency")
_LISTED = 10

Wrong: TypeAlias = tuple[str, str | None]
"""What is wrong with a path, and what was probably meant."""


def unknown_reads(plan: Plan, catalog: Catalog) -> Iterator[Problem]:
    """A warning for each path that a step, the trigger's filter or the entry key reads in vain."""
    reader = _Reader(plan, catalog)
    if plan.when is not None:
        yield from _told("trigger.when", plan.when, lambda path: reader.wrong(path, None))
    if plan.entry_key is not None:
        yield from _told("settings.entry_key", plan.entry_key, lambda path: reader.wrong(path, None))
    for step in plan.steps.values():
        for where, reading in (*_templates(step), *step.reading):
            yield from _told(where, reading, lambda path, step=step: reader.wrong(path, step))


def _told(where: str, reading: Template | Condition, wrong: Callable[[list[str]], Wrong | None]) -> Iterator[Problem]:
    for place, path in _paths(where, reading):
        found = wrong(path.split("."))
        if found is not None:
            yield Problem(place, found[0], found[1], severity="warning")


def _paths(where: str, reading: Template | Condition) -> Iterator[tuple[str, str]]:
    """What is relied on to be there, with its place."""
    if isinstance(reading, Template):
        yield from ((where, path) for path in sorted(reading.relies_on))
        return
    for part in reading.leaves:
        if isinstance(part, Formula):
            yield from ((f"{part.place}.expression", path) for path in sorted(part.expression.relies_on))
        elif _asks_for_nothing(part):
            yield f"{part.place}.field", str(part.path)


def _asks_for_nothing(clause: Clause) -> bool:
    """Whether the clause reads what has no type, and does not ask whether it is there."""
    return clause.path.field is None and clause.op not in (Op.KNOWN, Op.UNKNOWN)


def _templates(step: PlanStep) -> Iterator[tuple[str, Template]]:
    """The node's own fields that are templates."""
    for name, field in type(step.node).model_fields.items():
        yield from _inside(getattr(step.node, name), f"{step.path}.{field.alias or name}")


def _inside(value: Any, path: str) -> Iterator[tuple[str, Template]]:
    if isinstance(value, Template):
        yield path, value
    elif isinstance(value, BaseModel):
        for name, field in type(value).model_fields.items():
            yield from _inside(getattr(value, name), f"{path}.{field.alias or name}")
    elif isinstance(value, dict):
        for name, each in cast("dict[str, Any]", value).items():
            yield from _inside(each, f"{path}.{name}")


@dataclass(slots=True)
class _Reader:
    """What there is to read in one workflow of one tenant."""

    plan: Plan
    catalog: Catalog

    def wrong(self, path: list[str], step: PlanStep | None) -> Wrong | None:
        """What is wrong with the path at that step, or where an event is matched if there is none; None if nothing."""
        root, rest = path[0], path[1:]
        if root in _RECORDS:
            return self._record(root, rest)
        if root == "form":
            return self._form(rest)
        if root in _IN_STEPS_ONLY and step is None:
            return f"There is no `{root}` yet when an event is matched.", "trigger"
        if root == "steps" and step is not None:
            return self._step(rest, step)
        if root in ("data", "item") and step is not None:
            return f"There is no `{root}` in a step.", ".".join(["trigger", *rest]) if root == "data" else None
        known = _FIXED.get(root)
        return _unknown(f"`{root}`", root, rest[0], known) if known and rest and rest[0] not in known else None

    def _record(self, root: str, rest: list[str]) -> Wrong | None:
        roots = roots_of(self.plan.record_type)
        if not roots:
            return (
                f"The trigger has no record, so there is no `{root}`.",
                "steps.<id>, of a step that found or made one",
            )
        if root not in roots:
            about = self.plan.record_type
            return f"A workflow about a {about} has no `{root}`; it has {', '.join(roots)}.", nearest(root, roots)
        return self._field(root, roots[root], rest) if rest else None

    def _field(self, root: str, kind: str, rest: list[str]) -> Wrong | None:
        fields = schema(kind, self.catalog)
        custom = rest[0] == CUSTOM and len(rest) > 1
        name = f"{CUSTOM_PREFIX}{rest[1]}" if custom else rest[0]
        if name in fields:
            return self._part(root, name, fields[name], rest[2 if custom else 1 :])
        if name in _KEPT:
            return None
        if kind == self.plan.record_type and name in RECORD_TYPES[kind].relations:
            return f"A {kind} has no field “{name}”: what it leads to has a name of its own.", ".".join(rest)
        return _unknown(f"A {kind}", root, name, fields)

    def _part(self, root: str, name: str, field: Field, rest: list[str]) -> Wrong | None:
        """Money has parts; what is under other fields is not looked at."""
        if field.type is not FieldType.MONEY or not rest or rest[0] in _MONEY:
            return None
        return _unknown("Money", f"{root}.{name}", rest[0], _MONEY)

    def _form(self, rest: list[str]) -> Wrong | None:
        answers = self.plan.trigger.answers(self.catalog)
        if answers is None:
            return None
        if not answers:
            return "There is no form here: the trigger is not about one.", None
        return _unknown("The form", "form", rest[0], answers) if rest and rest[0] not in answers else None

    def _step(self, rest: list[str], at: PlanStep) -> Wrong | None:
        if not rest:
            return None
        earlier = [name for name, step in self.plan.steps.items() if _comes_before(step.path, at.path)]
        name = rest[0]
        if name not in earlier:
            near = nearest(name, earlier)
            return f"No earlier step has the id “{name}”.", f"steps.{near}" if near else None
        given = self.plan.steps[name].node.Output
        if given is None or given.model_config.get("extra") == "allow" or len(rest) < 2 or rest[1] == "error":
            return None
        known = {field.alias or key for key, field in given.model_fields.items()}
        if rest[1] in known:
            return None
        if rest[1] == "output" and len(rest) > 2 and rest[2] in known:
            return f"The step “{name}” has its output at once.", f"steps.{name}.{'.'.join(rest[2:])}"
        return _unknown(f"The step “{name}”", f"steps.{name}", rest[1], known)


def _comes_before(earlier: str, later: str) -> bool:
    """Whether the step at one path has run, if it was reached, when that at the other does: the ways of one branch
    exclude each other."""
    ours, theirs = earlier.split("."), later.split(".")
    for index, (own, other) in enumerate(zip(ours, theirs, strict=False)):
        if own != other:
            in_one_list = own.isdecimal() and other.isdecimal() and ours[index - 1] in ("steps", "otherwise")
            return in_one_list and int(own) < int(other)
    return len(ours) < len(theirs)


def _unknown(what: str, root: str, name: str, known: Collection[str]) -> Wrong:
    near = nearest(name, known)
    suggestion = f"{root}.{near}" if near else f"there are: {', '.join(sorted(known)[:_LISTED])}" if known else None
    return f"{what} has no field “{name}”.", suggestion
