"""What a published version names and is not there any more concerns the step that uses it alone, in a real store."""

import pytest

from cuework.crm.catalog import touch
from cuework.db.tenancy import tenant_transaction
from cuework.testing.office import Office

REST = """
name: Rest
trigger: {type: contact.created}
steps:
  - {id: rest, type: flow.delay, for: 2 days}
  - {id: hand, type: task.create, title: Call, assign_to: {%s}}
  - {id: after, type: contact.add_score, points: 10}
"""
LEAVES = "update users set deactivated_at = now() where tenant_id = $1 and name = 'Ben'"
DELETED = "delete from teams where tenant_id = $1 and key = 'closers'"


@pytest.mark.parametrize(
    ("who", "change", "errors", "tasks"),
    [("user: ben@%s.example", LEAVES, False, 2), ("team: closers", DELETED, True, 0)],
)
async def test_who_waits_goes_on_and_others_enter(
    office: Office, who: str, change: str, errors: bool, tasks: int
) -> None:
    await office.publish(REST % (who.replace("%s", await _slug(office))))
    await office.contact(first_name="Ada")
    await office.work()
    async with tenant_transaction(office.pool, office.tenant_id) as connection:
        await connection.execute(change, office.tenant_id)
        await touch(connection, office.tenant_id)
    await office.contact(first_name="Cem")
    await office.work()
    assert await office.statuses() == {"waiting": 2}
    await _ring(office)
    assert await office.statuses() == {"completed": 2}
    assert await office.rows("select lead_score, count(*) as n from contacts where tenant_id = $1 group by 1") == [
        {"lead_score": 10, "n": 2}
    ]
    assert await office.value("select bool_or(has_errors) from executions where tenant_id = $1") is errors
    assert await office.value("select count(*) from tasks where tenant_id = $1 and assignee_id is null") == tasks
    assert await office.verdict() == {}


async def _slug(office: Office) -> str:
    return await office.value("select slug from tenants where tenant_id = $1")


async def _ring(office: Office) -> None:
    await office.rows("update timers set due_at = clock_timestamp() where tenant_id = $1 returning visit")
    state = "state = jsonb_set(state, '{tokens,0,wait,until}', to_jsonb(clock_timestamp()))"
    await office.rows(f"update executions_live set {state} where tenant_id = $1 returning id")
    await office.work()
