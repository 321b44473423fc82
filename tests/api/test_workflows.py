"""Workflows over HTTP: drafts in JSON and YAML, lists, and refusals."""

from typing import Any

from cuework.testing.application import World

TAG: dict[str, Any] = {
    "name": "Tag newcomers",
    "trigger": {"type": "contact.created"},
    "steps": [{"id": "tag", "type": "contact.add_tag", "tag": "new"}],
}
YAML = """\
# what people read first
name: Tag newcomers
trigger:
  type: contact.created
steps:
  - {type: contact.add_tag, tag: new}
"""
AS_YAML = {"Content-Type": "application/yaml"}


async def created(world: World, definition: dict[str, Any] = TAG, **beside: Any) -> dict[str, Any]:
    answer = await world.manager.post("/workflows", json={"definition": definition, **beside})
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_a_new_workflow_is_a_draft_that_starts_nothing(acme: World) -> None:
    workflow = await created(acme)
    assert workflow["status"] == "draft"
    assert workflow["key"] == "tag-newcomers"
    assert workflow["published"] == []
    assert workflow["problems"] == []
    assert workflow["has_unpublished_changes"] is True
    assert workflow["trigger_summary"] == "When a contact is created"
    assert workflow["stats"] == {"active": 0, "total": 0}
    assert (await acme.viewer.get(f"/workflows/{workflow['id']}")).json()["definition"] == TAG


async def test_a_bare_definition_is_taken_as_well(acme: World) -> None:
    answer = await acme.manager.post("/workflows", json=TAG)
    assert answer.status_code == 201
    assert answer.json()["definition"] == TAG


async def test_what_starts_it_is_told_of_the_published_version_while_the_draft_does_not_say(acme: World) -> None:
    workflow = await created(acme)
    place = f"/workflows/{workflow['id']}"
    assert (await acme.manager.post(f"{place}/publish")).status_code == 200
    for draft in ({"name": "Tag newcomers"}, {**TAG, "trigger": {"type": "contact.made"}}):
        saved = (await acme.manager.put(place, json=draft)).json()
        assert (saved["published_version"], saved["trigger_summary"]) == (1, "When a contact is created")
        [listed] = (await acme.viewer.get("/workflows")).json()["items"]
        assert listed["trigger_summary"] == "When a contact is created"
    written = {**TAG, "trigger": {"type": "contact.updated"}}
    assert (await acme.manager.put(place, json=written)).json()["trigger_summary"] == "When a contact changes"


async def test_yaml_is_kept_as_it_was_written(acme: World) -> None:
    answer = await acme.manager.post("/workflows", content=YAML, headers=AS_YAML)
    assert answer.status_code == 201
    workflow = answer.json()
    assert workflow["definition"]["steps"][0] == {"id": "add_tag_1", "type": "contact.add_tag", "tag": "new"}
    read = await acme.viewer.get(f"/workflows/{workflow['id']}/yaml")
    assert read.headers["content-type"].startswith("application/yaml")
    assert read.text == YAML


async def test_json_reads_as_yaml_and_back_as_the_same_definition(acme: World) -> None:
    workflow = await created(acme)
    read = await acme.viewer.get(f"/workflows/{workflow['id']}/yaml")
    again = await acme.manager.put(f"/workflows/{workflow['id']}", content=read.text, headers=AS_YAML)
    assert again.status_code == 200
    assert again.json()["definition"] == TAG | {"key": "tag-newcomers"}


async def test_a_wrong_draft_is_saved_and_its_problems_are_told(acme: World) -> None:
    workflow = await created(acme)
    wrong = TAG | {"steps": [{"id": "tag", "type": "contact.add_tagg", "tag": "new"}]}
    answer = await acme.manager.put(f"/workflows/{workflow['id']}", json={"definition": wrong})
    assert answer.status_code == 200
    [problem] = answer.json()["problems"]
    assert problem["path"] == "steps.0.type"
    assert problem["suggestion"] == "contact.add_tag"
    assert answer.json()["definition"] == wrong


async def test_problems_of_yaml_have_their_lines(acme: World) -> None:
    wrong = YAML.replace("contact.add_tag", "contact.add_tagg")
    answer = await acme.manager.post("/workflows/validate", content=wrong, headers=AS_YAML)
    assert answer.status_code == 200
    assert answer.json()["valid"] is False
    [problem] = answer.json()["problems"]
    assert (problem["path"], problem["line"]) == ("steps.0.type", 6)


async def test_a_warning_has_its_line_and_leaves_the_definition_valid(acme: World) -> None:
    waiting = YAML + "  - {id: wait, type: flow.wait_until, event: contact.updated}\n"
    answer = await acme.manager.post("/workflows/validate", content=waiting, headers=AS_YAML)
    assert answer.json()["valid"] is True
    [problem] = answer.json()["problems"]
    assert (problem["severity"], problem["path"], problem["line"]) == ("warning", "steps.1", 7)


async def test_a_loop_through_other_workflows_is_told_at_the_step_that_begins_it(acme: World) -> None:
    steps = [{"id": "stage", "type": "contact.set_stage", "stage": "customer"}]
    back = {"name": "Back", "trigger": {"type": "contact.stage_changed", "to": "customer"}}
    back |= {"steps": [{"id": "tag", "type": "contact.add_tag", "tag": "customer"}]}
    made = await created(acme, definition=back)
    mine = {"name": "Mine", "trigger": {"type": "contact.updated", "fields": [{"field": "tags"}]}, "steps": steps}
    assert (await acme.manager.post("/workflows/validate", json=mine)).json()["problems"] == []
    assert (await acme.manager.post(f"/workflows/{made['id']}/publish")).status_code == 200
    [problem] = (await acme.manager.post("/workflows/validate", json=mine)).json()["problems"]
    assert (problem["severity"], problem["path"]) == ("warning", "steps.0")
    assert "may start “Back”" in problem["message"]
    other = [{"id": "stage", "type": "contact.set_stage", "stage": "lead"}]
    assert (await acme.manager.post("/workflows/validate", json={**mine, "steps": other})).json()["problems"] == []


