"""Takes effects that are due: finds tenants with some, leases them, and loads what their delivery needs.

A lease is a due time in the future and an epoch. Its worker renews it while it delivers; when the worker dies
or freezes, the effect falls due again and the next claim raises the epoch, so a late worker's result is refused.
Queries across tenants see ids and times only; everything else happens inside one tenant's transaction.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast
from uuid import UUID

from cuework.channels.provider import Account
from cuework.db.pool import Connection, Pool
from cuework.db.tenancy import tenant_transaction

# Renewed while the effect is in hand, so that after a kill its work resumes within seconds, however long a
# delivery may take.
LEASE = timedelta(seconds=8)
WITHOUT_MESSAGE = frozenset({"http"})
_WINDOW = 1000

_DUE = """
select tenant_id, count(*)::integer as waiting, min(due_at) as oldest
from (select tenant_id, due_at from effects where state <> 'done' and due_at <= now() order by due_at limit $1) as due
group by tenant_id order by oldest
"""
# Each tenant once, however many effects wait: a jump from tenant to tenant in the index.
_TENANTS = """
with recursive found(tenant_id) as (
  (select tenant_id from effects where state <> 'done' and due_at <= now() order by tenant_id limit 1)
  union all
  select (select e.tenant_id from effects e
          where e.state <> 'done' and e.due_at <= now() and e.tenant_id > found.tenant_id order by e.tenant_id limit 1)
  from found where found.tenant_id is not null
)
select tenant_id from found where tenant_id is not null
"""
_CLAIM = """
with due as (
  select id from effects where tenant_id = $1 and state <> 'done' and due_at <= now()
  order by due_at limit $2 for update skip locked
)
update effects as e set state = 'leased', epoch = e.epoch + 1, attempts = e.attempts + 1,
  due_at = clock_timestamp() + $3::interval
from due where e.tenant_id = $1 and e.id = due.id
returning e.id, e.execution_id, e.visit, e.lane, e.key, e.kind, e.connection_id, e.request, e.policy, e.attempts,
  e.epoch, e.outcome
"""
_RENEW = """
update effects as e set due_at = clock_timestamp() + $4::interval
from unnest($2::uuid[], $3::bigint[]) as u(id, epoch)
where e.tenant_id = $1 and e.id = u.id and e.epoch = u.epoch and e.state = 'leased'
returning e.id
"""
_ACCOUNTS = """
select id, key, type, config, secret, secret_key_id, revision from connections
where tenant_id = $1 and id = any($2::uuid[])
"""
_MARK_MESSAGES = """
update messages as m set state = 'sending', attempts = u.attempts
from unnest($2::uuid[], $3::integer[]) as u(id, attempts) where m.tenant_id = $1 and m.id = u.id
"""
_ENDED = """
select id from executions_done where tenant_id = $1 and id = any($2::uuid[])
"""
# A message to a contact asks that contact; any address asks the contact who has it now, unless the message goes
# to one of the tenant's own people.
_DENIED = """
select u.id from unnest($2::uuid[], $3::text[]) as u(id, address)
left join messages m on m.tenant_id = $1 and m.id = u.id
where exists (select 1 from contacts c where c.tenant_id = $1 and c.id = m.contact_id and c.email_consent = 'denied')
  or exists (select 1 from contacts c where c.tenant_id = $1 and lower(c.email) = lower(u.address)
      and c.email is not null and c.deleted_at is null and c.email_consent = 'denied')
    and not (m.contact_id is null and exists (select 1 from users p where p.tenant_id = $1
      and lower(p.email) = lower(u.address) and p.deactivated_at is null))
