"""What actions on records do, and what they do when the record or the value is not there."""

from datetime import UTC, datetime
from typing import Any

import pytest

from cuework.base import json
from cuework.base.errors import Invalid
from cuework.engine.money import Money
from cuework.testing.scenario import Scenario
from cuework.testing.small_world import ANA, BEN, CEM, DEE, OFFER, RENEWED, SALES

CREATED = {"type": "contact.created"}
DEAL = {"type": "deal.created"}
FAIR = {"all": [{"field": "contact.source", "op": "eq", "value": "fair"}]}
NAMED = {"field": "deal.name", "op": "eq"}
HOOK = {"type": "webhook.received", "hook": "orders"}
CALL = {"type": "http.request", "url": "https://example.com/"}


def scenario(*steps: dict[str, Any], trigger: dict[str, Any] = CREATED) -> Scenario:
    return Scenario({"name": "Test", "trigger": trigger, "steps": list(steps)})


def problems(*steps: dict[str, Any], trigger: dict[str, Any] = CREATED) -> list[str]:
    with pytest.raises(Invalid) as caught:
        scenario(*steps, trigger=trigger)
    return [problem.path for problem in caught.value.problems]


def error_of(world: Scenario, visit: str = "it") -> dict[str, Any]:
    log = world.log(visit)
    assert log.status == "failed"
    return log.detail["error"]


@pytest.mark.parametrize(
    ("step", "asked"),
    [
        ({"type": "contact.add_score", "points": -3}, {"points": -3}),
        (
            {"type": "contact.update", "values": {"job_title": "{{ contact.source }}"}},
            {"values": {"job_title": "fair"}},
        ),
        ({"type": "contact.update", "values": {"job_title": "Buyer"}}, {"values": {"job_title": "Buyer"}}),
        ({"type": "contact.set_score", "score": 7}, {"score": 7}),
        ({"type": "contact.set_stage", "stage": "lead"}, {"stage": "lead"}),
        ({"type": "contact.add_tag", "tag": "new", "on": "contact"}, {"tag": "new", "on": "contact"}),
        ({"type": "contact.remove_tag", "tag": "{{ contact.source }}"}, {"tag": "fair"}),
        ({"type": "record.assign_owner", "user": "ana@example.com"}, {"user": "ana@example.com"}),
        (
            {"type": "notify.send", "to": {"team": "sales"}, "text": "From {{ contact.source }}"},
            {"to": {"team": "sales"}, "text": "From fair"},
        ),
        ({"type": "activity.log", "text": "{{ contact.source }}" + "x" * 600}, {"text": "fair" + "x" * 496 + "…"}),
        (
            {"type": "flow.branch", "cases": [{"when": FAIR, "steps": [{"type": "flow.stop"}]}], "otherwise": []},
            {"cases": [{"when": FAIR}]},
        ),
        ({"type": "flow.stop", "reason": "Not {{ contact.source }}"}, {"reason": "Not fair"}),
        (
            {"type": "contact.upsert", "email": "lin@example.org", "values": {"first_name": "Lin"}},
            {"email": "lin@example.org", "values": {"first_name": "Lin"}},
        ),
        (
            {"type": "deal.create", "name": "{{ contact.source }}", "value": "12.50"},
            {"name": "fair", "value": Money(1250, "EUR")},
        ),
        (
            {"type": "task.create", "title": "Call {{ contact.source }}", "due": {"at": "2026-03-09"}},
            {"title": "Call fair", "due": {"at": "2026-03-09"}, "due_at": datetime(2026, 3, 8, 23, tzinfo=UTC)},
        ),
        (
            {"type": "record.find", "record_type": "deal", "when": {**NAMED, "value": "{{ contact.source }}"}},
            {"record_type": "deal", "when": {**NAMED, "value": "fair"}},
        ),
        (
            {
                "type": "http.request",
                "url": "https://example.com/",
                "headers": {"Authorization": "Bearer secret"},
                "body": {"from": "{{ contact.source }}"},
            },
            {"method": "POST", "url": "https://example.com/", "body": {"from": "fair"}},
        ),
        (
            {"type": "http.request", "url": "https://example.com/", "body": "y" * 3_000},
            {"method": "POST", "url": "https://example.com/", "body": "y" * 2_000 + "…"},
        ),
    ],
)
def test_a_step_tells_what_it_was_asked_to_do(step: dict[str, Any], asked: dict[str, Any]) -> None:
    world = scenario({"id": "it", **step})
    world.happens(world.creates("contact", source="fair"))
    for sent in world.sent:
        world.deliver(sent, {"status": 200, "headers": {}, "body": None})
    assert world.log("it").status == "completed", world.log("it").detail
    assert world.asked("it") == asked


