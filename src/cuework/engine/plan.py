"""A definition compiled for running: every step knows its node, its exits and what follows.

A plan is immutable and made once per version. Compiling gathers every problem with its place; a plan
exists only when there is none.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, cast
from uuid import UUID

from pydantic import ValidationError

from cuework.base import json
from cuework.base.errors import Invalid, Problem
from cuework.engine.binder import Binder
from cuework.engine.catalog import Catalog
from cuework.engine.conditions import Condition
from cuework.engine.definition import (
    FRAME,
    MAX_DEPTH,
    MAX_STEPS,
    Definition,
    Frame,
    Settings,
)
from cuework.engine.definition_problems import problems_of
from cuework.engine.later import LATER_SETTINGS, LATER_STEPS, LATER_TRIGGERS, not_available
from cuework.engine.never_starts import NeverStarts
from cuework.engine.node import Node, Step, Trigger
from cuework.engine.records import nearest
from cuework.engine.registry import NodeTypes
from cuework.engine.retry import RetryPolicy
from cuework.engine.schedule import zone_named
from cuework.engine.templates import Template, compile_template

ERROR = "error"


@dataclass(slots=True)
class PlanStep:
    """One step at its place. `next` is the id that follows, None at the end; exits lead into inner lists.

    Shape: reading are the templates and conditions that its node compiled, each with its place; gone says that what
    the step names is not there any more, which only a version that was published before can be about.
    """

    id: str
    type: str
    node: Step
    path: str
    next: str | None
    exits: Mapping[str, str | None]
    on_error: str  # continue | stop | steps (then exits has `error`)
    disabled: bool
    retry: RetryPolicy | None
    timeout_after: timedelta | None
    note: str | None
    reading: tuple[tuple[str, Template | Condition], ...] = ()
    gone: str | None = None


@dataclass(slots=True)
class Plan:
    """A version, ready to run. `first` is the id of the first step, None for a workflow without steps.

    Shape: broken is why it cannot be run, for a version that does not compile any more; it has no steps then. gone is
    why nothing starts it, for one whose trigger names what is not there any more.
    """

    name: str
    key: str
    trigger: Trigger
    record_type: str | None
    when: Condition | None
    suppress: Condition | None
    goal: Condition | None
    exit: Condition | None
    entry_key: Template | None
    settings: Settings
    first: str | None
    steps: dict[str, PlanStep]
    workflow_id: UUID | None = None
    version: int = 0
    reads: frozenset[str] = field(default_factory=frozenset[str])  # related records to load and lock beforehand
    broken: str | None = None
    gone: str | None = None

    @property
    def subscribes(self) -> bool:
        """Whether its executions may wait for events."""
        return any(step.node.subscribes for step in self.steps.values())

    @property
    def watched(self) -> bool:
        """Whether an event of its record may end an execution as planned, whatever it waits for."""
        return self.goal is not None or self.exit is not None or self.suppress is not None


def compile_plan(data: Any, types: NodeTypes, catalog: Catalog, *, published: bool = False) -> Plan:
    """The plan of a definition. Errors: Invalid with every problem found, each with its path.

    Of a version that is published already, a step that names what is gone is no problem of the others: it is compiled
    as one that fails when it is reached.
    """
    compiler = _Compiler(types, catalog, published=published)
    plan = compiler.compile(data)
    if plan is None or compiler.problems:
        count = len(compiler.problems)
        raise Invalid(f"The definition has {count} problem{'' if count == 1 else 's'}.", compiler.problems)
    return plan


class _Compiler:
    def __init__(self, types: NodeTypes, catalog: Catalog, *, published: bool) -> None:
        self.types = types
        self.catalog = catalog
        self.published = published
        self.gone: str | None = None  # why nothing starts it
        self.problems: list[Problem] = []
        self.steps: dict[str, PlanStep] = {}
        self.record_type: str | None = None
        self.settings = Settings.model_validate({})
        self.used: set[str] = set()

    def compile(self, data: Any) -> Plan | None:
        if not isinstance(data, dict):
            self.problems.append(Problem("", "A definition is a mapping with name, trigger and steps."))
            return None
        data = _copied(data)  # ids are written into it
        definition = self._frame(data)  # pyright: ignore[reportUnknownArgumentType]
        if definition is None:
            return None
        self.settings = definition.settings
        if self.settings.zone is not None and zone_named(self.settings.zone) is None:
            message = f"“{self.settings.zone}” is no time zone."
            self.problems.append(Problem("settings.zone", message, "Europe/Berlin"))
        trigger, when = self._trigger(definition.trigger)
        if not self._assign_ids(definition.steps, "steps", 0, set()):
            return None
        self._mark_used(definition.steps)
        first = self._block(definition.steps, "steps", None, frozenset())
        if trigger is None or self.problems:
            return None
        return Plan(
            name=definition.name,
            key=definition.key or "",
            trigger=trigger,
            record_type=self.record_type,
            when=when,
            suppress=self._condition(definition.settings.suppress, "settings.suppress"),
            goal=self._condition(definition.settings.goal, "settings.goal"),
            exit=self._condition(definition.settings.exit, "settings.exit"),
            entry_key=self._entry_key(definition.settings.entry_key),
            settings=definition.settings,
            first=first,
            steps=self.steps,
            reads=self._reads(data),  # pyright: ignore[reportUnknownArgumentType]
            gone=self.gone,
        )

    def _frame(self, data: dict[str, Any]) -> Definition | None:
        settings = data.get("settings")
        if isinstance(settings, dict):
            for name in LATER_SETTINGS:
                if name in settings:
                    self.problems.append(Problem(f"settings.{name}", not_available(name)))
        try:
            return Definition.model_validate(data)
        except ValidationError as error:
            found = problems_of(error, "", Definition, data)
            later = {f"settings.{name}" for name in LATER_SETTINGS}
            self.problems.extend(problem for problem in found if problem.path not in later)
            return None

    def _trigger(self, raw: dict[str, Any]) -> tuple[Trigger | None, Condition | None]:
        node = self._node(raw, self.types.triggers, "trigger", "trigger")
        if not isinstance(node, Trigger):
            return None, None
        self.record_type = node.about()
        binder = self._binder("trigger", frozenset(), compares_keys=True)
        node.bind(binder)
        when = binder.condition(node.when, "when") if node.when is not None else None
        self.gone = self._gone(binder)
        return (node, when) if self.gone is None else (NeverStarts(), None)

    def _condition(self, data: Any, path: str) -> Condition | None:
        if data is None:
            return None
        binder = self._binder(path, frozenset())
        condition = binder.condition(data, "")
        self.problems.extend(binder.problems)
        return condition

    def _entry_key(self, text: str | None) -> Template | None:
        if text is None:
            return None
        try:
            return compile_template(text, "settings.entry_key")
        except Invalid as error:
            self.problems.extend(error.problems)
            return None

    def _assign_ids(self, steps: list[dict[str, Any]], path: str, depth: int, seen: set[str]) -> bool:
        """Every raw step has an id: its own, or its type's last word with a number. False if there are too many."""
        if depth > MAX_DEPTH:
            self.problems.append(Problem(path, f"Steps are nested deeper than {MAX_DEPTH}."))
            return False
        for index, raw in enumerate(steps):
            name = raw.get("id")
            if name is None:
                stem = str(raw.get("type", "step")).rsplit(".", 1)[-1]
                number = next(n for n in range(1, MAX_STEPS + 2) if f"{stem}_{n}" not in seen)
                name = f"{stem}_{number}"
            elif name in seen:
                self.problems.append(Problem(f"{path}.{index}.id", f"Another step already has the id “{name}”."))
            if len(seen) >= MAX_STEPS:
                self.problems.append(Problem(path, f"A workflow has at most {MAX_STEPS} steps."))
                return False
            seen.add(str(name))
            raw["id"] = name
            for inner_path, inner in _inner_lists(raw):
                if not self._assign_ids(inner, f"{path}.{index}.{inner_path}", depth + 1, seen):
                    return False
        return True

    def _mark_used(self, steps: list[dict[str, Any]]) -> None:
        """Which step ids are referred to anywhere: a failure of those stops by default (§21)."""
        self.used = set(re.findall(r"\bsteps\.([a-z][a-z0-9_]*)", json.dumps_text(steps)))

    def _block(self, steps: list[dict[str, Any]], path: str, after: str | None, known: frozenset[str]) -> str | None:
        """The id where the list begins; its last step leads to `after`."""
        following = [str(raw.get("id")) for raw in steps[1:]] + [after]
        for index, raw in enumerate(steps):
            self._step(raw, f"{path}.{index}", following[index], known)
            known = known.union(_all_ids(raw))
        return str(steps[0].get("id")) if steps else after

    def _step(self, raw: dict[str, Any], path: str, after: str | None, known: frozenset[str]) -> None:
        name = str(raw.get("id"))
        shared = self._shared(raw)
        framed = {key: value for key, value in raw.items() if key in shared} | {"id": name}
        try:
            frame = Frame.model_validate(framed)
        except ValidationError as error:
            self.problems.extend(problems_of(error, path, Frame, framed))
            return
        own = {key: value for key, value in raw.items() if key not in shared or key == "type"}
        node = self._node(own, self.types.steps, path, "step")
        if not isinstance(node, Step):
            return
        binder = self._binder(path, known)
        node.bind(binder)
        gone = self._gone(binder)
        exits = {
            leaving: self._block(inner, f"{path}.{where}", after, known | {name})
            for leaving, where, inner in node.blocks()
        }
        on_error, error_steps = self._on_error(frame, name)
        if error_steps is not None:
            exits[ERROR] = self._block(error_steps, f"{path}.on_error.steps", after, known | {name})
        self.steps[name] = PlanStep(
            id=name,
            type=frame.type,
            node=node,
            path=path,
            next=after,
            exits=exits,
            on_error=on_error,
            disabled=frame.disabled,
            retry=frame.retry,
            timeout_after=frame.timeout.fixed if frame.timeout else None,
            note=frame.note,
            reading=tuple(binder.reading),
            gone=gone,
        )

    def _binder(self, path: str, known: frozenset[str], *, compares_keys: bool = False) -> Binder:
        return Binder(
            self.catalog, self.record_type, known, path, published=self.published, compares_keys=compares_keys
        )

    def _gone(self, binder: Binder) -> str | None:
        """What the node names and is not there any more; in a draft that is a problem instead."""
        if not self.published or not binder.problems:
            self.problems.extend(binder.problems)
            return None
        first = binder.problems[0]
        return f"{first.message} ({first.path})"

    def _shared(self, raw: Mapping[str, Any]) -> set[str]:
        """The fields of a raw step that are the frame's: a node may have one of its own by such a name."""
        found = self.types.steps.get(str(raw.get("type")))
        own = {field.alias or name for name, field in found.model_fields.items()} if found else set[str]()
        return {name for name in FRAME if name not in own}

    def _on_error(self, frame: Frame, name: str) -> tuple[str, list[dict[str, Any]] | None]:
        if isinstance(frame.on_error, dict):
            return "steps", frame.on_error.get("steps", [])
        if frame.on_error is not None:
            return frame.on_error, None
        if name in self.used:
            return "stop", None
        return self.settings.on_error or "continue", None

    def _node(self, raw: dict[str, Any], known: Mapping[str, type[Node]], path: str, what: str) -> Node | None:
        kind = raw.get("type")
        found = known.get(kind) if isinstance(kind, str) else None
        later = LATER_STEPS if what == "step" else LATER_TRIGGERS
        if isinstance(kind, str) and kind in later and found is None:
            self.problems.append(Problem(f"{path}.type", not_available(kind), later[kind]))
            return None
        if found is None:
            near = nearest(str(kind), known)
            message = f"There is no {what} type “{kind}”." if kind else f"This {what} has no type."
            self.problems.append(Problem(f"{path}.type", message, near))
            return None
        given = {name: value for name, value in raw.items() if name != "type"}
        try:
            return found.model_validate(given)
        except ValidationError as error:
            self.problems.extend(problems_of(error, path, found, given))
            return None

    def _reads(self, data: dict[str, Any]) -> frozenset[str]:
        """Related records that the definition mentions, by field of the trigger's record."""
        text = json.dumps_text({"trigger": data.get("trigger"), "steps": data.get("steps")})
        return frozenset(name for name in ("contact", "company", "deal") if re.search(rf"\b{name}\b", text))


