"""A worker that reads a tenant's definitions anew, which may take longer than PostgreSQL waits for it."""

from collections.abc import Callable, Iterator
from typing import ClassVar

import asyncpg
import pytest

from cuework.base.ids import new_id
from cuework.db.pool import Role, connect
from cuework.engine.binder import Binder
from cuework.engine.context import Context
from cuework.engine.node import Step
from cuework.engine.outcome import Done, Outcome
from cuework.engine.registry import NodeTypes
from cuework.nodes import discover
from cuework.runtime.tenant import Tenants
from cuework.runtime.turn import take_turn
from cuework.testing.office import Office

COMPILED: list[Callable[[], None]] = []
"""What happens whenever a Long step is compiled."""


class Long(Step):
    """A step whose compiling takes so long that much may happen meanwhile."""

    type: ClassVar[str] = "test.long"
    title: ClassVar[str] = "Long"
    group: ClassVar[str] = "test"
    icon: ClassVar[str] = "hourglass"

    def bind(self, binder: Binder) -> None:
        """Whatever happens meanwhile does."""
        for happens in COMPILED:
            happens()

    def run(self, ctx: Context) -> Outcome:
        """Nothing."""
        return Done()


@pytest.fixture
def types() -> Iterator[NodeTypes]:
    """Every node type there is, and Long."""
    known = discover()
    yield NodeTypes(known.triggers, {**known.steps, Long.type: Long})
    COMPILED.clear()


async def test_what_was_compiled_stays_when_the_session_was_ended_meanwhile(office: Office) -> None:
    await office.publish("name: Long\ntrigger: {type: contact.created}\nsteps: [{id: long, type: test.long}]")
    await office.contact(first_name="Ada")
    for lost in (True, False):
        connection = await connect(office.dsn, Role.APP)
        COMPILED[:] = [connection.terminate]  # as PostgreSQL does with who says nothing inside a transaction for long
        if lost:
            with pytest.raises((asyncpg.InterfaceError, asyncpg.PostgresConnectionError)):
                await take_turn(connection, office.tenant)
        else:
            assert (await take_turn(connection, office.tenant)).report is not None
            await connection.close()
    assert await office.statuses() == {"completed": 1}


def test_a_worker_forgets_the_tenants_that_it_used_least() -> None:
    known = Tenants(discover(), most=2)
    ids = [new_id() for _ in range(3)]
    first, second = known.of(ids[0]), known.of(ids[1])
    assert known.of(ids[0]) is first
    known.of(ids[2])
    assert known.of(ids[0]) is first
    assert known.of(ids[1]) is not second