@pytest.mark.parametrize("points", [{"points": 5}, {"points": 5, "on": "contact", "note": "A note is for people."}])
def test_what_the_version_says_is_not_written_for_each_execution(points: dict[str, Any]) -> None:
    world = scenario({"id": "it", "type": "contact.add_score", **points})
    world.happens(world.creates("contact"))
    assert "input" not in world.log("it").detail


def test_a_step_that_did_not_come_so_far_shows_its_templates_as_they_are_written() -> None:
    step = {"type": "contact.update", "values": {"job_title": "{{ contact.source }}"}}
    world = scenario({"id": "it", "disabled": True, **step})
    world.happens(world.creates("contact", source="fair"))
    assert world.asked("it") == {"values": step["values"]}


def test_a_record_by_id_tells_which_id_it_was() -> None:
    target = {"type": "contact", "id": "{{ trigger.body.id }}"}
    world = scenario({"id": "it", "type": "contact.add_tag", "tag": "x", "on": target}, trigger=HOOK)
    world.happens(world.event("webhook.received", None, hook_key="orders", body={"id": "nobody"}))
    assert world.log("it").status == "failed"
    assert world.asked("it") == {"tag": "x", "on": {"type": "contact", "id": "nobody"}}


LONG = "{% for each in contact.tags %}{{ contact.source }}{% endfor %}"


@pytest.mark.parametrize(
    "step",
    [
        {"type": "contact.add_tag", "tag": LONG},
        {"type": "contact.remove_tag", "tag": LONG},
        {"type": "contact.update", "values": {"job_title": LONG}},
        {"type": "contact.upsert", "email": LONG},
        {"type": "deal.create", "name": LONG},
        {"type": "task.create", "title": LONG, "description": LONG, "due": {"at": LONG}},
        {"type": "activity.log", "text": LONG},
        {"type": "notify.send", "to": {"team": "sales"}, "text": LONG, "link": LONG},
        {"type": "email.send", "to": LONG, "subject": LONG, "body": LONG},
        {"type": "http.request", "url": LONG, "body": LONG},
        {"type": "record.find", "record_type": "deal", "when": {**NAMED, "value": LONG}},
        {"type": "flow.delay", "until": LONG},
        {"type": "flow.stop", "reason": LONG},
        {"type": "contact.add_score", "points": 1, "on": {"type": "contact", "id": LONG}},
    ],
    ids=lambda step: step["type"],
)
def test_no_text_however_long_fills_the_log(step: dict[str, Any]) -> None:
    world = scenario({"id": "it", **step})
    world.happens(world.creates("contact", source="x" * 500, tags=[str(n) for n in range(190)]))
    for sent in world.sent:
        world.refuse(sent, "refused", "It is refused.")
    assert len(json.dumps_text(world.log("it").detail)) < 45_000


# Tags and scores


def test_a_tag_is_added_once_whatever_its_case() -> None:
    world = scenario({"id": "it", "type": "contact.add_tag", "tag": "VIP"})
    world.happens(world.creates("contact", tags=["vip"]))
    assert world.all("contact")[0]["tags"] == ["vip"]
    assert world.outcome("it") == ("completed", {"tag": "VIP", "changed": False})
    assert [event.type for event in world.events] == ["contact.created"], "a write that changes nothing makes no event"


def test_a_tag_takes_a_template_and_an_empty_one_fails_the_step() -> None:
    world = scenario({"id": "it", "type": "contact.add_tag", "tag": "from-{{ contact.source }}"})
    world.happens(world.creates("contact", source="fair"))
    assert world.all("contact")[0]["tags"] == ["from-fair"]
    empty = scenario({"id": "it", "type": "contact.add_tag", "tag": "{{ contact.source }}"})
    execution = empty.happens(empty.creates("contact"))
    assert error_of(empty)["message"] == "The tag is empty."
    assert "contact.source" in empty.log("it").detail["warnings"][0]
    assert (execution.status, execution.has_errors) == ("completed", True)


