"""One application per module, and two tenants with a client for each role. Every answer is held to the document."""

from collections.abc import AsyncGenerator
from itertools import count

import pytest_asyncio
from tests.api.contract import CheckedApplication, Contract

from cuework.api.application import openapi_document
from cuework.testing.application import Application, World, new_world, running_application

_numbers = count(1)


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
