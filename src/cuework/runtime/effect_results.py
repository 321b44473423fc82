"""Writes what deliveries came to: effects, messages and the inputs that carry outcomes back, per tenant at once.

A result whose epoch is no longer the effect's is refused: its worker was too late, another one has the effect.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import asyncpg

from cuework.base.ids import new_id
from cuework.base.json import dumps_text
from cuework.channels.provider import Failed
from cuework.db import bulk
from cuework.db.pool import Connection, Pool
from cuework.db.tenancy import tenant_transaction
from cuework.runtime.effect_claims import WITHOUT_MESSAGE, Claimed
from cuework.runtime.effect_policy import Verdict, judge

_SETTLE = """
update effects as e set state = u.state, outcome = u.outcome::jsonb, attempts = e.attempts - u.unspent,
  due_at = case when u.state = 'queued' then clock_timestamp() + u.after end,
  finished_at = case when u.state = 'done' then clock_timestamp() end
from unnest($2::uuid[], $3::bigint[], $4::text[], $5::text[], $6::interval[], $7::smallint[])
  as u(id, epoch, state, outcome, after, unspent)
where e.tenant_id = $1 and e.id = u.id and e.epoch = u.epoch and e.state = 'leased'
returning e.id
"""
_MESSAGES = """
update messages as m set state = u.state, message_id = coalesce(u.message_id, m.message_id), error = u.error,
  attempts = m.attempts - u.unspent, sent_at = case when u.state = 'sent' then clock_timestamp() else m.sent_at end
from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::smallint[]) as u(id, state, message_id, error, unspent)
where m.tenant_id = $1 and m.id = u.id
"""
_INPUT = {"id": "uuid", "lane": "smallint", "kind": "text", "execution_id": "uuid", "visit": "text", "payload": "jsonb"}


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one claimed effect."""

    effect: Claimed
    verdict: Verdict


async def settle(pool: Pool, tenant_id: UUID, results: Sequence[Result]) -> int:
    """The results are written, and finished effects are inputs again; the answer is how many came too late.

    One whose outcome cannot be stored fails alone. Cost: one transaction for all.
    """
    ordered = sorted(results, key=lambda each: each.effect.id)
    try:
        return await _settle(pool, tenant_id, ordered)
    except (asyncpg.DataError, TypeError, ValueError):
        late = 0
        for each in ordered:
            late += await _settle_alone(pool, tenant_id, each)
        return late


async def _settle_alone(pool: Pool, tenant_id: UUID, result: Result) -> int:
    try:
        return await _settle(pool, tenant_id, [result])
    except (asyncpg.DataError, TypeError, ValueError):
        failed = Failed("bad_answer", "The answer cannot be stored.")
        verdict = judge(failed, {}, 0, jitter=0.0, worked_ms=result.verdict.outcome["worked_ms"])
        return await _settle(pool, tenant_id, [Result(result.effect, verdict)])


async def _settle(pool: Pool, tenant_id: UUID, results: Sequence[Result]) -> int:
    async with tenant_transaction(pool, tenant_id) as connection:
        rows = await connection.fetch(
            _SETTLE,
            tenant_id,
            [each.effect.id for each in results],
            [each.effect.epoch for each in results],
            [each.verdict.state for each in results],
            [dumps_text(each.verdict.outcome) for each in results],
            [each.verdict.after for each in results],
            [each.verdict.unspent for each in results],
        )
        accepted = {row["id"] for row in rows}
        written = [each for each in results if each.effect.id in accepted]
        await _write_messages(
            connection, tenant_id, [each for each in written if each.effect.kind not in WITHOUT_MESSAGE]
        )
        await _write_inputs(connection, tenant_id, [each for each in written if each.verdict.state == "done"])
    return len(results) - len(written)


async def _write_messages(connection: Connection, tenant_id: UUID, results: Sequence[Result]) -> None:
    if results:
        await connection.execute(
            _MESSAGES,
            tenant_id,
            [each.effect.id for each in results],
            [each.verdict.message_state for each in results],
            [each.verdict.message_id for each in results],
            [each.verdict.error for each in results],
            [each.verdict.unspent for each in results],
        )


async def _write_inputs(connection: Connection, tenant_id: UUID, results: Sequence[Result]) -> None:
    columns: list[list[Any]] = [
        [new_id() for _ in results],
        [each.effect.lane for each in results],
        ["effect"] * len(results),
        [each.effect.execution_id for each in results],
        [each.effect.visit for each in results],
        [dumps_text({"effect_id": each.effect.id}) for each in results],
    ]
    await bulk.insert(connection, tenant_id, "inbox", _INPUT, columns)
