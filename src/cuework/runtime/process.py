"""A worker as a process: builds its loops from settings and runs them until a signal."""

import asyncio
import gc
import signal
from pathlib import Path
from uuid import UUID

import structlog
import uvloop

from cuework.base.settings import Settings
from cuework.channels.addresses import Guard
from cuework.channels.registry import Channels
from cuework.channels.secrets import Keyring
from cuework.nodes import discover
from cuework.runtime.bell import Channel
from cuework.runtime.effects import effect_loop
from cuework.runtime.worker import Worker

log = structlog.get_logger("cuework.worker")


def run(settings: Settings, dsn: str) -> None:
    """Works until SIGINT or SIGTERM; passes under way are committed first."""
    collect_seldom()
    uvloop.run(_run(settings, dsn))


def collect_seldom() -> None:
    """The collector walks over a worker's objects once in a while only.

    Passes make many objects that die young by reference count alone: its walks over them are a fifth of a pass's
    time and find nothing.
    """
    gc.freeze()
    gc.set_threshold(200_000, 20, 100)


async def _run(settings: Settings, dsn: str) -> None:
    data = Path(settings.data)
    worker = Worker(dsn, discover(), data / "journals", passes=settings.passes)
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, worker.stop)

    def ring(tenant_id: UUID) -> None:
        """An effect's result is an input: for this worker at once, for the others by the bell."""
        worker.ring.add(tenant_id)
        worker.bell.ring(tenant_id)

    channels = Channels.standard(Keyring.load(settings, data), Guard.from_settings(settings))
    async with effect_loop(dsn, channels, ring) as effects:
        worker.effects = effects
        worker.bell.hear(Channel.WORK, lambda _: effects.wake())
        log.info("worker.started", passes=settings.passes)
        await worker.run()
    log.info("worker.stopped", inputs=worker.handled)
