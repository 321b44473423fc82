"""`cuework serve` as a person meets it: it comes up, says where, keeps its workers, and goes down cleanly."""

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import asyncpg
import httpx
import psutil
import pytest

from cuework.app.only_one import served_at
from cuework.db.embedded import EmbeddedPostgres
from cuework.testing.waiting import until_blocking

pytestmark = pytest.mark.slow
_PATIENCE_S = 100.0
Found = TypeVar("Found")


class _Server:
    """A serving process and what it has printed."""

    def __init__(self, data: Path, *options: str) -> None:
        self.printed = data.with_suffix(".out")
        with self.printed.open("w") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "cuework", "serve", "--port", "0", "--data", str(data), *options],
                stdout=out,
                stderr=subprocess.STDOUT,
                env=os.environ | {"CUEWORK_DATABASE_URL": ""},
            )

    @property
    def said(self) -> str:
        return self.printed.read_text()

    def address(self) -> str:
        found = _wait_for("it says where it is", lambda: re.search(r"Cuework is at (http://\S+)", self.said), self)
        assert found is not None
        return found.group(1)

    def workers(self) -> list[int]:
        children = psutil.Process(self.process.pid).children()
        return [child.pid for child in children if _is_worker(child)]

    def stop(self) -> int:
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(_PATIENCE_S)


def _is_worker(process: psutil.Process) -> bool:
    """Whether it is a worker that lives; one that was just killed is not, though it is still listed."""
    try:
        return "worker" in process.cmdline()
    except psutil.NoSuchProcess:
        return False


@contextmanager
def _serving(data: Path, *options: str) -> Generator[_Server]:
    server = _Server(data, *options)
    try:
        yield server
    finally:
        if server.process.poll() is None:
            server.stop()


def _wait_for(what: str, look: Callable[[], Found], server: _Server) -> Found:
    """What `look` finds while the server runs."""

    def living() -> Found:
        found = look()
        assert found or server.process.poll() is None, "the server has ended"
        return found

    try:
        return until_blocking(what, living, within_s=_PATIENCE_S)
    except AssertionError:
        print(server.said)
        raise


def _ready(address: str) -> bool:
    return httpx.get(f"{address}/readyz").status_code == 200


def test_what_a_server_that_was_killed_left_behind_is_no_address(tmp_path: Path) -> None:
    assert served_at(tmp_path) is None
    (tmp_path / "serve.lock").write_text("process 1 at http://127.0.0.1:8000")
    assert served_at(tmp_path) is None


@pytest.mark.timeout(300)
def test_it_serves_keeps_its_workers_and_database_and_starts_again_on_the_same_data(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with _serving(data, "--no-demo") as server:
        address = server.address()
        said = re.search(r"Sign in as (\S+) with the password (\S+) \(shown this once\)", server.said)
        assert said is not None
        _wait_for("it is ready", lambda: _ready(address), server)
        who = {"email": said.group(1), "password": said.group(2)}
        assert httpx.post(f"{address}/api/v1/session", json=who).status_code == 201

        second = subprocess.run(
            [sys.executable, "-m", "cuework", "serve", "--port", "0", "--data", str(data)],
            capture_output=True,
            text=True,
            timeout=_PATIENCE_S,
            check=False,
        )
        assert second.returncode == 1
        assert f"already runs on {data}" in second.stderr
        assert served_at(data) == address

        [worker] = server.workers()
        os.kill(worker, signal.SIGKILL)
        _wait_for("another worker runs", lambda: [pid for pid in server.workers() if pid != worker], server)

        pid_file = data / "postgres" / "cluster" / "postmaster.pid"
        os.kill(int(pid_file.read_text().splitlines()[0]), signal.SIGKILL)
        _wait_for("the database is noticed to be gone", lambda: "database.died" in server.said, server)
        _wait_for("it is ready again", lambda: _ready(address), server)
        assert httpx.post(f"{address}/api/v1/session", json=who).status_code == 201

        assert server.stop() == 0
        assert server.said.rstrip().endswith("Stopped.")
        assert not pid_file.exists()

    with _serving(data, "--no-demo") as again:
        address = again.address()
        assert "password" not in again.said
        assert httpx.post(f"{address}/api/v1/session", json=who).status_code == 201


@pytest.mark.timeout(200)
def test_no_connection_of_it_or_its_workers_is_a_superusers(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with _serving(data, "--no-demo") as server:
        address = server.address()
        _wait_for("it is ready", lambda: _ready(address), server)
        superusers = EmbeddedPostgres(data / "postgres").dsn
        connected = _wait_for("a pass is connected", lambda: _connected(superusers, "cuework pass 0"), server)
        assert set(connected.values()) == {"cuework_login"}, connected
        assert {"cuework serve", "cuework bell", "cuework effects"} <= set(connected)
        verified = subprocess.run(
            [sys.executable, "-m", "cuework", "verify"],
            env=os.environ | {"CUEWORK_DATABASE_URL": "", "CUEWORK_DATA": str(data)},
            capture_output=True,
            text=True,
            timeout=_PATIENCE_S,
            check=False,
        )
        assert verified.returncode == 0, verified.stderr
        assert "login.too_strong" not in server.said


def _connected(url: str, awaited: str) -> dict[str, str]:
    """The logins of Cuework's connections by what these are for; nothing until the awaited one is there."""
    query = """select application_name, usename::text from pg_stat_activity
    where datname = 'cuework' and pid <> pg_backend_pid() and backend_type = 'client backend'"""

    async def ask() -> dict[str, str]:
        connection = await asyncpg.connect(url)
        try:
            return {row["application_name"]: row["usename"] for row in await connection.fetch(query)}
        finally:
            await connection.close()

    found = asyncio.run(ask())
    return found if awaited in found else {}


@pytest.mark.timeout(200)
def test_its_workers_end_when_it_is_killed(tmp_path: Path) -> None:
    data = tmp_path / "data"
    with _serving(data, "--no-demo") as server:
        server.address()
        workers = _wait_for("a worker runs", server.workers, server)
        server.process.kill()
        server.process.wait()
        _, alive = psutil.wait_procs([psutil.Process(pid) for pid in workers if psutil.pid_exists(pid)], _PATIENCE_S)
        assert alive == []
    with _serving(data, "--no-demo") as adopted:
        assert adopted.address()


def test_a_port_in_use_is_said_before_anything_is_started(tmp_path: Path) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        answer = subprocess.run(
            [sys.executable, "-m", "cuework", "serve", "--port", str(port), "--data", str(tmp_path / "data")],
            capture_output=True,
            text=True,
            timeout=_PATIENCE_S,
            check=False,
            env=os.environ | {"CUEWORK_DATABASE_URL": ""},
        )
    assert answer.returncode == 1
    assert f"Port {port}" in answer.stderr
    assert not (tmp_path / "data" / "postgres").exists()
