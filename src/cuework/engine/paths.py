"""Field paths such as `contact.lead_score`, `deal.custom.region` or `steps.find.output.email`, resolved once.

A path begins with a root. Roots of records have known fields with types; the roots of what happened
(trigger, form, data, steps, ...) hold any value. This file compares nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

from cuework.engine.catalog import Catalog
from cuework.engine.operators import FAMILY, Family
from cuework.engine.readers import Refused
from cuework.engine.records import CUSTOM_PREFIX, RECORD_TYPES, Field, nearest, schema
from cuework.engine.scope import Scope

DYNAMIC_ROOTS = frozenset({"trigger", "form", "data", "steps", "execution", "workflow", "tenant", "item"})
MAX_PATH = 200

Fetch: TypeAlias = Callable[[Scope], Any]
Roots: TypeAlias = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class FieldPath:
    """A root and a dotted name under it; `field` is None where the type is not known beforehand."""

    root: str
    name: str
    record_type: str | None = None
    field: Field | None = None

    @property
    def family(self) -> Family:
        """How its values compare."""
        return FAMILY[self.field.type] if self.field else Family.ANY

    @property
    def is_custom(self) -> bool:
        """Whether it is a tenant's own field, whose values are JSON."""
        return self.field is not None and self.name.startswith(CUSTOM_PREFIX)

    def __str__(self) -> str:
        return f"{self.root}.{self.name}"


def roots_of(record_type: str | None, /) -> dict[str, str]:
    """The record roots that a trigger on that record type gives, with the type behind each."""
    if record_type is None or record_type not in RECORD_TYPES:
        return {}
    relations = RECORD_TYPES[record_type].relations.values()
    return {record_type: record_type, "record": record_type} | {each.name: each.record_type for each in relations}


class Paths:
    """Resolves paths for one tenant and one set of roots; schemas are built once."""

    def __init__(self, catalog: Catalog, roots: Roots) -> None:
        self.catalog = catalog
        self.roots = roots
        self._schemas: dict[str, dict[str, Field]] = {}

    def resolve(self, text: Any) -> FieldPath:
        """The path. Errors: Refused says which part is not known and what was probably meant."""
        if not isinstance(text, str) or not text or len(text) > MAX_PATH:
            raise Refused("A clause names a field such as contact.lead_score.")
        root, _, name = text.partition(".")
        record_type = self.roots.get(root)
        if record_type is not None:
            return self._record_path(root, name, record_type)
        if root not in DYNAMIC_ROOTS:
            known = [*self.roots, *sorted(DYNAMIC_ROOTS)]
            raise Refused(f"Nothing here is called {root[:80]!r}; there is {', '.join(known)}.", nearest(root, known))
        if not name or not all(name.split(".")):
            raise Refused(f"{text!r} is no field path.")
        return FieldPath(root, name)

    def _record_path(self, root: str, name: str, record_type: str) -> FieldPath:
        if record_type not in self._schemas:
            self._schemas[record_type] = schema(record_type, self.catalog)
        fields = self._schemas[record_type]
        if name not in fields:
            close = nearest(name, fields)
            what = f"A {record_type} has no field {name[:80]!r}."
            raise Refused(what, f"{root}.{close}" if close else None)
        return FieldPath(root, name, record_type, fields[name])


def fetcher(path: FieldPath) -> Fetch:
    """A closure that reads the path's value, None if anything on the way is missing."""
    if path.field is None:
        return _walk(path.root, tuple(path.name.split(".")))
    return _custom(path.root, path.name.removeprefix(CUSTOM_PREFIX)) if path.is_custom else _plain(path)


def walk(value: Any, parts: tuple[str, ...]) -> Any:
    """The value under a chain of keys and list positions, None if one is missing."""
    for part in parts:
        if isinstance(value, Mapping):
            value = value.get(part)  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
        elif isinstance(value, (list, tuple)) and part.isdecimal() and int(part) < len(value):  # pyright: ignore[reportUnknownArgumentType]
            value = value[int(part)]  # pyright: ignore[reportUnknownVariableType]
        else:
            return None
    return value  # pyright: ignore[reportUnknownVariableType]


def _plain(path: FieldPath) -> Fetch:
    root, name = path.root, path.name

    def fetch(scope: Scope) -> Any:
        row = scope.root(root)
        return None if row is None else row.get(name)

    return fetch


def _custom(root: str, key: str) -> Fetch:
    def fetch(scope: Scope) -> Any:
        row = scope.root(root)
        custom = None if row is None else row.get("custom")
        return custom.get(key) if custom else None

    return fetch


def _walk(root: str, parts: tuple[str, ...]) -> Fetch:
    def fetch(scope: Scope) -> Any:
        return walk(scope.root(root), parts)

    return fetch
