"""What `bind` worked out, kept so that running a node reads plain attributes and does no pydantic work.

Must not hold anything that changes after bind: a node is shared by all executions of its version.
"""

from typing import Any

from cuework.engine.node import Node


def keep(node: Node, **values: Any) -> None:
    """The node has these attributes, declared as its private ones.

    They go into the instance's dictionary as functools.cached_property does it, because reading
    a pydantic private attribute costs a Python call, several times per step.
    """
    vars(node).update(values)