"""


@dataclass(frozen=True, slots=True)
class Claimed:
    """One effect that this process may deliver until its lease ends.

    Shape: failures are earlier attempts that failed; attempts beyond them lost their worker. worked_ms is how long
    earlier attempts took. skip is a reason not to send. leased_until is on this process's monotonic clock and never
    after the lease in the database.
    """

    tenant_id: UUID
    id: UUID
    execution_id: UUID
    visit: str
    lane: int
    key: str
    kind: str
    request: Mapping[str, Any]
    policy: Mapping[str, Any]
    attempts: int
    epoch: int
    failures: int
    leased_until: float
    account: Account | None = None
    account_missing: bool = False
    skip: str | None = None
    worked_ms: int = 0


async def tenants_with_effects(discovery: "Connection | Pool") -> list[UUID]:
    """Tenants with effects that are due, the longest waiting first. Cost: at most a window of the queue."""
    rows = await discovery.fetch(_DUE, _WINDOW)
    found = [row["tenant_id"] for row in rows]
    if sum(row["waiting"] for row in rows) < _WINDOW:
        return found
    known = set(found)  # a long queue of few tenants must not hide the others behind it
    others = [row["tenant_id"] for row in await discovery.fetch(_TENANTS) if row["tenant_id"] not in known]
    return others + found


async def claim(pool: Pool, tenant_id: UUID, limit: int) -> list[Claimed]:
    """At most that many effects of the tenant are leased to the caller, and their messages are being sent."""
    started = time.monotonic()
    async with tenant_transaction(pool, tenant_id) as connection:
        rows = await connection.fetch(_CLAIM, tenant_id, limit, LEASE)
        if not rows:
            return []
        accounts = await _accounts(connection, tenant_id, rows)
        skips = await _skips(connection, tenant_id, rows)
        told = [row for row in rows if row["kind"] not in WITHOUT_MESSAGE]
        if told:
            marks = [row["id"] for row in told], [row["attempts"] for row in told]
            await connection.execute(_MARK_MESSAGES, tenant_id, *marks)
    return [_claimed(tenant_id, row, accounts, skips, started) for row in rows]


async def renew(pool: Pool, tenant_id: UUID, effects: Sequence[Claimed]) -> dict[UUID, float]:
    """Leases that are still the caller's last longer: until when, by effect. Others took the effects left out."""
    started = time.monotonic()
    ordered = sorted(effects, key=lambda each: each.id)
    async with tenant_transaction(pool, tenant_id) as connection:
        rows = await connection.fetch(
            _RENEW, tenant_id, [each.id for each in ordered], [each.epoch for each in ordered], LEASE
        )
    return {row["id"]: started + LEASE.total_seconds() for row in rows}


async def _accounts(connection: Connection, tenant_id: UUID, rows: Sequence[Any]) -> dict[UUID, Account]:
    wanted = sorted({row["connection_id"] for row in rows if row["connection_id"] is not None})
    if not wanted:
        return {}
    return {
        row["id"]: Account(
            tenant_id,
            row["id"],
            row["key"],
            row["type"],
            row["config"],
            row["secret"],
            row["secret_key_id"],
            row["revision"],
        )
        for row in await connection.fetch(_ACCOUNTS, tenant_id, wanted)
    }


async def _skips(connection: Connection, tenant_id: UUID, rows: Sequence[Any]) -> dict[UUID, str]:
    """Why some are not to be sent, as things are at this moment."""
    executions = sorted({row["execution_id"] for row in rows})
    ended = {row["id"] for row in await connection.fetch(_ENDED, tenant_id, executions)}
    skips = {row["id"]: "cancelled" for row in rows if row["execution_id"] in ended}
    emails = [row for row in rows if row["kind"] == "email" and row["id"] not in skips]
    if emails:
        denied = await connection.fetch(
            _DENIED,
            tenant_id,
            [row["id"] for row in emails],
            [str(_object(row["request"]).get("to") or "").strip() for row in emails],
        )
        skips |= {row["id"]: "no_consent" for row in denied}
    return skips


def _claimed(
    tenant_id: UUID, row: Any, accounts: Mapping[UUID, Account], skips: Mapping[UUID, str], started: float
) -> Claimed:
    account, outcome = accounts.get(row["connection_id"]), _object(row["outcome"])
    return Claimed(
        tenant_id,
        *(row[name] for name in ("id", "execution_id", "visit", "lane", "key", "kind")),
        request=_object(row["request"]),
        policy=_object(row["policy"]),
        attempts=row["attempts"],
        epoch=row["epoch"],
        failures=int(outcome.get("failures") or 0),
        leased_until=started + LEASE.total_seconds(),
        account=account,
        account_missing=row["connection_id"] is not None and account is None,
        skip=skips.get(row["id"]),
        worked_ms=int(outcome.get("worked_ms") or 0),
    )


def _object(value: Any) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", value) if isinstance(value, dict) else {}
