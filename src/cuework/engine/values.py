"""Checks a whole write of a record at once: every field's value, with every problem at its place.

What comes out maps field names to the values a row keeps; custom fields are dotted (`custom.<key>`) and in
the JSON that is stored. Nothing here knows which fields a new record must have.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

from cuework.base.errors import Invalid, Problem
from cuework.engine.catalog import Catalog
from cuework.engine.readers import Refused, as_stored, read, read_domain
from cuework.engine.records import CUSTOM, CUSTOM_PREFIX, Field, Row, nearest, schema
from cuework.engine.schedule import zone_named


def coerce(field: Field, value: Any, catalog: Catalog, path: str) -> Any:
    """The value that the field keeps. Errors: Invalid with one problem at the path."""
    found, problem = _checked(field, value, catalog, path)
    if problem is not None:
        raise Invalid(problem.message, (problem,))
    return found


_SUGGESTED = 5  # unknown fields of one record that get a suggestion: each costs a millisecond


def coerce_fields(
    record_type: str, values: Mapping[str, Any], catalog: Catalog, path: str = "", *, row: Row | None = None
) -> tuple[dict[str, Any], list[Problem]]:
    """The given fields as a row keeps them, and what is wrong with them; fields with problems are left out.

    Custom fields may be given nested under `custom` or dotted; they come out dotted.
    Shape: row is the record that they change; a choice that it holds may stay although it was taken off its list.
    """
    return _Write(record_type, catalog, path, row).take(values)


class _Write:
    def __init__(self, record_type: str, catalog: Catalog, path: str, row: Row | None) -> None:
        self.row = row
        self.record_type = record_type
        self.catalog = catalog
        self.path = path
        self.fields = schema(record_type, catalog)
        self.clean: dict[str, Any] = {}
        self.problems: list[Problem] = []
        self.unknown = 0

    def take(self, values: Mapping[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
        for key, value in values.items():
            if key == CUSTOM:
                self._nested(value)
            else:
                self._one(key, value, self._place(key))
        return self.clean, self.problems

    def _nested(self, values: Any) -> None:
        if not isinstance(values, Mapping):
            self._problem(CUSTOM, "Custom fields are an object of keys and values.")
            return
        for key, value in values.items():  # pyright: ignore[reportUnknownVariableType]
            self._one(f"{CUSTOM_PREFIX}{key}", value, self._place(f"{CUSTOM_PREFIX}{key}"))

    def _one(self, key: str, value: Any, place: str) -> None:
        field = self.fields.get(key)
        if field is None:
            message = f"A {self.record_type} has no field {key[:80]!r}."
            close = nearest(key[:80], self.fields) if self.unknown < _SUGGESTED else None
            self.unknown += 1
            self.problems.append(Problem(place, message, close))
            return
        if not field.writable:
            hint = f"{key}_id" if f"{key}_id" in self.fields else None
            self.problems.append(Problem(place, f"{field.label} is set by the system.", hint))
            return
        found, problem = _checked(self._with_held(field), value, self.catalog, place)
        if problem is not None:
            self.problems.append(problem)
        elif key.startswith(CUSTOM_PREFIX):
            self.clean[key] = as_stored(found)
        else:
            self.clean[key] = found

    def _with_held(self, field: Field) -> Field:
        """The field with the choices that the record holds among those that it may have."""
        if field.choices is None or self.row is None or not field.key.startswith(CUSTOM_PREFIX):
            return field
        custom: Mapping[str, Any] = self.row.get(CUSTOM) or {}
        held = custom.get(field.key.removeprefix(CUSTOM_PREFIX))
        texts = cast("list[Any]", held) if isinstance(held, list) else [held]
        gone = tuple(each for each in texts if isinstance(each, str) and each not in field.choices)
        return replace(field, choices=(*field.choices, *gone)) if gone else field

    def _problem(self, key: str, message: str) -> None:
        self.problems.append(Problem(self._place(key), message))

    def _place(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key


def _checked(field: Field, value: Any, catalog: Catalog, path: str) -> tuple[Any, Problem | None]:
    try:
        found = read(field, value, catalog)
        if field.key == "domain" and found is not None:
            found = read_domain(found)
    except Refused as refused:
        return None, Problem(path, refused.message, refused.suggestion)
    if field.key == "timezone" and found is not None and zone_named(found) is None:
        return None, Problem(path, f"{found[:80]!r} is no time zone.", "Europe/Berlin")
    if found is None and field.required:
        return None, Problem(path, f"{field.label} may not be blank.")
    return found, None
