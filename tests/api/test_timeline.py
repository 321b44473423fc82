"""Activities, messages and the timeline of a record."""

from typing import Any
from uuid import UUID, uuid4

from cuework.base.ids import new_id
from cuework.db import tenancy
from cuework.testing.application import World
from cuework.testing.passes import run_passes


async def made(world: World, path: str, **fields: Any) -> dict[str, Any]:
    answer = await world.member.post(path, json=fields)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def noted(world: World, record: dict[str, Any], text: str, kind: str = "contact") -> dict[str, Any]:
    return await made(world, "/activities", type="call", record={"type": kind, "id": record["id"]}, text=text)


async def test_a_note_is_listed_with_its_record_and_its_author(acme: World) -> None:
    ada, bob = [await made(acme, "/contacts", first_name=name) for name in ("Ada", "Bob")]
    note = await noted(acme, ada, "Wants an engine")
    await noted(acme, bob, "Nothing")
    assert note["record"] == {"type": "contact", "id": ada["id"]}
    assert note["actor"]["type"] == "api_key"
    listed = (await acme.viewer.get("/activities", params={"record_id": ada["id"]})).json()
    assert listed == {"items": [note], "next_cursor": None}
    assert len((await acme.viewer.get("/activities")).json()["items"]) == 2


async def test_a_note_needs_a_record_that_is_there(acme: World) -> None:
    body = {"record": {"type": "contact", "id": str(uuid4())}, "text": "x"}
    answer = await acme.member.post("/activities", json=body)
    assert (answer.status_code, answer.json()["errors"][0]["path"]) == (422, "record")


async def test_a_timeline_merges_what_happened_newest_first_in_pages(acme: World) -> None:
    ada = await made(acme, "/contacts", first_name="Ada")
    await noted(acme, ada, "Called")
    await acme.member.patch(f"/contacts/{ada['id']}", json={"first_name": "Augusta"})
    await made(acme, "/tasks", title="Write", contact_id=ada["id"])
    await made(acme, "/deals", name="Engine", contact_id=ada["id"])
    path = f"/contacts/{ada['id']}/timeline"
    whole = (await acme.viewer.get(path)).json()["items"]
    assert [(entry["kind"], entry["type"]) for entry in whole] == [
        ("deal", "deal.created"),
        ("task", "task.created"),
        ("event", "contact.updated"),
        ("activity", "call"),
        ("event", "contact.created"),
    ]
    assert whole[2]["changes"] == [{"field": "first_name", "old": "Ada", "new": "Augusta"}]
    assert whole[3]["text"] == "Called"
    assert whole[2]["actor"]["name"] == "the member's key"
    assert [entry["actor"]["name"] for entry in whole[:2]] == ["the member's key"] * 2, "who made the deal and the task"
    paged: list[Any] = []
    cursor: str | None = ""
    while cursor is not None:
        page = (await acme.viewer.get(path, params={"limit": 2, "cursor": cursor})).json()
        paged += page["items"]
        cursor = page["next_cursor"]
    assert paged == whole
    first = (await acme.viewer.get(path, params={"sort": "at", "limit": 2})).json()
    rest = (await acme.viewer.get(path, params={"sort": "at", "cursor": first["next_cursor"]})).json()
    assert first["items"] + rest["items"] == whole[::-1]


async def test_an_automated_entry_names_its_execution_and_workflow(acme: World) -> None:
    ada = await made(acme, "/contacts", first_name="Ada")
    execution_id = await automated(acme, UUID(ada["id"]))
    named = {"id": str(execution_id), "workflow_name": "Welcome"}
    items = (await acme.viewer.get(f"/contacts/{ada['id']}/timeline")).json()["items"]
    shown = [entry for entry in items if entry["kind"] in ("message", "execution")]
    assert len(shown) == 2
    for entry in shown:
        assert named.items() <= entry["execution"].items()
    [message] = (await acme.viewer.get(f"/contacts/{ada['id']}/messages")).json()["items"]
    assert (message["subject"], message["state"]) == ("Hello", "sent")
    assert named.items() <= message["execution"].items()


async def test_what_a_workflow_makes_is_one_entry_each_that_says_which_workflow(acme: World) -> None:
    steps = [
        {"id": "note", "type": "activity.log", "text": "Welcomed"},
        {"id": "call", "type": "task.create", "title": "Call"},
        {"id": "sale", "type": "deal.create", "name": "First order"},
    ]
    definition = {"name": "Welcome", "trigger": {"type": "contact.created"}, "steps": steps}
    workflow = (await acme.manager.post("/workflows", json=definition)).json()["id"]
    assert (await acme.manager.post(f"/workflows/{workflow}/publish")).status_code == 200
    ada = await made(acme, "/contacts", first_name="Ada")
    await run_passes(acme.app.pool, acme.tenant_id)
    items = (await acme.viewer.get(f"/contacts/{ada['id']}/timeline")).json()["items"]
    automated = [entry for entry in items if entry["kind"] in ("activity", "task", "deal")]
    assert sorted(entry["type"] for entry in automated) == ["deal.created", "note", "task.created"]
    assert len(items) == 5, "the contact, the execution, and each thing made once"
    for entry in automated:
        assert entry["actor"] == {"type": "workflow", "id": workflow, "name": "Welcome"}
        assert entry["execution"]["workflow_id"] == workflow
    [listed] = (await acme.viewer.get("/tasks", params={"contact_id": ada["id"]})).json()["items"]
    made_by = {"id": listed["execution_id"], "workflow_id": workflow, "workflow_name": "Welcome"}
    assert listed["execution"] == made_by
    assert (await acme.viewer.get(f"/tasks/{listed['id']}")).json()["execution"] == made_by


async def test_a_task_that_a_person_made_names_no_execution(acme: World) -> None:
    task = await made(acme, "/tasks", title="Call")
    assert (await acme.viewer.get(f"/tasks/{task['id']}")).json()["execution"] is None


async def automated(world: World, contact_id: UUID) -> UUID:
    """A finished execution that sent a message, as a worker leaves it."""
    workflow_id, execution_id = new_id(), new_id()
    async with tenancy.tenant_transaction(world.app.pool, world.tenant_id) as connection:
        await connection.execute(
            "insert into workflows (tenant_id, id, key, name, definition) values ($1, $2, 'w', 'Welcome', '{}')",
            world.tenant_id,
            workflow_id,
        )
        await connection.execute(
            """insert into executions_done (tenant_id, id, workflow_id, version, lane, status, reason, record_type,
            record_id, trigger_type, entry_key, started_at, finished_at)
            values ($1, $2, $3, 1, 0, 'completed', 'completed', 'contact', $4, 'manual', 'k', now(), now())""",
            world.tenant_id,
            execution_id,
            workflow_id,
            contact_id,
        )
        await connection.execute(
            """insert into messages (tenant_id, id, channel, contact_id, execution_id, sender, recipient, subject,
            state, created_at) values ($1, $2, 'email', $3, $4, 'a@x.io', 'b@x.io', 'Hello', 'sent', now())""",
            world.tenant_id,
            new_id(),
            contact_id,
            execution_id,
        )
    return execution_id
