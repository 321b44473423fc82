"""Set-based writes mean the same however they travel: as arrays, by COPY, or several in one statement."""

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import asyncpg
import pytest

from cuework.base.ids import new_id
from cuework.crm.flush import flush
from cuework.crm.rows import load
from cuework.db import bulk
from cuework.db.pool import Pool
from cuework.db.tenancy import tenant_transaction
from cuework.engine.events import Cause, Ref
from cuework.testing.office import Office

FEW, MANY = 3, bulk.COPY_FROM_ROWS + 1
AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
ACTIVITY = {"id": "uuid", "type": "text", "record_type": "text", "record_id": "uuid", "text": "text"} | {
    "actor_type": "text",
    "actor_id": "uuid",
    "execution_id": "uuid",
    "occurred_at": "timestamptz",
}


def _activities(count: int, kind: str = "note") -> list[list[Any]]:
    """Rows of which some columns are one value, one of them null, and some are not."""
    record = new_id()
    ids = [new_id() for _ in range(count)]
    texts = [f"It's “{n}”, \\{n}\t{{{n}}}" for n in range(count)]
    actors = [None if n % 2 else record for n in range(count)]
    same = (kind, "contact", record, "system", None, AT)
    kinds, types, records, makers, executions, times = ([value] * count for value in same)
    return [ids, kinds, types, records, texts, makers, actors, executions, times]


async def _stored(office: Office, kind: str) -> list[tuple[Any, ...]]:
    query = f"select {', '.join(ACTIVITY)} from activities where tenant_id = $1 and type = $2 order by id"
    return [tuple(row.values()) for row in await office.rows(query, kind)]


def _as_rows(columns: Sequence[Sequence[Any]]) -> list[tuple[Any, ...]]:
    return sorted(zip(*columns, strict=True))


@pytest.mark.parametrize("count", [FEW, MANY])
async def test_rows_are_stored_as_they_were_given(pool: Pool, office: Office, count: int) -> None:
    columns = _activities(count)
    async with tenant_transaction(pool, office.tenant_id) as connection:
        await bulk.insert(connection, office.tenant_id, "activities", ACTIVITY, columns)
    assert await _stored(office, "note") == _as_rows(columns)


@pytest.mark.parametrize("count", [FEW, MANY])
async def test_a_second_batch_of_a_transaction_does_not_bring_the_first_again(
    pool: Pool, office: Office, count: int
) -> None:
    first, second = _activities(count), _activities(count)
    async with tenant_transaction(pool, office.tenant_id) as connection:
        for columns in (first, second):
            await bulk.insert(connection, office.tenant_id, "activities", ACTIVITY, columns)
    assert len(await _stored(office, "note")) == 2 * count


async def test_what_many_rows_travel_through_is_emptied_and_does_not_grow(pool: Pool, office: Office) -> None:
    for _ in range(40):
        columns = _activities(MANY)
        columns[4] = [os.urandom(900).hex() for _ in range(MANY)]  # some 200 kB each time
        async with tenant_transaction(pool, office.tenant_id) as connection:
            await bulk.insert(connection, office.tenant_id, "activities", ACTIVITY, columns)
    async with pool.acquire() as connection:
        staged = await connection.fetch(
            """select oid::regclass::text as name, pg_relation_size(oid) as size from pg_class
            where relname ~ '^cw_staged' and relkind = 'r'"""
        )
        assert [await connection.fetchval(f"select count(*) from {table['name']}") for table in staged] == [0]
        assert all(table["size"] < 6_000_000 for table in staged)


@pytest.mark.parametrize("count", [FEW, MANY])
@pytest.mark.parametrize("same", [True, False])
async def test_an_update_changes_the_named_rows_and_no_others(
    pool: Pool, office: Office, count: int, *, same: bool
) -> None:
    ids = await office.create_many("contact", [{"first_name": "Ada", "tags": ["a"]} for _ in range(count + 1)])
    scores = [7 if same else n for n in range(count)]
    tags = [bulk.array_text(["x, y", '"z"'] if same else [f"t{n}"]) for n in range(count)]
    columns = {"id": "uuid", "lead_score": "integer", "tags": "text[]"}
    async with tenant_transaction(pool, office.tenant_id) as connection:
        await bulk.update(connection, office.tenant_id, "contacts", columns, [ids[:count], scores, tags])
    rows = await office.rows("select id, lead_score, tags from contacts where tenant_id = $1")
    found = {row["id"]: (row["lead_score"], row["tags"]) for row in rows}
    assert found.pop(ids[count]) == (0, ["a"])
    assert found == {
        identity: (score, ["x, y", '"z"'] if same else [f"t{n}"])
        for n, (identity, score) in enumerate(zip(ids, scores, strict=False))
    }


async def test_an_update_by_two_keys_of_which_one_is_the_same(pool: Pool, office: Office) -> None:
    workflow = new_id()
    keys = [f"key {n}" for n in range(MANY)]
    columns = {"workflow_id": "uuid", "entry_key": "text", "execution_id": "uuid", "count": "integer"}
    entered = columns | {"entered_at": "timestamptz"}
    first = [[workflow] * MANY, keys, [new_id() for _ in keys], [1] * MANY]
    async with tenant_transaction(pool, office.tenant_id) as connection:
        await bulk.insert(connection, office.tenant_id, "enrollments", entered, [*first, [AT] * MANY])
        await bulk.update(connection, office.tenant_id, "enrollments", columns, [*first[:3], [2] * MANY], keys=2)
    assert await office.value("select sum(count) from enrollments where tenant_id = $1") == 2 * MANY


