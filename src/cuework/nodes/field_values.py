"""Values that a step writes into a record's fields: constants are read once, templates when the step runs.

A constant that does not fit is a problem of the definition; a template's value that does not fit fails the step
with a sentence. Must not know what the record was.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from cuework.base.errors import Invalid
from cuework.engine import records
from cuework.engine.binder import Binder
from cuework.engine.condition_words import shown
from cuework.engine.context import Context
from cuework.engine.events import Ref
from cuework.engine.lookups import FindByField
from cuework.engine.outcome import Fail
from cuework.engine.readers import as_stored
from cuework.engine.records import CUSTOM, CUSTOM_PREFIX, RECORD_TYPES, nearest, schema
from cuework.engine.values import coerce
from cuework.engine.world import Row
from cuework.nodes.texts import Write, beginning, short, writer

_UNIQUE: Mapping[str, tuple[str, ...]] = {"contact": ("email", "external_id"), "company": ("external_id",)}


@dataclass(frozen=True, slots=True)
class FieldValues:
    """Fields with what they get: `fixed` as rows hold it, `written` by templates.

    Shape: own are those that are fields of the step itself; the others stand in its `values`.
    """

    record_type: str
    fixed: Mapping[str, Any]
    written: tuple[tuple[records.Field, Write], ...]
    own: tuple[str, ...] = ()

    def of(self, ctx: Context) -> dict[str, Any] | Fail:
        """The values for one visit, or why one of them cannot be kept. Errors: Need."""
        values = dict(self.fixed)
        for field, write in self.written:
            text = write(ctx)
            try:
                values[field.key] = _kept(field, coerce(field, text, ctx.catalog, field.key))
            except Invalid as error:
                return Fail("invalid_value", f"{field.label}: {error.detail}", input=self.told({field.key: text}))
        return values

    def asked(self, values: Mapping[str, Any]) -> dict[str, Any] | None:
        """What the step's log keeps of them: nothing if the version says them all."""
        return self.told(values) if self.written else None

    def told(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """The values as the step's log shows them, by the step's own fields; of long texts the beginning."""
        shown = {name: beginning(value) if isinstance(value, str) else value for name, value in values.items()}
        inner = {name: value for name, value in shown.items() if name not in self.own}
        own = {name: value for name, value in shown.items() if name in self.own}
        return own | {"values": inner} if inner else own


def bind_values(
    values: Mapping[str, Any], record_type: str, binder: Binder, path: str, *, not_here: Mapping[str, str] | None = None
) -> FieldValues:
    """The values checked against the tenant's fields. `not_here` names fields that another step is for."""
    known = {key: field for key, field in schema(record_type, binder.catalog).items() if field.writable}
    fixed: dict[str, Any] = {}
    written: list[tuple[records.Field, Write]] = []
    if not isinstance(values.get(CUSTOM, {}), Mapping):
        binder.problem(f"{path}.{CUSTOM}", "Custom fields are a mapping of keys and values.")
    for key, value in _flat(values).items():
        name = key.removeprefix(f"{record_type}.")
        place = f"{path}.{key}" if path else key
        field = known.get(name)
        if name in (not_here or {}):
            binder.problem(place, f"“{name}” is not set by this step.", f"use {(not_here or {})[name]}")
        elif field is None:
            binder.problem(place, f"A {record_type} has no field “{key}” that can be written.", nearest(name, known))
        elif isinstance(value, str) and ("{{" in value or "{%" in value):
            _add_template(field, value, binder, place, written)
        else:
            _add_constant(field, value, binder, place, fixed)
    own = () if path else (*fixed, *(field.key for field, _ in written))
    return FieldValues(record_type, fixed, tuple(written), own)


def taken(ctx: Context, record_type: str, values: Mapping[str, Any], mine: Ref | None) -> Fail | None:
    """Why the values cannot be this record's: another one has the email or external id. Errors: Need."""
    for name in _UNIQUE.get(record_type, ()):
        value = values.get(name)
        found: Ref | None = ctx.ask(FindByField(record_type, name, value)) if value is not None else None
        if found is not None and found != mine:
            return Fail("taken", f"Another {record_type} has the {name.replace('_', ' ')} {value} already.")
    return None


def dangling(ctx: Context, record_type: str, values: Mapping[str, Any], row: Row | None = None) -> Fail | None:
    """Why the values cannot be kept: they refer to what is not there, or to somebody who has left. Errors: Need.

    Shape: row is the record that they change; what it refers to already may stay.
    """
    for relation in RECORD_TYPES[record_type].relations.values():
        identity = values.get(relation.field)
        if identity is None or (row is not None and row.get(relation.field) == identity):
            continue
        other = ctx.row(Ref(relation.record_type, identity))
        if other is None:
            return Fail("no_record", f"There is no {relation.record_type} {identity}.")
        if other.get("active") is False:
            return Fail("user_inactive", f"{other['email']} is not an active user, so nothing is assigned to them.")
    team = values.get("team_id")
    if team is not None and all(each.id != team for each in ctx.catalog.teams):
        return Fail("no_team", f"There is no team {team}.")
    return None


def words_of(values: Mapping[str, Any]) -> str:
    """The fields in words, for summaries; a single short value is said too."""
    flat = _flat(values)
    names = [key.removeprefix(CUSTOM_PREFIX).removesuffix("_id").replace("_", " ") for key in flat]
    if len(flat) == 1:
        value = next(iter(flat.values()))
        return f"{names[0]} to {short(value if isinstance(value, str) else shown(value))}" if value else names[0]
    return f"{', '.join(names[:-1])} and {names[-1]}" if names else ""


def _flat(values: Mapping[str, Any]) -> dict[str, Any]:
    """Custom fields may come nested or dotted; here they are dotted."""
    flat = {key: value for key, value in values.items() if key != CUSTOM}
    nested = values.get(CUSTOM)
    if isinstance(nested, Mapping):
        flat |= {f"{CUSTOM_PREFIX}{key}": value for key, value in nested.items()}  # pyright: ignore[reportUnknownVariableType]
    return flat


def _add_template(
    field: records.Field, text: str, binder: Binder, place: str, written: list[tuple[records.Field, Write]]
) -> None:
    template = binder.template(text, place)
    if template is not None:
        written.append((field, writer(template)))


def _add_constant(field: records.Field, value: Any, binder: Binder, place: str, fixed: dict[str, Any]) -> None:
    try:
        fixed[field.key] = _kept(field, coerce(field, value, binder.catalog, f"{binder.path}.{place}"))
    except Invalid as error:
        binder.problems.extend(error.problems)


def _kept(field: records.Field, value: Any) -> Any:
    return as_stored(value) if field.key.startswith(CUSTOM_PREFIX) else value
