"""What a pass promises: once, in order, and whatever the batch."""

import asyncio
from datetime import UTC, datetime

import pytest
from tests.store.given import drain, handle_due

from cuework.crm.bulk_write import Workflows, write_many
from cuework.crm.catalog import load_catalog
from cuework.crm.flush import flush
from cuework.crm.labels import delete_tag
from cuework.crm.write import writer
from cuework.db.bulk import COPY_FROM_ROWS
from cuework.db.pool import Role, connect
from cuework.db.tenancy import begin, tenant_transaction
from cuework.engine.events import Cause
from cuework.runtime.claim import lock_lanes
from cuework.runtime.turn import take_turn
from cuework.testing.office import Office
from cuework.workflows import control

WELCOME = """
name: Welcome new contacts
trigger: {type: contact.created}
steps:
  - {id: tag, type: contact.add_tag, tag: new-contact}
  - {id: score, type: contact.add_score, points: 10}
  - {id: task, type: task.create, title: "Welcome {{ contact.first_name }}", assign_to: {team: sales}}
  - {id: note, type: activity.log, text: "Welcome workflow ran"}
"""
HOT = """
name: Hot lead
trigger: {type: contact.score_changed, crosses: 10, direction: up}
steps:
  - {id: tag, type: contact.add_tag, tag: hot}
"""
NAP = """
name: Nap
trigger: {type: contact.created}
steps:
  - {id: rest, type: flow.delay, for: 1 hour}
  - {id: tag, type: contact.add_tag, tag: rested}
"""
SLOWLY = """
name: Slowly
trigger: {type: contact.created}
steps:
  - {id: tag, type: contact.add_tag, tag: new}
  - {id: rest, type: flow.delay, for: 1 hour}
  - {id: again, type: contact.add_tag, tag: rested}
  - {id: call, type: flow.wait_until, event: contact.updated, with: {fields: [{field: phone}]}}
"""
FIRM = """
name: Firm
trigger: {type: contact.created}
steps:
  - {id: firm, type: company.upsert, domain: acme.example}
  - {id: link, type: contact.update, values: {company_id: "{{ steps.firm.id }}"}}
"""


async def test_a_new_contact_is_welcomed_by_four_steps_once(office: Office) -> None:
    await office.publish(WELCOME)
    ada = await office.contact(first_name="Ada")
    await office.work()
    await office.work()
    steps = await office.rows("select visit, status from steps where tenant_id = $1 order by seq")
    assert [(step["visit"], step["status"]) for step in steps] == [
        ("tag", "completed"),
        ("score", "completed"),
        ("task", "completed"),
        ("note", "completed"),
    ]
    query = "select lead_score, tags, revision from contacts where tenant_id = $1 and id = $2"
    assert (await office.rows(query, ada))[0] == {"lead_score": 10, "tags": ["new-contact"], "revision": 3}
    assert await office.value("select title from tasks where tenant_id = $1") == "Welcome Ada"
    assert await office.verdict() == {}


async def test_a_record_may_refer_to_one_that_an_earlier_step_of_the_same_pass_made(office: Office) -> None:
    await office.publish(FIRM)
    await office.contact(first_name="Ada")
    await office.work()
    assert await office.statuses() == {"completed": 1}
    company = await office.value("select id from companies where tenant_id = $1")
    assert company is not None
    assert await office.value("select company_id from contacts where tenant_id = $1") == company
    assert await office.verdict() == {}


async def test_a_tag_that_was_taken_off_the_list_is_on_it_again_when_a_step_uses_it(office: Office) -> None:
    await office.publish(WELCOME.replace("contact.created", "contact.updated, fields: [{field: first_name}]"))
    ada = await office.contact(first_name="Ada")
    await office.change("contact", ada, first_name="Augusta")
    await office.work()
    await office.change("contact", ada, tags=[])
    async with tenant_transaction(office.pool, office.tenant_id) as connection:
        await delete_tag(connection, office.actor, "new-contact", anyway=True)
    await office.change("contact", ada, first_name="Ada")
    await office.work()
    assert await office.value("select tags from contacts where tenant_id = $1") == ["new-contact"]
    assert await office.value("select name from tags where tenant_id = $1") == "new-contact"


