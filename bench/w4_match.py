"""W4: one event against 10 to 100,000 published triggers of one tenant, at most 10 hits.

Half the triggers filter by an equality (contact.source), half by a range (a score within a narrow band).
The limit is asking one trigger directly; the naive figure asks all of them.
"""

import random
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass
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
EVENTS = 2_000
ROUNDS = 5  # of one run; a round of one size takes some ten milliseconds
NOW = datetime(2026, 3, 1, tzinfo=UTC)
console = Console()


@dataclass(frozen=True)
class Size:
    """So many triggers, and events for them."""

    triggers: list[ActiveTrigger]
    index: TriggerIndex
    scopes: list[EventScope]
    build: float


async def run(*, runs: int, size: int | None, profile: bool) -> dict[str, Any]:
    """Microseconds per event by number of triggers, in a process set up as a worker is.

    Each size has its turn in every round, so that a machine whose speed changes changes it for all; medians of the
    rounds.
    """
    collect_seldom()
    largest = size or SIZES[-1]
    sizes = dict(_sizes(largest))
    rounds = [
        {count: _time(partial(_match_all, each.index, each.scopes)) / EVENTS for count, each in sizes.items()}
        for _ in range(runs * ROUNDS)
    ]
    table = Table(title=f"W4 match, µs per event, medians of {len(rounds)}")
    for name in ("triggers", "indexed", "hits", "asking all", "build ms", "ratio"):
        table.add_column(name)
    figures: dict[str, Any] = {}
    for count, each in sizes.items():
        hits = statistics.mean(len(match(each.index, scope)) for scope in each.scopes)
        asked = each.scopes[: max(1, min(20, 200_000 // count))]
        naive = _time(partial(_ask_all, each.triggers, asked)) / len(asked)
        took = statistics.median(one[count] for one in rounds) * 1e6
        ratio = statistics.median(one[count] / one[SIZES[0]] for one in rounds)
        figures[str(count)] = {"us": took, "ratio": ratio}
        row = (f"{took:,.1f}", f"{hits:.1f}", f"{naive * 1e6:,.0f}", f"{each.build * 1e3:,.0f}", f"{ratio:.2f}")
        table.add_row(f"{count:,}", *row)
    console.print(table)
    return figures


def _sizes(largest: int) -> Iterator[tuple[int, Size]]:
    catalog = Catalog(UUID(int=1))
    types = discover()
    triggers: list[ActiveTrigger] = []
    for count in [each for each in SIZES if each <= largest]:
        triggers = [*triggers, *(_trigger(number, types, catalog) for number in range(len(triggers), count))]
        random.Random(7).shuffle(triggers)
        began = time.perf_counter()
        index = TriggerIndex(triggers)
        build = time.perf_counter() - began
        yield count, Size(triggers, index, _events(count, catalog), build)


def _match_all(index: TriggerIndex, scopes: list[EventScope]) -> None:
    for scope in scopes:
        match(index, scope)


def _ask_all(triggers: list[ActiveTrigger], scopes: list[EventScope]) -> None:
    for scope in scopes:
        for trigger in triggers:
            passes(trigger.plan, scope)


def _trigger(number: int, types: Any, catalog: Catalog) -> ActiveTrigger:
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


def _events(count: int, catalog: Catalog) -> list[EventScope]:
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
