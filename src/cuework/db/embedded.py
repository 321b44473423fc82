"""A real PostgreSQL in a data directory, started and stopped by the process that owns the directory.

    database = EmbeddedPostgres(Path(".data/postgres"))
    dsn = database.start()      # creates it on the first start, recovers it after an unclean stop
    ...
    database.stop()

Ownership is a file lock that dies with its process, so exactly one process starts and stops the server, and a
server whose owner was killed is adopted by the next start. Others find it with `running()` and `dsn`.

The server listens on a Unix socket only, inside a directory that only its account can enter, and lets in its
own account, root and the account that started it, by peer authentication: there is no password to lose and no
port to guard. `dsn` is the superuser's and for migrations; what runs uses `logins.running`.

Must not know about schemas, pools or tenants. Its calls block for a moment: async code uses
`asyncio.to_thread`.
"""

import hashlib
import os
import shutil
import signal
import socket
import stat
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Self
from urllib.parse import quote

import psutil

from cuework.db.embedded_owner import EmbeddedPostgresError, OwnerLock
from cuework.db.embedded_program import NEWEST_MAJOR, Account, ServerProgram, account_for
from cuework.db.embedded_settings import LASTING_SETTINGS, SETTINGS, THROW_AWAY_SETTINGS
from cuework.db.logins import LOGIN, Logins

SUPERUSER = "postgres"
DATABASE = "cuework"
PORT = 5432

# psql runs what the query returns: PostgreSQL has no "create database if not exists".
_CREATE_DATABASE = r"""
select 'create database cuework'
where not exists (select 1 from pg_database where datname = 'cuework') \gexec
"""

START_WITHIN = 60.0
STOP_WITHIN = 60.0


