"""One turn of a pass slot: begin, lock, take, run the pass, commit; and what to do when it fails.

nothing to do        the transaction ends, the tenant leaves the ring
deadlock and such    the same inputs again, without counting an attempt
an error of data     half as many inputs next time, until the bad one is alone; alone, it is put aside
                     when it fails again: a unique key that a request took meanwhile fails once;
                     an event is tried workflow by workflow before, so that only the one at fault is
no connection        the caller reconnects; the inputs are still there
no room, no writing  (a full disk, a broken one, a standby): no input is to blame; the tenant is found by the next poll
"""

from collections.abc import Callable
from dataclasses import dataclass

import asyncpg
import structlog

from cuework.db.pool import Connection
from cuework.db.tenancy import begin
from cuework.runtime.claim import BATCH, Input, lock_lanes, take
from cuework.runtime.journal import Journal
from cuework.runtime.pass_state import PassState
from cuework.runtime.passes import Pass, Report
from cuework.runtime.poison import put_aside, suspect
from cuework.runtime.tenant import Tenant

log = structlog.get_logger()

# Races that PostgreSQL ends by refusing one side: nothing is wrong with the inputs.
RACES = (
    asyncpg.DeadlockDetectedError,
    asyncpg.SerializationError,
    asyncpg.LockNotAvailableError,
)
UNWELL = (
    asyncpg.DiskFullError,
    asyncpg.PostgresSystemError,
    asyncpg.ReadOnlySQLTransactionError,
)
LOST = (
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    OSError,
)


@dataclass(frozen=True, slots=True)
class Turn:
    """What a turn came to. `full` says that there is probably more for the tenant."""

    report: Report | None
    full: bool = False


async def take_turn(
    connection: Connection,
    tenant: Tenant,
    journal: Journal | None = None,
    *,
    slot: int = 0,
    batch: int = BATCH,
    more: Callable[[], None] | None = None,
) -> Turn:
    """The tenant's due inputs, as many as fit a pass, are handled and committed.

    Shape: more is called early, once it is known that the tenant has more than fits: others may take that meanwhile.

    Errors: those of LOST, when the connection cannot be used any more.
    """
    limit = min(tenant.batch_limit or batch, batch)
    inputs: list[Input] = []
    try:
        await begin(connection, tenant.id)
        lanes = await lock_lanes(connection, tenant.id, limit)
        if lanes is None:
            await connection.execute("rollback")
            return Turn(None)
        # Before taking: closed spans are loaded for as long as an event of their time is there to be seen.
        if tenant.epoch != lanes.epoch and not await _loaded(connection, tenant, lanes.epoch):
            return Turn(None)
        inputs, put_off = await take(connection, tenant.id, lanes, limit)
        if journal is not None:
            journal.note(tenant.id, inputs)
        full = len(inputs) >= limit or lanes.suspects
        if full and more is not None:
            more()
        state = PassState(connection, tenant, lanes, inputs, slot, drained=not full, put_off=put_off)
        report = await Pass(state).run()
        await connection.execute("commit")
        tenant.remember_tags(state.world)  # only now it is sure that they are stored
    except asyncpg.QueryCanceledError as error:  # too slow; smaller batches tell which input made it so
        await connection.execute("rollback")
        await _failed(connection, tenant, inputs, error)
        return Turn(Report(), full=True)
    except LOST:
        raise
    except RACES as error:
        await connection.execute("rollback")
        log.info("pass.race", tenant=str(tenant.id), error=type(error).__name__)
        return Turn(Report(), full=True)
    except UNWELL as error:
        await connection.execute("rollback")
        log.error("pass.database_unwell", tenant=str(tenant.id), error=f"{type(error).__name__}: {error}")
        return Turn(None)
    except Exception as error:  # noqa: BLE001 - the loop's edge: it logs, and the inputs are tried again
        await connection.execute("rollback")
        await _failed(connection, tenant, inputs, error)
        return Turn(Report(), full=True)
    finally:
        if journal is not None:
            journal.clear()
    if tenant.batch_limit is not None:
        tenant.batch_limit = limit * 2 if limit * 2 < batch else None
    return Turn(report, full or report.sent > 0)


async def _loaded(connection: Connection, tenant: Tenant, epoch: int) -> bool:
    """The definitions are those of the epoch. If they cannot be read, no input is to blame: the turn ends, the
    inputs stay, and the tenant is found again by the next poll."""
    try:
        await tenant.load(connection, epoch)
    except (*LOST, *RACES, *UNWELL):
        raise
    except Exception as error:
        await connection.execute("rollback")
        log.error("definitions.failed", tenant=str(tenant.id), exc_info=error)
        return False
    return True


async def _failed(connection: Connection, tenant: Tenant, inputs: list[Input], error: Exception) -> None:
    if len(inputs) > 1:
        tenant.batch_limit = max(1, len(inputs) // 2)
        log.warning("pass.failed", tenant=str(tenant.id), inputs=len(inputs), error=f"{type(error).__name__}: {error}")
    elif inputs:
        log.error("pass.failed_alone", tenant=str(tenant.id), exc_info=error)
        if inputs[0].attempts == 0:
            await suspect(connection, tenant.id, inputs[0])
        else:
            await put_aside(connection, tenant, inputs[0], error)
    else:
        raise error