def _copied(value: Any) -> Any:
    """A copy in which nothing is shared: YAML aliases make one step stand in two places."""
    if isinstance(value, dict):
        return {name: _copied(each) for name, each in value.items()}  # pyright: ignore[reportUnknownVariableType]
    return [_copied(each) for each in value] if isinstance(value, list) else value  # pyright: ignore[reportUnknownVariableType]


def _inner_lists(raw: Mapping[str, Any]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Lists of steps inside a raw step, wherever its type keeps them: `steps`, `otherwise`, cases, on_error."""
    found: list[tuple[str, list[dict[str, Any]]]] = []
    for name, value in raw.items():
        if name in ("steps", "otherwise"):
            found += _steps_of(name, value)
        elif isinstance(value, dict):
            found += _steps_of(f"{name}.steps", cast("dict[str, Any]", value).get("steps"))
        elif isinstance(value, list):
            for index, each in enumerate(cast("list[Any]", value)):
                if isinstance(each, dict):
                    found += _steps_of(f"{name}.{index}.steps", cast("dict[str, Any]", each).get("steps"))
    return found


def _steps_of(path: str, value: Any) -> list[tuple[str, list[dict[str, Any]]]]:
    if not isinstance(value, list):
        return []
    return [(path, [cast("dict[str, Any]", each) for each in cast("list[Any]", value) if isinstance(each, dict)])]


def _all_ids(raw: Mapping[str, Any]) -> list[str]:
    """The ids of a raw step and of those inside it."""
    inner = [name for _, steps in _inner_lists(raw) for each in steps for name in _all_ids(each)]
    return [str(raw.get("id")), *inner]
