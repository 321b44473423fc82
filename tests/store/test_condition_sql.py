"""List filters: the SQL of a condition finds exactly the records for which its closure holds."""

import asyncio
from collections.abc import Coroutine, Iterator
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.engine.scopes import ANA, BEN, CATALOG, NOW, World

from cuework.base.errors import Invalid
from cuework.crm.condition_sql import sql_of, where_sql
from cuework.db.pool import Role, connect
from cuework.db.tenancy import tenant_scope
from cuework.engine.conditions import compile_condition
from cuework.engine.money import Money
from cuework.engine.operators import ALLOWED, CHANGES, Family, Op
from cuework.engine.paths import FieldPath
from cuework.engine.patterns import compile_pattern
from cuework.engine.portable_patterns import NotPortable, to_postgres
from cuework.engine.records import schema

Result = TypeVar("Result")
TENANT = CATALOG.tenant_id
ACME, GONE = UUID(int=300), UUID(int=301)
COMPANY = {"id": ACME, "name": "Ärme & Co", "domain": "acme.example", "owner_id": BEN.id, "custom": {}}
WORDS = ["", "Ada", "ada", "ÄDA", "äda", "ΟΔΟΣ", "οδος", "İx", "ix", "straße", "STRASSE", "50% _x", "a\\b"]
texts = st.sampled_from(WORDS) | st.text(alphabet="aAäÄß%_\\ΣσςİıxK'\"1", max_size=4)
instants = st.integers(-4000, 4000).map(lambda minutes: NOW + timedelta(minutes=minutes, microseconds=minutes * 500))
days = st.integers(-5, 5).map(lambda count: (NOW + timedelta(days=count)).date().isoformat())
numbers = st.sampled_from([0, 1, 2, 2.5, 0.1, -1, 10**15, 3.0]) | st.integers(-3, 3)
amounts = st.integers(-300, 300)
currencies = st.sampled_from(["EUR", "USD", "CHF", "JPY"])
monies = st.builds(Money, amounts.map(lambda minor: minor * 100), currencies)
rubbish = st.sampled_from(
    [5, "x", True, [], {}, [1, "tea"], {"amount": "1"}, {"amount": "x", "currency": "EUR"}, None, "", [[]], 1e300]
) | st.just({"amount": 1, "currency": "eur"})
KINDS: dict[str, st.SearchStrategy[Any]] = {
    "plan": st.sampled_from(["basic", "pro"]),
    "likes": st.lists(st.sampled_from(["tea", "coffee", "cake"]), max_size=3, unique=True),
    "budget": monies.map(lambda value: value.as_json()),
    "birthday": days,
    "met_at": instants.map(lambda at: at.isoformat(timespec="milliseconds").replace("+00:00", "Z")),
    "seats": numbers,
    "notes": texts,
    "coach": st.sampled_from([str(ANA.id), str(BEN.id)]),
    "vip": st.booleans(),
    "site": st.just("https://Example.com/ä"),
}


@st.composite
def customs(draw: st.DrawFn) -> dict[str, Any]:
    keys = draw(st.lists(st.sampled_from(sorted(KINDS)), unique=True, max_size=6))
    return {key: draw(KINDS[key] if draw(st.integers(0, 4)) else rubbish) for key in keys}


contacts = st.fixed_dictionaries(
    {
        "first_name": st.none() | texts,
        "email": st.none() | st.sampled_from(["Ada@example.com", "bob@example.com"]),
        "phone": st.none() | st.sampled_from(["+491711234", "123"]),
        "company_id": st.none() | st.sampled_from([ACME, GONE]),
        "owner_id": st.none() | st.sampled_from([ANA.id, BEN.id]),
        "lifecycle_stage": st.none() | st.sampled_from(["lead", "customer"]),
        "lead_score": st.integers(-2, 3),
        "tags": st.lists(texts.filter(bool), max_size=3),
        "email_consent": st.sampled_from(["unknown", "granted"]),
        "created_at": instants,
        "custom": customs(),
    }
)
deals = st.fixed_dictionaries(
    {
        "name": texts,
        "value": st.none() | monies,
        "stage": st.sampled_from(["new", "won"]),
        "status": st.sampled_from(["open", "won"]),
        "company_id": st.none() | st.just(ACME),
        "owner_id": st.none() | st.just(ANA.id),
        "closed_at": st.none() | instants,
        "created_at": instants,
    }
)


