"""Templates and expressions: what they print, what they refuse, and that bombs end."""

import time
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError
from tests.engine.scopes import World, contact, deal

from cuework.base.errors import Invalid
from cuework.engine.expressions import compile_expression
from cuework.engine.templates import HtmlTemplate, Template, TemplateFailed, compile_template

STEPS = {"find": {"output": {"emails": ["a@example.com", "b@example.com"], "count": 2}}}
ADA = World(
    {
        "contact": contact(custom={"budget": {"amount": "5.00", "currency": "USD"}}),
        "deal": deal(),
        "steps": STEPS,
        "form": {"many": [1] * 99},
    }
)

BOMB = "".join(f"{{% for {name} in form.many %}}" for name in "abc")


def rendered(text: str, scope: World = ADA) -> str:
    return compile_template(text).render(scope)[0]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Hello", "Hello"),
        ("", ""),
        ("Hi {{ contact.first_name }}!", "Hi Ada!"),
        ("{{ contact.lead_score + 8 }}", "50"),
        ("{{ contact.lead_score * 2 }} {{ 2 * contact.lead_score * 0.5 }}", "84 42"),
        ("{{ contact.tags }}", "VIP, new"),
        ("{{ contact.tags|join(' / ')|upper }}", "VIP / NEW"),
        ("{{ deal.value }}", "€1,200"),
        ("{{ deal.value.amount }} {{ deal.value.currency }}", "1200 EUR"),
        ("{{ deal.value.amount * 0.1 }}", "120"),
        ("{{ contact.custom.budget }}", "$5"),
        ("{{ contact.id }}", str(UUID(int=100))),
        ("{{ contact.created_at }}", "2026-03-01T09:00:00.000Z"),
        ("{{ contact.created_at|date('%d.%m.%Y') }} {{ contact.created_at|time }}", "01.03.2026 10:00"),
        ("{{ now|date }}", "2026-03-10"),
        ("{{ contact.last_name|default('friend', true) }}", "friend"),
        ("{% if contact.lead_score > 40 %}hot{% else %}cold{% endif %}", "hot"),
        ("{% for tag in contact.tags %}{{ loop.index }}:{{ tag }};{% endfor %}", "1:VIP;2:new;"),
        (
            "{% for mail in steps.find.output.emails if mail != 'a@example.com' %}{{ mail }}{% endfor %}",
            "b@example.com",
        ),
        ("{{ steps.find.output.emails.1 }}", "b@example.com"),
        ("{{ steps.find.output|tojson }}", '{"emails":["a@example.com","b@example.com"],"count":2}'),
        ("{{ 'vip' in contact.tags|map('lower') }}", "true"),
        ("{{ contact.first_name ~ '!' }}{# note #}", "Ada!"),
        ("a\n{{ 1 }}\n", "a\n1\n"),
        ("1 } 2 { 3", "1 } 2 { 3"),
    ],
)
def test_a_template_prints_what_people_expect(text: str, shown: str) -> None:
    assert rendered(text) == shown


def test_a_missing_value_prints_nothing_and_is_named() -> None:
    fast = compile_template("Dear {{ contact.first_name }} {{ contact.last_name }} of {{ company.name }}")
    assert fast.render(ADA) == ("Dear Ada  of ", ("contact.last_name is empty", "company.name is empty"))
    slow = compile_template("{% if true %}{{ contact.custom.nothing.more }}{% endif %}")
    assert slow.render(ADA) == ("", ("contact.custom.nothing is empty",))


def test_a_default_is_no_missing_value() -> None:
    assert compile_template("{{ contact.last_name|default('you', true) }}").render(ADA) == ("you", ())


