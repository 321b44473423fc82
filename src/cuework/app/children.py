"""The worker processes of `cuework serve`: kept running, and stopped with their passes committed.

A worker that dies is started again, later and later if it dies at once. Each is in a session of its own, so
that Ctrl-C at the terminal reaches only the server, and ends by itself if the server is gone.
"""

import asyncio
import contextlib
import os
import sys
import time

import structlog

from cuework.base.settings import Settings

log = structlog.get_logger("cuework.serve")

_FIRST_WAIT_S = 0.2
_LONGEST_WAIT_S = 10.0
_STEADY_S = 30.0
_STOP_WITHIN_S = 25.0


class WorkerProcesses:
    """As many workers as the settings say, on that database."""

    def __init__(self, settings: Settings, dsn: str) -> None:
        self._settings = settings
        self._environment = os.environ | {
            "CUEWORK_DATABASE_URL": dsn,
            "CUEWORK_MIGRATION_URL": "",  # no worker migrates
            "CUEWORK_DATA": str(settings.data.absolute()),
        }
        self._tasks: list[asyncio.Task[None]] = []
        self._stopping = asyncio.Event()

    def start(self) -> None:
        """The workers run and are kept running."""
        self._tasks = [
            asyncio.create_task(self._keep_running(number), name=f"worker {number}")
            for number in range(self._settings.workers)
        ]

    async def stop(self) -> None:
        """The workers have ended; one that does not within its time is killed."""
        self._stopping.set()
        await asyncio.gather(*self._tasks)

    async def _keep_running(self, number: int) -> None:
        wait = _FIRST_WAIT_S
        while not self._stopping.is_set():
            started_at = time.monotonic()
            code = await self._run_one()
            if self._stopping.is_set():
                return
            if time.monotonic() - started_at > _STEADY_S:
                wait = _FIRST_WAIT_S
            log.warning("a worker died and is started again", number=number, exit_code=code, in_s=round(wait, 1))
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._stopping.wait(), wait)
            wait = min(wait * 2, _LONGEST_WAIT_S)

    async def _run_one(self) -> int:
        """One worker from start to end; its exit code."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "cuework",
            "worker",
            "--with-parent",
            stdin=asyncio.subprocess.PIPE,
            env=self._environment,
            start_new_session=True,
        )
        ended = asyncio.create_task(process.wait())
        stopping = asyncio.create_task(self._stopping.wait())
        await asyncio.wait({ended, stopping}, return_when=asyncio.FIRST_COMPLETED)
        stopping.cancel()
        if not ended.done():
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
            try:
                await asyncio.wait_for(asyncio.shield(ended), _STOP_WITHIN_S)
            except TimeoutError:
                with contextlib.suppress(ProcessLookupError):
                    process.kill()
        return await ended