async def test_many_records_may_refer_to_few_that_are_made_with_them(office: Office) -> None:
    async with tenant_transaction(office.pool, office.tenant_id) as connection:
        world = await office.world(connection)
        firm = world.create("company", {"name": "Acme"}, Cause("system"))["id"]
        for number in range(COPY_FROM_ROWS):
            world.create("contact", {"first_name": f"P{number}", "company_id": firm}, Cause("system"))
        await flush(connection, office.tenant_id, world)
    query = "select count(*) from contacts where tenant_id = $1 and company_id = $2"
    assert await office.value(query, firm) == COPY_FROM_ROWS
    assert await office.verdict() == {}


async def test_a_change_made_by_a_step_starts_other_workflows_in_the_same_chain(office: Office) -> None:
    await office.publish(WELCOME)
    await office.publish(HOT)
    ada = await office.contact(first_name="Ada")
    await office.work()
    assert set(await office.value("select tags from contacts where tenant_id = $1 and id = $2", ada)) == {
        "new-contact",
        "hot",
    }
    assert await office.statuses() == {"completed": 2}
    roots = await office.value("select count(distinct root_id) from events where tenant_id = $1")
    assert roots == 1
    assert await office.verdict() == {}


async def test_a_batch_of_many_equals_as_many_batches_of_one(office: Office) -> None:
    await office.publish(WELCOME)
    await office.publish(HOT)
    await office.create_many("contact", [{"first_name": f"P{n}"} for n in range(150)])
    connection = await connect(_dsn(office), Role.APP)
    await handle_due(connection, office, batch=1)
    alone = await _outcome(office)
    await office.create_many("contact", [{"first_name": f"P{n}"} for n in range(150)])
    await office.work()
    await connection.close()
    assert await _outcome(office) == {name: 2 * count for name, count in alone.items()}
    assert await office.verdict() == {}


async def test_two_workers_at_once_start_each_execution_once(office: Office) -> None:
    await office.publish(WELCOME)
    await office.create_many("contact", [{"first_name": f"P{n}"} for n in range(300)])
    await asyncio.gather(*[drain(office, batch=20) for _ in range(3)])
    assert await office.statuses() == {"completed": 300}
    assert await office.verdict() == {}


async def test_an_event_before_publishing_starts_nothing(office: Office) -> None:
    await office.contact(first_name="Early")
    await office.publish(WELCOME)
    await office.contact(first_name="Late")
    await office.work()
    tasks = await office.rows("select title from tasks where tenant_id = $1")
    assert [row["title"] for row in tasks] == ["Welcome Late"]


async def test_a_delay_wakes_when_its_time_has_come_and_not_before(office: Office) -> None:
    await office.publish(NAP)
    await office.contact(first_name="Ada")
    await office.work()
    assert await office.statuses() == {"waiting": 1}
    async with tenant_transaction(office.pool, office.tenant_id) as connection:
        await connection.execute("update timers set due_at = clock_timestamp() where tenant_id = $1", office.tenant_id)
    await office.work()
    assert await office.statuses() == {"completed": 1}
    assert await office.value("select count(*) from timers where tenant_id = $1") == 0
    assert await office.verdict() == {}


async def test_a_deleted_record_ends_its_executions(office: Office) -> None:
    await office.publish(NAP)
    ada = await office.contact(first_name="Ada")
    await office.work()
    await office.change("contact", ada, "deleted", deleted_at=datetime.now(UTC))
    await office.work()
    assert await office.statuses() == {"cancelled:record_deleted": 1}
    assert await office.verdict() == {}


@pytest.mark.parametrize(("mode", "expected"), [("once", 1), ("one_active", 2), ("every_event", 2)])
async def test_re_entry_after_the_earlier_execution_ended(office: Office, mode: str, expected: int) -> None:
    await office.publish(
        f"""
name: Stage
trigger: {{type: contact.updated, fields: [{{field: job_title}}]}}
settings: {{re_entry: {mode}}}
steps: [{{id: note, type: activity.log, text: moved}}]
"""
    )
    ada = await office.contact(first_name="Ada")
    for title in ("CTO", "CEO"):
        await office.change("contact", ada, job_title=title)
        await office.work()
    assert (await office.statuses())["completed"] == expected
    assert await office.verdict() == {}


