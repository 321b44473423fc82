"""Others see which workers there are, until they stop."""

import asyncio
from pathlib import Path

from cuework.runtime.worker import Worker
from cuework.testing.office import Office
from cuework.testing.waiting import until


async def test_a_worker_that_stops_is_not_counted_any_more(office: Office, tmp_path: Path) -> None:
    worker = Worker(office.dsn, office.types, tmp_path, passes=1)
    seen = f"select count(*) from processes where id = '{worker.identity}' and $1::uuid is not null"
    running = asyncio.create_task(worker.run())
    await until("it is seen", lambda: office.value(seen))
    worker.stop()
    await running
    assert await office.value(seen) == 0
