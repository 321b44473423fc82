"""One application per module, and two tenants with a client for each role. Every answer is held to the document."""

from collections.abc import AsyncGenerator, Iterator
from itertools import count

import pytest
import pytest_asyncio
from argon2 import PasswordHasher
from tests.api.contract import CheckedApplication, Contract

from cuework.api.application import openapi_document
from cuework.crm import passwords
from cuework.testing.application import Application, World, new_world, running_application

_numbers = count(1)


@pytest.fixture(scope="module", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Hundreds of passwords are made and checked here, as safely as tests need; tests/store has the real ones."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))
        yield


@pytest_asyncio.fixture(scope="module")
async def app(module_database_url: str) -> AsyncGenerator[CheckedApplication]:
    async with running_application(module_database_url) as application:
        yield CheckedApplication(application.state, application.asgi, Contract(openapi_document()))


@pytest_asyncio.fixture
async def acme(app: Application) -> AsyncGenerator[World]:
    async with new_world(app, f"acme-{next(_numbers)}") as world:
        yield world


@pytest_asyncio.fixture
async def other(app: Application) -> AsyncGenerator[World]:
    async with new_world(app, f"other-{next(_numbers)}") as world:
        yield world
