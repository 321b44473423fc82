"""SQL expressions for the fields of records: null where the value is missing or of the wrong type.

Fixed columns and tables only; the keys of custom fields go in as parameters. What a person wrote never becomes
SQL. Blanks: null, '' and empty lists are all null here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from cuework.engine.folding import IRREGULAR, REGULAR
from cuework.engine.operators import Family
from cuework.engine.paths import FieldPath
from cuework.engine.records import CUSTOM_PREFIX, RECORD_TYPES

TABLES = {"contact": "contacts", "company": "companies", "deal": "deals", "task": "tasks", "user": "users"}
DAY = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
INSTANT = "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[.][0-9]{3}Z$"
AMOUNT = "^[+-]?[0-9]{1,19}([.][0-9]{1,8})?$"
# Columns that are not called like their field.
_COLUMNS = {("user", "active"): "({alias}.deactivated_at is null)"}


class Parameters:
    """The values of $n in order, n counted from `first`."""

    def __init__(self, first: int) -> None:
        self.first = first
        self.values: list[Any] = []

    def add(self, value: Any, kind: str) -> str:
        """The placeholder of a value, cast to its type."""
        self.values.append(value)
        return f"${self.first + len(self.values) - 1}::{kind}"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a path's values are: the record itself, or one it leads to by a scalar sub-select."""

    path: FieldPath
    record_type: str
    alias: str
    parameters: Parameters

    def value(self) -> str:
        """The field's value, null if it is missing. Money has `amount` and `currency` instead."""
        return self._reach(self._custom if self.path.is_custom else self._standard)

    def amount(self) -> str:
        """A money field's amount: in minor units, of a custom field in whole ones."""
        return self._reach(self._custom_amount if self.path.is_custom else lambda row: f"{row}.value_amount")

    def currency(self) -> str:
        """A money field's currency."""
        return self._reach(self._custom_currency if self.path.is_custom else lambda row: f"{row}.value_currency")

    def column(self) -> str | None:
        """The bare column, where an index may help: a standard field of the record itself."""
        own = self.path.root in (self.record_type, "record")
        return f"{self.alias}.{self.path.name}" if own and not self.path.is_custom else None

    def _reach(self, value: Callable[[str], str]) -> str:
        if self.path.root in (self.record_type, "record"):
            return value(self.alias)
        relation = RECORD_TYPES[self.record_type].relations[self.path.root]
        alive = "" if relation.record_type == "user" else " and cw_other.deleted_at is null"
        same = f"cw_other.tenant_id = {self.alias}.tenant_id and cw_other.id = {self.alias}.{relation.field}"
        return f"(select {value('cw_other')} from {TABLES[relation.record_type]} cw_other where {same}{alive})"

    def _standard(self, row: str) -> str:
        special = _COLUMNS.get((self.path.record_type or "", self.path.name))
        if special:
            return special.format(alias=row)
        if self.path.record_type == "deal" and self.path.name in ("pipeline", "stage"):
            table = "pipelines" if self.path.name == "pipeline" else "deal_stages"
            where = f"cw_key.tenant_id = {row}.tenant_id and cw_key.id = {row}.{self.path.name}_id"
            return f"(select cw_key.key from {table} cw_key where {where})"
        column = f"{row}.{self.path.name}"
        if self.path.family in (Family.TEXT, Family.CHOICE):
            return f"nullif({column}, '')"
        if self.path.family is Family.LIST:
            return f"nullif({column}, '{{}}')"
        return column

    def _json(self, row: str) -> str:
        return f"({row}.custom -> {self.parameters.add(self.path.name.removeprefix(CUSTOM_PREFIX), 'text')})"

    def _custom(self, row: str) -> str:
        value = self._json(row)
        text = f"({value} #>> '{{}}')"
        family = self.path.family
        if family is Family.NUMBER:
            return f"case when jsonb_typeof({value}) = 'number' then {text}::numeric end"
        if family is Family.BOOLEAN:
            return f"case when jsonb_typeof({value}) = 'boolean' then {text}::boolean end"
        if family is Family.LIST:
            return f"case when jsonb_typeof({value}) = 'array' then nullif({_strings(value)}, '{{}}') end"
        shape = {Family.DATE: DAY, Family.INSTANT: INSTANT}.get(family)
        fits = f" and {text} ~ '{shape}'" if shape else ""
        return f"case when jsonb_typeof({value}) = 'string'{fits} then nullif({text}, '') end"

    def _custom_amount(self, row: str) -> str:
        value = self._json(row)
        return f"case when {_is_money(value)} then ({value} ->> 'amount')::numeric end"

    def _custom_currency(self, row: str) -> str:
        value = self._json(row)
        return f"case when {_is_money(value)} then upper({value} ->> 'currency') end"


def folded(text: str) -> str:
    """The text by the rule of engine.folding."""
    return f"lower(translate({text}, '{IRREGULAR}', '{REGULAR}'))"


def folded_each(texts: str) -> str:
    """Every text of an array by the rule of engine.folding."""
    return f"array(select {folded('cw_text')} from unnest({texts}) cw_text)"


def _strings(value: str) -> str:
    """The array's texts; '' stands for what is no text, so that the list is not blank."""
    return (
        f"array(select case when jsonb_typeof(cw_entry) = 'string' then cw_entry #>> '{{}}' else '' end"
        f" from jsonb_array_elements({value}) cw_entry)"
    )


def _is_money(value: str) -> str:
    """Whether the JSON is money. Nested, because `and` promises no order and - fails on anything but objects."""
    return (
        f"case when jsonb_typeof({value}) = 'object' then {value} - '{{amount,currency}}'::text[] = '{{}}'"
        f" and jsonb_typeof({value} -> 'amount') in ('string', 'number') and {value} ->> 'amount' ~ '{AMOUNT}'"
        f" and jsonb_typeof({value} -> 'currency') = 'string' and upper({value} ->> 'currency') ~ '^[A-Z]{{3}}$'"
        " else false end"
    )
