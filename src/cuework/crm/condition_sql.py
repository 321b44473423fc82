"""Conditions as SQL, for list filters: the same meaning as the closures of engine.comparisons.

Every fragment is true or false, never null, so that groups can be negated. Texts compare by engine.folding.
Only fixed columns and $n parameters reach SQL. `expression` and `changed*` have no SQL and are refused, as are
roots that are no records and the few regular expressions that PostgreSQL reads differently.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Context, Decimal
from fractions import Fraction
from typing import Any

from cuework.base.errors import Invalid, Problem
from cuework.crm.filter_values import Parameters, Source, folded, folded_each
from cuework.engine.catalog import Catalog
from cuework.engine.comparisons import instant_bounds, listed, money_factor, span_bounds
from cuework.engine.condition_model import custom_choices
from cuework.engine.conditions import Clause, Condition, Formula, Group, Kind, Part, compile_condition
from cuework.engine.folding import fold
from cuework.engine.money import Money, minor_digits
from cuework.engine.operators import CHANGES, NEGATIVE, SPANS, SUBSTRINGS, Family, Op
from cuework.engine.portable_patterns import NotPortable, to_postgres

_EXACT = Context(prec=120)
_SIGN = {Op.GT: "> 0", Op.GTE: ">= 0", Op.LT: "< 0", Op.LTE: "<= 0"}
_ORDER = {Op.GT: ">", Op.GTE: ">=", Op.LT: "<", Op.LTE: "<=", Op.AFTER: ">", Op.BEFORE: "<"}


def where_sql(
    data: Any,
    record_type: str,
    catalog: Catalog,
    *,
    now: datetime,
    first: int = 1,
    alias: str = "r",
    path: str = "filter",
) -> tuple[str, list[Any]]:
    """A condition of the API as a `where` fragment over the record type's table, and the values of its parameters.

    The table goes under `alias`; parameters are numbered from `first`. Deleted related records count as absent;
    whether the records themselves may be deleted is the caller's.
    Errors: Invalid with every problem, also the clauses that cannot be a filter.
    """
    condition = compile_condition(data, catalog, record_type, path, gone=custom_choices)
    return sql_of(condition, record_type, now=now, first=first, alias=alias)


def sql_of(
    condition: Condition, record_type: str, *, now: datetime, first: int = 1, alias: str = "r"
) -> tuple[str, list[Any]]:
    """The same of a compiled condition. Errors: Invalid names the clauses that cannot be a filter."""
    if not alias.isidentifier():
        raise ValueError(f"{alias!r} is no alias")
    parameters = Parameters(first)
    writer = _Writer(record_type, alias, parameters, condition.catalog, now)
    sql = writer.part(condition.model)
    if writer.problems:
        raise Invalid("This condition cannot be used as a filter of a list.", writer.problems)
    return sql, parameters.values


class _Writer:
    def __init__(self, record_type: str, alias: str, parameters: Parameters, catalog: Catalog, now: datetime) -> None:
        self.record_type = record_type
        self.alias = alias
        self.parameters = parameters
        self.catalog = catalog
        self.now = now
        self.problems: list[Problem] = []

    def part(self, part: Part) -> str:
        if isinstance(part, Group):
            return self._group(part)
        if isinstance(part, Formula):
            return self._refuse(part.place, "An expression cannot be used as a filter of a list.")
        if part.op in CHANGES:
            return self._refuse(part.place, f"`{part.op}` asks for an event; lists have none.")
        if part.path.field is None:
            return self._refuse(part.place, f"A list has no {part.path.root!r}; use fields of the records.")
        return f"({self._clause(part)})"

    def _group(self, group: Group) -> str:
        parts = [self.part(inner) for inner in group.parts]
        if group.kind is Kind.ALL:
            return f"({' and '.join(parts) or 'true'})"
        joined = f"({' or '.join(parts) or 'false'})"
        return joined if group.kind is Kind.ANY else f"(not {joined})"

    def _refuse(self, place: str, message: str) -> str:
        self.problems.append(Problem(place, message))
        return "false"

    def _clause(self, clause: Clause) -> str:
        source = Source(clause.path, self.record_type, self.alias, self.parameters)
        if clause.op in (Op.KNOWN, Op.UNKNOWN):
            value = source.amount() if clause.path.family is Family.MONEY else source.value()
            return f"({value}) is {'not null' if clause.op is Op.KNOWN else 'null'}"
        if clause.path.family is Family.MONEY:
            return self._money(clause, source)
        if clause.op in SPANS:
            return self._span(clause, source)
        matches = _BUILDERS[clause.path.family](self, clause, source)
        return f"coalesce(not ({matches}), true)" if clause.op in NEGATIVE else f"coalesce({matches}, false)"

    def _span(self, clause: Clause, source: Source) -> str:
        low, high = span_bounds(clause.path, clause.op, clause.literal, self.now, self.catalog)
        kind, collation = _time_kind(clause)
        bounds = f"{self.parameters.add(low, kind)} and {self.parameters.add(high, kind)}"
        return f"coalesce(({source.value()}){collation} between {bounds}, false)"

    # ---------------------------------------------------------------- families

    def text(self, clause: Clause, source: Source) -> str:
        if clause.op is Op.MATCHES:
            return self._matches(clause, source)
        if clause.op in SUBSTRINGS:
            part = self.parameters.add(fold(clause.literal), "text")
            return _PLACES.get(clause.op, "strpos({0}, {1}) > 0").format(folded(source.value()), part)
        words = list(dict.fromkeys(fold(each) for each in listed(clause.literal)))
        column = source.column()
        if column and all(word and word.isascii() for word in words):
            return f"lower({column}) = any({self.parameters.add(words, 'text[]')})"  # as the indexes are
        return f"{folded(source.value())} = any({self.parameters.add(words, 'text[]')})"

    def _matches(self, clause: Clause, source: Source) -> str:
        try:
            text = to_postgres(clause.literal)
        except NotPortable as part:
            return self._refuse(clause.place, f"This regular expression cannot be used in a list filter: {part}.")
        return f"({source.value()}) ~* {self.parameters.add(text, 'text')}"

    def number(self, clause: Clause, source: Source) -> str:
        numbers = [Decimal(repr(each)) for each in listed(clause.literal)]
        if clause.op is Op.BETWEEN:
            low, high = (self.parameters.add(each, "numeric") for each in numbers)
            return f"({source.value()}) between {low} and {high}"
        if clause.op in _ORDER:
            return f"({source.value()}) {_ORDER[clause.op]} {self.parameters.add(numbers[0], 'numeric')}"
        return f"({source.value()}) = any({self.parameters.add(numbers, 'numeric[]')})"

    def day(self, clause: Clause, source: Source) -> str:
        days = [each.isoformat() for each in listed(clause.literal)]
        value = f'({source.value()}) collate "C"'
        if clause.op is Op.BETWEEN:
            low, high = (self.parameters.add(each, "text") for each in days)
            return f"{value} between {low} and {high}"
        return f"{value} {_ORDER.get(clause.op, '=')} {self.parameters.add(days[0], 'text')}"

    def instant(self, clause: Clause, source: Source) -> str:
        kind, collation = _time_kind(clause)
        bounds = [instant_bounds(clause.path, each) for each in listed(clause.literal)]
        start, end = bounds[0][0], bounds[-1][1]
        value = f"({source.value()}){collation}"
        if clause.op in (Op.GT, Op.AFTER):
            return f"{value} >= {self.parameters.add(end, kind)}"
        if clause.op is Op.GTE:
            return f"{value} >= {self.parameters.add(start, kind)}"
        if clause.op in (Op.LT, Op.BEFORE):
            return f"{value} < {self.parameters.add(start, kind)}"
        if clause.op is Op.LTE:
            return f"{value} < {self.parameters.add(end, kind)}"
        low, high = self.parameters.add(start, kind), self.parameters.add(end, kind)
        return f"{value} >= {low} and {value} < {high}"

    def boolean(self, clause: Clause, source: Source) -> str:
        return f"({source.value()}) = {self.parameters.add(clause.literal, 'boolean')}"

    def choice(self, clause: Clause, source: Source) -> str:
        return f"({source.value()}) = any({self.parameters.add(list(listed(clause.literal)), 'text[]')})"

    def reference(self, clause: Clause, source: Source) -> str:
        ids = list(listed(clause.literal))
        if clause.path.is_custom:
            return f"({source.value()}) = any({self.parameters.add([str(each) for each in ids], 'text[]')})"
        return f"({source.value()}) = any({self.parameters.add(ids, 'uuid[]')})"

    def list(self, clause: Clause, source: Source) -> str:
        words = [fold(each) for each in listed(clause.literal)]
        comparison = "@>" if clause.op is Op.ALL_OF else "&&"
        value = source.value()
        texts = f"case when ({value}) is not null then {folded_each(value)} end"
        return f"({texts}) {comparison} {self.parameters.add(words, 'text[]')}"

    # ---------------------------------------------------------------- money

    def _money(self, clause: Clause, source: Source) -> str:
        amount, currency = source.amount(), source.currency()
        signs = [self._sign(clause, each, amount, currency) for each in listed(clause.literal)]
        if clause.op is Op.BETWEEN:
            return f"coalesce({signs[0]} >= 0 and {signs[1]} <= 0, false)"
        if clause.op in _SIGN:
            return f"coalesce({signs[0]} {_SIGN[clause.op]}, false)"
        if clause.op in NEGATIVE:
            different = " and ".join(f"{sign} <> 0" for sign in signs)
            return f"({amount}) is null or coalesce({different}, false)"
        return " or ".join(f"coalesce({sign} = 0, false)" for sign in signs)

    def _sign(self, clause: Clause, other: Money, amount: str, currency: str) -> str:
        """-1, 0 or 1 as the value is less, equal or more than the other; null without a rate."""
        whole = clause.path.is_custom
        own = self.parameters.add(other.amount if whole else Decimal(other.minor), "numeric")
        code = self.parameters.add(other.currency, "text")
        factor = money_factor(other.currency, self.catalog)
        worth = self.parameters.add(_decimal(other.minor * factor) if factor else None, "numeric")
        converted = f"({amount}) * {self._factor(currency, whole=whole)}"
        return f"sign(case when ({currency}) = {code} then ({amount}) - {own} else {converted} - {worth} end)"

    def _factor(self, currency: str, *, whole: bool) -> str:
        """What one unit of the row's currency is worth in the tenant's."""
        factors: dict[str, Decimal] = {}
        for code in (*self.catalog.rates, self.catalog.currency):
            factor = money_factor(code, self.catalog)
            if factor:
                factors[code] = _decimal(factor * 10 ** minor_digits(code) if whole else factor)
        codes = self.parameters.add(list(factors), "text[]")
        worth = self.parameters.add(list(factors.values()), "numeric[]")
        rates = f"unnest({codes}, {worth}) as cw_rate(code, worth)"
        return f"(select cw_rate.worth from {rates} where cw_rate.code = ({currency}))"


_PLACES: Mapping[Op, str] = {
    Op.STARTS_WITH: "starts_with({0}, {1})",
    Op.ENDS_WITH: "right({0}, length({1})) = {1}",
}
_BUILDERS: Mapping[Family, Callable[[_Writer, Clause, Source], str]] = {
    Family.TEXT: _Writer.text,
    Family.NUMBER: _Writer.number,
    Family.DATE: _Writer.day,
    Family.INSTANT: _Writer.instant,
    Family.BOOLEAN: _Writer.boolean,
    Family.CHOICE: _Writer.choice,
    Family.ID: _Writer.reference,
    Family.LIST: _Writer.list,
}


def _time_kind(clause: Clause) -> tuple[str, str]:
    """The parameter type of a time, and how its column compares: custom ones are text that sorts as times do."""
    return ("text", ' collate "C"') if clause.path.is_custom else ("timestamptz", "")


def _decimal(exact: Fraction) -> Decimal:
    """The exact decimal; denominators here are powers of ten."""
    return _EXACT.divide(Decimal(exact.numerator), Decimal(exact.denominator))
