"""Counts attempts to sign in for all processes together: a bucket per name, refilled over time.

A row says when its name's bucket is full again; none means that it is. So a row whose time is over may go, and
each attempt takes a few of those away: the table holds what was tried within the time that a bucket fills in, and
no more. Names are kept as digests: people type passwords into the field for emails. Must not know about HTTP.
"""

import hashlib
from dataclasses import dataclass
from datetime import timedelta

from cuework.base.errors import TooMany
from cuework.base.time import seconds_words
from cuework.db.pool import Pool

_TAKEN_AWAY = 10  # an attempt adds two rows at most

_COUNT = """
insert into sign_in_attempts as a (name, full_at) values ($1, clock_timestamp() + $2::interval)
on conflict (name) do update set full_at = greatest(a.full_at, clock_timestamp()) + $2::interval
  where greatest(a.full_at, clock_timestamp()) + $2::interval <= clock_timestamp() + $3::interval
returning true
"""
_WAIT = """
select extract(epoch from full_at + $2::interval - $3::interval - clock_timestamp())::float8
from sign_in_attempts where name = $1
"""
_FORGET = """
delete from sign_in_attempts where name in (
  select name from sign_in_attempts where full_at < clock_timestamp() order by full_at limit $1
  for update skip locked)
"""


@dataclass(frozen=True, slots=True)
class Limit:
    """Allows `burst` attempts at once and then one in `every`, for each name of its kind by itself."""

    kind: str
    burst: int
    every: timedelta


async def count(pool: Pool, limit: Limit, name: str, /) -> None:
    """The attempt is counted. Errors: TooMany with retry_after_s, and then it is not counted."""
    digest, whole = _digest(limit, name), limit.burst * limit.every
    counted = await pool.fetchval(_COUNT, digest, limit.every, whole)
    await pool.execute(_FORGET, _TAKEN_AWAY)
    if counted is None:
        wait = await pool.fetchval(_WAIT, digest, limit.every, whole)
        seconds = int(max(wait or 0, 0)) + 1
        raise TooMany(f"Too many attempts. Try again in {seconds_words(seconds)}.", retry_after_s=seconds)


async def forgive(pool: Pool, limit: Limit, name: str, /) -> None:
    """The name begins anew."""
    await pool.execute("delete from sign_in_attempts where name = $1", _digest(limit, name))


async def give_back(pool: Pool, limit: Limit, name: str, /) -> None:
    """The last attempt is not counted after all: it was right."""
    await pool.execute(
        "update sign_in_attempts set full_at = full_at - $2::interval where name = $1",
        _digest(limit, name),
        limit.every,
    )


def _digest(limit: Limit, name: str) -> bytes:
    return hashlib.sha256(f"{limit.kind}|{name}".encode()).digest()