async def test_restart_ends_the_active_execution_and_begins_again(office: Office) -> None:
    await office.publish(
        """
name: Stage
trigger: {type: contact.updated, fields: [{field: job_title}]}
settings: {re_entry: restart}
steps: [{id: rest, type: flow.delay, for: 1 hour}]
"""
    )
    ada = await office.contact(first_name="Ada")
    for title in ("CTO", "CEO"):
        await office.change("contact", ada, job_title=title)
        await office.work()
    assert await office.statuses() == {"cancelled:restarted": 1, "waiting": 1}
    assert await office.verdict() == {}


async def test_a_pass_that_dies_before_its_commit_leaves_everything_as_it_was(office: Office) -> None:
    await office.publish(WELCOME)
    await office.contact(first_name="Ada")
    connection = await connect(_dsn(office), Role.APP)
    await begin(connection, office.tenant_id)
    assert await lock_lanes(connection, office.tenant_id) is not None
    await connection.execute("delete from inbox where tenant_id = $1", office.tenant_id)
    connection.terminate()
    await office.rows("select lane from lanes where tenant_id = $1 for update")  # the server has noticed it by then
    await office.work()
    assert await office.statuses() == {"completed": 1}


async def test_workflows_that_set_each_other_off_stop_at_the_tenth_hop(office: Office) -> None:
    for name, other in (("a", "b"), ("b", "a")):
        await office.publish(
            f"""
name: Ping {name}
trigger: {{type: contact.updated, when: {{all: [{{field: contact.source, op: eq, value: {name}}}]}}}}
settings: {{re_entry: every_event, allow_self: true}}
steps: [{{id: flip, type: contact.update, values: {{source: {other}}}}}]
"""
        )
    ada = await office.contact(first_name="Ada", source="start")
    await office.change("contact", ada, source="a")
    await office.work()
    assert await office.statuses() == {"completed": 10, "failed:loop": 1}
    assert await office.verdict() == {}


async def _outcome(office: Office) -> dict[str, int]:
    counted = await office.rows("select type, count(*)::int as n from events where tenant_id = $1 group by 1")
    steps = await office.value("select count(*)::int from steps where tenant_id = $1")
    return {row["type"]: row["n"] for row in counted} | {"steps": steps}


def _dsn(office: Office) -> str:
    return office.dsn


async def test_a_record_whose_execution_is_cancelled_in_the_same_batch_enters_again(office: Office) -> None:
    await office.publish("""
name: Follow up
trigger: {type: contact.updated, fields: [{field: job_title}]}
steps: [{id: rest, type: flow.delay, for: 1 day}]
""")
    ada = await office.contact(first_name="Ada")
    await office.change("contact", ada, job_title="CTO")
    await office.work()
    first = await office.value("select id from executions_live where tenant_id = $1")
    async with tenant_transaction(office.pool, office.tenant_id) as connection:
        await control.cancel(connection, office.actor, first)
    await office.change("contact", ada, job_title="CEO")
    await office.work()
    assert await office.statuses() == {"cancelled": 1, "waiting": 1}
    assert await office.value("select execution_id from enrollments where tenant_id = $1 and active") != first
    assert await office.verdict() == {}


async def test_what_follows_from_a_mass_edit_stays_one_of_its_and_behind_what_people_do(office: Office) -> None:
    workflow = await office.publish(SLOWLY)
    async with tenant_transaction(office.pool, office.tenant_id) as connection:
        by = writer(connection, await load_catalog(connection, office.tenant_id), office.actor)
        batch = await write_many(by, "contact", [{"first_name": "Ada"}], [], Workflows.BULK)
    await office.work()
    await office.rows("update timers set due_at = clock_timestamp() where tenant_id = $1 returning visit")
    async with office.pool.acquire() as connection:
        assert (await take_turn(connection, office.tenant)).report is not None
    query = "select distinct actor_id, batch_id from events where tenant_id = $1 and type = 'contact.updated'"
    assert await office.rows(query) == [{"actor_id": workflow, "batch_id": batch.id}]
    queue = await office.rows("select kind, priority from inbox where tenant_id = $1")
    assert [(row["kind"], row["priority"]) for row in queue] == [("check", 1)]
