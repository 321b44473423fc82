"""Explanations: why a record entered or did not, where it is, and when it moves next."""

from typing import Any
from uuid import uuid4

from tests.api.given import contact, drafted, published

from cuework.testing.application import World
from cuework.testing.passes import run_passes

HOT = {"all": [{"field": "contact.lead_score", "op": "gte", "value": 50}]}


def resting(**more: Any) -> dict[str, Any]:
    return {
        "name": "Rest",
        "trigger": {"type": "contact.created", "when": HOT},
        "steps": [{"id": "rest", "type": "flow.delay", "for": "2 days"}],
        **more,
    }


async def explained(world: World, workflow: str, record: str) -> dict[str, Any]:
    await run_passes(world.app.pool, world.tenant_id)
    asked = {"record_type": "contact", "record_id": record}
    answer = await world.viewer.get(f"/workflows/{workflow}/explain", params=asked)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_it_tells_why_a_record_entered_and_when_it_moves_next(acme: World) -> None:
    workflow = await published(acme, resting())
    told = await explained(acme, workflow, await contact(acme, lead_score=70))
    assert told["state"] == "inside"
    assert "because the contact was created (" in told["sentences"][0]
    assert "lead score 70" in told["sentences"][0]
    assert "at the step “rest”" in told["sentences"][1]
    assert told["next_at"] is not None
    assert told["execution"]["status"] == "waiting"
    assert told["events"][0]["outcome"] == "entered"


async def test_it_names_the_clause_that_failed_with_the_value_at_that_time(acme: World) -> None:
    workflow = await published(acme, resting())
    ada = await contact(acme, lead_score=20)
    await acme.member.patch(f"/contacts/{ada}", json={"lead_score": 90})
    told = await explained(acme, workflow, ada)
    assert told["state"] == "not_entered"
    [event] = told["events"]
    assert (event["type"], event["outcome"]) == ("contact.created", "filter")
    assert event["clauses"][0]["value"] == 20
    assert "20" in told["sentences"][0]


async def test_it_says_that_the_workflow_was_never_published(acme: World) -> None:
    told = await explained(acme, await drafted(acme, resting()), await contact(acme))
    assert told["state"] == "never_published"
    assert told["sentences"] == ["Rest was never published, so nothing has entered it."]


async def test_it_says_that_the_workflow_was_not_published_yet(acme: World) -> None:
    ada = await contact(acme, lead_score=70)
    told = await explained(acme, await published(acme, resting()), ada)
    assert told["state"] == "not_entered"
    assert told["events"][0]["reason"] == "The workflow was not published yet."


async def test_it_says_that_the_workflow_was_paused(acme: World) -> None:
    workflow = await published(acme, resting())
    await acme.manager.post(f"/workflows/{workflow}/pause")
    told = await explained(acme, workflow, await contact(acme, lead_score=70))
    assert told["events"][0]["outcome"] == "inactive"
    assert "It is paused now, so nothing new enters." in told["sentences"]


async def test_it_says_that_nothing_has_happened_to_the_record(acme: World) -> None:
    workflow = await published(acme, resting(trigger={"type": "contact.score_changed"}))
    told = await explained(acme, workflow, await contact(acme))
    assert told["state"] == "no_event"
    assert "nothing like that has happened to this contact" in told["sentences"][0]


async def test_it_says_that_the_record_was_in_the_workflow_already(acme: World) -> None:
    workflow = await published(acme, resting(trigger={"type": "contact.updated"}))
    ada = await contact(acme)
    for name in ("Bea", "Cid"):
        await acme.member.patch(f"/contacts/{ada}", json={"first_name": name})
    told = await explained(acme, workflow, ada)
    assert told["state"] == "inside"
    assert [event["outcome"] for event in told["events"]] == ["already_active", "entered"]


