"""A delivery that is tried again, over HTTP: what failed, and when the next attempt is."""

from typing import Any

from tests.api.given import contact, published

from cuework.channels.provider import Failed
from cuework.runtime.effect_claims import claim
from cuework.runtime.effect_policy import judge
from cuework.runtime.effect_results import Result, settle
from cuework.testing.application import World
from cuework.testing.passes import run_passes

CALL = {
    "name": "Call",
    "trigger": {"type": "contact.created"},
    "steps": [{"id": "call", "type": "http.request", "url": "https://shop.example/orders"}],
}


async def step(world: World) -> dict[str, Any]:
    """The only step of the only execution."""
    [execution] = (await world.viewer.get("/executions")).json()["items"]
    [step] = (await world.viewer.get(f"/executions/{execution['id']}")).json()["steps"]
    return step


async def test_a_step_that_will_be_tried_again_says_what_failed_and_when_that_is(acme: World) -> None:
    pool = acme.app.pool
    await published(acme, CALL)
    await contact(acme)
    await run_passes(pool, acme.tenant_id)
    sent = await step(acme)
    assert (sent["status"], sent["why"], sent["until"]) == ("running", "It is being sent.", None)
    [effect] = await claim(pool, acme.tenant_id, 10)
    down = judge(Failed("unreachable", "Nobody answers.", retryable=True), effect.policy, 0, jitter=1.0)
    await settle(pool, acme.tenant_id, [Result(effect, down)])
    put_off = await step(acme)
    assert put_off["why"] == "Attempt 1 failed: Nobody answers."
    assert (put_off["status"], put_off["attempts"]) == ("running", 1)
    assert put_off["until"] > put_off["started_at"]
