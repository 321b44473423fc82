"""What several tests of the API begin with: a workflow that is published, a contact, and what became of it."""

from collections.abc import Mapping
from typing import Any

from cuework.testing.application import World
from cuework.testing.passes import run_passes


async def drafted(world: World, definition: Mapping[str, Any]) -> str:
    """A draft without problems; its id."""
    answer = await world.manager.post("/workflows", json=definition)
    assert answer.json()["problems"] == []
    return answer.json()["id"]


async def published(world: World, definition: Mapping[str, Any]) -> str:
    """A workflow whose first version takes events from now on; its id."""
    identity = await drafted(world, definition)
    answer = await world.manager.post(f"/workflows/{identity}/publish")
    assert answer.status_code == 200, answer.text
    return identity


async def contact(world: World, **fields: Any) -> str:
    """A new contact; its id."""
    answer = await world.member.post("/contacts", json={"first_name": "Ada", **fields})
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


async def tags(world: World, identity: str) -> list[str]:
    """The contact's tags once everything due has been handled."""
    await run_passes(world.app.pool, world.tenant_id)
    return (await world.viewer.get(f"/contacts/{identity}")).json()["tags"]