class EmbeddedPostgres:
    """One PostgreSQL server in one directory. Not for sharing between threads."""

    def __init__(self, directory: Path, *, throw_away: bool = False) -> None:
        """`throw_away` trades durability for speed and is for tests alone."""
        self.directory = directory.absolute()
        self._throw_away = throw_away
        self._cluster = self.directory / "cluster"
        self._owner = OwnerLock(self.directory)
        self._process: subprocess.Popen[bytes] | None = None

    @classmethod
    def temporary(cls) -> Self:
        """A throw-away server in a new temporary directory; `destroy()` removes both."""
        return cls(Path(tempfile.mkdtemp(prefix="cuework-postgres-")), throw_away=True)

    @property
    def dsn(self) -> str:
        """The superuser's URL, whether or not the server runs."""
        return self.dsn_of(DATABASE)

    @property
    def logins(self) -> Logins:
        """The URL that migrates and the one of everything else; that login is made by `bring_to_newest`."""
        return Logins(running=self.dsn_of(DATABASE, login=LOGIN), migrating=self.dsn, ours=True)

    def dsn_of(self, database: str, *, login: str = SUPERUSER) -> str:
        """The URL of another database of this server, the superuser's unless a login is named."""
        return f"postgresql://{login}@/{database}?host={quote(str(self._socket_directory))}&port={PORT}"

    def running(self) -> bool:
        """Whether the server accepts connections, whoever started it."""
        return self._postmaster_state() == "ready" and self._socket_answers()

    def start(self) -> str:
        """The server accepts connections, this process owns the directory, and the DSN is returned.

        Errors: DataDirectoryInUse if another process owns it; EmbeddedPostgresError if it does not start.
        Cost: about a second on the first start, a tenth later, longer only to recover after a crash.
        """
        self._owner.take()
        try:
            program = self._prepare_cluster()
            if not self._adopted():
                self._launch(program)
            if not (self.directory / "ready").exists():
                self._create_database(program)
        except BaseException:
            self._abandon()
            raise
        return self.dsn

    def revive(self) -> bool:
        """The server runs again if it had died, and whether it had. For its owner, who stays the owner.

        Errors: EmbeddedPostgresError if it does not start. Cost: a glance at /proc while it lives.
        """
        if not self._owner.held or (self._process is not None and self._process.poll() is None) or self._server_alive():
            return False
        self._process = None
        self._launch(self._prepare_cluster())
        return True

    def stop(self) -> None:
        """The server has shut down cleanly and the directory is free. Does nothing if this process is not its
        owner. Open connections are ended."""
        if not self._owner.held:
            return
        self._shut_down(signal.SIGINT)
        self._release_ownership()

    def destroy(self) -> None:
        """The server is gone and so is its directory. For throw-away servers."""
        if not self._throw_away:
            raise EmbeddedPostgresError(
                f"{self.directory} holds data that lasts; only throw-away servers are destroyed."
            )
        if self._owner.held:
            self._shut_down(signal.SIGQUIT)
            self._release_ownership()
        shutil.rmtree(self.directory, ignore_errors=True)

    def __enter__(self) -> Self:
        """The server is started."""
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        """The server is stopped."""
        self.stop()

    # -- ownership

    def _release_ownership(self) -> None:
        if self._owner.held:
            if self._socket_directory != self._cluster and not self.running():
                shutil.rmtree(self._socket_directory, ignore_errors=True)
            self._owner.release()

    def _abandon(self) -> None:
        """What was started and failed half-way is not left behind."""
        if self._process is not None:
            self._shut_down(signal.SIGQUIT)
        self._release_ownership()

    # -- the cluster on disk

    def _prepare_cluster(self) -> ServerProgram:
        account = account_for(self._cluster)
        program = ServerProgram.choose(major=self._major(), account=account)
        if not self._cluster.exists():
            self._create_cluster(program)
        self._write_access_rules(account)
        self._prepare_socket_directory(account)
        return program

    def _major(self) -> int:
        made_by = self._cluster / "PG_VERSION"
        return int(made_by.read_text("ascii")) if made_by.exists() else NEWEST_MAJOR

    def _create_cluster(self, program: ServerProgram) -> None:
        """Made under another name first: a cluster that exists under its own name is complete."""
        making = self.directory / "cluster.making"
        shutil.rmtree(making, ignore_errors=True)
        making.mkdir(mode=0o700)
        if program.account.uid != os.geteuid():
            os.chown(making, program.account.uid, program.account.gid)
        program.run(
            "initdb",
            f"--pgdata={program.data_argument(making)}",
            f"--username={SUPERUSER}",
            "--auth=peer",
            "--encoding=UTF8",
            # The same order of texts on every machine, without the operating system's locale files.
            "--locale-provider=builtin",
            "--locale=C.UTF-8",
            *(["--no-sync"] if self._throw_away else []),
            directory=making,
        )
        making.rename(self._cluster)

    def _write_access_rules(self, account: Account) -> None:
        """Written at each start, as the account that starts may change."""
        names = sorted({account.name, Account.of_uid(os.geteuid()).name, "root"})
        self._write_as_owner("pg_hba.conf", "local all all peer map=cuework\n", account)
        self._write_as_owner("pg_ident.conf", "".join(f'cuework "{name}" all\n' for name in names), account)

    def _write_as_owner(self, name: str, text: str, account: Account) -> None:
        path = self._cluster / name
        path.unlink(missing_ok=True)
        # Exclusive: what the server's account may have put in the place meanwhile is not followed.
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
            if account.uid != os.geteuid():
                os.fchown(file.fileno(), account.uid, account.gid)

    def _create_database(self, program: ServerProgram) -> None:
        client = ServerProgram(program.binaries, Account.of_uid(os.geteuid()))
        address = f"host='{self._socket_directory}' port={PORT} user={SUPERUSER} dbname=postgres"
        script = self.directory / "create.sql"
        script.write_text(_CREATE_DATABASE, "utf-8")
        client.run(
            "psql",
            "-X",
            "-q",
            "-v",
            "ON_ERROR_STOP=1",
            "-d",
            address,
            "-f",
            str(script),
            directory=self.directory,
        )
        script.unlink()
        (self.directory / "ready").touch()

    # -- the socket

    @property
    def _socket_directory(self) -> Path:
        """The cluster itself; a short place where the path of a socket (108 bytes) would be too long."""
        if len(os.fsencode(self._cluster)) <= 80:
            return self._cluster
        name = hashlib.sha256(os.fsencode(self._cluster)).hexdigest()[:16]
        return Path(tempfile.gettempdir()) / f"cuework-{name}"

    def _prepare_socket_directory(self, account: Account) -> None:
        place = self._socket_directory
        if place == self._cluster:
            return
        place.mkdir(mode=0o700, exist_ok=True)
        found = place.lstat()
        if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {os.geteuid(), account.uid}:
            raise EmbeddedPostgresError(f"{place} belongs to somebody else; remove it, or use a shorter data path.")
        place.chmod(0o700)
        if account.uid != os.geteuid():
            os.chown(place, account.uid, account.gid)

    def _socket_answers(self) -> bool:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
            try:
                probe.connect(str(self._socket_directory / f".s.PGSQL.{PORT}"))
            except OSError:
                return False
            return True

    # -- the server process

    def _launch(self, program: ServerProgram) -> None:
        self._remove_misleading_pid_file()
        deadline = time.monotonic() + START_WITHIN
        while True:
            with (self.directory / "start.log").open("wb") as log:
                self._process = program.launch("postgres", *self._arguments(program), directory=self._cluster, log=log)
            if self._became_ready(deadline):
                return
            # Backends of a killed server need a moment to notice; until then the memory they share is in use.
            if "shared memory" not in self._start_log() or time.monotonic() > deadline:
                said = self._start_log()[-2000:] or "it printed nothing"
                raise EmbeddedPostgresError(f"PostgreSQL did not start in {self._cluster}: {said}")
            time.sleep(0.1)

    def _arguments(self, program: ServerProgram) -> list[str]:
        place = "." if self._socket_directory == self._cluster else str(self._socket_directory)
        settings = {**SETTINGS, "port": str(PORT), "unix_socket_directories": place}
        settings.update(THROW_AWAY_SETTINGS if self._throw_away else LASTING_SETTINGS)
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return ["-D", program.data_argument(self._cluster), *options]

    def _became_ready(self, deadline: float) -> bool:
        assert self._process is not None
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                self._process = None
                return False
            if self._postmaster_pid() == self._process.pid and self.running():
                return True
            time.sleep(0.01)
        return False

    def _adopted(self) -> bool:
        """Whether a server that lost its owner runs here and is ready; one that is going down is awaited."""
        deadline = time.monotonic() + STOP_WITHIN
        while self._server_alive():
            if self.running():
                return True
            if time.monotonic() > deadline:
                raise EmbeddedPostgresError(
                    f"A PostgreSQL server (process {self._postmaster_pid()}) runs in {self._cluster} "
                    f"but accepts no connections. Look at the log there, end that process, and start again."
                )
            time.sleep(0.02)
        return False

    def _remove_misleading_pid_file(self) -> None:
        """A dead server's number does not keep a new one from starting.

        The number may belong to another program by now (in a container it nearly always does), and PostgreSQL
        would take that program for itself. Numbers nobody has are left for PostgreSQL to judge.
        """
        pid = self._postmaster_pid()
        if pid is not None and psutil.pid_exists(pid) and not self._server_alive():
            # The file also guards the memory that a dead server's backends may still share.
            self._await_no_backends()
            (self._cluster / "postmaster.pid").unlink(missing_ok=True)

    def _await_no_backends(self) -> None:
        place = str(self._cluster.resolve())
        deadline = time.monotonic() + START_WITHIN
        while any(found.info["cwd"] == place for found in psutil.process_iter(["cwd"])):
            if time.monotonic() > deadline:
                raise EmbeddedPostgresError(f"Processes of a dead PostgreSQL server still work in {place}; end them.")
            time.sleep(0.05)

    def _server_alive(self) -> bool:
        pid = self._postmaster_pid()
        if pid is None:
            return False
        try:
            process = psutil.Process(pid)
            return process.status() != psutil.STATUS_ZOMBIE and Path(process.cwd()) == self._cluster.resolve()
        except psutil.Error:
            return False

    def _shut_down(self, how: signal.Signals) -> None:
        pid = self._process.pid if self._process is not None else self._postmaster_pid()
        if pid is not None and (self._process is not None or self._server_alive()):
            server = psutil.Process(pid) if psutil.pid_exists(pid) else None
            if server is not None and not self._ended(server, how, STOP_WITHIN):
                self._ended(server, signal.SIGQUIT, 10.0)
        self._process = None

    def _ended(self, server: psutil.Process, how: signal.Signals, within: float) -> bool:
        try:
            server.send_signal(how)
            if self._process is not None:
                self._process.wait(within)
            else:
                server.wait(within)
        except psutil.NoSuchProcess:
            return True
        except (subprocess.TimeoutExpired, psutil.TimeoutExpired):
            return False
        return True

    def _postmaster_lines(self) -> list[str]:
        try:
            return (self._cluster / "postmaster.pid").read_text("utf-8").splitlines()
        except (FileNotFoundError, PermissionError):
            return []

    def _postmaster_pid(self) -> int | None:
        lines = self._postmaster_lines()
        return int(lines[0]) if lines and lines[0].strip().isdigit() else None

    def _postmaster_state(self) -> str:
        lines = self._postmaster_lines()
        return lines[7].strip() if len(lines) >= 8 else ""

    def _start_log(self) -> str:
        return (self.directory / "start.log").read_text("utf-8", errors="replace").strip()
