"""How the statements of a pass are planned: the connection of a pass slot, and when its tables' statistics are old.

A pass looks rows up by index in tables that grow, or fill and drain, by orders of magnitude within seconds, so what
PostgreSQL knows of their sizes is often wrong: a new tenant, whom no statistics know yet, looks as if it had one row,
and reading "all of its rows" again and again looks cheap. Each way in which that made a pass a hundred times slower is
closed here: plans are made for any tenant, not for this one; plans that read whole tables are out of the question;
and statistics are made anew, and with them every plan, as a worker's tables grow.
"""

from dataclasses import dataclass
from typing import Any

import asyncpg
import structlog

from cuework.db.pool import Role, connect

log = structlog.get_logger()

_BY_INDEX = {"plan_cache_mode": "force_generic_plan"} | {
    f"enable_{way}": "off" for way in ("seqscan", "bitmapscan", "hashjoin", "mergejoin", "material", "sort")
}
_FIRST, _FACTOR = 1_000, 8
_LAST = 100_000  # inputs: from here on the autovacuum keeps up with what comes


async def connect_pass(dsn: str, name: str) -> "asyncpg.Connection[Any]":
    """A connection for passes. Errors: asyncpg's and OSError when it cannot be had."""
    return await connect(dsn, Role.APP, name=name, **_BY_INDEX)


@dataclass(slots=True)
class Growth:
    """How much went through a process since it had statistics made."""

    handled: int = 0
    next: int = _FIRST

    async def note(self, connection: "asyncpg.Connection[Any]", inputs: int) -> None:
        """So many more inputs were handled. Cost: tens of milliseconds each time their sum has grown eightfold."""
        self.handled += inputs
        if self.handled >= self.next and self.next < _LAST:
            self.next = self.handled * _FACTOR
            try:
                made = await connection.fetchval("select cw_analyze()")
            except asyncpg.PostgresError as error:  # passes are slower without them, and do the same
                log.warning("statistics.not_made", error=f"{type(error).__name__}: {error}")
            else:
                log.debug("statistics.made", tables=made, inputs=self.handled)