def literal(path: FieldPath, op: Op) -> st.SearchStrategy[Any]:
    """What a clause may compare that field with."""
    if op in (Op.WITHIN_LAST, Op.WITHIN_NEXT):
        return st.sampled_from(["1 day", "2 days", "90 minutes", "0 seconds", "1 month"])
    if op is Op.MATCHES:
        return st.sampled_from(["^a", "d.$", "^(?:ada|x)$", r"\d", r"[^\w]", "a{1,2}", r"\.", "ä", "a|", "[a-c]+"])
    one: st.SearchStrategy[Any] = {
        Family.TEXT: texts,
        Family.NUMBER: numbers,
        Family.MONEY: monies.map(lambda value: value.as_json()) | st.integers(-3, 3),
        Family.DATE: days,
        Family.INSTANT: days | instants.map(lambda at: at.isoformat()),
        Family.BOOLEAN: st.booleans(),
        Family.ID: st.sampled_from([str(ACME), str(ANA.id)]),
        Family.LIST: texts.filter(bool),
    }.get(path.family, st.nothing())
    if path.field and path.field.choices:
        one = st.sampled_from(path.field.choices)
    if path.field and path.field.type == "user":
        one = st.sampled_from([ANA.email, BEN.email])
    if op is Op.BETWEEN:
        return st.lists(one, min_size=2, max_size=2)
    return st.lists(one, min_size=1, max_size=3) if op in (Op.IN, Op.NOT_IN, Op.ANY_OF, Op.ALL_OF, Op.NONE_OF) else one


def leaves(record_type: str) -> list[tuple[str, Op, FieldPath]]:
    """Every field and operator that a list can be filtered by."""
    roots = {record_type: record_type, "company": "company", "owner": "user"}
    found: list[tuple[str, Op, FieldPath]] = []
    skipped = {"id", "revision", "updated_at", "contact_id", "pipeline_id", "stage_id", "external_id", "role", "phone"}
    for root, kind in roots.items():
        for name, field in schema(kind, CATALOG).items():
            if kind != "user" and name in skipped and (root, name) != ("contact", "phone"):
                continue
            path = FieldPath(root, name, kind, field)
            found += [(f"{root}.{name}", op, path) for op in sorted(ALLOWED[path.family] - CHANGES)]
    return found


@st.composite
def clauses(draw: st.DrawFn, record_type: str) -> dict[str, Any]:
    name, op, path = draw(st.sampled_from(leaves(record_type)))
    if op in (Op.KNOWN, Op.UNKNOWN):
        return {"field": name, "op": op.value}
    return {"field": name, "op": op.value, "value": draw(literal(path, op))}


def conditions(record_type: str) -> st.SearchStrategy[Any]:
    return st.recursive(
        clauses(record_type),
        lambda inner: st.builds(
            lambda kind, parts: {kind: parts},
            st.sampled_from(["all", "any", "none"]),
            st.lists(inner, min_size=1, max_size=3),
        ),
        max_leaves=4,
    )


