"""Fixtures that all tests may use: real databases of a throw-away PostgreSQL."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from cuework.testing.postgres import SessionDatabases

# No test depends on a time: a slow machine must not fail a property.
settings.register_profile("cuework", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True)
settings.load_profile("cuework")

_SHARED = "CUEWORK_TEST_SESSION"
_session = pytest.StashKey[SessionDatabases]()


def pytest_configure(config: pytest.Config) -> None:
    """Parallel workers find the session of the process that started them in the environment."""
    if hasattr(config, "workerinput"):
        config.stash[_session] = SessionDatabases(Path(os.environ[_SHARED]))
    else:
        config.stash[_session] = SessionDatabases.open()
        os.environ[_SHARED] = str(config.stash[_session].directory)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with slow tests come first: a process that begins one at the end would keep the others waiting."""
    slow = {item.path for item in items if item.get_closest_marker("slow") is not None}
    items.sort(key=lambda item: item.path not in slow)


def pytest_collection_finish() -> None:
    """What is loaded by now stays; looking through it again and again for what may go costs a twentieth of the time."""
    gc.freeze()


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        config.stash[_session].close()


@pytest.fixture(scope="session")
def databases(request: pytest.FixtureRequest) -> SessionDatabases:
    """The session's PostgreSQL, for tests that make databases of their own."""
    return request.config.stash[_session]


@pytest.fixture
def database_url(databases: SessionDatabases) -> Iterator[str]:
    """A superuser's URL of a fresh database with the newest schema, for one test."""
    with databases.fresh_database() as url:
        yield url


@pytest.fixture(scope="module")
def module_database_url(databases: SessionDatabases) -> Iterator[str]:
    """The same for all tests of a module together."""
    with databases.fresh_database() as url:
        yield url


@pytest.fixture
def empty_database_url(databases: SessionDatabases) -> Iterator[str]:
    """A superuser's URL of a database without any schema, for tests of migrations."""
    with databases.empty_database() as url:
        yield url
