"""The real server under load while its workers are killed: nothing lost or doubled, each message under one key."""

import asyncio
import os
import random
import signal
import sys
from collections import defaultdict
from pathlib import Path

import asyncpg
import httpx
import pytest

from cuework.testing.mail_server import MailServer, mail_server
from cuework.testing.waiting import until

KILLS = int(os.environ.get("CUEWORK_FAULT_KILLS", "50"))
WORKERS = 3
PACE_S = 0.03  # between requests
DEFINITION = """
name: Welcome by task and email
trigger: {type: contact.created}
steps:
  - {id: tag, type: contact.add_tag, tag: new-contact}
  - {id: score, type: contact.add_score, points: 10}
  - {id: mail, type: email.send, to: contact, subject: "Hello {{ contact.first_name }}", body: "Welcome.",
     retry: {attempts: 10, first_after: 1 second, max_after: 2 seconds}, on_error: stop}
  - {id: task, type: task.create, title: "Call {{ contact.first_name }}", assign_to: {team: sales, by: round_robin}}
  - {id: note, type: activity.log, text: Welcomed}
"""


@pytest.mark.slow
@pytest.mark.timeout(420)
async def test_workers_killed_at_random_lose_and_double_nothing(database_url: str, tmp_path: Path) -> None:
    seed = int(os.environ.get("CUEWORK_FAULT_SEED", str(random.randrange(2**32))))
    print(f"seed: CUEWORK_FAULT_SEED={seed}")
    chance = random.Random(seed)
    environment = {
        **os.environ,
        "CUEWORK_DATABASE_URL": database_url,
        "CUEWORK_DATA": str(tmp_path),
        "CUEWORK_WORKERS": "0",
        "CUEWORK_ALLOWED_NETWORKS": "127.0.0.0/8",
        "CUEWORK_LOG_LEVEL": "warning",
    }
    async with mail_server() as mail, _serving(environment) as url:
        key = await _run(environment, "key", "create", "--tenant", "main", "--role", "owner")
        async with _client(url, key) as api:
            await _set_up(api, mail)
            killer = _Killer(environment, chance)
            await killer.start()
            created = await _load_until(api, killer.finished())
            await killer.calm()
            await _until_done(database_url, len(created))
            await killer.stop()
        assert killer.kills >= KILLS
        assert len(created) >= KILLS * 2, "the test would be vacuous"
        verdict = await _run(environment, "verify", "--json")
    assert '"clean":true' in verdict.replace(" ", ""), verdict
    await _each_once(database_url, created)
    _every_message_under_one_key(mail, created)


class _Killer:
    """Keeps worker processes alive and kills one of them again and again."""

    def __init__(self, environment: dict[str, str], chance: random.Random) -> None:
        self.environment = environment
        self.chance = chance
        self.workers: list[asyncio.subprocess.Process] = []
        self.kills = 0
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self.workers = [await self._spawn() for _ in range(WORKERS)]
        self._task = asyncio.create_task(self._kill())

    def finished(self) -> "asyncio.Task[None]":
        assert self._task is not None
        return self._task

    async def calm(self) -> None:
        """Killing is over; the workers that live do the rest."""
        await self.finished()

    async def stop(self) -> None:
        for worker in self.workers:
            worker.terminate()
        await asyncio.gather(*[worker.wait() for worker in self.workers])

    async def _kill(self) -> None:
        while self.kills < KILLS:
            await asyncio.sleep(self.chance.uniform(0.1, 1.2))  # when a fault strikes is the test's randomness
            victim = self.chance.randrange(len(self.workers))
            self.workers[victim].kill()
            await self.workers[victim].wait()
            self.kills += 1
            self.workers[victim] = await self._spawn()

    async def _spawn(self) -> asyncio.subprocess.Process:
        return await asyncio.create_subprocess_exec(sys.executable, "-m", "cuework", "worker", env=self.environment)


async def _load_until(api: httpx.AsyncClient, end: "asyncio.Task[None]") -> dict[str, str]:
    """Contacts made one after the other until the killing is over: email to id, of those acknowledged."""
    created: dict[str, str] = {}
    number = 0
    while not end.done():
        email = f"p{number}@example.com"
        answer = await api.post("/contacts", json={"first_name": f"P{number}", "email": email})
        assert answer.status_code == 201, answer.text
        created[email] = answer.json()["id"]
        number += 1
        await asyncio.sleep(PACE_S)
    end.result()
    return created


