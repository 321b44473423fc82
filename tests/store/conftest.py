"""An office per test: a tenant of its own on the module's database."""

from collections.abc import AsyncGenerator
from itertools import count

import pytest
import pytest_asyncio

from cuework.db.pool import Pool, Role, open_pool
from cuework.engine.registry import NodeTypes
from cuework.nodes import discover
from cuework.testing.office import Office, open_office

_numbers = count(1)


@pytest.fixture
def types() -> NodeTypes:
    """Every node type there is; a module may have more."""
    return discover()


@pytest_asyncio.fixture
async def pool(module_database_url: str) -> AsyncGenerator[Pool]:
    """Connections as the application's role."""
    pool = await open_pool(module_database_url, Role.APP, size=8, name="tests")
    yield pool
    await pool.close()


@pytest_asyncio.fixture
async def office(pool: Pool, module_database_url: str, types: NodeTypes) -> Office:
    """A tenant with a sales team."""
    office = await open_office(pool, f"office-{next(_numbers)}", types)
    office.dsn = module_database_url
    return office
