"""Pausing and resuming over HTTP: what is held is counted, told in words, and sent on as chosen."""

from typing import Any

from cuework.db.tenancy import tenant_transaction
from cuework.testing.application import World
from cuework.testing.passes import run_passes

REST: dict[str, Any] = {
    "name": "Rest",
    "trigger": {"type": "contact.created"},
    "steps": [
        {"id": "rest", "type": "flow.delay", "for": "2 days"},
        {"id": "first", "type": "contact.add_tag", "tag": "first"},
        {"id": "second", "type": "contact.add_tag", "tag": "second"},
    ],
}


async def paused(world: World) -> tuple[str, str]:
    """A paused workflow, and a contact in it whose wait is over by now."""
    workflow = (await world.manager.post("/workflows", json=REST)).json()["id"]
    assert (await world.manager.post(f"/workflows/{workflow}/publish")).status_code == 200
    ada = (await world.member.post("/contacts", json={"first_name": "Ada"})).json()["id"]
    await run_passes(world.app.pool, world.tenant_id)
    answer = (await world.manager.post(f"/workflows/{workflow}/pause")).json()
    assert answer["paused_at"] is not None
    await due(world, "timers")
    return workflow, ada


async def due(world: World, table: str) -> None:
    async with tenant_transaction(world.app.pool, world.tenant_id) as connection:
        await connection.execute(f"update {table} set due_at = clock_timestamp() where tenant_id = $1", world.tenant_id)
    await run_passes(world.app.pool, world.tenant_id)


async def test_what_a_paused_workflow_holds_is_counted_and_told(acme: World) -> None:
    workflow, ada = await paused(acme)
    held = (await acme.viewer.get(f"/workflows/{workflow}/held")).json()
    assert (held["parked"], held["overdue"], held["news"]) == (1, 1, 0)
    assert held["paused_at"] is not None
    [execution] = (await acme.viewer.get("/executions")).json()["items"]
    shown = (await acme.viewer.get(f"/executions/{execution['id']}")).json()
    assert (shown["status"], shown["paused_at"]) == ("waiting", held["paused_at"])
    told = (
        await acme.viewer.get(f"/workflows/{workflow}/explain", params={"record_type": "contact", "record_id": ada})
    ).json()
    assert "The workflow is paused, so it stays there until somebody resumes it." in told["sentences"]


async def test_resuming_does_with_what_is_overdue_as_was_chosen(acme: World) -> None:
    workflow, ada = await paused(acme)
    wrong = await acme.manager.post(f"/workflows/{workflow}/resume", json={"overdue": "forget"})
    assert wrong.status_code == 422
    answer = (await acme.manager.post(f"/workflows/{workflow}/resume", json={"overdue": "skip"})).json()
    assert (answer["status"], answer["paused_at"]) == ("published", None)
    await run_passes(acme.app.pool, acme.tenant_id)
    await due(acme, "inbox")
    job = (await acme.viewer.get(f"/jobs/{answer['job_id']}")).json()
    assert (job["state"], job["done"], job["total"], job["name"]) == ("done", 1, 1, "Resume Rest")
    assert (await acme.viewer.get(f"/contacts/{ada}")).json()["tags"] == ["second"]
    audit = (await acme.owner.get("/audit", params={"action": "workflow.resume"})).json()["items"]
    assert audit[0]["after"]["note"] == "What was overdue: skip"


async def test_resuming_runs_what_is_overdue_unless_told_otherwise(acme: World) -> None:
    workflow, ada = await paused(acme)
    assert (await acme.manager.post(f"/workflows/{workflow}/resume")).json()["job_id"] is not None
    await run_passes(acme.app.pool, acme.tenant_id)
    await due(acme, "inbox")
    assert (await acme.viewer.get(f"/contacts/{ada}")).json()["tags"] == ["first", "second"]
    assert (await acme.manager.post(f"/workflows/{workflow}/pause")).status_code == 200
    assert (await acme.manager.post(f"/workflows/{workflow}/resume")).json()["job_id"] is None  # nothing was held
