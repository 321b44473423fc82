"""The node types that a process knows, by type name. Made once by nodes.discover and passed in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from cuework.engine.node import Node, Step, Trigger


@dataclass(frozen=True, slots=True)
class NodeTypes:
    """Triggers and steps by type name."""

    triggers: Mapping[str, type[Trigger]]
    steps: Mapping[str, type[Step]]

    def all(self) -> Iterable[type[Node]]:
        """Every node type, triggers first, each sorted by group and title."""
        yield from sorted(self.triggers.values(), key=lambda node: (node.group, node.title))
        yield from sorted(self.steps.values(), key=lambda node: (node.group, node.title))


def node_types(found: Iterable[type[Node]]) -> NodeTypes:
    """A registry of the types. Errors: ValueError when two declare one type name."""
    triggers: dict[str, type[Trigger]] = {}
    steps: dict[str, type[Step]] = {}
    for node in found:
        known: dict[str, type[Trigger]] | dict[str, type[Step]] = triggers if issubclass(node, Trigger) else steps
        if node.type in known:
            raise ValueError(
                f"{node.__module__} declares node type {node.type}, which {known[node.type].__module__} has."
            )
        known[node.type] = node  # pyright: ignore[reportArgumentType]
    return NodeTypes(triggers, steps)