class Store:
    """One connection of the application's role, and a loop to use it from plain tests."""

    def __init__(self, url: str) -> None:
        self.loop = asyncio.new_event_loop()
        self.connection = self.run(connect(url, Role.APP))
        self.run(self._set_up())

    def run(self, work: Coroutine[Any, Any, Result]) -> Result:
        return self.loop.run_until_complete(work)

    def close(self) -> None:
        self.run(self.connection.close())
        self.loop.close()

    async def _set_up(self) -> None:
        async with tenant_scope(self.connection, TENANT):
            for user in (ANA, BEN):
                await self.connection.execute(
                    "insert into users (tenant_id, id, email, name, role) values ($1, $2, $3, $4, 'member')",
                    *(TENANT, user.id, user.email, user.name),
                )
            for pipeline in CATALOG.pipelines:
                await self.connection.execute(
                    "insert into pipelines (tenant_id, id, key, name) values ($1, $2, $3, $4)",
                    *(TENANT, pipeline.id, pipeline.key, pipeline.name),
                )
                for stage in pipeline.stages:
                    await self.connection.execute(
                        "insert into deal_stages (tenant_id, id, pipeline_id, key, name) values ($1, $2, $3, $4, $5)",
                        *(TENANT, stage.id, pipeline.id, stage.key, stage.name),
                    )
            for identity, name, deleted in ((ACME, COMPANY["name"], None), (GONE, "Gone", NOW)):
                await self.connection.execute(
                    "insert into companies (tenant_id, id, name, domain, owner_id, created_at, updated_at, deleted_at)"
                    " values ($1, $2, $3, $4, $5, $6, $6, $7)",
                    *(TENANT, identity, name, COMPANY["domain"], BEN.id, NOW, deleted),
                )

    def found(self, table: str, rows: list[dict[str, Any]], data: Any, record_type: str) -> set[int]:
        """Which of the rows the SQL finds, by position."""
        return self.run(self._found(table, rows, data, record_type))

    async def _found(self, table: str, rows: list[dict[str, Any]], data: Any, record_type: str) -> set[int]:
        where, values = where_sql(data, record_type, CATALOG, now=NOW, first=2)
        await self.connection.execute(f"begin; set local app.tenant_id = '{TENANT}'")
        try:
            for index, row in enumerate(rows):
                columns = {"tenant_id": TENANT, "id": UUID(int=1000 + index), "updated_at": NOW, **row}
                marks = ", ".join(f"${number}" for number in range(1, len(columns) + 1))
                await self.connection.execute(
                    f"insert into {table} ({', '.join(columns)}) values ({marks})", *columns.values()
                )
            found = await self.connection.fetch(
                f"select r.id from {table} r where r.tenant_id = $1 and {where}", TENANT, *values
            )
        finally:
            await self.connection.execute("rollback")
        return {row["id"].int - 1000 for row in found}


@pytest.fixture(scope="module")
def store(module_database_url: str) -> Iterator[Store]:
    store = Store(module_database_url)
    yield store
    store.close()


def scope_of(record_type: str, row: dict[str, Any]) -> World:
    users = {
        user.id: {"email": user.email, "name": user.name, "id": user.id, "role": "member", "active": True}
        for user in (ANA, BEN)
    }
    company = COMPANY | {"created_at": NOW} if row["company_id"] == ACME else None
    return World({record_type: row, "company": company, "owner": users.get(row["owner_id"])})


def expected(rows: list[dict[str, Any]], data: Any, record_type: str) -> set[int]:
    condition = compile_condition(data, CATALOG, record_type)
    return {index for index, row in enumerate(rows) if condition.test(scope_of(record_type, row))}


_SETTINGS = settings(
    max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)


@_SETTINGS
@given(st.lists(contacts, min_size=1, max_size=5), conditions("contact"))
def test_closure_and_sql_agree_on_contacts(store: Store, rows: list[dict[str, Any]], data: Any) -> None:
    for row in rows:
        row["email"] = None if row["email"] in [other["email"] for other in rows if other is not row] else row["email"]
    assert store.found("contacts", rows, data, "contact") == expected(rows, data, "contact")


@_SETTINGS
@given(st.lists(deals, min_size=1, max_size=5), conditions("deal"))
@example(
    [{"name": "", "value": Money(100, "CHF"), "stage": "new", "status": "open", "company_id": None, "owner_id": None}],
    {"none": [{"field": "deal.value", "op": "lt", "value": 5}]},
).via("money without a rate, negated by the group")
def test_closure_and_sql_agree_on_deals(store: Store, rows: list[dict[str, Any]], data: Any) -> None:
    filled = [{"closed_at": None, "created_at": NOW, "pipeline": "sales", "custom": {}} | row for row in rows]
    assert store.found("deals", [stored(row) for row in filled], data, "deal") == expected(filled, data, "deal")


def stored(row: dict[str, Any]) -> dict[str, Any]:
    stage = next(each for each in CATALOG.pipelines[0].stages if each.key == row["stage"])
    money = row["value"]
    columns = {key: value for key, value in row.items() if key not in ("value", "stage", "pipeline")}
    columns |= {"pipeline_id": CATALOG.pipelines[0].id, "stage_id": stage.id}
    return columns | {"value_amount": money and money.minor, "value_currency": money and money.currency}


