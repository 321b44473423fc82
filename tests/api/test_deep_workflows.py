"""Steps nest as deep as the manual says, in JSON and in YAML; one level more is a problem with its place."""

from typing import Any

from cuework.engine.condition_model import MAX_DEPTH as CONDITION_DEPTH
from cuework.engine.definition import MAX_DEPTH
from cuework.testing.application import World
from cuework.workflows.text import dump

AS_YAML = {"Content-Type": "application/yaml"}


def nested(depth: int) -> dict[str, Any]:
    """Branches in branches, with the deepest condition in the innermost."""
    condition: dict[str, Any] = {"field": "contact.lead_score", "op": "in", "value": [1, 2]}
    for _ in range(CONDITION_DEPTH):
        condition = {"all": [condition]}
    steps: list[dict[str, Any]] = [{"type": "contact.add_score", "points": 1}]
    for _ in range(depth):
        steps = [{"type": "flow.branch", "cases": [{"when": condition, "steps": steps}]}]
        condition = {"all": []}
    return {"name": "Deep", "trigger": {"type": "contact.created"}, "steps": steps}


async def test_steps_nest_as_deep_as_they_may_in_both_spellings(acme: World) -> None:
    made = await acme.manager.post("/workflows", json={"definition": nested(MAX_DEPTH)})
    assert (made.status_code, made.json()["problems"]) == (201, [])
    path = f"/workflows/{made.json()['id']}"
    text = await acme.manager.get(f"{path}/yaml")
    saved = await acme.manager.put(path, content=text.content, headers=AS_YAML)
    assert (saved.status_code, saved.json()["problems"]) == (200, [])
    published = await acme.manager.post(f"{path}/publish", json={})
    assert published.status_code == 200, published.text


async def test_one_level_more_is_a_problem_with_its_place(acme: World) -> None:
    deeper = nested(MAX_DEPTH + 1)
    made = await acme.manager.post("/workflows", json={"definition": deeper})
    assert made.status_code == 201
    refused = await acme.manager.post(f"/workflows/{made.json()['id']}/publish", json={})
    [error] = refused.json()["errors"]
    assert (refused.status_code, error["message"]) == (422, "Steps are nested deeper than 20.")
    assert error["path"] == "steps" + ".0.cases.0.steps" * (MAX_DEPTH + 1)
    checked = await acme.manager.post("/workflows/validate", content=dump(deeper), headers=AS_YAML)
    [problem] = checked.json()["problems"]
    assert problem["message"] == "Steps are nested deeper than 20."
    assert problem["line"] > MAX_DEPTH
