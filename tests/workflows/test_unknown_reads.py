"""Templates and conditions that read what is never there are told of at their place, and nothing else is."""

from typing import Any

import pytest

from cuework.base.errors import Problem
from cuework.nodes import discover
from cuework.testing.small_world import CATALOG
from cuework.workflows.drafts import check
from cuework.workflows.examples import shipped
from cuework.workflows.unknown_reads import unknown_reads

TYPES = discover()
DEAL = {"type": "deal.created"}
FORM = {"type": "form.submitted", "forms": ["contact"]}
HOOK = {"type": "webhook.received", "hook": "orders"}
TAG = {"id": "tag", "type": "contact.add_tag", "tag": "x"}


def found(*steps: dict[str, Any], trigger: dict[str, Any] | None = None, **settings: Any) -> list[Problem]:
    start = trigger or {"type": "contact.created"}
    definition = {"name": "W", "trigger": start, "settings": settings, "steps": list(steps)}
    plan, problems = check(definition, TYPES, CATALOG)
    assert plan is not None, problems
    told = list(unknown_reads(plan, CATALOG))
    assert all(each.severity == "warning" for each in told)
    return told


def said(text: str, *before: dict[str, Any], trigger: dict[str, Any] | None = None) -> list[tuple[str, str | None]]:
    """What is said of a text of the last step, whose trigger may have no record."""
    step = {"type": "notify.send", "to": {"user": "ana@example.com"}, "text": text}
    return [(each.message, each.suggestion) for each in found(*before, step, trigger=trigger)]


@pytest.mark.parametrize("example", shipped(), ids=lambda each: each.key)
def test_shipped_examples_read_only_what_is_there(example: Any) -> None:
    plan, problems = check(example.definition, TYPES, CATALOG)
    assert plan is not None, problems
    assert list(unknown_reads(plan, CATALOG)) == []


@pytest.mark.parametrize(
    ("text", "message", "suggestion"),
    [
        ("{{ contact.frist_name }}", "A contact has no field “frist_name”.", "contact.first_name"),
        ("{{ record.frist_name|upper }}", "A contact has no field “frist_name”.", "record.first_name"),
        ("{{ contact.frist_name or 'you' }}", "A contact has no field “frist_name”.", "contact.first_name"),
        ("{% if contact.lead_scor > 5 %}x{% endif %}", "A contact has no field “lead_scor”.", "contact.lead_score"),
        ("{{ contact.custom.seat }}", "A contact has no field “custom.seat”.", "contact.custom.seats"),
        (
            "{{ contact.company.name }}",
            "A contact has no field “company”: what it leads to has a name of its own.",
            "company.name",
        ),
        ("{{ owner.nam }}", "A user has no field “nam”.", "owner.name"),
        ("{{ tenant.nmae }}", "`tenant` has no field “nmae”.", "tenant.name"),
        ("{{ form.message }}", "There is no form here: the trigger is not about one.", None),
        ("{{ data.x }}", "There is no `data` in a step.", "trigger.x"),
        ("{{ steps.tga.tag }}", "No earlier step has the id “tga”.", "steps.tag"),
        ("{{ steps.tag.outptu }}", "The step “tag” has no field “outptu”.", "there are: changed, tag"),
        ("{{ steps.tag.changd }}", "The step “tag” has no field “changd”.", "steps.tag.changed"),
        ("{{ steps.tag.output.tag }}", "The step “tag” has its output at once.", "steps.tag.tag"),
    ],
)
def test_a_slip_is_told_with_what_was_probably_meant(text: str, message: str, suggestion: str | None) -> None:
    assert said(text, TAG) == [(message, suggestion)]


def test_a_record_that_the_trigger_does_not_lead_to_is_told() -> None:
    [(message, _)] = said("{{ deal.name }}")
    assert message == "A workflow about a contact has no `deal`; it has contact, record, company, owner."
    [(message, suggestion)] = said("{{ contact.email }}", trigger=HOOK)
    assert message == "The trigger has no record, so there is no `contact`."
    assert suggestion is not None


def test_money_has_two_parts() -> None:
    assert said("{{ deal.valu }}", trigger=DEAL) == [("A deal has no field “valu”.", "deal.value")]
    assert said("{{ deal.value.amont }}", trigger=DEAL) == [("Money has no field “amont”.", "deal.value.amount")]
    assert said("{{ deal.value.amount }} {{ deal.value.currency }} {{ deal.custom.renewal }}", trigger=DEAL) == []


def test_a_form_has_the_fields_that_any_of_the_forms_asks() -> None:
    assert said("{{ form.message }} {{ form.email }}", trigger=FORM) == []
    [(message, suggestion)] = said("{{ form.mesage }}", trigger=FORM)
    assert (message, suggestion) == ("The form has no field “mesage”.", "form.message")


