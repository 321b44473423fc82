"""Databases for tests: one throw-away PostgreSQL per test session, one fresh migrated database per test.

The processes of one session (pytest and its parallel workers) share a directory. Whoever needs the server
first starts it and migrates the template; every test's database is a copy of that.
`CUEWORK_TEST_DATABASE_URL` names a superuser's login at another PostgreSQL to test against instead.

Must not know about pytest: the fixtures are in the tests' conftest.
"""

import asyncio
import fcntl
import os
import shutil
import tempfile
import time
from collections.abc import Coroutine, Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any
from urllib.parse import urlsplit
from uuid import uuid4

import asyncpg

from cuework.db.embedded import EmbeddedPostgres
from cuework.db.embedded_owner import DataDirectoryInUse
from cuework.db.migrate import migrate

ELSEWHERE = "CUEWORK_TEST_DATABASE_URL"
_PREFIX = "cuework-tests-"
_CLOSE_WITHIN = 15.0


class SessionDatabases:
    """The databases of one test session, kept in one directory."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._server = EmbeddedPostgres(directory / "postgres", throw_away=True)
        self._alive: IO[str] | None = None

    @classmethod
    def open(cls) -> "SessionDatabases":
        """A new session whose directory exists for as long as this process lives; nothing is started yet.

        What sessions that were killed left behind is removed.
        """
        _sweep()
        session = cls(Path(tempfile.mkdtemp(prefix=_PREFIX)))
        session._alive = _locked(session.directory / "alive.lock")
        return session

    def close(self) -> None:
        """The server is gone, with everything in it."""
        if (self._server.directory / "cluster").exists():
            self._own_server()
            self._server.destroy()
        elsewhere = os.environ.get(ELSEWHERE)
        if elsewhere and (self.directory / "template").exists():
            _blocking(_execute(elsewhere, f'drop database if exists "{self._template_name}" with (force)'))
        if self._alive is not None:
            self._alive.close()
        shutil.rmtree(self.directory, ignore_errors=True)

    def server_url(self) -> str:
        """A superuser's URL; the server runs."""
        elsewhere = os.environ.get(ELSEWHERE)
        if elsewhere:
            return elsewhere
        with self._one_at_a_time():
            return self._server.dsn if self._server.running() else self._server.start()

    @contextmanager
    def empty_database(self) -> Generator[str]:
        """The URL of a new database without any schema; it is dropped in the end."""
        with self._database("template0") as url:
            yield url

    @contextmanager
    def fresh_database(self) -> Generator[str]:
        """The URL of a new database with the newest schema and no data; it is dropped in the end.

        Cost: a tenth of a second.
        """
        with self._database(self._template()) as url:
            yield url

    @contextmanager
    def _database(self, template: str) -> Generator[str]:
        server = self.server_url()
        name = f"test_{uuid4().hex}"
        _blocking(_execute(server, f'create database "{name}" template "{template}"'))
        try:
            yield _url_of(server, name)
        finally:
            _blocking(_execute(server, f'drop database if exists "{name}" with (force)'))

    def _template(self) -> str:
        name = self._template_name
        made = self.directory / "template"
        server = self.server_url()
        with self._one_at_a_time():
            if not made.exists():
                _blocking(_execute(server, f'create database "{name}"'))
                _blocking(migrate(_url_of(server, name)))
                made.touch()
        return name

    @property
    def _template_name(self) -> str:
        return f"cuework_template_{self.directory.name.removeprefix(_PREFIX)}"

    @contextmanager
    def _one_at_a_time(self) -> Generator[None]:
        with (self.directory / "one.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _own_server(self) -> None:
        """The worker that started the server may be about to end; it is waited for."""
        deadline = time.monotonic() + _CLOSE_WITHIN
        while True:
            try:
                self._server.start()
            except DataDirectoryInUse:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
            else:
                return


def _sweep() -> None:
    for directory in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        try:
            alive = _locked(directory / "alive.lock")
        except OSError:
            continue  # it lives, or it is somebody else's
        alive.close()
        SessionDatabases(directory).close()


def _locked(path: Path) -> IO[str]:
    """The file, locked until it is closed. Errors: BlockingIOError if another process has it."""
    lock = path.open("a")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.close()
        raise
    return lock


async def _execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def _blocking(work: Coroutine[Any, Any, None]) -> None:
    """Runs it on a thread of its own, so that the loop of the test at hand is left alone."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work).result()


def _url_of(server: str, database: str) -> str:
    return urlsplit(server)._replace(path=f"/{database}").geturl()
