"""Conditions: null and money rules, every operator, problems at their place, reasons in words."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from tests.engine.scopes import ANA, BEN, CATALOG, World, contact, deal

from cuework.base.errors import Invalid, Problem
from cuework.engine.conditions import Condition, compile_condition
from cuework.engine.money import Money


def compiled(data: Any, record_type: str | None = "contact") -> Condition:
    return compile_condition(data, CATALOG, record_type)


def clause(field: str, op: str, value: Any = None) -> dict[str, Any]:
    return {"field": field, "op": op} if value is None else {"field": field, "op": op, "value": value}


def holds(field: str, op: str, value: Any, scope: World, record_type: str = "contact") -> bool:
    return compiled(clause(field, op, value), record_type).test(scope)


def ada(custom: dict[str, Any] | None = None, **values: Any) -> World:
    return World({"contact": contact(custom=custom or {}, **values)})


TRUE_OF_ADA = [
    ("contact.first_name", "eq", "ADA"),
    ("contact.first_name", "neq", "Bob"),
    ("contact.first_name", "in", ["bob", "ada"]),
    ("contact.first_name", "not_in", ["Bob"]),
    ("contact.first_name", "any_of", "Ada"),
    ("contact.first_name", "contains", "D"),
    ("contact.first_name", "not_contains", "x"),
    ("contact.first_name", "starts_with", "a"),
    ("contact.first_name", "ends_with", "DA"),
    ("contact.first_name", "matches", "^a.a$"),
    ("contact.first_name", "known", None),
    ("contact.last_name", "unknown", None),
    ("contact.email", "eq", "ada@example.COM"),
    ("contact.lead_score", "eq", 42),
    ("contact.lead_score", "gt", 41.5),
    ("contact.lead_score", "gte", "42"),
    ("contact.lead_score", "lt", 43),
    ("contact.lead_score", "lte", 42),
    ("contact.lead_score", "between", [42, 50]),
    ("contact.lead_score", "none_of", [1, 2]),
    ("contact.tags", "contains", "vip"),
    ("contact.tags", "any_of", ["x", "NEW"]),
    ("contact.tags", "all_of", ["new", "vip"]),
    ("contact.tags", "none_of", ["old"]),
    ("contact.tags", "not_contains", "old"),
    ("contact.owner_id", "eq", "ANA@example.com"),
    ("contact.owner_id", "neq", "ben@example.com"),
    ("contact.owner_id", "in", [str(ANA.id), "ben@example.com"]),
    ("contact.lifecycle_stage", "eq", "Lead"),
    ("contact.created_at", "before", "2026-03-02"),
    ("contact.created_at", "after", "2026-02-28"),
    ("contact.created_at", "eq", "2026-03-01"),
    ("contact.created_at", "lte", "2026-03-01"),
    ("contact.created_at", "between", ["2026-03-01", "2026-03-01"]),
    ("contact.created_at", "within_last", "10 days"),
    ("contact.created_at", "gte", "2026-03-01T09:00:00Z"),
    ("contact.custom.plan", "eq", "Pro"),
    ("contact.custom.likes", "all_of", ["tea", "cake"]),
    ("contact.custom.budget", "gte", {"amount": "100", "currency": "EUR"}),
    ("contact.custom.budget", "lt", {"amount": "200", "currency": "USD"}),
    ("contact.custom.birthday", "after", "1989-12-31"),
    ("contact.custom.birthday", "lte", "1990-01-02"),
    ("contact.custom.met_at", "eq", "2026-03-09T12:00:00Z"),
    ("contact.custom.met_at", "within_last", "1 day"),
    ("contact.custom.seats", "between", [2, 3]),
    ("contact.custom.coach", "eq", "ben@example.com"),
    ("contact.custom.vip", "eq", True),
    ("contact.custom.site", "contains", "EXAMPLE"),
]
CUSTOM = {
    "plan": "pro",
    "likes": ["tea", "cake"],
    "budget": {"amount": "100.00", "currency": "EUR"},
    "birthday": "1990-01-02",
    "met_at": "2026-03-09T12:00:00.000Z",
    "seats": 2.5,
    "coach": str(BEN.id),
    "vip": True,
    "site": "https://example.com",
}
FALSE_OF_ADA = [
    ("contact.first_name", "eq", "Ad"),
    ("contact.first_name", "matches", "^d"),
    ("contact.lead_score", "gt", 42),
    ("contact.lead_score", "between", [43, 50]),
    ("contact.tags", "all_of", ["vip", "old"]),
    ("contact.tags", "none_of", ["VIP"]),
    ("contact.created_at", "after", "2026-03-01"),
    ("contact.created_at", "gt", "2026-03-01T09:00:00Z"),
    ("contact.created_at", "within_next", "10 days"),
    ("contact.custom.met_at", "after", "2026-03-09T12:00:00Z"),
    ("contact.custom.vip", "neq", True),
]


@pytest.mark.parametrize(("field", "op", "value"), TRUE_OF_ADA)
def test_an_operator_holds(field: str, op: str, value: Any) -> None:
    assert holds(field, op, value, ada(CUSTOM))


@pytest.mark.parametrize(("field", "op", "value"), FALSE_OF_ADA)
def test_an_operator_does_not_hold(field: str, op: str, value: Any) -> None:
    assert not holds(field, op, value, ada(CUSTOM))


@pytest.mark.parametrize("blank", [None, ""])
def test_a_blank_matches_no_positive_operator_and_every_negative_one(blank: Any) -> None:
    fields = ("first_name", "email", "lifecycle_stage", "lead_score", "owner_id", "created_at")
    scope = ada(tags=[], **dict.fromkeys(fields, None) | {"first_name": blank})
    for field, op, value in TRUE_OF_ADA:
        expected = op in ("neq", "not_in", "not_contains", "none_of", "unknown")
        assert holds(field, op, value, scope) is expected, (field, op)


def test_a_record_that_is_not_there_is_blank() -> None:
    assert not holds("company.name", "eq", "Acme", ada())
    assert holds("company.name", "neq", "Acme", ada())
    assert holds("company.name", "unknown", None, ada())


def test_values_of_the_wrong_type_count_as_blank() -> None:
    broken = {"plan": 5, "likes": "tea", "budget": "12", "birthday": "soon", "met_at": 7, "seats": "3", "vip": "yes"}
    for key in broken:
        assert holds(f"contact.custom.{key}", "unknown", None, ada(broken))


def test_money_compares_by_the_rates_and_without_a_rate_nothing_matches() -> None:
    def price(op: str, value: Any, money: Money | None) -> bool:
        return holds("deal.value", op, value, World({"deal": deal(value=money)}), "deal")

    usd, chf = Money(10000, "USD"), Money(10000, "CHF")  # 100 USD are 90 EUR; nobody knows the franc
    assert price("eq", {"amount": "90", "currency": "EUR"}, usd)
    assert price("gt", 89.99, usd)
    assert price("gt", {"amount": "99", "currency": "CHF"}, chf)
    assert price("in", [{"amount": "1", "currency": "EUR"}, {"amount": "100", "currency": "CHF"}], chf)
    for op, value in (("eq", 1), ("neq", 1), ("not_in", [1]), ("lt", 1), ("between", [1, 9])):
        assert not price(op, value, chf)
    assert price("neq", 1, None)
    assert not price("lt", 1, None)
    (result,) = compiled(clause("deal.value", "neq", 50), "deal").explain(World({"deal": deal(value=chf)}))
    assert result.reason == (
        "deal value is CHF\u00a0100, and must not be €50; there is no exchange rate between CHF and EUR"
    )


def test_groups_nest() -> None:
    condition = compiled(
        {
            "all": [
                clause("contact.lead_score", "gte", 40),
                {"any": [clause("contact.first_name", "eq", "Bob"), clause("contact.tags", "contains", "vip")]},
                {"none": [clause("contact.tags", "contains", "banned"), clause("contact.email", "unknown")]},
            ]
        }
    )
    assert condition.test(ada())
    assert not condition.test(ada(tags=["vip", "banned"]))
    assert not condition.test(ada(tags=["new"]))
    assert compiled({"all": []}).test(ada())
    assert compiled({"none": []}).test(ada())


def test_an_expression_is_a_clause() -> None:
    condition = compiled({"all": [{"expression": "contact.lead_score * 2 > 80"}]})
    assert condition.test(ada())
    assert not condition.test(ada(lead_score=1))
    assert not condition.test(ada(lead_score=None))
    assert condition.reads == {("contact", "lead_score")}


def test_the_trigger_record_is_also_called_record() -> None:
    assert holds("record.first_name", "eq", "Ada", World({"record": contact()}))


@pytest.mark.parametrize(
    ("field", "op", "value", "answer", "expected"),
    [
        ("form.age", "gte", 18, "21", True),
        ("form.age", "gte", 18, "many", False),
        ("form.age", "eq", 21, "21", True),
        ("form.topic", "eq", "Sales", "sales", True),
        ("form.topic", "in", ["Sales", "Help"], "help", True),
        ("form.topic", "neq", "Sales", None, True),
        ("form.topics", "contains", "sales", ["Sales", "Help"], True),
        ("form.topics", "all_of", ["sales", "help"], ["Sales", "Help"], True),
        ("form.topics", "contains", "none", [None, "Help"], False),
        ("form.topics", "any_of", ["none"], [None, "Help"], False),
        ("form.topic", "contains", "ale", "Sales", True),
        ("form.topic", "starts_with", "sa", "Sales", True),
        ("form.topic", "matches", "^s", "Sales", True),
        ("form.agree", "eq", True, True, True),
        ("form.agree", "eq", True, "yes", False),
        ("form.agree", "eq", True, "true", True),
        ("form.agree", "eq", "true", True, True),
        ("form.agree", "neq", "true", False, True),
        ("form.age", "eq", "21", 21.0, True),
        ("form.age", "eq", "021", "21", False),
        ("form.age", "gt", 18, 10**400, False),
        ("form.age", "between", [30, 20], 25, True),
        ("form.when", "eq", "2026-03-01", "2026-03-01T22:59:00Z", True),
        ("form.when", "eq", "2026-03-01", "2026-03-01T23:00:00Z", False),
        ("form.when", "eq", "2026-03-01T09:00:00Z", "2026-03-01T10:00:00+01:00", True),
        ("form.when", "after", "2026-03-01", "2026-03-01T23:30:00", False),
        ("form.when", "between", ["2026-03-05", "2026-03-01"], "2026-03-03", True),
        ("form.price", "gt", {"amount": "5", "currency": "EUR"}, {"amount": "6", "currency": "USD"}, True),
        ("form.price", "lt", {"amount": "5", "currency": "EUR"}, {"amount": "5", "currency": "USD"}, True),
        ("form.price", "gt", {"amount": "5", "currency": "EUR"}, {"amount": "600", "currency": "CHF"}, False),
        ("form.price", "neq", {"amount": "5", "currency": "EUR"}, {"amount": "600", "currency": "CHF"}, False),
        ("form.price", "neq", {"amount": "5", "currency": "EUR"}, "free", True),
        ("form.when", "after", "2026-03-01", "2026-03-02", True),
        ("form.when", "after", "2026-03-01", "2026-03-01T10:00:00Z", False),
        ("form.when", "within_last", "1 day", "2026-03-10T00:00:00Z", True),
        ("form.price", "gt", {"amount": "5", "currency": "EUR"}, {"amount": "6.00", "currency": "EUR"}, True),
        ("form.price", "eq", {"amount": "5", "currency": "EUR"}, {"amount": "5.00", "currency": "EUR"}, True),
        ("form.price", "between", [1, 10], 5, True),
        ("form.a.b", "known", None, {"b": {"c": 1}}, False),
    ],
)
def test_answers_of_a_form_compare_as_the_literal_wants(
    field: str, op: str, value: Any, answer: Any, *, expected: bool
) -> None:
    scope = World({"form": {field.removeprefix("form."): answer}})
    assert holds(field, op, value, scope) is expected


def test_changes_are_read_from_the_event() -> None:
    scope = World(
        {"contact": contact()},
        {
            ("contact", "lead_score"): (10, 42),
            ("contact", "lifecycle_stage"): (None, "lead"),
            ("contact", "owner_id"): (str(BEN.id), ANA.id),
            ("contact", "custom"): ({"plan": "basic"}, {"plan": "pro", "seats": 1}),
            ("contact", "custom.budget"): (None, {"amount": "5.00", "currency": "EUR"}),
            ("contact", "tags"): (["a"], ["a", "VIP"]),
        },
    )
    yes = [
        ("contact.lead_score", "changed", None),
        ("contact.lead_score", "changed_to", 42),
        ("contact.lead_score", "changed_from", [5, 10]),
        ("contact.lifecycle_stage", "changed_to", "lead"),
        ("contact.owner_id", "changed_from", "ben@example.com"),
        ("contact.owner_id", "changed_to", "ana@example.com"),
        ("contact.custom.plan", "changed_to", "pro"),
        ("contact.custom.seats", "changed", None),
        ("contact.custom.budget", "changed_to", 5),
        ("contact.tags", "changed_to", "vip"),
    ]
    no = [
        ("contact.first_name", "changed", None),
        ("contact.lead_score", "changed_to", 10),
        ("contact.lifecycle_stage", "changed_from", "lead"),
        ("contact.custom.vip", "changed", None),
        ("contact.custom.birthday", "changed_to", "1990-01-02"),
    ]
    assert [each for each in yes if not compiled(clause(*each)).test(scope)] == []
    assert [each for each in no if compiled(clause(*each)).test(scope)] == []
    assert compiled(clause("contact.lead_score", "changed")).uses_change
    assert not compiled(clause("contact.lead_score", "known")).uses_change


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (
            clause("contact.lead_scor", "gt", 1),
            Problem("when.field", "A contact has no field 'lead_scor'.", "contact.lead_score"),
        ),
        (
            clause("contact.custom.plam", "known"),
            Problem("when.field", "A contact has no field 'custom.plam'.", "contact.custom.plan"),
        ),
        (clause("contact.lead_score", "gtt", 1), Problem("when.op", "There is no operator 'gtt'.", "gt")),
        (
            clause("contact.lifecycle_stage", "eq", "leed"),
            Problem("when.value", "'leed' is none of the choices (lead, customer).", "lead"),
        ),
        (
            clause("contact.owner_id", "eq", "anna@example.com"),
            Problem("when.value", "There is no user 'anna@example.com'.", "ana@example.com"),
        ),
        (
            clause("contact.lead_score", "between", [1]),
            Problem("when.value", "`between` needs the two ends.", "[1, 10]"),
        ),
        ({"al": []}, Problem("when.al", "'al' does not belong here.", "all")),
    ],
)
def test_a_problem_names_its_place_and_what_was_meant(data: Any, expected: Problem) -> None:
    with pytest.raises(Invalid) as refused:
        compiled(data)
    assert refused.value.problems == (expected,)


@pytest.mark.parametrize(
    ("data", "path", "words"),
    [
        (None, "when", "is an object"),
        ([], "when", "is an object"),
        ({}, "when", "{field, op, value}"),
        ({"all": {}}, "when.all", "list of clauses"),
        ({"any": []}, "when.any", "at least one"),
        ({"all": [], "any": [1]}, "when.any", "does not belong"),
        ({"all": [{"any": [clause("contact.email", "eq")]}]}, "when.all.0.any.0.value", "needs a value"),
        (clause("contact.lead_score", "contains", 1), "when.op", "does not suit contact.lead_score (integer)"),
        (clause("contact.tags", "eq", "vip"), "when.op", "any_of"),
        (clause("contact.lead_score", "gt", "many"), "when.value", "is a number"),
        (clause("contact.email", "matches", "(a"), "when.value", "RE2"),
        (clause("contact.email", "matches", r"(a)\1"), "when.value", "RE2"),
        (clause("contact.email", "matches", "(a{1000}){1000}"), "when.value", "RE2"),
        (clause("contact.created_at", "within_last", "soon"), "when.value", "no span"),
        (clause("contact.created_at", "within_last", 5), "when.value", "span"),
        (clause("contact.created_at", "before", "soon"), "when.value", "no date"),
        (clause("contact.email", "in", []), "when.value", "one to 500"),
        (clause("contact.email", "in", ["a"] * 501), "when.value", "one to 500"),
        (clause("contact.email", "eq", "x" * 2001), "when.value", "at most 2,000"),
        (clause("deal.name", "eq", "x"), "when.field", "Nothing here is called 'deal'"),
        (clause("form", "eq", "x"), "when.field", "no field path"),
        (clause("form..x", "eq", "x"), "when.field", "no field path"),
        ({"field": 5, "op": "eq", "value": 1}, "when.field", "names a field"),
        ({"field": "contact.email", "op": ["eq"]}, "when.op", "no operator"),
        ({"expression": "contact.email +"}, "when.expression", "cannot be read"),
        ({"expression": "contcat.email"}, "when.expression", "contcat"),
        ({"expression": "x" * 2001}, "when.expression", "at most 2,000"),
        ({"expression": 5}, "when.expression", "is text"),
        ({"all": [clause("contact.email", "known")] * 201}, "when.all.200", "at most 200"),
    ],
)
def test_a_condition_that_cannot_be_used_says_where_and_why(data: Any, path: str, words: str) -> None:
    with pytest.raises(Invalid) as refused:
        compiled(data)
    (problem,) = refused.value.problems
    assert problem.path == path
    assert words in problem.message


def test_nesting_has_a_limit() -> None:
    data: Any = clause("contact.email", "known")
    for _ in range(11):
        data = {"all": [data]}
    with pytest.raises(Invalid, match="cannot be used"):
        compiled(data)


def test_all_problems_come_at_once() -> None:
    with pytest.raises(Invalid) as refused:
        compiled({"all": [clause("contact.x", "eqq", 1), clause("contact.lead_score", "gt", "x"), {"expression": "("}]})
    places = [problem.path for problem in refused.value.problems]
    assert places == ["when.all.0.field", "when.all.0.op", "when.all.1.value", "when.all.2.expression"]


def test_an_unknown_stage_is_named() -> None:
    with pytest.raises(Invalid) as refused:
        compiled(clause("deal.stage", "eq", "nwe"), "deal")
    assert refused.value.problems[0].suggestion == "new"


def test_reasons_are_sentences() -> None:
    condition = compiled(
        {
            "all": [
                clause("contact.first_name", "eq", "Ada"),
                clause("contact.lead_score", "gte", 50),
                clause("contact.last_name", "starts_with", "L"),
                {"none": [clause("contact.tags", "contains", "vip")]},
                clause("contact.email", "changed"),
            ]
        }
    )
    results = condition.explain(ada())
    assert [(result.ok, result.reason) for result in results] == [
        (True, "contact first name is “Ada”, and must be “Ada”"),
        (False, "contact lead score is 42, and must be at least 50"),
        (False, "contact last name is blank, and must start with “L”"),
        (False, "contact tags are “VIP”, “new”, and must not contain “vip”"),
        (False, "contact email did not change, and must have changed"),
    ]
    miss = condition.first_miss(ada())
    assert miss is not None
    assert (miss.value, miss.place, miss.clause) == (42, "when.all.1", clause("contact.lead_score", "gte", 50))
    assert compiled({"all": []}).first_miss(ada()) is None


def test_a_condition_says_what_it_reads_and_what_it_rests_on() -> None:
    condition = compiled(
        {
            "all": [
                clause("contact.lifecycle_stage", "eq", "lead"),
                clause("contact.owner_id", "in", ["ana@example.com", str(ANA.id)]),
                clause("contact.custom.coach", "eq", "ben@example.com"),
                clause("contact.source", "in", ["Web", "WEB", "Fair"]),
                {"all": [clause("contact.lead_score", "between", [1, 9])]},
                clause("contact.lead_score", "gt", 3),
                {"any": [clause("company.name", "eq", "Acme"), clause("contact.custom.seats", "lt", 3)]},
                clause("form.topic", "eq", "x"),
            ]
        }
    )
    assert condition.equalities == (
        ("contact", "lifecycle_stage", ("lead",)),
        ("contact", "owner_id", (ANA.id,)),
        ("contact", "custom.coach", (str(BEN.id),)),
        ("contact", "source", ("web", "fair")),
    )
    assert condition.ranges == (("contact", "lead_score", 1, 9), ("contact", "lead_score", 3, None))
    assert ("company", "name") in condition.reads
    assert ("contact", "custom.seats") in condition.reads


def test_a_day_in_a_clause_is_the_tenants_day() -> None:
    late = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)  # already the 2nd in Berlin
    assert holds("contact.created_at", "eq", "2026-03-02", ada(created_at=late))
    assert not holds("contact.created_at", "eq", "2026-03-01", ada(created_at=late))


def test_roots_can_be_given_by_hand() -> None:
    condition = compile_condition(clause("buyer.email", "known"), CATALOG, {"buyer": "contact"}, path="filter")
    assert condition.test(World({"buyer": contact()}))


def test_references_compare_by_id() -> None:
    company = UUID(int=77)
    assert holds("contact.company_id", "eq", str(company), ada(company_id=company))


@pytest.mark.parametrize(
    ("field", "ends"),
    [
        ("contact.lead_score", [50, 40]),
        ("contact.created_at", ["2026-03-09", "2026-03-01"]),
        ("contact.custom.birthday", ["2000-12-31", "2000-01-01"]),
        ("contact.custom.budget", [{"amount": "9", "currency": "USD"}, {"amount": "1", "currency": "USD"}]),
    ],
)
def test_the_ends_of_between_may_stand_in_any_order(field: str, ends: list[Any]) -> None:
    custom = {"birthday": "2000-05-05", "budget": {"amount": "5.00", "currency": "USD"}}
    scope = ada(custom, lead_score=45)
    assert holds(field, "between", ends, scope)
    assert holds(field, "between", ends[::-1], scope)
    assert compiled(clause(field, "between", ends)).ranges == compiled(clause(field, "between", ends[::-1])).ranges


def test_an_answer_without_a_zone_is_of_the_tenant_s_day_west_of_greenwich_too() -> None:
    catalog = replace(CATALOG, timezone="America/New_York")
    for answer in ("2026-03-01", "2026-03-01T23:30:00"):
        scope = World({"form": {"day": answer}}, catalog=catalog)
        held = {
            op
            for op in ("eq", "gte", "lte", "gt", "lt", "neq")
            if compile_condition(clause("form.day", op, "2026-03-01"), catalog, "contact").test(scope)
        }
        assert held == {"eq", "gte", "lte"}


@pytest.mark.parametrize("field", ["contact.lead_score", "form.x", "contact.custom.budget", "contact.custom.seats"])
@pytest.mark.parametrize("number", [10**400, -(10**400), float("inf"), float("nan")])
def test_no_number_is_too_large_to_be_refused(field: str, number: float) -> None:
    with suppress(Invalid):
        assert not compiled(clause(field, "eq", number)).test(World({"contact": contact(), "form": {"x": 1}}))


def test_a_missing_rate_is_named_for_amounts_from_outside_too() -> None:
    condition = compiled(clause("trigger.total", "gt", {"amount": "5", "currency": "EUR"}))
    miss = condition.first_miss(World({"trigger": {"total": {"amount": "9", "currency": "CHF"}}}))
    assert miss is not None
    assert miss.reason.endswith("there is no exchange rate between CHF and EUR")
