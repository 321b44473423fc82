"""How an execution ended says which of two causes it was, in lists, alone and in explanations."""

from typing import Any

from cuework.testing.application import World
from cuework.testing.passes import run_passes

STOP = {"id": "enough", "type": "flow.stop"}
LEAVES = {"exit": {"field": "contact.source", "op": "eq", "value": "gone"}}


async def test_a_stop_step_and_the_exit_condition_are_told_apart(acme: World) -> None:
    await _published(acme, "Stops", [STOP], {})
    await _published(acme, "Waits", [{"id": "rest", "type": "flow.delay", "for": "2 days"}], LEAVES)
    ada = await acme.member.post("/contacts", json={"first_name": "Ada"})
    await run_passes(acme.app.pool, acme.tenant_id)
    await acme.member.patch(f"/contacts/{ada.json()['id']}", json={"source": "gone"})
    await run_passes(acme.app.pool, acme.tenant_id)
    listed = (await acme.viewer.get("/executions")).json()["items"]
    assert {each["workflow_name"]: (each["reason"], each["reason_text"]) for each in listed} == {
        "Stops": ("exited", "The step “enough” ended it as planned."),
        "Waits": ("exited", "Its exit condition came to hold."),
    }
    for each in listed:
        alone = (await acme.viewer.get(f"/executions/{each['id']}")).json()
        assert alone["reason_text"] == each["reason_text"]
        path = f"/workflows/{each['workflow_id']}/explain"
        why = (await acme.viewer.get(path, params={"record_type": "contact", "record_id": ada.json()["id"]})).json()
        assert why["execution"]["reason_text"] == each["reason_text"]


async def _published(world: World, name: str, steps: list[dict[str, Any]], settings: dict[str, Any]) -> None:
    definition = {"name": name, "trigger": {"type": "contact.created"}, "settings": settings, "steps": steps}
    made = await world.manager.post("/workflows", json={"definition": definition})
    answer = await world.manager.post(f"/workflows/{made.json()['id']}/publish", json={})
    assert answer.status_code == 200, answer.text