async def test_few_and_many_rows_travel_together(pool: Pool, office: Office) -> None:
    ids = await office.create_many("contact", [{"first_name": "Ada"} for _ in range(MANY + 1)])
    small, large, other = _activities(FEW), _activities(MANY, "call"), _activities(FEW, "mail")
    scores = {"id": "uuid", "lead_score": "integer"}
    async with tenant_transaction(pool, office.tenant_id) as connection:
        statements: list[str] = []
        together = bulk.Together(connection)
        await bulk.insert(together, office.tenant_id, "activities", ACTIVITY, small)
        await bulk.insert(together, office.tenant_id, "activities", ACTIVITY, large)
        await bulk.update(together, office.tenant_id, "contacts", scores, [ids[:MANY], list(range(MANY))])
        await bulk.insert(together, office.tenant_id, "activities", ACTIVITY, other)
        assert await connection.fetchval("select count(*) from activities") == 0
        with connection.query_logger(lambda record: statements.append(record.query)):
            await together.send()
            await together.send()
            await connection.execute("select 1")  # the loop tells the logger of what came before
        assert sum("insert" in each or "update" in each for each in statements) == 1
    for kind, columns in (("note", small), ("call", large), ("mail", other)):
        assert await _stored(office, kind) == _as_rows(columns)
    rows = await office.rows("select id, lead_score from contacts where tenant_id = $1")
    expected = {identity: n for n, identity in enumerate(ids[:MANY])} | {ids[MANY]: 0}
    assert {row["id"]: row["lead_score"] for row in rows} == expected


async def test_many_rows_for_one_table_twice_are_not_mixed_up(pool: Pool, office: Office) -> None:
    first, second = _activities(MANY), _activities(MANY, "call")
    async with tenant_transaction(pool, office.tenant_id) as connection:
        together = bulk.Together(connection)
        for columns in (first, second):
            await bulk.insert(together, office.tenant_id, "activities", ACTIVITY, columns)
        await together.send()
    assert (await _stored(office, "note"), await _stored(office, "call")) == (_as_rows(first), _as_rows(second))


async def test_what_was_sent_together_and_failed_leaves_nothing_for_the_next(pool: Pool, office: Office) -> None:
    bad, good = _activities(MANY), _activities(MANY, "call")
    bad[0][1] = bad[0][0]

    async def store(columns: list[list[Any]]) -> None:
        async with tenant_transaction(pool, office.tenant_id) as connection:
            together = bulk.Together(connection)
            await bulk.insert(together, office.tenant_id, "activities", ACTIVITY, columns)
            await together.send()

    with pytest.raises(asyncpg.UniqueViolationError):
        await store(bad)
    await store(good)
    assert (await _stored(office, "note"), await _stored(office, "call")) == ([], _as_rows(good))


@pytest.mark.parametrize("count", [1, FEW])
async def test_small_updates_travel_with_the_inserts_around_them(pool: Pool, office: Office, count: int) -> None:
    ids = await office.create_many("contact", [{"first_name": "Ada"} for _ in range(count + 1)])
    note, call = _activities(FEW), _activities(1, "call")
    scores = {"id": "uuid", "lead_score": "integer"}
    async with tenant_transaction(pool, office.tenant_id) as connection:
        statements: list[str] = []
        together = bulk.Together(connection)
        with connection.query_logger(lambda record: statements.append(record.query)):
            await bulk.insert(together, office.tenant_id, "activities", ACTIVITY, note)
            await bulk.update(together, office.tenant_id, "contacts", scores, [ids[:count], list(range(5, 5 + count))])
            await bulk.insert(together, office.tenant_id, "activities", ACTIVITY, call)
            await together.send()
            await connection.execute("select 1")
        assert sum("insert" in each or "update" in each for each in statements) == 1
    for kind, columns in (("note", note), ("call", call)):
        assert await _stored(office, kind) == _as_rows(columns)
    rows = await office.rows("select id, lead_score from contacts where tenant_id = $1")
    expected = {identity: 5 + n for n, identity in enumerate(ids[:count])} | {ids[count]: 0}
    assert {row["id"]: row["lead_score"] for row in rows} == expected


@pytest.mark.parametrize("count", [1, FEW, MANY])
async def test_a_new_record_may_take_what_an_update_frees(pool: Pool, office: Office, count: int) -> None:
    ada = Ref("contact", await office.contact(first_name="Ada", email="ada@example.com"))
    emails = ["ada@example.com", *(f"new{n}@example.com" for n in range(1, count))]
    async with tenant_transaction(pool, office.tenant_id) as connection:
        world = await office.world(connection)
        world.rows.update(await load(connection, office.tenant_id, [ada], world.catalog))
        world.update(ada, {"email": "lovelace@example.com"}, Cause("system"))
        for email in emails:
            world.create("contact", {"email": email}, Cause("system"))
        await flush(connection, office.tenant_id, world)
    stored = await office.rows("select email from contacts where tenant_id = $1")
    assert sorted(row["email"] for row in stored) == sorted(["lovelace@example.com", *emails])


async def test_what_was_asked_for_an_answer_is_not_put_off(pool: Pool, office: Office) -> None:
    columns = _activities(FEW)
    async with tenant_transaction(pool, office.tenant_id) as connection:
        together = bulk.Together(connection)
        tail = "on conflict do nothing returning id"
        rows = await bulk.insert(together, office.tenant_id, "activities", ACTIVITY, columns, tail=tail)
        assert [row["id"] for row in rows] == columns[0]