def test_a_tag_is_removed_whatever_its_case() -> None:
    world = scenario({"id": "it", "type": "contact.remove_tag", "tag": "New"})
    world.happens(world.creates("contact", tags=["new", "kept"]))
    assert world.all("contact")[0]["tags"] == ["kept"]


def test_scores_add_up_across_steps() -> None:
    steps = [{"type": "contact.add_score", "points": points} for points in (10, -3, 5)]
    world = scenario(*steps)
    world.happens(world.creates("contact", lead_score=1))
    assert world.all("contact")[0]["lead_score"] == 13
    assert world.outcome("add_score_3")[1] == {"before": 8, "score": 13}


def test_a_score_that_no_longer_fits_fails_the_step() -> None:
    world = scenario({"id": "it", "type": "contact.add_score", "points": 1})
    world.happens(world.creates("contact", lead_score=1_000_000))
    assert error_of(world)["code"] == "invalid_value"


def test_a_stage_is_set_and_never_moved_back_when_told_so() -> None:
    world = scenario({"id": "it", "type": "contact.set_stage", "stage": "lead", "only_forward": True})
    for stage in (None, "customer"):
        world.happens(world.creates("contact", lifecycle_stage=stage))
    assert [row["lifecycle_stage"] for row in world.all("contact")] == ["lead", "customer"]


# Which record


def test_an_action_finds_the_record_that_fits_when_nothing_is_said() -> None:
    world = scenario({"id": "it", "type": "contact.add_tag", "tag": "big"}, trigger=DEAL)
    contact = world.add("contact")
    world.happens(world.creates("deal", contact_id=contact.id))
    assert world.row(contact)["tags"] == ["big"]


def test_a_relation_that_leads_nowhere_skips_the_step() -> None:
    world = scenario({"id": "it", "type": "contact.add_tag", "on": "deal.contact", "tag": "big"}, trigger=DEAL)
    execution = world.happens(world.creates("deal"))
    assert world.log("it").status == "skipped"
    assert world.log("it").detail["reason"] == "no_record"
    assert (execution.status, execution.has_errors) == ("completed", False)


def test_a_deleted_record_counts_as_none() -> None:
    world = scenario({"id": "it", "type": "contact.add_tag", "on": "deal.contact", "tag": "big"}, trigger=DEAL)
    contact = world.add("contact")
    world.row(contact)["deleted_at"] = world.now
    world.happens(world.creates("deal", contact_id=contact.id))
    assert world.log("it").status == "skipped"


def test_an_id_by_template_names_any_record_and_a_wrong_one_fails() -> None:
    on = {"type": "contact", "id": "{{ trigger.body.contact }}"}
    world = scenario({"id": "it", "type": "contact.add_tag", "on": on, "tag": "x"}, trigger=HOOK)
    contact = world.add("contact")
    world.happens(world.event("webhook.received", None, hook_key="orders", body={"contact": str(contact.id)}))
    assert world.row(contact)["tags"] == ["x"]
    world.happens(world.event("webhook.received", None, hook_key="orders", body={"contact": "nobody"}))
    assert error_of(world)["code"] == "no_record"


def test_a_step_on_the_wrong_kind_of_record_is_a_problem_or_fails() -> None:
    assert problems({"type": "contact.add_tag", "on": "contact.company", "tag": "x"}) == ["steps.0.on"]
    steps = [
        {"id": "task", "type": "task.create", "title": "x"},
        {"id": "it", "type": "contact.add_tag", "on": "steps.task", "tag": "x"},
    ]
    world = scenario(*steps)
    world.happens(world.creates("contact"))
    assert error_of(world)["message"] == "“steps.task” is a task; this step works on a contact."


def test_every_record_action_needs_an_on_when_the_trigger_has_no_record() -> None:
    steps = [
        {"type": "contact.add_tag", "tag": "x"},
        {"type": "task.create", "title": "x"},
        {"type": "activity.log", "text": "x"},
        {"type": "record.assign_owner", "team": "sales"},
        {"type": "notify.send", "to": {"team": "sales"}, "text": "x"},
        {"type": "contact.upsert", "email": "a@example.org"},
    ]
    assert problems(*steps, trigger=HOOK) == [f"steps.{index}.on" for index in range(4)]


# Fields


