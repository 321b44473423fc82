"""A real tenant on a real database: people, published workflows, records that change, and passes run by hand.

office = await open_office(pool, "acme")
await office.publish(WELCOME)
ada = await office.contact(first_name="Ada")
await office.work()                      # what a worker would do, at once
assert await office.verdict() == {}
"""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from cuework.base.ids import id_sequence, new_id
from cuework.base.time import milliseconds
from cuework.crm.actor import Actor, system
from cuework.crm.catalog import load_catalog, touch
from cuework.crm.flush import flush
from cuework.crm.rows import load
from cuework.crm.tenants import NewTenant, create_tenant
from cuework.db.pool import Connection, Pool
from cuework.db.tenancy import tenant_transaction
from cuework.engine.events import Cause, Ref
from cuework.engine.registry import NodeTypes
from cuework.engine.world import World
from cuework.nodes import discover
from cuework.runtime.tenant import Tenant
from cuework.testing.passes import run_passes
from cuework.workflows import drafts
from cuework.workflows.publish import publish
from cuework.workflows.text import parse
from cuework.workflows.verify import verify_tenant

PEOPLE = ("ada", "ben", "cleo")


@dataclass
class Office:
    """One tenant with a sales team of three. Everything goes through the product's own paths."""

    pool: Pool
    tenant_id: UUID
    types: NodeTypes
    users: Mapping[str, UUID] = field(default_factory=dict[str, UUID])
    dsn: str = ""
    tenant: Tenant = field(init=False)

    def __post_init__(self) -> None:
        self.tenant = Tenant(self.tenant_id, self.types)

    @property
    def actor(self) -> Actor:
        """The system itself."""
        return system(self.tenant_id)

    async def publish(self, text: str) -> UUID:
        """The workflow of that YAML is published; its id."""
        data, _ = parse(text)
        async with tenant_transaction(self.pool, self.tenant_id) as connection:
            catalog = await load_catalog(connection, self.tenant_id)
            workflow_id = await drafts.create(connection, self.actor, drafts.Draft(data, text))
            await publish(connection, self.actor, workflow_id, self.types, catalog)
        return workflow_id

    async def publish_again(self, workflow_id: UUID, text: str) -> None:
        """The workflow's next version is that YAML."""
        data, _ = parse(text)
        async with tenant_transaction(self.pool, self.tenant_id) as connection:
            catalog = await load_catalog(connection, self.tenant_id)
            await drafts.save(connection, self.actor, workflow_id, drafts.Draft(data, text))
            await publish(connection, self.actor, workflow_id, self.types, catalog)

    async def world(self, connection: Connection) -> World:
        """A world of this moment, inside the caller's transaction."""
        now = await connection.fetchval("select clock_timestamp()")
        ids = id_sequence(milliseconds(now), int.from_bytes(os.urandom(6), "big"))
        return World(await load_catalog(connection, self.tenant_id), now, ids)

    async def create(self, kind: str, values: Mapping[str, Any], *, quiet: bool = False) -> UUID:
        """A new record with its event; `quiet` makes no input of it."""
        return (await self.create_many(kind, [values], quiet=quiet))[0]

    async def create_many(self, kind: str, many: Sequence[Mapping[str, Any]], *, quiet: bool = False) -> list[UUID]:
        """New records in one transaction."""
        async with tenant_transaction(self.pool, self.tenant_id) as connection:
            world = await self.world(connection)
            made = [world.create(kind, values, Cause("system"))["id"] for values in many]
            await flush(connection, self.tenant_id, world, [] if quiet else None)
        return made

    async def contact(self, **values: Any) -> UUID:
        """A new contact."""
        return await self.create("contact", values)

    async def change(self, kind: str, identity: UUID, verb: str = "updated", **values: Any) -> None:
        """The record has the values, with an event if anything changed."""
        async with tenant_transaction(self.pool, self.tenant_id) as connection:
            world = await self.world(connection)
            ref = Ref(kind, identity)
            world.rows.update(await load(connection, self.tenant_id, [ref], world.catalog))
            world.update(ref, values, Cause("system"), verb=verb)
            await flush(connection, self.tenant_id, world)

    async def work(self) -> None:
        """Every due input has been handled."""
        await run_passes(self.pool, self.tenant_id, tenant=self.tenant)

    async def rows(self, query: str, *arguments: Any) -> list[dict[str, Any]]:
        """The tenant's rows; $1 is the tenant."""
        async with tenant_transaction(self.pool, self.tenant_id) as connection:
            return [dict(row) for row in await connection.fetch(query, self.tenant_id, *arguments)]

    async def value(self, query: str, *arguments: Any) -> Any:
        """The first column of the first row."""
        rows = await self.rows(query, *arguments)
        return next(iter(rows[0].values())) if rows else None

    async def statuses(self) -> dict[str, int]:
        """How many executions there are by status and, if ended, reason."""
        query = """select status || coalesce(':' || nullif(reason, status), '') as how, count(*)::int as n
            from executions where tenant_id = $1 group by 1"""
        return {row["how"]: row["n"] for row in await self.rows(query)}

    async def verdict(self) -> dict[str, Any]:
        """Broken promises; empty if all hold."""
        return dict((await verify_tenant(self.pool, self.tenant_id)).broken)


async def open_office(pool: Pool, slug: str, types: NodeTypes | None = None) -> Office:
    """A new tenant with three users and the teams `sales` and `closers`."""
    tenant_id = await create_tenant(pool, NewTenant(slug.title(), slug))
    users = {name: new_id() for name in PEOPLE}
    async with tenant_transaction(pool, tenant_id) as connection:
        for name, identity in users.items():
            await connection.execute(
                "insert into users (tenant_id, id, email, name, role) values ($1, $2, $3, $4, 'member')",
                tenant_id,
                identity,
                f"{name}@{slug}.example",
                name.title(),
            )
        for key in ("sales", "closers"):
            team = new_id()
            await connection.execute(
                "insert into teams (tenant_id, id, key, name) values ($1, $2, $3, $4)",
                tenant_id,
                team,
                key,
                key.title(),
            )
            for position, identity in enumerate(users.values()):
                await connection.execute(
                    "insert into team_members (tenant_id, team_id, user_id, position) values ($1, $2, $3, $4)",
                    tenant_id,
                    team,
                    identity,
                    position,
                )
        await touch(connection, tenant_id)
    return Office(pool, tenant_id, types or discover(), users)
