"""`cuework serve` as people start it: the demo tenant and its worker, on a database of its own and a free port."""

import asyncio
import os
import re
import signal
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import cuework

START_WITHIN_S = 90
STOP_WITHIN_S = 30


@dataclass(frozen=True)
class Served:
    """Where Cuework is, and how the demo's owner signs in."""

    url: str
    email: str
    password: str


def require_web_files() -> None:
    """The web application is in the package."""
    index = Path(cuework.__file__).parent / "static" / "index.html"
    assert index.exists(), "The web application is not built. Type: ./dev web"


@asynccontextmanager
async def serving(database_url: str, data: Path) -> AsyncGenerator[Served]:
    """Cuework serves; in the end it has stopped."""
    log = data / "serve.log"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("CUEWORK_")}
    with log.open("w") as told:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "cuework", "serve", "--port", "0", "--data", data),
            env=environment | {"CUEWORK_DATABASE_URL": database_url},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=told,
        )
    assert process.stdout is not None
    try:
        yield await _said(process.stdout, log)
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGINT)
        async with asyncio.timeout(STOP_WITHIN_S):
            await process.communicate()


async def _said(lines: asyncio.StreamReader, log: Path) -> Served:
    """What the first start prints, once all of it is printed."""
    said = ""
    async with asyncio.timeout(START_WITHIN_S):
        while line := (await lines.readline()).decode():
            said += line
            address = re.search(r"Cuework is at (http://\S+)", said)
            sign_in = re.search(r"Sign in as (\S+) with the password (\S+)", said)
            if address and sign_in:
                return Served(address.group(1), *sign_in.groups())
    raise AssertionError(f"cuework serve ended; {log} says why.\n{said}")
