"""The embedded PostgreSQL: one owner, data that lasts, and a start after whatever happened before."""

import asyncio
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import psutil
import pytest

from cuework.db.embedded import EmbeddedPostgres
from cuework.db.embedded_owner import DataDirectoryInUse, EmbeddedPostgresError
from cuework.testing.waiting import until_blocking


@pytest.fixture
def database(tmp_path: Path) -> Iterator[EmbeddedPostgres]:
    server = EmbeddedPostgres(tmp_path / "postgres")
    yield server
    server.stop()


async def value(dsn: str, query: str) -> object:
    connection = await asyncpg.connect(dsn)
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()


def postmaster(database: EmbeddedPostgres) -> int:
    lines = (database.directory / "cluster" / "postmaster.pid").read_text("utf-8").splitlines()
    return int(lines[0])


async def test_what_was_written_is_there_after_a_restart(database: EmbeddedPostgres) -> None:
    dsn = database.start()
    await value(dsn, "create table kept as select 7 as seven")
    database.stop()
    assert not database.running()
    dsn = database.start()
    assert await value(dsn, "select seven from kept") == 7


async def test_it_keeps_what_it_confirmed_and_compiles_nothing(database: EmbeddedPostgres) -> None:
    dsn = database.start()
    shown = [await value(dsn, f"show {name}") for name in ("fsync", "synchronous_commit", "jit", "listen_addresses")]
    assert shown == ["on", "on", "off", ""]


def test_a_second_owner_is_refused_and_told_who_the_first_is(database: EmbeddedPostgres) -> None:
    database.start()
    with pytest.raises(DataDirectoryInUse, match=str(os.getpid())):
        EmbeddedPostgres(database.directory).start()


def test_others_find_the_running_server_and_cannot_stop_it(database: EmbeddedPostgres) -> None:
    database.start()
    visitor = EmbeddedPostgres(database.directory)
    assert visitor.running()
    assert visitor.dsn == database.dsn
    visitor.stop()
    assert database.running()


async def test_it_recovers_after_the_server_was_killed(database: EmbeddedPostgres) -> None:
    dsn = database.start()
    await value(dsn, "create table kept as select 7 as seven")
    os.kill(postmaster(database), signal.SIGKILL)
    database.stop()
    dsn = database.start()
    assert await value(dsn, "select seven from kept") == 7


async def test_a_server_that_dies_under_its_owner_is_started_again_with_what_it_confirmed(
    database: EmbeddedPostgres,
) -> None:
    dsn = database.start()
    await value(dsn, "create table kept as select 7 as seven")
    assert not database.revive(), "it lives"
    dead = postmaster(database)
    os.kill(dead, signal.SIGKILL)
    until_blocking("its end is noticed", database.revive)
    assert await value(dsn, "select seven from kept") == 7
    assert postmaster(database) != dead
    with pytest.raises(DataDirectoryInUse):
        EmbeddedPostgres(database.directory).start()
    database.stop()
    assert not database.revive(), "what was stopped stays stopped"


def test_a_server_whose_owner_was_killed_is_adopted(database: EmbeddedPostgres) -> None:
    code = (
        "import os, signal, sys; from pathlib import Path; from cuework.db.embedded import EmbeddedPostgres\n"
        "EmbeddedPostgres(Path(sys.argv[1])).start(); os.kill(os.getpid(), signal.SIGKILL)"
    )
    killed = subprocess.run([sys.executable, "-c", code, str(database.directory)], check=False)
    assert killed.returncode == -signal.SIGKILL
    orphan = postmaster(database)
    database.start()
    assert postmaster(database) == orphan
    database.stop()
    assert not psutil.pid_exists(orphan) or psutil.Process(orphan).status() == psutil.STATUS_ZOMBIE


def test_a_pid_file_that_names_another_program_does_not_keep_it_from_starting(
    database: EmbeddedPostgres,
) -> None:
    database.start()
    database.stop()
    stale = f"{os.getpid()}\n/elsewhere\n1700000000\n5432\n.\n\n  1  1\nready   \n"
    (database.directory / "cluster" / "postmaster.pid").write_text(stale, "utf-8")
    database.start()
    assert database.running()


def test_a_creation_that_was_cut_short_is_begun_again(database: EmbeddedPostgres) -> None:
    half_made = database.directory / "cluster.making"
    half_made.mkdir(parents=True)
    (half_made / "PG_VERSION").write_text("18\n", "ascii")
    database.start()
    assert database.running()


def test_a_data_path_too_long_for_a_socket_works(tmp_path: Path) -> None:
    deep = tmp_path.joinpath(*["a-directory-with-a-long-name"] * 4)
    with EmbeddedPostgres(deep) as database:
        assert asyncio.run(value(database.dsn, "select 1")) == 1
        socket_directory = database._socket_directory
        assert socket_directory.exists()
    assert not socket_directory.exists()


def test_only_its_own_account_can_enter_the_directory_of_the_socket(database: EmbeddedPostgres) -> None:
    database.start()
    assert stat.S_IMODE((database.directory / "cluster").stat().st_mode) == 0o700


def test_another_account_is_not_let_in(database: EmbeddedPostgres) -> None:
    """Root tries as somebody else; who is not root cannot, and looks at what keeps others out."""
    database.start()
    sealed = database.directory / "cluster"
    if os.geteuid() != 0:
        assert (sealed.stat().st_uid, stat.S_IMODE(sealed.stat().st_mode)) == (os.geteuid(), 0o700)
        return
    attempt = subprocess.run(
        [sys.executable, "-c", f"import os; os.setuid(65534); os.listdir({str(sealed)!r})"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert "PermissionError" in attempt.stderr


def test_the_server_runs_unprivileged_even_for_root(database: EmbeddedPostgres) -> None:
    database.start()
    account = psutil.Process(postmaster(database)).uids().real
    assert account != 0
    assert account == os.geteuid() or os.geteuid() == 0


def test_data_of_an_unknown_postgresql_is_refused_with_what_to_do(database: EmbeddedPostgres) -> None:
    cluster = database.directory / "cluster"
    cluster.mkdir(parents=True)
    (cluster / "PG_VERSION").write_text("12\n", "ascii")
    with pytest.raises(Exception, match="made by PostgreSQL 12"):
        database.start()


def test_only_throw_away_servers_can_be_destroyed(database: EmbeddedPostgres) -> None:
    with pytest.raises(EmbeddedPostgresError, match="lasts"):
        database.destroy()


def test_a_temporary_server_leaves_nothing_behind() -> None:
    database = EmbeddedPostgres.temporary()
    database.start()
    running = postmaster(database)
    database.destroy()
    assert not database.directory.exists()
    assert not psutil.pid_exists(running)