def test_fields_are_set_from_constants_and_templates() -> None:
    values = {
        "first_name": "{{ contact.email }}",
        "owner_id": "BEN@example.com",
        "custom": {"plan": "Team", "seats": "{{ 2 + 3 }}"},
    }
    world = scenario({"id": "it", "type": "contact.update", "values": values})
    world.happens(world.creates("contact", email="a@example.org"))
    row = world.all("contact")[0]
    assert (row["first_name"], row["owner_id"], row["custom"]) == (
        "a@example.org",
        BEN.id,
        {"plan": "team", "seats": 5},
    )


def test_a_value_that_does_not_fit_is_a_problem_when_it_is_constant_and_fails_the_step_when_it_is_not() -> None:
    assert problems({"type": "contact.update", "values": {"custom.seats": "many"}}) == ["steps.0.values.custom.seats"]
    assert problems({"type": "contact.update", "values": {"frist_name": "x"}}) == ["steps.0.values.frist_name"]
    assert problems({"type": "deal.update", "values": {"stage_id": "x", "status": "won"}}, trigger=DEAL) == [
        "steps.0.values.stage_id",
        "steps.0.values.status",
    ]
    world = scenario(
        {"id": "it", "type": "contact.update", "values": {"custom.seats": "{{ contact.source }}", "country": "DE"}}
    )
    world.happens(world.creates("contact", source="many"))
    assert error_of(world)["message"].startswith("Seats: This is a number")
    assert world.all("contact")[0]["country"] is None, "nothing of the step is written"


def test_an_email_that_another_contact_has_fails_the_step_in_words() -> None:
    world = scenario({"id": "it", "type": "contact.update", "values": {"email": "LIN@example.org"}})
    world.add("contact", email="lin@example.org")
    world.happens(world.creates("contact", email="other@example.org"))
    assert error_of(world) == {
        "code": "taken",
        "message": "Another contact has the email LIN@example.org already.",
    }
    mine = scenario({"id": "it", "type": "contact.update", "values": {"email": "LIN@example.org"}})
    mine.happens(mine.creates("contact", email="lin@example.org"))
    assert mine.all("contact")[0]["email"] == "LIN@example.org"


def test_null_clears_a_field() -> None:
    world = scenario({"id": "it", "type": "contact.update", "values": {"owner_id": None}})
    world.happens(world.creates("contact", owner_id=ANA.id))
    assert world.all("contact")[0]["owner_id"] is None


# Create or update


def test_upsert_finds_the_contact_by_email_whatever_its_case() -> None:
    step = {"id": "who", "type": "contact.upsert", "email": "{{ trigger.body.email }}", "values": {"first_name": "Lin"}}
    world = scenario(step, {"type": "contact.add_tag", "on": "steps.who", "tag": "order"}, trigger=HOOK)
    known = world.add("contact", email="LIN@example.org")
    for email in ("lin@Example.org", "new@example.org"):
        world.happens(world.event("webhook.received", None, hook_key="orders", body={"email": email}))
    assert [(row["email"], row["first_name"], row["tags"]) for row in world.all("contact")] == [
        ("LIN@example.org", "Lin", ["order"]),
        ("new@example.org", "Lin", ["order"]),
    ]
    assert world.row(known)["revision"] == 3


def test_two_upserts_of_one_batch_make_one_contact() -> None:
    world = scenario({"id": "who", "type": "contact.upsert", "email": "{{ trigger.body.email }}"}, trigger=HOOK)
    body = {"email": "lin@example.org"}
    events = [world.event("webhook.received", None, hook_key="orders", body=body) for _ in range(3)]
    world.happens(*events)
    assert len(world.all("contact")) == 1
    assert [step.detail["output"]["created"] for step in world.steps] == [True, False, False]


def test_upsert_without_an_email_fails() -> None:
    world = scenario({"id": "it", "type": "contact.upsert", "email": "{{ trigger.body.email }}"}, trigger=HOOK)
    world.happens(world.event("webhook.received", None, hook_key="orders", body={}))
    assert error_of(world)["code"] == "invalid_value"
    assert world.all("contact") == []


def test_a_new_company_is_named_after_its_domain() -> None:
    world = scenario({"id": "it", "type": "company.upsert", "domain": "{{ trigger.body.domain }}"}, trigger=HOOK)
    world.happens(world.event("webhook.received", None, hook_key="orders", body={"domain": "lin.example.org"}))
    assert [(row["name"], row["domain"]) for row in world.all("company")] == [("lin.example.org", "lin.example.org")]