async def _set_up(api: httpx.AsyncClient, mail: MailServer) -> None:
    me = (await api.get("/users")).json()["items"][0]["id"]
    config = {"host": "127.0.0.1", "port": mail.port, "security": "none", "from_email": "hello@example.com"}
    for path, body in (
        ("/teams", {"key": "sales", "name": "Sales", "member_ids": [me]}),
        ("/connections", {"key": "mail", "name": "Mail", "type": "smtp", "config": config}),
    ):
        answer = await api.post(path, json=body)
        assert answer.is_success, answer.text
    made = await api.post("/workflows", content=DEFINITION, headers={"Content-Type": "application/yaml"})
    assert made.status_code == 201, made.text
    published = await api.post(f"/workflows/{made.json()['id']}/publish", json={"note": "for the test"})
    assert published.is_success, published.text


async def _until_done(database_url: str, expected: int) -> None:
    connection = await asyncpg.connect(database_url)

    async def all_done() -> bool:
        return await connection.fetchval("select count(*) from executions_done") >= expected

    await until(f"{expected} executions are done", all_done, within_s=120)
    await connection.close()


async def _each_once(database_url: str, created: dict[str, str]) -> None:
    connection = await asyncpg.connect(database_url)
    assert await connection.fetchval("select count(*) from quarantine") == 0
    done = await connection.fetch(
        "select record_id, count(*) as n, min(status) as status from executions_done group by 1"
    )
    assert {str(row["record_id"]): (row["n"], row["status"]) for row in done} == dict.fromkeys(
        created.values(), (1, "completed")
    )
    for table, column in (("tasks", "contact_id"), ("activities", "record_id")):
        rows = await connection.fetch(f"select {column} as id, count(*) as n from {table} group by 1")
        assert {str(row["id"]): row["n"] for row in rows} == dict.fromkeys(created.values(), 1), table
    contacts = await connection.fetch("select id, lead_score, tags from contacts")
    assert {(row["lead_score"], tuple(row["tags"])) for row in contacts} == {(10, ("new-contact",))}
    turns = await connection.fetchval("select sum(turns) from rotations")
    assert turns == len(created), "each assignment takes one turn"
    await connection.close()


def _every_message_under_one_key(mail: MailServer, created: dict[str, str]) -> None:
    keys: dict[str, set[str]] = defaultdict(set)
    for each in mail.mails:
        for recipient in each.recipients:
            keys[recipient].add(each.message_id)
    assert keys.keys() == created.keys(), "every contact got its message"
    assert all(len(ids) == 1 for ids in keys.values()), "a repeated delivery carries the same key"
    print(f"{len(created)} contacts, {len(mail.mails)} deliveries, {KILLS} kills")


class _serving:  # noqa: N801 - used as a context manager
    """`cuework serve` without workers of its own; the address it answers at."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = environment
        self.process: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> str:
        command = [sys.executable, "-m", "cuework", "serve", "--no-demo", "--port", "0"]
        self.process = await asyncio.create_subprocess_exec(
            *command, env=self.environment, stdout=asyncio.subprocess.PIPE
        )
        assert self.process.stdout is not None
        async with asyncio.timeout(60):
            while line := (await self.process.stdout.readline()).decode():
                if "http://" in line:
                    return "http://" + line.split("http://", 1)[1].split()[0].rstrip("/.")
        raise AssertionError("the server ended without an address")

    async def __aexit__(self, *_: object) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGINT)
        await self.process.communicate()


def _client(url: str, key: str) -> httpx.AsyncClient:
    headers = {"Authorization": f"Bearer {key}"}
    return httpx.AsyncClient(base_url=f"{url}/api/v1", headers=headers, timeout=30, trust_env=False)


async def _run(environment: dict[str, str], *command: str) -> str:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "cuework", *command, env=environment, stdout=asyncio.subprocess.PIPE
    )
    out, _ = await process.communicate()
    return out.decode().strip()
