"""The database of `cuework serve`: the one that is named, or the embedded one, kept running.

Must not open connections: that is for who uses it.
"""

import threading
from collections.abc import Generator
from contextlib import contextmanager

import structlog

from cuework.base.settings import Settings
from cuework.db.embedded import EmbeddedPostgres
from cuework.db.embedded_owner import EmbeddedPostgresError
from cuework.db.logins import Logins

log = structlog.get_logger("cuework.serve")

_LOOK_EVERY_S = 0.5


@contextmanager
def database(chosen: Settings) -> Generator[Logins]:
    """While inside, the database is there; an embedded server that dies is started again."""
    configured = Logins.configured(chosen)
    if configured is not None:
        yield configured
        return
    with EmbeddedPostgres(chosen.data / "postgres") as server, _kept_running(server):
        yield server.logins


@contextmanager
def _kept_running(server: EmbeddedPostgres) -> Generator[None]:
    """A thread looks after the server, because starting it takes seconds; nobody else touches it meanwhile."""
    leaving = threading.Event()

    def look() -> None:
        while not leaving.wait(_LOOK_EVERY_S):
            try:
                if server.revive():
                    log.warning("database.died", now="it is started again, with everything that was committed")
            except (EmbeddedPostgresError, OSError) as error:
                log.error("database.does_not_start", why=str(error))

    thread = threading.Thread(target=look, name="database", daemon=True)
    thread.start()
    try:
        yield
    finally:
        leaving.set()
        thread.join()