def test_finding_takes_the_first_in_the_order_asked_for() -> None:
    when = {
        "all": [
            {"field": "deal.status", "op": "eq", "value": "open"},
            {"field": "deal.name", "op": "starts_with", "value": "{{ trigger.body.start }}"},
        ]
    }
    find = {"id": "it", "type": "record.find", "record_type": "deal", "when": when, "sort": "-name"}
    world = scenario(find, {"id": "win", "type": "deal.win", "on": "steps.it"}, trigger=HOOK)
    for name, status in (("A1", "open"), ("A3", "lost"), ("A2", "open"), ("B1", "open")):
        world.add("deal", name=name, status=status)
    world.happens(world.event("webhook.received", None, hook_key="orders", body={"start": "A"}))
    assert [row["name"] for row in world.all("deal") if row["status"] == "won"] == ["A2"]
    world.happens(world.event("webhook.received", None, hook_key="orders", body={"start": "Z"}))
    assert world.outcome("it") == ("completed", {"found": False, "type": None, "id": None})
    assert world.log("win").status == "skipped"


def test_a_search_knows_only_fields_of_what_it_searches() -> None:
    when = {"any": [{"field": "deal.name", "op": "known"}, {"field": "trigger.body.name", "op": "eq", "value": "x"}]}
    assert problems({"type": "record.find", "record_type": "deal", "when": when}, trigger=HOOK) == [
        "steps.0.when.any.1"
    ]


@pytest.mark.parametrize(("sort", "first"), [("-value", "dear"), ("value", "cheap"), ("-stage", "far")])
def test_finding_sorts_money_by_its_worth_and_stages_in_their_order(sort: str, first: str) -> None:
    when = {"field": "deal.name", "op": "known"}
    find = {"id": "it", "type": "record.find", "record_type": "deal", "when": when, "sort": sort}
    world = scenario(find, trigger=HOOK)
    made = {
        "cheap": world.add("deal", name="cheap", value=Money(11_000, "USD")),  # 99 EUR
        "dear": world.add("deal", name="dear", value=Money(10_000, "EUR")),
        "far": world.add("deal", name="far", stage_id=OFFER.id),
    }
    world.happens(world.event("webhook.received", None, hook_key="orders", body={}))
    assert world.outcome("it")[1]["id"] == str(made[first].id)


def test_what_a_template_writes_into_a_task_is_no_longer_than_the_field_takes() -> None:
    many = "{% for each in contact.tags %}{{ contact.source }}{% endfor %}"
    world = scenario({"type": "task.create", "title": many, "description": many})
    world.happens(world.creates("contact", source="x" * 500, tags=[str(n) for n in range(150)]))
    [task] = world.all("task")
    assert (len(task["title"]), len(task["description"])) == (500, 50_000)


def test_a_search_cannot_ask_what_changed() -> None:
    when = {"all": [{"field": "deal.status", "op": "changed"}]}
    assert problems({"type": "record.find", "record_type": "deal", "when": when}) == ["steps.0.when.all.0"]


@pytest.mark.parametrize(
    "pattern", ["(?i)north", r"\bnorth", r"\pL+", "[[:alpha:]]", r"north\z", "(?P<x>north)", "a{,5}"]
)
def test_a_search_with_a_pattern_that_the_database_cannot_do_is_not_published(pattern: str) -> None:
    find = {"type": "record.find", "record_type": "deal"}
    clause = {"field": "deal.name", "op": "matches", "value": pattern}
    with pytest.raises(Invalid) as caught:
        scenario({**find, "when": {"all": [clause]}})
    [problem] = caught.value.problems
    assert problem.path == "steps.0.when.all.0.value"
    assert problem.message.startswith("A search cannot use this part of a regular expression: ")


def test_a_search_with_a_pattern_from_a_template_fails_in_words() -> None:
    clause = {"field": "deal.name", "op": "matches", "value": "{{ contact.source }}"}
    world = scenario({"id": "it", "type": "record.find", "record_type": "deal", "when": clause})
    world.happens(world.creates("contact", source="(?i)north"))
    assert error_of(world)["message"] == (
        "The condition cannot be searched by: A search cannot use this part of a regular expression: (?i."
    )


def test_a_search_may_look_for_the_word_expression() -> None:
    clause = {"field": "deal.name", "op": "eq", "value": "expression"}
    scenario({"type": "record.find", "record_type": "deal", "when": clause})


# Deals