@pytest.mark.parametrize("record_type", ["contact", "deal"])
def test_every_field_and_operator_has_sql_that_runs(store: Store, record_type: str) -> None:
    row: dict[str, Any] = {"company_id": ACME, "owner_id": ANA.id, "created_at": NOW}
    if record_type == "deal":
        row |= {"name": "x", "pipeline_id": CATALOG.pipelines[0].id, "stage_id": CATALOG.pipelines[0].stages[0].id}
    table = {"contact": "contacts", "deal": "deals"}[record_type]
    for name, op, path in leaves(record_type):
        value = {} if op in (Op.KNOWN, Op.UNKNOWN) else {"value": _any_literal(path, op)}
        store.found(table, [row], {"field": name, "op": op.value, **value}, record_type)


def _any_literal(path: FieldPath, op: Op) -> Any:
    samples: dict[Family, Any] = {Family.MONEY: 1, Family.NUMBER: 1, Family.BOOLEAN: True, Family.ID: str(ACME)}
    samples |= {Family.DATE: "2026-03-01", Family.INSTANT: "2026-03-01", Family.TEXT: "x", Family.LIST: "x"}
    one = path.field.choices[0] if path.field and path.field.choices else samples.get(path.family, "x")
    if path.field and path.field.type == "user":
        one = ANA.email
    if op in (Op.WITHIN_LAST, Op.WITHIN_NEXT):
        return "1 day"
    return [one, one] if op is Op.BETWEEN else one


def test_what_has_no_sql_is_refused_by_name() -> None:
    data = {
        "all": [
            {"expression": "contact.lead_score > 5"},
            {"field": "contact.email", "op": "changed"},
            {"field": "form.age", "op": "eq", "value": 5},
            {"field": "contact.email", "op": "matches", "value": r"\bada\b"},
            {"field": "contact.email", "op": "known"},
        ]
    }
    with pytest.raises(Invalid) as refused:
        where_sql(data, "contact", CATALOG, now=NOW)
    assert [problem.path for problem in refused.value.problems] == [f"filter.all.{index}" for index in range(4)]


def test_nothing_a_person_wrote_becomes_sql() -> None:
    hostile = "x'; drop table contacts; --"
    data = {"field": "contact.first_name", "op": "contains", "value": hostile}
    condition = compile_condition(data, CATALOG, "contact")
    where, values = sql_of(condition, "contact", now=NOW, first=3)
    assert hostile not in where
    assert "$3::text" in where
    assert values == [hostile]
    with pytest.raises(ValueError, match="alias"):
        sql_of(condition, "contact", now=NOW, alias="r; drop")


def test_an_email_is_looked_up_as_its_index_is_built() -> None:
    where, _ = where_sql({"field": "contact.email", "op": "eq", "value": "A@b.c"}, "contact", CATALOG, now=NOW)
    assert "lower(r.email) = any($1::text[])" in where


@pytest.mark.parametrize(
    "text",
    [
        r"\bx",
        r"\pL",
        r"(?i)x",
        r"(?P<n>x)",
        r"[[:alpha:]]",
        "x{300}",
        "{",
        "^*",
        "***=x",
        r"\x41",
        "[]a]",
        "(|a)",
        r"\Qa\E",
    ],
)
def test_a_pattern_that_postgresql_reads_differently_is_refused(text: str) -> None:
    with pytest.raises(NotPortable):
        to_postgres(text)


pieces = st.sampled_from(
    [
        "a",
        "B",
        "ä",
        ".",
        r"\d",
        r"\w",
        r"\S",
        "[ab]",
        r"[^\d\s]",
        "(?:a|b)",
        "(x)",
        "^",
        "$",
        "|",
        r"\.",
        "1",
        " ",
        "-",
        r"\n",
    ]
)
patterns = st.lists(st.tuples(pieces, st.sampled_from(["", "", "*", "+", "?", "{2}", "{1,}", "+?"])), max_size=5).map(
    lambda parts: "".join(piece + (sign if piece not in "^$|" else "") for piece, sign in parts)
)


@_SETTINGS
@given(patterns, st.text(alphabet="aAbBäÄx1. -\n_", max_size=6))
@example("a\\\n", "a\n")
def test_a_pattern_means_the_same_in_both(store: Store, text: str, value: str) -> None:
    try:
        compiled = compile_pattern(text)
        translated = to_postgres(text)
    except ValueError:
        return
    answer = store.run(store.connection.fetchval("select $1::text ~* $2::text", value, translated))
    assert answer is compiled(value)