@pytest.mark.parametrize("word", ["upper", "lower", "title", "capitalize", "trim", "urlencode", "truncate", "string"])
def test_a_blank_is_never_written_out_as_a_word(word: str) -> None:
    blank = {"contact": contact(last_name=None), "form": {"a": {"b": None}}}
    for path in ("contact.last_name", "form.a.b"):
        assert compile_template(f"<{{{{ {path}|{word} }}}}>").render(World(blank))[0] == "<>"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("{{ contact.last_name|default('you') }}", "you"),
        ("{{ contact.last_name|trim|d('you') }}", ""),
        ("{{ contact.last_name ~ '!' }}", "!"),
        ("{{ contact.last_name is defined }} {{ contact.first_name is defined }}", "false true"),
        ("{{ contact.last_name is none }} {{ contact.last_name is not none }}", "true false"),
        ("{{ contact.last_name == none }} {{ none != contact.first_name }}", "true true"),
        ("{{ 2 * contact.lead_score == none }}", "false"),
        ("{% for key, value in form|items %}{{ key }}={{ value }};{% endfor %}", "a=1;b=;"),
        ("{{ 5 is divisibleby(0) }} {{ 6 is divisibleby(3) }}", "false true"),
    ],
)
def test_a_blank_is_taken_for_what_it_is(text: str, shown: str) -> None:
    roots = {"contact": contact(last_name=None, first_name="Ada", lead_score=42), "form": {"a": 1, "b": None}}
    assert compile_template(text).render(World(roots))[0] == shown


@pytest.mark.parametrize(
    "text", ["{{ form.deep }}", "{{ form.deep|tojson }}", "{{ form.odd|join({}) }}", "{{ form.tall }}"]
)
def test_what_cannot_be_printed_fails_with_a_sentence(text: str) -> None:
    deep: list[Any] = []
    tall: dict[str, Any] = {}
    for _ in range(600):
        deep, tall = [deep], {"a": tall}
    world = World({"form": {"deep": deep, "tall": tall, "odd": [1]}})
    with pytest.raises(TemplateFailed):
        compile_template(text).render(world)
    value, warnings = compile_expression("form.deep").value(world)
    assert (value, "nested deeper" in warnings[0]) == (None, True)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("{{ 'a' * 3 }}", "only numbers can be multiplied, not text"),
        ("{{ contact.first_name * 3 }}", "only numbers can be multiplied, not text"),
        ("{{ 2 * [1] }}", "only numbers can be multiplied, not a list"),
        ("{{ contact.first_name - 1 }}", "- does not go with text and a number"),
        ("{{ 1 / 0 }}", "1 / 0 cannot be calculated"),
        ("{{ contact.first_name|upper(1) }}", "too many arguments"),
        (f"{BOMB}x{3 * '{% endfor %}'}", "it does too much work"),
    ],
)
def test_what_cannot_be_rendered_is_told_in_words(text: str, why: str) -> None:
    with pytest.raises(TemplateFailed) as caught:
        rendered(text)
    assert caught.value.detail == f"The template cannot be rendered: {why} (line 1)."


def test_html_templates_escape_what_they_print_and_nothing_else() -> None:
    scope = World({"contact": contact(first_name="<b>&'\"")})
    text, _ = compile_template("<p>{{ contact.first_name }}</p>", html=True).render(scope)
    assert text == "<p>&lt;b&gt;&amp;&#x27;&quot;</p>"
    slow, _ = compile_template("<p>{{ contact.first_name|trim }}</p>", html=True).render(scope)
    assert slow == text
    assert rendered("{{ contact.first_name }}", scope) == "<b>&'\""


@pytest.mark.parametrize(
    ("text", "words", "line", "suggestion"),
    [
        ("a\n{{ contact.first_name", "not closed", 2, None),
        ("{% if a %}{% endif %}", "Nothing here is called 'a'", 1, None),
        ("{% if contact.a %}", "cannot be read", 1, None),
        ("\n\n{{ contcat.name }}", "'contcat'", 3, "contact"),
        ("{{ contact.email|uper }}", "no filter 'uper'", 1, "upper"),
        ("{{ contact.email is defned }}", "no test 'defned'", 1, "defined"),
        ("{% set x = 1 %}", "no 'set'", 1, None),
        ("{% include 'x' %}", "no 'include'", 1, None),
        ("{% macro m() %}{% endmacro %}", "no 'macro'", 1, None),
        ("{{ contact.email.upper() }}", "can be called", 1, None),
        ("{{ range(10) }}", "can be called", 1, None),
        ("{{ (contact.email)('x') }}", "can be called", 1, None),
        ("{{ contact._row }}", "begin with _", 1, None),
        ("{{ contact.__class__ }}", "begin with _", 1, None),
        ("{{ contact.a b }}", "cannot be read", 1, None),
        ("{{ $ }}", "no meaning", 1, None),
        ("{{ }}", "nothing between", 1, None),
        ("{# never", "not closed", 1, None),
        ("{{ 'open }}", "no meaning", 1, None),
        ("{% for x in ['a'] %}{% endfor %}", "value that is there", 1, None),
        ("{% for x in contact.tags ~ contact.tags %}{% endfor %}", "value that is there", 1, None),
        ("{% for x contact.tags %}{% endfor %}", "for each in list", 1, None),
        ("{% for a in contact.tags recursive %}{% endfor %}", "value that is there", 1, None),
        ("x" * 100_001, "at most 100,000", 1, None),
    ],
)
def test_a_template_that_cannot_be_used_says_where_and_why(
    text: str, words: str, line: int, suggestion: str | None
) -> None:
    with pytest.raises(Invalid) as refused:
        compile_template("{{ 1 }}" + text if len(text) > 1000 else text, "steps.0.text")
    (problem,) = refused.value.problems
    assert words in problem.message
    assert (problem.path, problem.line, problem.suggestion) == ("steps.0.text", line, suggestion)