def test_a_deal_is_created_for_the_contact_and_its_company() -> None:
    step = {
        "id": "it",
        "type": "deal.create",
        "name": "{{ contact.first_name }} 1",
        "value": "{{ 10 * 5 }}",
        "stage": "offer",
    }
    world = scenario({**step, "assign_to": {"user": "ana@example.com"}})
    company = world.add("company", name="Acme")
    world.happens(world.creates("contact", first_name="Lin", company_id=company.id))
    [deal] = world.all("deal")
    contact = world.all("contact")[0]["id"]
    assert (deal["name"], deal["value"], deal["stage"]) == ("Lin 1", Money(5000, "EUR"), "offer")
    assert (deal["contact_id"], deal["company_id"], deal["owner_id"]) == (contact, company.id, ANA.id)


def test_a_deal_moves_within_its_pipeline_and_fails_where_it_has_no_such_stage() -> None:
    world = scenario({"id": "it", "type": "deal.move_stage", "stage": "offer"}, trigger=DEAL)
    world.happens(world.creates("deal", name="A"))
    assert world.all("deal")[0]["stage_id"] == OFFER.id
    world.happens(world.creates("deal", name="B", stage_id=RENEWED.id))
    assert error_of(world)["message"] == "The deal's pipeline “renewals” has no stage “offer”."


def test_winning_closes_a_deal() -> None:
    world = scenario({"id": "it", "type": "deal.win"}, trigger=DEAL)
    world.happens(world.creates("deal", name="A"))
    assert (world.all("deal")[0]["status"], world.all("deal")[0]["closed_at"]) == ("won", world.now)


# Tasks and owners


def test_a_team_task_is_in_the_queue_unless_it_says_by() -> None:
    task = {"type": "task.create", "title": "x"}
    world = scenario(
        {**task, "assign_to": {"team": "sales"}}, {**task, "assign_to": {"team": "sales", "by": "round_robin"}}
    )
    world.happens(world.creates("contact"))
    assert [(row["team_id"], row["assignee_id"]) for row in world.all("task")] == [(SALES.id, None), (SALES.id, ANA.id)]


def test_round_robin_takes_turns_and_leaves_out_the_deactivated() -> None:
    world = scenario({"type": "task.create", "title": "x", "assign_to": {"team": "sales", "by": "round_robin"}})
    world.happens(*(world.creates("contact") for _ in range(3)))
    world.happens(world.creates("contact"))
    assert [row["assignee_id"] for row in world.all("task")] == [ANA.id, BEN.id, ANA.id, BEN.id]


def test_load_balanced_counts_open_items_alone() -> None:
    world = scenario({"type": "record.assign_owner", "team": "closers", "by": "load_balanced"}, trigger=DEAL)
    for owner, status in ((CEM, "open"), (CEM, "open"), (DEE, "open"), (DEE, "won"), (DEE, "lost"), (DEE, "won")):
        world.add("deal", owner_id=owner.id, status=status)
    world.happens(*(world.creates("deal", name=f"New {number}") for number in range(2)))
    assert [row["owner_id"] for row in world.all("deal") if row["name"].startswith("New")] == [DEE.id, CEM.id]


def test_a_team_without_active_members_leaves_the_owner_as_it_was() -> None:
    world = scenario({"id": "it", "type": "record.assign_owner", "team": "ghosts"})
    world.happens(world.creates("contact", owner_id=ANA.id))
    assert (world.log("it").status, world.log("it").detail["reason"]) == ("skipped", "nobody_available")
    assert world.all("contact")[0]["owner_id"] == ANA.id


def test_an_owner_who_is_there_is_kept_when_asked_for() -> None:
    world = scenario({"id": "it", "type": "record.assign_owner", "user": "ben@example.com", "keep_owner": True})
    world.happens(world.creates("contact", owner_id=ANA.id), world.creates("contact"))
    assert [row["owner_id"] for row in world.all("contact")] == [ANA.id, BEN.id]


def test_a_task_of_the_owner_of_nobody_is_nobodys_with_a_warning() -> None:
    world = scenario({"id": "it", "type": "task.create", "title": "x", "assign_to": {"owner": "contact"}})
    world.happens(world.creates("contact"))
    assert world.all("task")[0]["assignee_id"] is None
    assert world.log("it").detail["warnings"] == ["“contact” has no active owner, so it is assigned to nobody."]


