"""The plan of a published version that cannot be compiled any more: it has no steps, and says why.

Its trigger still works where the trigger itself compiles, so that people see failed executions with the
reason instead of silence. The first of its steps is where they fail, and where a retry goes on.
"""

from collections.abc import Mapping
from typing import Any, cast

from cuework.base.errors import Invalid
from cuework.engine.catalog import Catalog
from cuework.engine.definition import Settings
from cuework.engine.never_starts import NeverStarts
from cuework.engine.plan import Plan, compile_plan
from cuework.engine.registry import NodeTypes
from cuework.workflows.steps import walk, with_ids


def broken_plan(definition: Any, types: NodeTypes, catalog: Catalog, reason: str) -> Plan:
    """A plan with the definition's trigger where that compiles, in which nothing can move, for that reason."""
    raw: Mapping[str, Any] = cast("Mapping[str, Any]", definition) if isinstance(definition, dict) else {}
    plan = _trigger_alone(raw, types, catalog) or _inert(raw)
    plan.broken = reason
    plan.first = next((str(step["id"]) for _, step in walk(with_ids(raw))), None)
    return plan


def _trigger_alone(definition: Mapping[str, Any], types: NodeTypes, catalog: Catalog) -> Plan | None:
    try:
        return compile_plan({**definition, "steps": []}, types, catalog, published=True)
    except Invalid:
        return None


def _inert(definition: Mapping[str, Any]) -> Plan:
    return Plan(
        name=str(definition.get("name") or "Unavailable"),
        key="",
        trigger=NeverStarts(),
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