BOMBS = [
    "{{ 'x' * 1000000000000 }}",
    "{{ 1000000000000 * 'x' }}",
    "{{ 1000000000000 * contact.first_name }}",
    "{{ contact.first_name|upper * 1000000000000 }}",
    "{{ (contact.first_name ~ 'x') * 1000000000000 }}",
    "{{ contact.tags * 1000000000000 }}",
    "{{ 1000000000000 * [1] }}",
    "{{ 2 * 'x' * 1000000000000 }}",
    "{{ -1 * (1000000000000 * contact.tags[0]) }}",
    "{% for a in form.many %}{% for b in form.many %}{% for c in form.many %}x{% endfor %}{% endfor %}{% endfor %}",
    "{% for a in form.many %}{{ form.long }}{% endfor %}",
    "{{ form.long|replace('x', form.long) }}",
    "{{ form.long|list|join(form.long) }}",
    "{{ form.long|split('')|join(form.long)|length }}",
    "{{ form.long|list|map('replace', 'x', form.long)|list|length }}",
    "{% for a in form.many %}{% if form.many == 1 %}{% endif %}{% endfor %}",
    "{% for a in form.many %}{% if form|tojson == '' %}{% endif %}{% endfor %}",
    "{% for a in form.many %}{% if form|string == '' %}{% endif %}{% endfor %}",
    "{% for a in form.many %}{% if form.long|upper == '' %}{% endif %}{% endfor %}",
    "{{ [form.long, form.long, form.long, form.long, form.long, form.long] }}",
    "{% for a in form.many %}" + "literal " * 10_000 + "{% endfor %}",
]


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_template_bomb_ends_quickly_with_a_clear_error(bomb: str) -> None:
    scope = World({"form": {"many": list(range(100_000)), "long": "x" * 100_000}, "contact": contact()})
    begun = time.process_time()
    with pytest.raises((TemplateFailed, Invalid)) as ended:
        compile_template(bomb).render(scope)
    assert "template cannot" in ended.value.detail.lower() or "value that is there" in ended.value.detail
    assert time.process_time() - begun < 60  # without limits they take hours, or all memory


def test_deep_nesting_is_refused() -> None:
    for text in ("{{ " + "(" * 900 + "1" + ")" * 900 + " }}", "{% if 1 %}" * 5000, "{{ " + "a." * 1500 + "b }}"):
        with pytest.raises(Invalid):
            compile_template(text)


paths = st.sampled_from(
    [
        *("contact.first_name", "contact.last_name", "contact.tags", "contact.lead_score", "contact.id", "contact"),
        *("contact.custom.budget", "contact.custom.budget.amount", "contact.custom.none.x", "deal.value.amount"),
        *("deal.value.currency", "deal.value", "contact.created_at", "contact.first_name.x", "contact.tags.0"),
        *("contact.tags.9", "contact.first_name.0", "company.name", "company", "now", "form.a.b", "form.a", "form.f"),
        *("contact.items", "contact.tags.append", "deal.value.minor", "contact.created_at.year", "form.d"),
    ]
)
plain_values = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**80), 2**80),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=8),
    st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-9999, max_value=9999),
    st.lists(st.one_of(st.text(max_size=3), st.none(), st.integers(0, 9)), max_size=3),
)