def test_assignment_problems_are_named_at_their_place() -> None:
    task = {"type": "task.create", "title": "x"}
    assert problems({**task, "assign_to": {"team": "sale"}}) == ["steps.0.assign_to.team"]
    assert problems({**task, "assign_to": {"user": "nobody@example.com"}}) == ["steps.0.assign_to.user"]
    assert problems({**task, "assign_to": {"user": "eve@example.com"}}) == ["steps.0.assign_to.user"]
    assert problems({**task, "assign_to": {}}) == ["steps.0.assign_to"]
    notify = {"type": "notify.send", "to": {"users": ["ana@example.com", "eve@example.com"]}, "text": "x"}
    assert problems(notify) == ["steps.0.to.users.1"]
    assert problems({"type": "record.assign_owner"}) == ["steps.0"]


def test_a_task_is_linked_to_the_deal_its_contact_and_its_company_and_due_by_the_clock() -> None:
    step = {"type": "task.create", "title": "Call {{ contact.first_name }}", "due": {"in": "1 day"}, "priority": "high"}
    world = scenario(step, trigger=DEAL)
    contact, company = world.add("contact", first_name="Lin"), world.add("company", name="Acme")
    execution = world.happens(world.creates("deal", contact_id=contact.id, company_id=company.id))
    [task] = world.all("task")
    assert (task["title"], task["priority"], task["due_at"].isoformat()) == (
        "Call Lin",
        "high",
        "2026-03-03T09:00:00+00:00",
    )
    assert (task["deal_id"], task["contact_id"], task["company_id"]) == (
        world.all("deal")[0]["id"],
        contact.id,
        company.id,
    )
    assert task["execution_id"] == execution.id


def test_a_due_date_that_cannot_be_read_leaves_a_warning() -> None:
    world = scenario({"id": "it", "type": "task.create", "title": "x", "due": {"at": "{{ contact.source }}"}})
    world.happens(world.creates("contact", source="soon"))
    assert world.all("task")[0]["due_at"] is None
    assert world.log("it").detail["warnings"] == ["“soon” is no date or date-time, so there is no due date."]


def test_completing_a_task_says_when() -> None:
    make = {"id": "call", "type": "task.create", "title": "Call"}
    world = scenario(make, {"type": "task.update", "on": "steps.call", "values": {"status": "done"}})
    world.happens(world.creates("contact"))
    assert world.all("task")[0]["completed_at"] == world.now


# History


def test_an_activity_is_a_row_and_an_event_linked_to_the_execution() -> None:
    world = scenario({"id": "it", "type": "activity.log", "text": "Hello {{ contact.first_name }}", "activity": "call"})
    execution = world.happens(world.creates("contact", first_name="Lin"))
    [row] = world.rows["activities"]
    assert (row["text"], row["type"], row["execution_id"]) == ("Hello Lin", "call", execution.id)
    assert world.events[-1].type == "activity.logged"
    assert world.events[-1].cause.execution_id == execution.id


# Constants that would fail each time


@pytest.mark.parametrize(
    ("step", "path", "message"),
    [
        ({"type": "contact.add_tag", "tag": " "}, "tag", "The tag is empty."),
        ({"type": "contact.remove_tag", "tag": ""}, "tag", "The tag is empty."),
        ({"type": "contact.add_tag", "tag": "x" * 101}, "tag", "The tag has 101 characters; at most 100 fit."),
        ({"type": "task.create", "title": " "}, "title", "The title of the task is empty."),
        (
            {"type": "notify.send", "to": {"team": "sales"}, "text": ""},
            "text",
            "The text of the notification is empty.",
        ),
        ({"type": "activity.log", "text": ""}, "text", "The text of the activity is empty."),
        ({**CALL, "headers": {"A b": "y"}}, "headers.A b", "'A b' is no header name."),
        ({**CALL, "headers": {"Host": "y"}}, "headers.Host", "The header Host is set by Cuework itself."),
        (
            {**CALL, "headers": {"X-Note": "a\nb"}},
            "headers.X-Note",
            "The header X-Note has a line break or another control character in its value.",
        ),
    ],
)
def test_a_constant_that_fails_each_time_is_a_problem(step: dict[str, Any], path: str, message: str) -> None:
    with pytest.raises(Invalid) as caught:
        scenario(step)
    assert [(each.path, each.message) for each in caught.value.problems] == [(f"steps.0.{path}", message)]