async def test_it_says_that_a_record_enters_only_once(acme: World) -> None:
    steps = [{"id": "log", "type": "activity.log", "text": "Hello"}]
    trigger = {"type": "contact.updated"}
    workflow = await published(acme, resting(trigger=trigger, steps=steps, settings={"re_entry": "once"}))
    ada = await contact(acme)
    for name in ("Bea", "Cid"):
        await acme.member.patch(f"/contacts/{ada}", json={"first_name": name})
        await run_passes(acme.app.pool, acme.tenant_id)
    told = await explained(acme, workflow, ada)
    assert told["state"] == "ended"
    assert [event["outcome"] for event in told["events"]] == ["once", "entered"]


async def test_it_says_that_the_record_is_suppressed(acme: World) -> None:
    suppress = {"all": [{"field": "contact.email_consent", "op": "eq", "value": "denied"}]}
    workflow = await published(acme, resting(settings={"suppress": suppress}))
    told = await explained(acme, workflow, await contact(acme, lead_score=70, email_consent="denied"))
    assert told["events"][0]["outcome"] == "suppressed"
    assert "suppressed" in told["sentences"][0]


async def test_it_says_why_a_record_that_was_enrolled_by_hand_did_not_enter(acme: World) -> None:
    suppress = {"all": [{"field": "contact.tags", "op": "contains", "value": "partner"}]}
    manual = {"type": "manual", "record_type": "contact"}
    workflow = await published(acme, resting(trigger=manual, settings={"suppress": suppress}))
    partner, other = await contact(acme, tags=["partner"]), await contact(acme)
    for record in (partner, other, other):
        await acme.member.post(f"/workflows/{workflow}/enroll", json={"record_id": record})
        await run_passes(acme.app.pool, acme.tenant_id)
    told = await explained(acme, workflow, partner)
    assert told["state"] == "not_entered"
    [sentence] = told["sentences"]
    assert sentence.startswith("Enrolled by hand on ")
    assert sentence.endswith(", it did not enter: the record was suppressed for this workflow.")
    told = await explained(acme, workflow, other)
    assert told["state"] == "inside"
    assert told["sentences"][-1].endswith(", it did not enter: the record was in the workflow already.")


async def test_it_says_that_the_entry_key_could_not_be_made_for_an_enrollment_by_hand(acme: World) -> None:
    manual = {"type": "manual", "record_type": "contact"}
    key = {"entry_key": "{{ 1 / (contact.lead_score - 7) }}"}
    workflow = await published(acme, resting(trigger=manual, settings=key))
    ada = await contact(acme, lead_score=7)
    await acme.member.post(f"/workflows/{workflow}/enroll", json={"record_ids": [ada]})
    told = await explained(acme, workflow, ada)
    assert "the workflow's entry key could not be made" in told["sentences"][-1]
    assert (await acme.manager.get("/quarantine")).json()["items"] == []


async def test_it_says_that_the_workflow_changed_the_record_itself(acme: World) -> None:
    steps = [{"id": "score", "type": "contact.add_score", "points": 1}]
    workflow = await published(acme, resting(trigger={"type": "contact.updated"}, steps=steps))
    ada = await contact(acme)
    await acme.member.patch(f"/contacts/{ada}", json={"first_name": "Bea"})
    told = await explained(acme, workflow, ada)
    assert [event["outcome"] for event in told["events"]] == ["own_change", "entered"]


async def test_an_event_that_waits_to_be_handled_is_told_as_such(acme: World) -> None:
    workflow = await published(acme, resting())
    ada = await contact(acme, lead_score=70)
    asked = {"record_type": "contact", "record_id": ada}
    told = (await acme.viewer.get(f"/workflows/{workflow}/explain", params=asked)).json()
    assert told["state"] == "pending"


async def test_a_record_of_another_kind_or_none_is_refused(acme: World) -> None:
    workflow = await published(acme, resting())
    path = f"/workflows/{workflow}/explain"
    assert (
        await acme.viewer.get(path, params={"record_type": "contact", "record_id": str(uuid4())})
    ).status_code == 404
    assert (await acme.viewer.get(path, params={"record_type": "cat", "record_id": str(uuid4())})).status_code == 422
