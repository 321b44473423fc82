"""Seals every secret of a tenant again with the current key, so that older keys can go.

In batches, each in a transaction of its own with a row in the audit log: it may be stopped at any point, and
begun again does only what is left. What no key opens is left as it is and named. Must not show a secret, and
must not touch revisions: nothing that people see changes.
"""

from dataclasses import dataclass, field
from uuid import UUID

from cuework.channels.secrets import Keyring, SecretUnreadable, reseal
from cuework.crm import audit
from cuework.crm.actor import system
from cuework.crm.audit import Subject
from cuework.db import tenancy
from cuework.db.pool import Connection, Pool

TABLES = ("connections", "hooks")
BATCH = 100
_FIRST = UUID(int=0)
_COUNTS = """
select count(*) filter (where secret_key_id = $2) as sealed, count(*) filter (where secret_key_id <> $2) as left
from {} where tenant_id = $1
"""


@dataclass(slots=True)
class Sealing:
    """What was done to one table. Shape: left counts what an older key still seals in the end; unreadable has
    ids of rows and of the keys that they need."""

    resealed: int = 0
    already: int = 0
    left: int = 0
    unreadable: dict[UUID, str] = field(default_factory=dict[UUID, str])

    def add(self, other: "Sealing", /) -> None:
        """What the other did counts here as well."""
        self.resealed += other.resealed
        self.already += other.already
        self.left += other.left
        self.unreadable |= other.unreadable


async def seal_again(pool: Pool, tenant_id: UUID, keyring: Keyring, *, batch: int = BATCH) -> dict[str, Sealing]:
    """Everything of the tenant that can be opened is sealed with the current key; what was done, by table."""
    done: dict[str, Sealing] = {}
    for table in TABLES:
        sealing = done[table] = Sealing()
        after: UUID | None = _FIRST
        while after is not None:
            async with tenancy.tenant_transaction(pool, tenant_id) as connection:
                after = await _seal_some(connection, tenant_id, keyring, table, after, batch, sealing)
        async with tenancy.tenant_transaction(pool, tenant_id) as connection:
            counts = await connection.fetchrow(_COUNTS.format(table), tenant_id, keyring.current_id)
        assert counts is not None
        sealing.already, sealing.left = counts["sealed"] - sealing.resealed, counts["left"]
    return done


async def _seal_some(
    connection: Connection, tenant_id: UUID, keyring: Keyring, table: str, after: UUID, batch: int, done: Sealing
) -> UUID | None:
    """The rows next in order are sealed again; the last one's id, None if there was none left."""
    rows = await connection.fetch(
        f"""select id, secret, secret_key_id from {table}
        where tenant_id = $1 and id > $2 and secret is not null and secret_key_id <> $3
        order by id limit $4 for update""",
        tenant_id,
        after,
        keyring.current_id,
        batch,
    )
    fresh: dict[UUID, bytes] = {}
    for row in rows:
        try:
            fresh[row["id"]], _ = reseal(
                keyring, tenant_id, row["id"], sealed=row["secret"], sealed_with=row["secret_key_id"]
            )
        except SecretUnreadable:
            done.unreadable[row["id"]] = row["secret_key_id"]
    if fresh:
        await connection.execute(
            f"""update {table} as t set secret = fresh.secret, secret_key_id = $4
            from unnest($2::uuid[], $3::bytea[]) as fresh (id, secret) where t.tenant_id = $1 and t.id = fresh.id""",
            tenant_id,
            list(fresh),
            list(fresh.values()),
            keyring.current_id,
        )
        after_all = {"table": table, "count": len(fresh), "key_id": keyring.current_id}
        await audit.record(
            connection, system(tenant_id), "secret.reseal", Subject("secret", None, None), after=after_all
        )
        done.resealed += len(fresh)
    return rows[-1]["id"] if rows else None
