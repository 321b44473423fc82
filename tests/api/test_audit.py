"""The audit log: whoever sets something up, changes it or takes it away has left a row that says so."""

from collections.abc import Mapping
from typing import Any

import pytest

from cuework.testing.application import World

SMTP = {"host": "mail.example.com", "port": 587, "security": "starttls", "from_email": "a@example.com"}
# What is set up, by path: how it is made, how it is changed (None: it is not), and the actions that are noted.
SET_UP: Mapping[str, tuple[Mapping[str, Any], Mapping[str, Any] | None, list[str]]] = {
    "/teams": ({"key": "t", "name": "T"}, {"name": "U"}, ["team.create", "team.update", "team.delete"]),
    "/pipelines": (
        {"key": "p", "name": "P", "stages": [{"key": "new", "name": "New"}]},
        {"name": "Q"},
        ["pipeline.create", "pipeline.update", "pipeline.delete"],
    ),
    "/custom-fields": (
        {"record_type": "contact", "key": "plan", "name": "Plan", "type": "text"},
        {"name": "Tariff"},
        ["custom_field.create", "custom_field.update", "custom_field.delete"],
    ),
    "/connections": (
        {"key": "mail", "name": "Mail", "type": "smtp", "config": SMTP},
        {"name": "Post"},
        ["connection.create", "connection.update", "connection.delete"],
    ),
    "/users": (
        {"email": "ada@acme.test", "name": "Ada"},
        {"role": "manager"},
        ["user.create", "user.update", "user.update"],
    ),
    "/hooks": ({"key": "orders", "name": "Orders"}, None, ["hook.create", "hook.delete"]),
    "/api-keys": ({"name": "k", "role": "member"}, None, ["api_key.create", "api_key.revoke"]),
}


@pytest.mark.parametrize("path", SET_UP)
async def test_what_is_made_changed_and_taken_away_is_noted(acme: World, path: str) -> None:
    values, changes, actions = SET_UP[path]
    made = await acme.owner.post(path, json=values)
    assert made.status_code == 201, made.text
    identity = made.json()["id"]
    if changes is not None:
        changed = await acme.owner.patch(f"{path}/{identity}", json=changes)
        assert changed.status_code == 200, changed.text
    assert (await acme.owner.delete(f"{path}/{identity}")).is_success
    rows = (await acme.owner.get("/audit", params={"subject_id": identity})).json()["items"]
    assert [row["action"] for row in reversed(rows)] == actions
    assert {row["actor"]["name"] for row in rows} == {"the owner's key"}


async def test_lifecycle_stages_and_settings_are_noted_as_well(acme: World) -> None:
    assert (await acme.owner.post("/lifecycle-stages", json={"key": "fan", "name": "Fan"})).status_code == 201
    assert (await acme.owner.patch("/lifecycle-stages/fan", json={"name": "Big fan"})).status_code == 200
    assert (await acme.owner.delete("/lifecycle-stages/fan")).status_code == 204
    assert (await acme.owner.patch("/tenant", json={"name": "Acme & Sons"})).status_code == 200
    rows = (await acme.owner.get("/audit")).json()["items"]
    noted = [row["action"] for row in reversed(rows) if row["actor"]["name"] == "the owner's key"]
    assert noted == ["lifecycle_stage.create", "lifecycle_stage.update", "lifecycle_stage.delete", "tenant.update"]
