"""The plan of a published version that cannot be compiled any more: each of its steps fails and says why.

Its trigger still works where the trigger itself compiles, so that people see failed executions with the
reason instead of silence.
"""

from collections.abc import Mapping
from typing import Any, ClassVar

from cuework.base.errors import Invalid
from cuework.engine.catalog import Catalog
from cuework.engine.context import Context
from cuework.engine.definition import Settings
from cuework.engine.node import Step, Trigger
from cuework.engine.outcome import Fail, Outcome
from cuework.engine.plan import Plan, PlanStep, compile_plan
from cuework.engine.registry import NodeTypes

CODE = "version_broken"
_FIRST = "unavailable"


class _NeverStarts(Trigger):
    """The trigger of a version whose own trigger cannot be compiled: no event starts it."""

    type: ClassVar[str] = "unavailable"
    title: ClassVar[str] = "Unavailable"
    group: ClassVar[str] = "none"
    icon: ClassVar[str] = "ban"


class _Fails(Step):
    """A step of a version that cannot be compiled."""

    type: ClassVar[str] = "unavailable"
    title: ClassVar[str] = "Unavailable"
    group: ClassVar[str] = "none"
    icon: ClassVar[str] = "ban"

    reason: str

    def run(self, ctx: Context) -> Outcome:
        """The step fails."""
        return Fail(CODE, f"The published version cannot be used any more: {self.reason}")

    def woken(self, ctx: Context, news: str, visit_data: Mapping[str, Any]) -> Outcome:
        """It fails as well when what it waited for came."""
        return self.run(ctx)


class _EveryStep(dict[str, PlanStep]):
    """Steps by id: whichever is asked for, the answer is the failing one. What follows it is itself, so that
    an execution that only slept in it fails when it wakes."""

    def __init__(self, reason: str) -> None:
        super().__init__()
        self._reason = reason

    def get(self, key: str, default: Any = None) -> PlanStep:
        """The step of that id."""
        node = _Fails(reason=self._reason)
        return PlanStep(
            id=key,
            type=node.type,
            node=node,
            path="",
            next=_FIRST,
            exits={},
            on_error="stop",
            disabled=False,
            retry=None,
            timeout_after=None,
            note=None,
        )

    def __missing__(self, key: str) -> PlanStep:
        return self.get(key)


def broken_plan(definition: Any, types: NodeTypes, catalog: Catalog, reason: str) -> Plan:
    """A plan with the definition's trigger where that compiles, and steps that all fail with the reason."""
    plan = _trigger_alone(definition, types, catalog) or _inert(definition)
    plan.first, plan.steps = _FIRST, _EveryStep(reason)
    return plan


def _trigger_alone(definition: Any, types: NodeTypes, catalog: Catalog) -> Plan | None:
    if not isinstance(definition, dict):
        return None
    try:
        return compile_plan({**definition, "steps": []}, types, catalog)
    except Invalid:
        return None


def _inert(definition: Any) -> Plan:
    name = definition.get("name") if isinstance(definition, dict) else None  # pyright: ignore[reportUnknownVariableType, reportUnknownMemberType]
    return Plan(
        name=str(name or "Unavailable"),  # pyright: ignore[reportUnknownArgumentType]
        key="",
        trigger=_NeverStarts(),
        record_type=None,
        when=None,
        suppress=None,
        goal=None,
        exit=None,
        entry_key=None,
        settings=Settings.model_validate({}),
        first=None,
        steps={},
    )
