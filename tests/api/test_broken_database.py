"""What clients get while the database is away, and that they are served again by themselves when it is back."""

import asyncpg

from cuework.testing.application import World
from cuework.testing.waiting import until


async def test_cut_connections_answer_503_at_most_and_heal_by_themselves(acme: World, module_database_url: str) -> None:
    assert (await acme.owner.get("/me")).status_code == 200
    admin = await asyncpg.connect(module_database_url)
    try:
        await admin.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity "
            "where datname = current_database() and pid <> pg_backend_pid()"
        )
    finally:
        await admin.close()

    async def served() -> bool:
        answer = await acme.owner.get("/me")
        if answer.status_code == 200:
            return True
        assert answer.status_code == 503
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.headers["retry-after"]
        return False

    await until("it is served again", served)


async def test_a_request_that_waits_too_long_for_a_locked_row_changes_nothing_and_says_so(
    acme: World, module_database_url: str
) -> None:
    made = (await acme.admin.post("/teams", json={"key": "t", "name": "T"})).json()
    holder = await asyncpg.connect(module_database_url)
    try:
        async with holder.transaction():
            await holder.execute("select from teams where id = $1 for update", made["id"])
            answer = await acme.admin.patch(f"/teams/{made['id']}", json={"name": "Late"})
    finally:
        await holder.close()
    assert answer.status_code == 503
    assert (await acme.admin.get(f"/teams/{made['id']}")).json()["name"] == "T"
    assert (await acme.admin.patch(f"/teams/{made['id']}", json={"name": "Now"})).status_code == 200
