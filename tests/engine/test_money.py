"""Money: exact minor units, one spelling, conversion by rates."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cuework.engine.money import MAX_MINOR, Money, converted, from_json, from_words, money, stored

RATES = {"USD": Decimal("0.9"), "JPY": Decimal("0.006"), "KWD": Decimal(3)}


@pytest.mark.parametrize(
    ("spelling", "kept"),
    [
        ({"amount": "1200.00", "currency": "EUR"}, Money(120000, "EUR")),
        ({"amount": "1200", "currency": "eur"}, Money(120000, "EUR")),
        ({"amount": 12.5, "currency": "EUR"}, Money(1250, "EUR")),
        ({"amount": "500", "currency": "JPY"}, Money(500, "JPY")),
        ({"amount": "1.234", "currency": "KWD"}, Money(1234, "KWD")),
        ({"amount": "-0.05", "currency": "EUR"}, Money(-5, "EUR")),
    ],
)
def test_the_api_spelling_becomes_exact_minor_units(spelling: dict[str, object], kept: Money) -> None:
    assert from_json(spelling) == kept


@pytest.mark.parametrize(
    ("spelling", "word"),
    [
        ({"amount": "1.001", "currency": "EUR"}, "decimals"),
        ({"amount": "1.5", "currency": "JPY"}, "decimals"),
        ({"amount": "lots", "currency": "EUR"}, "no amount"),
        ({"amount": "NaN", "currency": "EUR"}, "no amount"),
        ({"amount": "1e400", "currency": "EUR"}, "no amount"),
        ({"amount": str(MAX_MINOR), "currency": "EUR"}, "larger"),
        ({"amount": "1", "currency": "euro"}, "currency code"),
        ({"amount": "1"}, "currency is missing"),
        ({"amount": True, "currency": "EUR"}, "amount must be"),
        ({"amount": "1", "currency": "EUR", "cents": 3}, "cents"),
    ],
)
def test_wrong_money_says_what_is_wrong(spelling: dict[str, object], word: str) -> None:
    with pytest.raises(ValueError, match=word):
        from_json(spelling)
    assert stored(spelling) is None


@pytest.mark.parametrize(
    ("amount", "currency", "words"),
    [
        ("48000.00", "EUR", "€48,000"),
        ("1200.50", "USD", "$1,200.50"),
        ("-5", "EUR", "-€5"),
        ("1234567", "JPY", "¥1,234,567"),
        ("5", "CHF", "CHF\u00a05"),
        ("1.234", "KWD", "KWD\u00a01.234"),
        ("0", "GBP", "£0"),
    ],
)
def test_people_read_the_sign_the_thousands_and_only_the_cents_that_there_are(
    amount: str, currency: str, words: str
) -> None:
    assert money(amount, currency).words == words


@given(st.integers(-MAX_MINOR, MAX_MINOR), st.sampled_from(["EUR", "USD", "CAD", "JPY", "KWD", "CHF"]))
def test_what_people_read_is_read_back_exactly(minor: int, currency: str) -> None:
    """So that a template that prints money can fill a field with it."""
    assert from_words(Money(minor, currency).words) == Money(minor, currency)


@pytest.mark.parametrize("text", ["", "1200", "EUR", "€", "€1,20", "€1.2.3", "12 €", "eu 5", "€ 5 000"])
def test_other_texts_are_no_money_for_people(text: str) -> None:
    assert from_words(text) is None


@given(st.integers(-(2**63), MAX_MINOR), st.sampled_from(["EUR", "JPY", "KWD", "CLF"]))
def test_money_survives_its_spelling(minor: int, currency: str) -> None:
    if abs(minor) <= MAX_MINOR:
        assert from_json(Money(minor, currency).as_json()) == Money(minor, currency)


def test_the_spelling_has_exactly_the_digits_of_the_currency() -> None:
    assert str(money("7", "EUR")) == "7.00 EUR"
    assert str(money("7", "JPY")) == "7 JPY"
    assert Money(0, "KWD").as_json() == {"amount": "0.000", "currency": "KWD"}


@pytest.mark.parametrize(
    ("value", "currency", "expected"),
    [
        (Money(1000, "USD"), "EUR", Money(900, "EUR")),
        (Money(900, "EUR"), "USD", Money(1000, "USD")),
        (Money(1000, "JPY"), "EUR", Money(600, "EUR")),
        (Money(3000, "KWD"), "USD", Money(1000, "USD")),
        (Money(5, "GBP"), "GBP", Money(5, "GBP")),
        (Money(5, "GBP"), "EUR", None),
        (Money(5, "EUR"), "GBP", None),
    ],
)
def test_conversion_goes_through_the_tenants_rates_or_is_refused(
    value: Money, currency: str, expected: Money | None
) -> None:
    assert converted(value, currency, RATES, "EUR") == expected