@st.composite
def plain_templates(draw: st.DrawFn) -> str:
    literal = st.text(alphabet="ab <>&é\n", max_size=5)
    parts = draw(st.lists(st.tuples(literal, paths, st.sampled_from(["", " "])), min_size=1, max_size=4))
    return "".join(f"{before}{{{{{space}{path}{space}}}}}" for before, path, space in parts) + draw(literal)


@given(plain_templates(), plain_values, plain_values, st.booleans())
def test_the_fast_path_prints_and_warns_exactly_as_minijinja(text: str, name: Any, answer: Any, html: bool) -> None:
    roots: dict[str, Any] = {"contact": contact(first_name=name, custom={"budget": answer}), "deal": deal()}
    roots["form"] = {"a": {"b": answer}, "f": answer, "d": datetime(2026, 1, 1, tzinfo=UTC)}
    template = compile_template(text, html=html)
    assert template.render(World(roots)) == template.render_slowly(World(roots))


@given(st.text(alphabet="{}%# abc.'\"*+~|()[]-=\n1", max_size=40))
def test_no_text_breaks_the_compiler_or_the_renderer(text: str) -> None:
    try:
        shown, _ = compile_template(text).render(ADA)
    except Invalid:
        return
    assert isinstance(shown, str)


def test_a_template_is_a_field_type() -> None:
    class Step(BaseModel):
        title: Template
        body: HtmlTemplate | None = None

    step = Step.model_validate({"title": "Call {{ contact.first_name }}", "body": "<p>{{ contact.email }}</p>"})
    assert step.title.render(ADA)[0] == "Call Ada"
    assert step.model_dump(mode="json") == {
        "title": "Call {{ contact.first_name }}",
        "body": "<p>{{ contact.email }}</p>",
    }
    assert step.model_copy(deep=True) == step
    assert Step.model_json_schema()["properties"]["title"] == {"title": "Title", "type": "string", "x-hint": "template"}
    assert Step.model_validate({"title": 5}).title.source == "5"
    for wrong in ("{{ contcat.name }}", None, True, ["a"]):
        with pytest.raises(ValidationError):
            Step.model_validate({"title": wrong})


def test_a_template_says_what_it_reads() -> None:
    template = compile_template(
        "{{ contact.email }}{% for x in steps.find.output.emails %}{{ x.y }}{{ loop.index }}{% endfor %}"
    )
    assert template.reads == {"contact.email", "steps.find.output.emails"}
    assert template.roots == {"contact", "steps"}
    assert not template.is_literal
    assert compile_template("Hello").is_literal


def test_a_scope_that_must_first_load_something_interrupts_the_rendering() -> None:
    class NotLoaded(Exception):
        pass

    class Lazy(World):
        def root(self, name: str) -> Any:
            raise NotLoaded

    for text in ("{{ contact.email }}", "{% if contact.email %}x{% endif %}"):
        with pytest.raises(NotLoaded):
            compile_template(text).render(Lazy())


def test_an_expression_gives_a_value() -> None:
    assert compile_expression("contact.lead_score > 40 and 'VIP' in contact.tags").value(ADA) == (True, ())
    assert compile_expression("contact.lead_score * 2").value(ADA) == (84, ())
    assert compile_expression("steps.find.output").value(ADA) == (
        {"emails": ["a@example.com", "b@example.com"], "count": 2},
        (),
    )
    assert compile_expression("deal.value.amount / 2").value(ADA) == (600, ())
    assert compile_expression("company.name").value(ADA) == (None, ())
    assert compile_expression("contact.created_at < now").is_true(ADA)
    assert compile_expression("contact.email").reads == {"contact.email"}


def test_an_expression_that_fails_is_nothing_with_a_warning() -> None:
    value, (warning,) = compile_expression("contact.first_name + 1").value(ADA)
    assert value is None
    assert warning.startswith("contact.first_name + 1: ")
    assert compile_expression("'x' * 1000000000000").value(ADA)[0] is None


@pytest.mark.parametrize("text", ["", "contact.", "contact.a +", "contcat.a", "f(1)", "contact.a }} {{ 1", "1 2"])
def test_an_expression_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        compile_expression(text, "when.expression")
    assert refused.value.problems[0].path == "when.expression"
