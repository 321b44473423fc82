"""Traps that designs like this one fall into. Each test keeps one of them shut."""

import asyncio
import subprocess
import sys
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pytest
from tests.store.given import Burst, drain, handle_due, until_blocked

from cuework.base.ids import lane_of, new_id
from cuework.db.pool import SESSION_LIMITS, Role, connect
from cuework.db.tenancy import begin, tenant_scope, tenant_transaction
from cuework.engine.registry import NodeTypes
from cuework.nodes import discover
from cuework.runtime.claim import lock_lanes, take
from cuework.runtime.journal import Journal, read_dead
from cuework.runtime.poison import suspect_the_dead
from cuework.runtime.turn import take_turn
from cuework.testing.office import Office
from cuework.testing.waiting import until

REPLY = """
name: Wait for the task
trigger: {type: contact.created}
steps:
  - {id: call, type: task.create, title: Call, assign_to: {team: sales}}
  - id: reply
    type: flow.wait_until
    event: task.completed
    of: call
    timeout: {after: 3 days, steps: [{id: nudge, type: activity.log, text: No call yet}]}
  - {id: done, type: contact.add_tag, tag: called}
"""


async def test_an_event_between_the_subscription_and_its_check_is_not_lost(office: Office) -> None:
    await office.publish(REPLY)
    await office.contact(first_name="Ada")
    connection = await connect(office.dsn, Role.APP)
    await take_turn(connection, office.tenant, batch=1)  # the subscription is committed, its check is still to come
    task = await office.value("select id from tasks where tenant_id = $1")
    assert await office.value("select count(*) from inbox where tenant_id = $1 and kind = 'check'") == 1
    await office.change("task", task, status="done")
    await office.work()
    await connection.close()
    assert await office.statuses() == {"completed": 1}
    assert await office.value("select tags from contacts where tenant_id = $1") == ["called"]
    assert await office.verdict() == {}


async def test_news_in_another_lane_becomes_an_input_of_the_executions_own_lane(office: Office) -> None:
    await office.publish(REPLY)
    await office.create_many("contact", [{"first_name": f"P{n}"} for n in range(20)])
    await office.work()
    tasks = [row["id"] for row in await office.rows("select id from tasks where tenant_id = $1")]
    contacts = {lane_of(row["id"]) for row in await office.rows("select id from contacts where tenant_id = $1")}
    assert {lane_of(task) for task in tasks} - contacts, "the test needs tasks in lanes of no contact"
    for task in tasks:
        await office.change("task", task, status="done")
    await asyncio.gather(*[drain(office, batch=3) for _ in range(3)])
    assert await office.statuses() == {"completed": 20}
    assert await office.verdict() == {}


async def test_one_order_that_enters_from_two_lanes_at_once_enters_once(office: Office) -> None:
    await office.publish(
        """
name: Order
trigger: {type: contact.created}
settings: {re_entry: once, entry_key: "{{ contact.external_id | default('none') }}{{ contact.source }}"}
steps: [{id: tag, type: contact.add_tag, tag: ordered}]
"""
    )
    await office.create_many("contact", [{"source": f"order-{n // 8}"} for n in range(160)])
    await asyncio.gather(*[drain(office, batch=4) for _ in range(4)])
    assert await office.statuses() == {"completed": 20}
    assert await office.value("select sum(refused) from counters where tenant_id = $1") == 140
    assert await office.verdict() == {}


async def test_a_writer_that_waited_for_the_row_gets_the_later_revision(office: Office) -> None:
    ada = await office.contact(first_name="Ada")
    holder = await connect(office.dsn, Role.APP)
    await begin(holder, office.tenant_id)
    await holder.execute("select 1 from contacts where tenant_id = $1 and id = $2 for update", office.tenant_id, ada)
    waiting = [asyncio.create_task(office.change("contact", ada, job_title=f"T{n}")) for n in range(4)]
    await until_blocked(office.dsn, 4)
    await holder.execute("rollback")
    await holder.close()
    await asyncio.gather(*waiting)
    revisions = await office.rows(
        "select revision, changes from events where tenant_id = $1 and record_id = $2 order by revision", ada
    )
    assert [row["revision"] for row in revisions] == [1, 2, 3, 4, 5]
    told = [row["changes"]["job_title"] for row in revisions[1:]]
    assert all(later[0] == earlier[1] for earlier, later in pairwise(told))


async def test_a_batch_with_one_bad_input_loses_only_that_one(office: Office) -> None:
    """The score leaves the column's range: PostgreSQL refuses the whole statement."""
    await office.publish(
        """
name: Score
trigger: {type: contact.created}
steps: [{id: burst, type: test.burst}]
""",
    )
    await office.create_many("contact", [{"first_name": f"P{n}"} for n in range(30)])
    await office.contact(first_name="Poison")
    await office.work()
    assert await office.statuses() == {"completed": 30}
    assert await office.value("select count(*) from quarantine where tenant_id = $1 and reason = 'error'") == 1
    assert await office.value("select count(*) from inbox where tenant_id = $1") == 0
    assert await office.verdict() == {}


