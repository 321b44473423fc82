"""A worker as a process: builds its loops from settings and runs them until a signal."""

import asyncio
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import structlog
import uvloop

from cuework.base.settings import Settings
from cuework.nodes import discover
from cuework.runtime.bell import Bell
from cuework.runtime.worker import Worker

log = structlog.get_logger()

MakeEffects = Callable[[str, Settings, Bell], Any]


def run(settings: Settings, dsn: str, make_effects: MakeEffects | None = None) -> None:
    """Works until SIGINT or SIGTERM; passes under way are committed first."""
    uvloop.run(_run(settings, dsn, make_effects))


async def _run(settings: Settings, dsn: str, make_effects: MakeEffects | None) -> None:
    worker = Worker(dsn, discover(), Path(settings.data) / "journals", passes=settings.passes)
    if make_effects is not None:
        worker.effects = make_effects(dsn, settings, worker.bell)
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, worker.stop)
    log.info("worker.started", passes=settings.passes)
    await worker.run()
    log.info("worker.stopped", inputs=worker.handled)
