"""Spans as people write them."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, TypeAdapter, ValidationError

from cuework.engine.spans import Span


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("1 day", Span(days=1)),
        ("4 hours", Span(seconds=14_400)),
        ("30 minutes", Span(seconds=1800)),
        ("2 weeks", Span(days=14)),
        ("1 month 2 days", Span(months=1, days=2)),
        ("1 hour and 5 minutes", Span(seconds=3900)),
        ("1 year, 1 day", Span(months=12, days=1)),
        ("90s", Span(seconds=90)),
        ("15 min", Span(seconds=900)),
        (" 2 Days ", Span(days=2)),
        ("P1DT2H", Span(days=1, seconds=7200)),
        ("P1M", Span(months=1)),
        ("PT1M", Span(seconds=60)),
        ("P2W", Span(days=14)),
        ("0 seconds", Span()),
        ("10 years", Span(months=120)),
    ],
)
def test_a_span_is_read_as_it_is_said(text: str, span: Span) -> None:
    assert Span.parse(text) == span


@pytest.mark.parametrize("text", ["", "day", "1", "1 fortnight", "-1 day", "1.5 days", "P", "PT", "1 day later"])
def test_what_is_no_span_says_how_spans_are_written(text: str) -> None:
    with pytest.raises(ValueError, match=r"1 month 2 days"):
        Span.parse(text)


def test_a_span_beyond_ten_years_is_refused() -> None:
    with pytest.raises(ValueError, match="longer than ten years"):
        Span.parse("999999999 weeks")


@given(st.builds(Span, st.integers(0, 100), st.integers(0, 500), st.integers(0, 10_000_000)))
def test_a_span_survives_its_spelling(span: Span) -> None:
    assert Span.parse(str(span)) == span


def test_a_span_is_a_field_type_that_forms_know() -> None:
    class Step(BaseModel):
        after: Span

    assert Step.model_validate({"after": "1 day"}).after == Span(days=1)
    assert Step(after=Span(days=1)).model_dump(mode="json") == {"after": "1 day"}
    assert Step.model_json_schema()["properties"]["after"]["x-hint"] == "span"
    assert TypeAdapter(Span).validate_python(timedelta(minutes=1)) == Span(seconds=60)
    with pytest.raises(ValidationError, match="no span"):
        Step.model_validate({"after": "soon"})
    with pytest.raises(ValidationError, match="a span is text"):
        Step.model_validate({"after": 5})
