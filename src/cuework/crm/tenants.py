"""Makes tenants and finds them by slug. What a tenant needs before anything can happen in it is made here.

The directory of slugs is global; everything else is inside the tenant, under its policy.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from cuework.base.errors import Conflict, Invalid, Problem
from cuework.base.ids import LANES, new_id
from cuework.db import tenancy
from cuework.db.pool import Connection, Pool
from cuework.engine.schedule import zone_named

SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
CURRENCY = re.compile(r"[A-Z]{3}")
LONGEST_NAME = 200
LIFECYCLE_STAGES = (
    ("subscriber", "Subscriber"),
    ("lead", "Lead"),
    ("marketing_qualified_lead", "Marketing qualified lead"),
    ("sales_qualified_lead", "Sales qualified lead"),
    ("opportunity", "Opportunity"),
    ("customer", "Customer"),
    ("evangelist", "Evangelist"),
    ("other", "Other"),
)
DEAL_STAGES = (
    ("qualification", "Qualification", 20),
    ("demo", "Demo", 40),
    ("proposal", "Proposal", 60),
    ("negotiation", "Negotiation", 80),
    ("closing", "Closing", 90),
)

_TAKE_SLUG = """
insert into tenant_directory (slug, tenant_id) values ($1, $2) on conflict do nothing returning slug
"""


@dataclass(frozen=True, slots=True)
class NewTenant:
    """A tenant to make; an empty slug is made from the name."""

    name: str
    slug: str = ""
    currency: str = "USD"
    timezone: str = "UTC"


async def create_tenant(pool: Pool, wanted: NewTenant, /) -> UUID:
    """The tenant exists with its lanes, default pipeline and lifecycle stages; its id is returned.

    Errors: Invalid for a name that makes no slug, and for an unknown currency or zone; Conflict if the slug is
    taken. Cost: one transaction.
    """
    slug = wanted.slug or slug_of(wanted.name)
    if problems := list(_problems(wanted, slug)):
        raise Invalid("The tenant cannot be made like this.", problems)
    tenant_id = new_id()
    async with tenancy.tenant_transaction(pool, tenant_id) as connection:
        if await connection.fetchval(_TAKE_SLUG, slug, tenant_id) is None:
            raise Conflict(f"There is a tenant {slug} already.", [Problem("slug", "is taken")])
        await connection.execute(
            "insert into tenants (tenant_id, slug, name, currency, timezone) values ($1, $2, $3, $4, $5)",
            tenant_id,
            slug,
            wanted.name,
            wanted.currency,
            wanted.timezone,
        )
        await _furnish(connection, tenant_id)
    return tenant_id


async def find_tenant(connection: "Connection | Pool", slug: str, /) -> UUID | None:
    """The tenant of that slug."""
    return await connection.fetchval("select tenant_id from tenant_directory where slug = $1", slug)


def slug_of(name: str, /) -> str:
    """A name as a slug: lower case, hyphens for the rest."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:63].strip("-")


def _problems(wanted: NewTenant, slug: str) -> Iterator[Problem]:
    if not 0 < len(wanted.name.strip()) <= LONGEST_NAME:
        yield Problem("name", f"has 1 to {LONGEST_NAME} characters")
    if SLUG.fullmatch(slug) is None:
        yield Problem("slug", "use 1 to 63 of a-z, 0-9 and hyphens, without a hyphen at either end")
    if CURRENCY.fullmatch(wanted.currency) is None:
        yield Problem("currency", f"{wanted.currency!r} is no code of ISO 4217, three capital letters", "EUR")
    if zone_named(wanted.timezone) is None:
        yield Problem("timezone", f"{wanted.timezone!r} is no time zone", "Europe/Berlin")


async def _furnish(connection: Connection, tenant_id: UUID) -> None:
    await connection.execute(
        "insert into lanes (tenant_id, lane) select $1, lane from generate_series(0, $2::int - 1) as lane",
        tenant_id,
        LANES,
    )
    pipeline_id = new_id()
    await connection.execute(
        """insert into pipelines (tenant_id, id, key, name, is_default)
        values ($1, $2, 'sales', 'Sales', true)""",
        tenant_id,
        pipeline_id,
    )
    await connection.execute(
        """insert into deal_stages (tenant_id, id, pipeline_id, key, name, probability, position)
        select $1, s.id, $2, s.key, s.name, s.probability, s.position
        from unnest($3::uuid[], $4::text[], $5::text[], $6::int[]) with ordinality
          as s(id, key, name, probability, position)""",
        tenant_id,
        pipeline_id,
        [new_id() for _ in DEAL_STAGES],
        *(list(column) for column in zip(*DEAL_STAGES, strict=True)),
    )
    await connection.execute(
        """insert into lifecycle_stages (tenant_id, key, name, position)
        select $1, s.key, s.name, s.position from unnest($2::text[], $3::text[]) with ordinality
          as s(key, name, position)""",
        tenant_id,
        *(list(column) for column in zip(*LIFECYCLE_STAGES, strict=True)),
    )