@pytest.mark.parametrize(
    "text",
    [
        "{{ contact.first_name }} {{ contact.custom.plan }} {{ contact.custom }} {{ contact.id }} {{ now|date }}",
        "{{ contact.nickname|default('you') }} {{ contact.nick|trim|d('you') }}",
        "{% if contact.nickname is defined %}{{ contact.nickname }}{% endif %}",
        "{% if deal is not defined %}none{% else %}{{ deal.name }}{% endif %}",
        "{% for contact in trigger.body.people %}{{ contact.anything }} {{ loop.index }}{% endfor %}",
        "{% for each in contact.tags %}{{ each.x }}{% endfor %}",
        "{{ trigger.body.anything.at.all }} {{ trigger.whatever }} {{ company.name }} {{ owner.email }}",
        "{{ steps.call.body.anything.at.all }} {{ steps.call.headers.etag }} {{ steps.call.status }}",
        "{{ contact['frist_name'] }} {{ contact.tags[0] }} {{ contact.tags.0 }}",
        "{{ execution.id }} {{ workflow.name }} {{ tenant.currency }}",
        "contact.frist_name is only text",
    ],
)
def test_what_is_there_or_only_the_moment_tells_is_believed(text: str) -> None:
    assert said(text, {"id": "call", "type": "http.request", "url": "https://example.com/"}) == []


def test_every_place_of_a_step_that_takes_templates_is_looked_at() -> None:
    slip = "{{ contact.frist_name }}"
    steps: list[dict[str, Any]] = [
        {"type": "contact.update", "values": {"job_title": slip, "custom": {"plan": slip}}},
        {"type": "http.request", "url": "https://example.com/", "headers": {"X-A": slip}, "body": {"a": [slip]}},
        {"type": "email.send", "to": slip, "subject": slip, "body": f"<p>{slip}</p>"},
        {"type": "task.create", "title": slip, "due": {"at": slip}},
        {"type": "contact.add_tag", "tag": "x", "on": {"type": "contact", "id": slip}},
        {"type": "record.find", "record_type": "deal", "when": {"field": "deal.name", "op": "eq", "value": slip}},
        {"type": "flow.delay", "until": slip},
    ]
    assert [each.path for each in found(*steps)] == [
        *("steps.0.values.job_title", "steps.0.values.custom.plan"),
        *("steps.1.headers.X-A", "steps.1.body.a.0"),
        *("steps.2.subject", "steps.2.to", "steps.2.body"),
        *("steps.3.title", "steps.3.due.at"),
        "steps.4.on.id",
        "steps.5.when.value",
        "steps.6.until",
    ]


def test_conditions_are_looked_at_where_their_paths_have_no_type() -> None:
    clause = {"field": "steps.tag.outptu", "op": "eq", "value": "x"}
    formula = {"expression": "contact.lead_scor > 5"}
    asked = {"field": "form.message", "op": "known"}
    branch = {"type": "flow.branch", "cases": [{"when": {"all": [clause, formula, asked]}}]}
    assert [each.path for each in found(TAG, branch)] == [
        "steps.1.cases.0.when.all.0.field",
        "steps.1.cases.0.when.all.1.expression",
    ]


def test_a_step_is_read_only_where_it_has_run() -> None:
    text = {"type": "activity.log", "text": "{{ steps.tag.tag }} {{ steps.own.text }}", "id": "own"}
    first = {"name": "A", "when": {"expression": "contact.email"}, "steps": [TAG]}
    second = {"name": "B", "when": {"expression": "contact.phone"}, "steps": [text]}
    way = {"id": "way", "type": "flow.branch", "cases": [first, second]}
    assert [each.message for each in found(way)] == [
        "No earlier step has the id “own”.",
        "No earlier step has the id “tag”.",
    ]
    later = {"type": "activity.log", "text": "{{ steps.tag.tag }} {{ steps.way.case }}"}
    assert found({**way, "cases": [first]}, later) == []
    inside = {"type": "activity.log", "text": "{{ steps.way.case }}"}
    assert found({**way, "cases": [{**first, "steps": [inside]}]}) == []


def test_the_filter_and_the_entry_key_see_the_event_and_no_steps() -> None:
    when = {"all": [{"field": "steps.tag.tag", "op": "eq", "value": "x"}, {"expression": "contact.frist_name"}]}
    told = found(TAG, trigger={"type": "contact.created", "when": when}, entry_key="{{ contact.emial }}-{{ data.x }}")
    assert [(each.path, each.suggestion) for each in told] == [
        ("trigger.when.all.0.field", "trigger"),
        ("trigger.when.all.1.expression", "contact.first_name"),
        ("settings.entry_key", "contact.email"),
    ]
