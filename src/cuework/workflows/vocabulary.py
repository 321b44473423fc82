"""The node types of this process, found once, and the few things that can be said of a definition without a tenant.

Must not compile: an invalid draft has a trigger in words all the same.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any, cast

from cuework.engine.registry import NodeTypes
from cuework.nodes import discover
from cuework.workflows.describe import trigger_words


@cache
def installed() -> NodeTypes:
    """Every node type that is installed."""
    return discover()


def trigger_of(definition: Any) -> Mapping[str, Any]:
    """The definition's trigger as it was written; empty if there is none."""
    trigger = cast("Mapping[str, Any]", definition).get("trigger") if isinstance(definition, dict) else None
    return cast("Mapping[str, Any]", trigger) if isinstance(trigger, dict) else {}


def trigger_summary(definition: Any, types: NodeTypes) -> str | None:
    """When it starts, in words; None if its trigger is of no known type."""
    trigger = trigger_of(definition)
    return trigger_words(trigger, types) if str(trigger.get("type")) in types.triggers else None


def title_of(step_type: str, types: NodeTypes) -> str:
    """A node type's title, or its name where it is not installed any more."""
    node = types.steps.get(step_type) or types.triggers.get(step_type)
    return node.title if node is not None else step_type