async def test_malformed_yaml_is_refused_with_its_line_and_nothing_is_written(acme: World) -> None:
    answer = await acme.manager.post("/workflows", content="name: a\nsteps: [\n", headers=AS_YAML)
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["line"] >= 2
    assert (await acme.viewer.get("/workflows")).json()["items"] == []


async def test_what_is_no_mapping_is_refused(acme: World) -> None:
    assert (await acme.manager.post("/workflows", json=[1, 2])).status_code == 400
    assert (await acme.manager.post("/workflows", content="- 1\n", headers=AS_YAML)).status_code == 400
    assert (await acme.manager.post("/workflows", json={"definition": "no"})).status_code == 400
    assert (await acme.manager.post("/workflows", json={"wrong": 1})).status_code == 422


async def test_a_number_that_json_cannot_hold_is_refused(acme: World) -> None:
    answer = await acme.manager.post("/workflows", content=f"name: a\nbig: {'9' * 29}\n", headers=AS_YAML)
    assert answer.status_code in (400, 422)
    assert (await acme.viewer.get("/workflows")).json()["items"] == []


async def test_a_taken_key_names_the_workflow_that_has_it(acme: World) -> None:
    first = await created(acme, key="welcome")
    answer = await acme.manager.post("/workflows", json={"definition": TAG, "key": "welcome"})
    assert answer.status_code == 409
    assert answer.json()["existing_id"] == first["id"]


async def test_names_that_repeat_get_keys_of_their_own(acme: World) -> None:
    assert [(await created(acme))["key"] for _ in range(3)] == ["tag-newcomers", "tag-newcomers-2", "tag-newcomers-3"]


async def test_a_save_against_an_old_revision_changes_nothing(acme: World) -> None:
    workflow = await created(acme)
    path = f"/workflows/{workflow['id']}"
    assert (await acme.manager.put(path, json=TAG, headers={"If-Match": '"1"'})).status_code == 200
    stale = await acme.manager.put(path, json=TAG | {"name": "Other"}, headers={"If-Match": '"1"'})
    assert stale.status_code == 412
    assert (await acme.viewer.get(path)).json()["name"] == "Tag newcomers"


async def test_a_workflow_keeps_its_key(acme: World) -> None:
    workflow = await created(acme)
    answer = await acme.manager.put(f"/workflows/{workflow['id']}", json=TAG | {"key": "another"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["path"] == "key"


async def test_a_copy_is_a_draft_with_a_key_of_its_own(acme: World) -> None:
    workflow = await created(acme, key="welcome")
    copy = (await acme.manager.post(f"/workflows/{workflow['id']}/duplicate")).json()
    assert copy["name"] == "Copy of Tag newcomers"
    assert copy["key"] == "copy-of-tag-newcomers"
    assert copy["status"] == "draft"
    assert copy["definition"]["steps"] == TAG["steps"]


async def test_the_list_narrows_by_status_folder_tag_and_name(acme: World) -> None:
    await created(acme, TAG | {"folder": "Sales", "tags": ["hot"]})
    await created(acme, TAG | {"name": "Another one"})
    for query, names in (
        ({}, ["Another one", "Tag newcomers"]),
        ({"folder": "Sales"}, ["Tag newcomers"]),
        ({"tag": "hot"}, ["Tag newcomers"]),
        ({"q": "ANOTHER"}, ["Another one"]),
        ({"status": "published"}, []),
    ):
        answer = await acme.viewer.get("/workflows", params=query)
        assert [each["name"] for each in answer.json()["items"]] == names


async def test_another_tenants_workflow_is_as_absent_as_none(acme: World, other: World) -> None:
    workflow = await created(acme)
    for client in (other.owner, other.viewer):
        assert (await client.get(f"/workflows/{workflow['id']}")).status_code == 404
    assert (await other.manager.put(f"/workflows/{workflow['id']}", json=TAG)).status_code == 404


async def test_a_draft_can_be_deleted_and_every_change_is_in_the_audit_log(acme: World) -> None:
    workflow = await created(acme)
    assert (await acme.manager.put(f"/workflows/{workflow['id']}", json=TAG | {"name": "B"})).status_code == 200
    assert (await acme.manager.delete(f"/workflows/{workflow['id']}")).status_code == 204
    assert (await acme.viewer.get(f"/workflows/{workflow['id']}")).status_code == 404
    async with acme.app.pool.acquire() as connection, connection.transaction():
        await connection.execute(f"set local app.tenant_id = '{acme.tenant_id}'")
        rows = await connection.fetch("select action from audit where subject_type = 'workflow' order by id")
    assert [row["action"] for row in rows] == ["workflow.create", "workflow.save", "workflow.delete"]


async def test_the_shipped_examples_are_offered_and_valid(acme: World) -> None:
    items = (await acme.viewer.get("/workflow-examples")).json()["items"]
    assert "welcome-new-contacts" in [each["key"] for each in items]
    for each in items:
        assert set(each) == {"key", "name", "description", "yaml", "definition"}
