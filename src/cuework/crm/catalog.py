"""Reads a tenant's set-up as the engine wants it: one immutable snapshot by stable keys.

Whoever changes set-up calls `touch` in the same transaction: workers compare the epochs and read again.
"""

from collections import defaultdict
from decimal import Decimal
from typing import Any
from uuid import UUID

from cuework.db.pool import Connection
from cuework.engine import catalog as engine
from cuework.engine.catalog import Catalog

_TOUCH = """
update tenants set catalog_epoch = catalog_epoch + 1, definitions_epoch = definitions_epoch + 1
where tenant_id = $1
"""

# All parts in one round trip: each row says which list it belongs to.
_PARTS = """
select 'tenant' as part, tenant_id::text as id, slug as key, name, null::text as parent,
  jsonb_build_object('currency', currency, 'timezone', timezone, 'rates', exchange_rates, 'epoch', catalog_epoch)
    as more, 0 as position, created_at as at
from tenants where tenant_id = $1
union all
select 'user', u.id::text, u.email, u.name, null,
  jsonb_build_object('role', u.role, 'timezone', u.timezone, 'active', u.deactivated_at is null), 0, u.created_at
from users u where u.tenant_id = $1
union all
select 'team', t.id::text, t.key, t.name, null,
  jsonb_build_object('members', (select coalesce(jsonb_agg(m.user_id order by m.position, m.user_id), '[]')
    from team_members m where m.tenant_id = $1 and m.team_id = t.id)), 0, t.created_at
from teams t where t.tenant_id = $1
union all
select 'pipeline', id::text, key, name, null, jsonb_build_object('default', is_default), position, created_at
from pipelines where tenant_id = $1
union all
select 'stage', id::text, key, name, pipeline_id::text, null, position, null
from deal_stages where tenant_id = $1
union all
select 'lifecycle', key, key, name, null, null, position, null from lifecycle_stages where tenant_id = $1
union all
select 'field', id::text, key, name, record_type, jsonb_build_object('type', type, 'options', options),
  position, created_at
from custom_fields where tenant_id = $1
union all
select 'form', id::text, key, name, null, jsonb_build_object('fields', fields), 0, created_at
from forms where tenant_id = $1 and deleted_at is null
union all
select 'hook', id::text, key, name, null, null, 0, created_at from hooks where tenant_id = $1
union all
select 'connection', id::text, key, name, null, jsonb_build_object('type', type, 'config', config), 0,
  created_at
from connections where tenant_id = $1
order by part, position, at, key
"""


async def load_catalog(connection: Connection, tenant_id: UUID, /) -> Catalog:
    """The tenant's set-up now. Errors: LookupError if there is no such tenant. Cost: one query."""
    parts: dict[str, list[Any]] = defaultdict(list)
    for row in await connection.fetch(_PARTS, tenant_id):
        parts[row["part"]].append(row)
    if not parts["tenant"]:
        raise LookupError(f"There is no tenant {tenant_id}.")
    tenant = parts["tenant"][0]
    more = tenant["more"]
    return Catalog(
        tenant_id=tenant_id,
        slug=tenant["key"],
        name=tenant["name"],
        epoch=more["epoch"],
        currency=more["currency"],
        timezone=more["timezone"],
        rates={currency: Decimal(str(rate)) for currency, rate in more["rates"].items()},
        custom_fields=_custom_fields(parts["field"]),
        pipelines=_pipelines(parts["pipeline"], parts["stage"]),
        lifecycle_stages=tuple(row["key"] for row in parts["lifecycle"]),
        users=tuple(_user(row) for row in parts["user"]),
        teams=tuple(_team(row) for row in parts["team"]),
        forms=tuple(
            engine.Form(UUID(row["id"]), row["key"], row["name"], tuple(row["more"]["fields"])) for row in parts["form"]
        ),
        hooks=tuple(row["key"] for row in parts["hook"]),
        connections=tuple(_connection(row) for row in parts["connection"]),
    )


async def touch(connection: Connection, tenant_id: UUID, /) -> None:
    """Every process reads the tenant's set-up and definitions again before it next uses them."""
    await connection.execute(_TOUCH, tenant_id)


def _user(row: Any) -> engine.User:
    more = row["more"]
    return engine.User(
        UUID(row["id"]),
        row["key"],
        row["name"],
        role=more["role"],
        timezone=more["timezone"],
        active=more["active"],
    )


def _team(row: Any) -> engine.Team:
    return engine.Team(
        UUID(row["id"]), row["key"], row["name"], tuple(UUID(member) for member in row["more"]["members"])
    )


def _connection(row: Any) -> engine.Connection:
    more = row["more"]
    return engine.Connection(UUID(row["id"]), row["key"], row["name"], more["type"], more["config"])


def _pipelines(pipelines: list[Any], stages: list[Any]) -> tuple[engine.Pipeline, ...]:
    of: dict[str, list[engine.Stage]] = defaultdict(list)
    for row in stages:
        of[row["parent"]].append(engine.Stage(UUID(row["id"]), row["key"], row["name"]))
    return tuple(
        engine.Pipeline(
            UUID(row["id"]), row["key"], row["name"], tuple(of[row["id"]]), is_default=row["more"]["default"]
        )
        for row in pipelines
    )


def _custom_fields(rows: list[Any]) -> dict[str, dict[str, engine.CustomField]]:
    fields: dict[str, dict[str, engine.CustomField]] = {"contact": {}, "company": {}, "deal": {}}
    for row in rows:
        field = engine.CustomField(row["key"], row["name"], row["more"]["type"], tuple(row["more"]["options"]))
        fields[row["parent"]][row["key"]] = field
    return fields
