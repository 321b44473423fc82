"""What may be given for a typed field, and what is kept."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuework.base.errors import Invalid, Problem
from cuework.engine.catalog import Catalog, CustomField, User
from cuework.engine.folding import fold
from cuework.engine.money import Money
from cuework.engine.readers import Refused, read
from cuework.engine.records import RECORD_TYPES, Field, FieldType
from cuework.engine.values import coerce, coerce_fields

ANA = User(UUID(int=11), "Ana@example.com", "Ana")
TYPES = {
    "plan": ("choice", ("Basic", "Pro")),
    "likes": ("multi_choice", ("tea", "coffee", "cake")),
    "budget": ("money", ()),
    "birthday": ("date", ()),
    "met_at": ("date_time", ()),
    "seats": ("number", ()),
    "site": ("url", ()),
    "coach": ("user", ()),
    "vip": ("boolean", ()),
}
CATALOG = Catalog(
    UUID(int=1),
    currency="EUR",
    timezone="Europe/Berlin",
    lifecycle_stages=("lead", "customer"),
    users=(ANA,),
    custom_fields={"contact": {key: CustomField(key, key, kind, options) for key, (kind, options) in TYPES.items()}},
)


def kept(kind: FieldType, value: Any, *choices: str) -> Any:
    return read(Field("x", kind, True, "X", choices or None), value, CATALOG)


@pytest.mark.parametrize(
    ("kind", "given_value", "value"),
    [
        (FieldType.TEXT, "  Ada ", "Ada"),
        (FieldType.TEXT, 5, "5"),
        (FieldType.TEXT, "   ", None),
        (FieldType.LONG_TEXT, "a\n b ", "a\n b "),
        (FieldType.NUMBER, "12.50", 12.5),
        (FieldType.NUMBER, 3.0, 3),
        (FieldType.INTEGER, "7", 7),
        (FieldType.MONEY, {"amount": "10", "currency": "USD"}, Money(1000, "USD")),
        (FieldType.MONEY, 12.5, Money(1250, "EUR")),
        (FieldType.MONEY, "12.50 USD", Money(1250, "USD")),
        (FieldType.DATE, "2026-03-01", date(2026, 3, 1)),
        (FieldType.DATE, "2026-02-28T23:30:00Z", date(2026, 3, 1)),
        (FieldType.DATE_TIME, "2026-03-01T09:00:00+02:00", datetime(2026, 3, 1, 7, tzinfo=UTC)),
        (FieldType.DATE_TIME, "2026-03-01T09:00", datetime(2026, 3, 1, 8, tzinfo=UTC)),
        (FieldType.DATE_TIME, "2026-03-01", datetime(2026, 2, 28, 23, tzinfo=UTC)),
        (FieldType.BOOLEAN, "Yes", True),
        (FieldType.BOOLEAN, False, False),
        (FieldType.USER, "ana@EXAMPLE.com", ANA.id),
        (FieldType.USER, str(ANA.id), ANA.id),
        (FieldType.URL, "example.com/a?b=1", "https://example.com/a?b=1"),
        (FieldType.EMAIL, " Ada@Example.com ", "Ada@Example.com"),
        (FieldType.PHONE, "0049 (171) 12-34", "+491711234"),
        (FieldType.UUID, str(UUID(int=9)), UUID(int=9)),
        (FieldType.TEXT, " Call\r\n  Ada\u2028now ", "Call Ada now"),
        (FieldType.LONG_TEXT, "a\nb", "a\nb"),
        (FieldType.TAGS, "vip, Vip ,new", ["Vip", "new"]),
        (FieldType.TAGS, ["key\naccount"], ["key account"]),
        (FieldType.TAGS, None, []),
        (FieldType.TAGS, [], []),
    ],
)
def test_a_value_is_kept_in_one_canonical_form(kind: FieldType, given_value: Any, value: Any) -> None:
    found = kept(kind, given_value)
    assert found == value
    assert type(found) is type(value)


def test_choices_are_found_whatever_their_case_and_kept_in_order() -> None:
    assert kept(FieldType.CHOICE, "pro", "Basic", "Pro") == "Pro"
    assert kept(FieldType.MULTI_CHOICE, ["CAKE", "tea", "cake"], "tea", "coffee", "cake") == ["tea", "cake"]


@pytest.mark.parametrize(
    ("kind", "value", "words", "suggestion"),
    [
        (FieldType.TEXT, "a\0b", "NUL", None),
        (FieldType.TEXT, "a\ud800", "surrogate", None),
        (FieldType.TEXT, "x" * 501, "at most 500", None),
        (FieldType.TEXT, {"a": 1}, "not an object", None),
        (FieldType.TEXT, True, "not true or false", None),
        (FieldType.NUMBER, "twelve", "'twelve'", None),
        (FieldType.NUMBER, float("inf"), "too large", None),
        (FieldType.NUMBER, "1e99", "too large", None),
        (FieldType.NUMBER, True, "not true or false", None),
        (FieldType.INTEGER, 1.5, "whole number", None),
        (FieldType.INTEGER, 2**40, "whole number", None),
        (FieldType.MONEY, {"amount": "1"}, "currency", '{"amount": "1200.00", "currency": "EUR"}'),
        (FieldType.MONEY, "lots", "no amount", '{"amount": "1200.00", "currency": "EUR"}'),
        (FieldType.DATE, "2026-02-30", "no date", "2026-03-01 or 2026-03-01T09:00:00Z"),
        (FieldType.DATE_TIME, "0001-01-01T00:00:00+14:00", "year 1", None),
        (FieldType.DATE_TIME, "1000-01-01", "between the years 1900 and 9000", None),
        (FieldType.DATE_TIME, "9000-12-31T23:59:59-12:00", "between the years 1900 and 9000", None),
        (FieldType.DATE_TIME, 5, "date and time", None),
        (FieldType.BOOLEAN, "maybe", "true or false", None),
        (FieldType.USER, "anna@example.com", "no user", "ana@example.com"),
        (FieldType.USER, str(UUID(int=99)), "no user", None),
        (FieldType.URL, "javascript:alert(1)", "no web address", "https://example.com"),
        (FieldType.URL, "https://", "no web address", "https://example.com"),
        (FieldType.URL, "https://a b.com", "no web address", "https://example.com"),
        (FieldType.URL, "http://[::1", "Invalid IPv6", None),
        (FieldType.EMAIL, "ada@@example.com", "no email", None),
        (FieldType.EMAIL, "ada@example", "no email", None),
        (FieldType.EMAIL, "a\nb@example.com", "no email", None),
        (FieldType.PHONE, "call me", "no phone", None),
        (FieldType.UUID, "42", "no id", None),
        (FieldType.TAGS, [["a"]], "not a list", None),
        (FieldType.TAGS, 5, "list of texts", None),
        (FieldType.TAGS, [str(n) for n in range(201)], "at most 200", None),
    ],
)
def test_a_value_that_does_not_fit_is_refused_in_words(
    kind: FieldType, value: Any, words: str, suggestion: str | None
) -> None:
    with pytest.raises(Refused) as refused:
        kept(kind, value)
    assert words in refused.value.message
    assert refused.value.suggestion == suggestion


def test_a_choice_that_is_none_names_the_nearest() -> None:
    with pytest.raises(Refused) as refused:
        kept(FieldType.CHOICE, "bsic", "Basic", "Pro")
    assert refused.value.suggestion == "Basic"


def test_a_whole_write_comes_out_canonical_with_custom_fields_as_they_are_stored() -> None:
    clean, problems = coerce_fields(
        "contact",
        {
            "first_name": "Ada",
            "lead_score": "5",
            "custom.plan": "pro",
            "custom": {
                "budget": 10,
                "birthday": "1990-01-02",
                "met_at": "2026-03-01T09:00",
                "coach": "ana@example.com",
                "vip": "no",
                "seats": None,
                "likes": [],
            },
        },
        CATALOG,
    )
    assert problems == []
    assert clean == {
        "first_name": "Ada",
        "lead_score": 5,
        "custom.plan": "Pro",
        "custom.budget": {"amount": "10.00", "currency": "EUR"},
        "custom.birthday": "1990-01-02",
        "custom.met_at": "2026-03-01T08:00:00.000Z",
        "custom.coach": str(ANA.id),
        "custom.vip": False,
        "custom.seats": None,
        "custom.likes": [],
    }


def test_every_wrong_field_is_named_with_its_place_and_the_right_ones_are_kept() -> None:
    clean, problems = coerce_fields(
        "contact",
        {
            "frist_name": "Ada",
            "id": str(UUID(int=5)),
            "email": "nope",
            "lifecycle_stage": "leed",
            "timezone": "Mars/Olympus",
            "lead_score": None,
            "custom": {"plam": "Pro"},
            "last_name": "Lovelace",
        },
        CATALOG,
        "create.3",
    )
    assert clean == {"last_name": "Lovelace"}
    assert [(problem.path, problem.suggestion) for problem in problems] == [
        ("create.3.frist_name", "first_name"),
        ("create.3.id", None),
        ("create.3.email", None),
        ("create.3.lifecycle_stage", "lead"),
        ("create.3.timezone", "Europe/Berlin"),
        ("create.3.lead_score", None),
        ("create.3.custom.plam", "custom.plan"),
    ]


def test_derived_keys_of_a_deal_point_to_the_field_that_sets_them() -> None:
    _, problems = coerce_fields("deal", {"stage": "won"}, CATALOG)
    assert problems == [Problem("stage", "Stage is set by the system.", "stage_id")]


def test_custom_fields_must_be_an_object() -> None:
    _, problems = coerce_fields("contact", {"custom": [1]}, CATALOG)
    assert [problem.path for problem in problems] == ["custom"]


def test_one_value_alone_is_refused_with_its_path() -> None:
    with pytest.raises(Invalid) as refused:
        coerce(RECORD_TYPES["contact"].fields["email"], "nope", CATALOG, "steps.2.email")
    assert refused.value.problems[0].path == "steps.2.email"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=5,
)


@given(st.sampled_from(FieldType), json_values)
def test_no_json_value_breaks_a_reader_and_reading_twice_changes_nothing(kind: FieldType, value: Any) -> None:
    field = Field("x", kind, True, "X", ("a", "b"))
    try:
        once = read(field, value, CATALOG)
    except Refused:
        return
    assert read(field, once, CATALOG) == once


@given(st.text())
def test_folding_is_done_once_and_equal_folds_are_equal_casefolds_of_folds(text: str) -> None:
    assert fold(fold(text)) == fold(text)


def test_folding_knows_the_irregular_letters() -> None:
    assert fold("ΟΔΟΣ İstanbul ÄÖ") == "οδοσ istanbul äö"
    assert fold("οδος") == fold("ΟΔΟΣ")
