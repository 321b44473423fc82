"""The vocabulary of workflows: one file per trigger, flow step and action. Nodes see no database, clock or network.

`discover` finds them all. A package can add its own through the entry point group `cuework.nodes`, each entry
naming a node class or a module with some. Modules here that declare no `type` are what several nodes share.
"""

from collections.abc import Iterable, Iterator
from importlib import import_module
from importlib.metadata import EntryPoint, entry_points
from inspect import getmembers, isclass
from pkgutil import iter_modules
from types import ModuleType

from cuework.engine.node import Node
from cuework.engine.registry import NodeTypes, node_types

ENTRY_POINTS = "cuework.nodes"


def discover() -> NodeTypes:
    """Every node type that is installed: those of this package by file name, then those of others.

    Errors: ValueError names a package whose entry point is no node, or a type that is declared twice.
    """
    return node_types([*_own(), *_installed(entry_points(group=ENTRY_POINTS))])


def _own() -> Iterator[type[Node]]:
    for name in sorted(module.name for module in iter_modules(__path__)):
        yield from _declared(import_module(f"{__name__}.{name}"))


def _installed(points: Iterable[EntryPoint]) -> Iterator[type[Node]]:
    for point in sorted(points, key=lambda each: each.name):
        found = point.load()
        if isinstance(found, ModuleType):
            yield from _declared(found)
        elif isclass(found) and issubclass(found, Node):
            yield found
        else:
            raise ValueError(f"The entry point {point.name} = {point.value} is no node type and no module of some.")


def _declared(module: ModuleType) -> Iterator[type[Node]]:
    """The node types that the module itself declares: those with a type of their own."""
    for _, found in getmembers(module, isclass):
        if issubclass(found, Node) and found.__module__ == module.__name__ and "type" in vars(found):
            yield found
