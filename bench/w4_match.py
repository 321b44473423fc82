"""W4: one event against 10 to 100,000 published triggers of one tenant, at most 10 hits.

Half the triggers filter by an equality (contact.source), half by a range (a score within a narrow band).
The limit is asking one trigger directly; the naive figure asks all of them.
"""

import random
import statistics
import time
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID

from rich.console import Console
from rich.table import Table

from cuework.base.ids import id_sequence, new_id
from cuework.engine.catalog import Catalog
from cuework.engine.event_scope import EventScope
from cuework.engine.events import Cause
from cuework.engine.match import ActiveTrigger, TriggerIndex, match, passes
from cuework.engine.plan import compile_plan
from cuework.engine.world import World
from cuework.nodes import discover
from cuework.runtime.process import collect_seldom

SIZES = (10, 100, 1_000, 10_000, 100_000)
EVENTS = 200
NOW = datetime(2026, 3, 1, tzinfo=UTC)
console = Console()


async def run(*, runs: int, size: int | None, profile: bool) -> dict[str, Any]:
    """Microseconds per event by number of triggers, medians of the runs, in a process set up as a worker is."""
    collect_seldom()
    largest = size or SIZES[-1]
    catalog = Catalog(UUID(int=1))
    types = discover()
    table = Table(title=f"W4 match, µs per event, medians of {runs}")
    for name in ("triggers", "indexed", "hits", "asking all", "build ms"):
        table.add_column(name)
    figures: dict[str, Any] = {}
    triggers: list[ActiveTrigger] = []
    for count in [each for each in SIZES if each <= largest]:
        triggers += [_trigger(number, largest, types, catalog) for number in range(len(triggers), count)]
        random.Random(7).shuffle(triggers)
        began = time.perf_counter()
        index = TriggerIndex(triggers)
        build = time.perf_counter() - began
        scopes = _events(count, largest, catalog)
        timings = [_time(partial(_match_all, index, scopes)) / len(scopes) for _ in range(runs)]
        hits = statistics.mean(len(match(index, scope)) for scope in scopes)
        few = scopes[: max(1, 200_000 // count)] if count > 1000 else scopes
        naive = _time(partial(_ask_all, triggers, few[:20])) / len(few[:20])
        figures[str(count)] = statistics.median(timings) * 1e6
        row = (statistics.median(timings) * 1e6, hits, naive * 1e6, build * 1e3)
        table.add_row(f"{count:,}", f"{row[0]:,.1f}", f"{row[1]:.1f}", f"{row[2]:,.0f}", f"{row[3]:,.0f}")
    console.print(table)
    base = figures[str(SIZES[0])]
    at = {count: figures[count] / base for count in figures}
    console.print("ratio to 10 triggers: " + ", ".join(f"{int(c):,}: {ratio:.2f}" for c, ratio in at.items()))
    return figures


def _match_all(index: TriggerIndex, scopes: list[EventScope]) -> None:
    for scope in scopes:
        match(index, scope)


def _ask_all(triggers: list[ActiveTrigger], scopes: list[EventScope]) -> None:
    for scope in scopes:
        for trigger in triggers:
            passes(trigger.plan, scope)


def _trigger(number: int, largest: int, types: Any, catalog: Catalog) -> ActiveTrigger:
    if number % 2:
        when = {"field": "contact.source", "op": "eq", "value": f"source-{number // 2}"}
    else:  # a band of its own: few bands hold one score
        when = {"field": "contact.lead_score", "op": "between", "value": [number * 10, number * 10 + 9]}
    definition = {
        "name": f"Workflow {number}",
        "trigger": {"type": "contact.created", "when": {"all": [when]}},
        "steps": [],
    }
    plan = compile_plan(definition, types, catalog)
    return ActiveTrigger(new_id(), 1, plan, datetime(2026, 1, 1, tzinfo=UTC))


def _events(count: int, largest: int, catalog: Catalog) -> list[EventScope]:
    chosen = random.Random(1)
    world = World(catalog, NOW, id_sequence(1_772_323_200_000, 5))
    for _ in range(EVENTS):
        number = chosen.randrange(count)
        values = {"source": f"source-{number // 2}", "lead_score": chosen.randrange(count) * 10 + 3}
        world.create("contact", values, Cause("system"))
    return [EventScope(event, world.rows[event.record], world) for event in world.events if event.record]


def _time(work: Any) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began
