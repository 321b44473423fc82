"""Whose turn it is, and who has least to do, for all questions of a batch at once.

The pools that are asked about are locked before anything is decided, in one order, so that passes wait for each other
and not in a circle. Then the questions are answered in memory, as if one came after the other, and the turns that were
taken are stored together. Must not decide who may be chosen: that is the step's.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from uuid import UUID

from cuework.db import bulk
from cuework.db.pool import Connection
from cuework.engine.lookups import LeastLoaded, NextInRotation

# What somebody has open, by kind of item: the table, the column of the person, and which rows are open.
_OPEN = {
    "deal": ("deals", "owner_id", "status = 'open' and deleted_at is null"),
    "task": ("tasks", "assignee_id", "status = 'open' and deleted_at is null"),
    "contact": ("contacts", "owner_id", "deleted_at is null"),
    "company": ("companies", "owner_id", "deleted_at is null"),
}
_LOCK = """
select pool, last_user_id, turns from rotations where tenant_id = $1 and pool = any($2::text[]) order by pool for update
"""


@dataclass(slots=True)
class Turns:
    """The pools of a batch. Shape: last is who had the last turn; turns are how many were taken ever; load is how many
    open items of a kind each member has, those included that were just given away."""

    connection: Connection
    tenant_id: UUID
    last: dict[str, UUID | None] = field(default_factory=dict[str, UUID | None])
    turns: dict[str, int] = field(default_factory=dict[str, int])
    load: dict[str, Counter[UUID]] = field(default_factory=dict[str, Counter[UUID]])
    taken: set[str] = field(default_factory=set[str])

    def next_of(self, query: NextInRotation) -> UUID | None:
        """The member after the one that had the last turn; it has this one."""
        if not query.members:
            return None
        last = self.last[query.pool]
        place = (query.members.index(last) + 1) % len(query.members) if last in query.members else 0
        return self._take(query.pool, query.members[place])

    def least_loaded(self, query: LeastLoaded) -> UUID | None:
        """The member with the fewest open items, the first of several; it has one more."""
        if not query.members:
            return None
        load = self.load[query.items]
        chosen = min(query.members, key=lambda member: load[member])
        load[chosen] += 1
        return self._take(query.pool, chosen)

    async def store(self) -> None:
        """The turns that were taken are in the store. Cost: one statement, none if there were none."""
        pools = sorted(self.taken)
        columns = {"pool": "text", "last_user_id": "uuid", "turns": "bigint"}
        values = [pools, [self.last[pool] for pool in pools], [self.turns[pool] for pool in pools]]
        await bulk.update(self.connection, self.tenant_id, "rotations", columns, values)

    def _take(self, pool: str, chosen: UUID) -> UUID:
        self.last[pool] = chosen
        self.turns[pool] += 1
        self.taken.add(pool)
        return chosen


async def turns_of(connection: Connection, tenant_id: UUID, asked: Iterable[NextInRotation | LeastLoaded]) -> Turns:
    """The pools are locked until the commit, and what their members have open is counted.

    Cost: two statements, and one for each kind of item; none if nothing is asked.
    """
    queries = [query for query in asked if query.members]
    turns = Turns(connection, tenant_id)
    pools = sorted({query.pool for query in queries})
    if not pools:
        return turns
    await bulk.insert(
        connection, tenant_id, "rotations", {"pool": "text"}, [pools], tail="on conflict (tenant_id, pool) do nothing"
    )
    for row in await connection.fetch(_LOCK, tenant_id, pools):
        turns.last[row["pool"]], turns.turns[row["pool"]] = row["last_user_id"], row["turns"]
    members: dict[str, set[UUID]] = {}
    for query in queries:
        if isinstance(query, LeastLoaded):
            members.setdefault(query.items, set()).update(query.members)
    for items, those in members.items():
        turns.load[items] = await _open_items(connection, tenant_id, items, those)
    return turns


async def _open_items(connection: Connection, tenant_id: UUID, items: str, members: set[UUID]) -> Counter[UUID]:
    table, column, is_open = _OPEN[items]
    query = f"""select {column} as member, count(*) as items from {table}
        where tenant_id = $1 and {column} = any($2::uuid[]) and {is_open} group by 1"""
    rows = await connection.fetch(query, tenant_id, sorted(members))
    return Counter({row["member"]: row["items"] for row in rows})