async def test_an_input_that_kills_its_process_is_tried_alone_and_then_quarantined(
    office: Office, tmp_path: Path
) -> None:
    await office.publish("name: Tag\ntrigger: {type: contact.created}\nsteps: [{type: contact.add_tag, tag: x}]")
    await office.create_many("contact", [{"first_name": f"P{n}"} for n in range(5)])
    poison = (await office.rows("select id from inbox where tenant_id = $1 order by id limit 1"))[0]["id"]
    died_with: list[int] = []
    for _ in range(10):
        connection = await connect(office.dsn, Role.APP)
        await begin(connection, office.tenant_id)
        lanes = await lock_lanes(connection, office.tenant_id)
        inputs = (await take(connection, office.tenant_id, lanes))[0] if lanes else []
        if poison not in {each.id for each in inputs}:
            await connection.execute("rollback")
            await connection.close()
            break
        died_with.append(len(inputs))
        _dead_journal(tmp_path, office.tenant_id, [each.journal() for each in inputs])
        connection.terminate()  # the process is gone in the middle of its pass
        fresh = await connect(office.dsn, Role.APP)
        await suspect_the_dead(fresh, tmp_path)
        await _work_but(fresh, office, poison)
        await fresh.close()
    assert died_with == [5, 1, 1]
    query = "select reason from quarantine where tenant_id = $1 and id = $2"
    assert await office.value(query, poison) == "killed"
    await office.work()
    assert await office.statuses() == {"completed": 4}
    assert await office.verdict() == {}


def test_a_journal_of_a_live_process_is_left_alone(tmp_path: Path) -> None:
    journal = Journal(tmp_path, 0)
    journal.note(new_id(), [])
    assert list(read_dead(tmp_path)) == []
    journal.close()


def test_a_death_is_told_although_the_next_process_has_the_same_pid(tmp_path: Path) -> None:
    """As it is in a container, where a worker always is process 1."""
    code = f"""
import os, pathlib, uuid
os.getpid = lambda: 1
from cuework.runtime.journal import Journal
Journal(pathlib.Path({str(tmp_path)!r}), 0).note(uuid.UUID(int=7), [])
os._exit(9)
"""
    subprocess.run([sys.executable, "-c", code], check=False)
    told = read_dead(tmp_path)
    assert next(told)[1] == UUID(int=7)
    assert list(read_dead(tmp_path)) == [], "somebody is burying it already"
    told.close()
    assert len(list(read_dead(tmp_path))) == 1


async def test_a_frozen_worker_loses_its_session_and_its_lanes(office: Office) -> None:
    """Its connection says nothing inside a transaction; PostgreSQL ends it, and nothing it did is kept."""
    await office.publish("name: Tag\ntrigger: {type: contact.created}\nsteps: [{type: contact.add_tag, tag: x}]")
    await office.contact(first_name="Ada")
    assert SESSION_LIMITS["idle_in_transaction_session_timeout"].endswith("s")
    frozen = await connect(office.dsn, Role.APP)
    await begin(frozen, office.tenant_id)
    lanes = await lock_lanes(frozen, office.tenant_id)
    assert lanes is not None
    await take(frozen, office.tenant_id, lanes)
    await frozen.execute("set local idle_in_transaction_session_timeout = '300ms'")  # so long only from here on
    await _until(office, "select count(*) = 0 from pg_stat_activity where pid = $1", frozen.get_server_pid())
    await office.work()
    with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
        await frozen.execute("commit")
    assert await office.statuses() == {"completed": 1}
    assert await office.verdict() == {}


async def test_a_months_end_makes_partitions_ahead_and_history_crosses_it(office: Office) -> None:
    async with tenant_transaction(office.pool, office.tenant_id) as connection:
        made = await connection.fetchval("select cw_make_partitions($1)", datetime(2031, 1, 31, 23, 59, tzinfo=UTC))
        assert made == 15
        assert await connection.fetchval("select cw_make_partitions($1)", datetime(2031, 2, 1, tzinfo=UTC)) == 3
        for at in (datetime(2031, 1, 31, 23, 59, 59, tzinfo=UTC), datetime(2031, 2, 1, tzinfo=UTC)):
            await connection.execute(
                """insert into events (tenant_id, id, type, occurred_at, actor_type, root_id)
                values ($1, cw_uuid_floor($2), 'x.y', $2, 'system', cw_uuid_floor($2))""",
                office.tenant_id,
                at,
            )
    parts = await office.rows("select tableoid::regclass::text as part from events where tenant_id = $1 order by id")
    assert [row["part"] for row in parts] == ["events_203101", "events_203102"]


@pytest.fixture
def types() -> NodeTypes:
    """Every node type there is, and Burst."""
    known = discover()
    return NodeTypes(known.triggers, {**known.steps, Burst.type: Burst})


def _dead_journal(directory: Path, tenant_id: UUID, names: list[str]) -> None:
    dead = 2**22 - 7  # above every pid that Linux gives
    (directory / f"{dead}-0.journal").write_text("\n".join([tenant_id.hex, *names]))


async def _work_but(connection: "asyncpg.Connection[Any]", office: Office, poison: UUID | None) -> None:
    """A healthy process handles what it can, without meeting the poison: that one is held back for it."""
    async with tenant_scope(connection, office.tenant_id):
        await connection.execute(
            "update inbox set due_at = 'infinity' where tenant_id = $1 and id = $2", office.tenant_id, poison
        )
    await handle_due(connection, office)
    async with tenant_scope(connection, office.tenant_id):
        await connection.execute(
            "update inbox set due_at = clock_timestamp() where tenant_id = $1 and id = $2", office.tenant_id, poison
        )


async def _until(office: Office, query: str, *arguments: object) -> None:
    connection = await asyncpg.connect(office.dsn)
    await until(query, lambda: connection.fetchval(query, *arguments))
    await connection.close()
