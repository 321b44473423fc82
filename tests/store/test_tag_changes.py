"""Many contacts follow a tag's new name in batches: none is left out, none waited for, none written twice."""

from typing import Any
from uuid import UUID

import pytest
from tests.store.given import held

from cuework.base.errors import Conflict
from cuework.crm import retagging
from cuework.db.tenancy import tenant_transaction
from cuework.testing.office import Office
from cuework.workflows import jobs, tag_changes

NEXT_IS_DUE = "update inbox set due_at = clock_timestamp() where tenant_id = $1 returning id"
SCORE = "name: Score\ntrigger: {type: contact.updated}\nsteps: [{id: up, type: contact.add_score, points: 5}]"


@pytest.fixture(autouse=True)
def _two_a_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retagging, "BATCH", 2)


async def people(office: Office, many: int) -> list[UUID]:
    return await office.create_many("contact", [{"tags": ["vip"]} for _ in range(many)], quiet=True)


async def rename(office: Office) -> tag_changes.Changed:
    async with tenant_transaction(office.pool, office.tenant_id) as connection:
        return await tag_changes.change(connection, office.actor, "vip", {"name": "key"})


async def carried(office: Office) -> dict[str, int]:
    query = "select tags[1] as tag, count(*)::int as n from contacts where tenant_id = $1 group by 1"
    return {row["tag"]: row["n"] for row in await office.rows(query)}


async def offered(office: Office) -> list[str]:
    return [row["name"] for row in await office.rows("select name from tags where tenant_id = $1 order by name")]


async def job_of(office: Office, changed: tag_changes.Changed) -> dict[str, Any]:
    query = "select state, done, total, error from jobs where tenant_id = $1 and id = $2"
    return (await office.rows(query, changed.job_id))[0]


async def test_what_does_not_fit_one_batch_is_done_by_a_job(office: Office) -> None:
    await people(office, 7)
    changed = await rename(office)
    assert changed.contacts == 2
    assert await offered(office) == ["key", "vip"]
    with pytest.raises(Conflict, match="by a job that is not done yet"):
        await rename(office)
    await office.work()
    assert await job_of(office, changed) == {"state": "done", "done": 5, "total": 5, "error": None}
    assert (await carried(office), await offered(office)) == ({"key": 7}, ["key"])
    query = """select count(distinct batch_id)::int as batches, count(*)::int as events
    from events where tenant_id = $1 and revision = 2"""
    assert await office.rows(query) == [{"batches": 1, "events": 7}]
    assert await office.verdict() == {}


async def test_a_contact_that_somebody_holds_is_not_waited_for_and_not_left_out(office: Office) -> None:
    [ada, *_] = await people(office, 2)
    async with held(office, "contacts", ada):
        changed = await rename(office)
        assert changed.contacts == 1
        await office.work()
        assert (await carried(office), await offered(office)) == ({"key": 1, "vip": 1}, ["key", "vip"])
    await office.rows(NEXT_IS_DUE)
    await office.work()
    assert (await carried(office), await offered(office)) == ({"key": 2}, ["key"])
    assert (await job_of(office, changed))["state"] == "done"


async def test_a_contact_that_the_jobs_own_pass_changes_keeps_both_changes(office: Office) -> None:
    await office.publish(SCORE)
    [ada] = await people(office, 1)
    async with held(office, "contacts", ada):
        await rename(office)
    await office.change("contact", ada, job_title="CEO")  # so the pass of the first batch moves this contact
    await office.work()
    await office.rows(NEXT_IS_DUE)
    await office.work()
    query = "select tags, lead_score, revision from contacts where tenant_id = $1 and id = $2"
    assert (await office.rows(query, ada))[0] == {"tags": ["key"], "lead_score": 5, "revision": 4}
    assert await office.statuses() == {"completed": 1}
    assert await office.verdict() == {}


async def test_a_job_that_is_cancelled_leaves_both_tags(office: Office) -> None:
    await people(office, 5)
    changed = await rename(office)
    assert changed.job_id is not None
    async with tenant_transaction(office.pool, office.tenant_id) as connection:
        await jobs.cancel(connection, office.actor, changed.job_id)
    await office.work()
    assert (await carried(office), await offered(office)) == ({"key": 2, "vip": 3}, ["key", "vip"])
    assert await office.verdict() == {}


async def test_a_job_whose_contacts_are_given_the_tag_again_and_again_ends(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "_TURNS", 1)
    [ada] = await people(office, 1)
    async with held(office, "contacts", ada):
        changed = await rename(office)
        await office.work()
        await office.rows(NEXT_IS_DUE)
        await office.work()
    job = await job_of(office, changed)
    assert (job["state"], job["error"][:21]) == ("failed", "1 carry the tag still")
    assert await offered(office) == ["key", "vip"]
