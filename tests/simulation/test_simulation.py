"""Seeded simulations of the runtime on a store in memory. A failure names its seed; replay it with
`python -m cuework.testing.simulation --seed N --trace`."""

import pytest

from cuework.testing.simulation import Settings, Simulation, Violated, simulate
from cuework.testing.simulation_story import story

CHUNKS = 25
SEEDS_EACH = 80  # 2,000 in all


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_every_promise_holds_whatever_dies_or_comes_twice_or_late(chunk: int) -> None:
    for seed in range(chunk * SEEDS_EACH, (chunk + 1) * SEEDS_EACH):
        simulate(seed)


@pytest.mark.parametrize("chunk", range(5))
def test_a_batch_of_many_means_the_same_as_batches_of_one(chunk: int) -> None:
    for seed in range(chunk * 12, (chunk + 1) * 12):
        stories = [_story(seed, batch) for batch in (1, 7, 500)]
        assert stories[0] == stories[1] == stories[2], f"seed {seed}"


def test_a_seed_repeats_exactly() -> None:
    for seed in (3, 17, 40):
        traces = [_trace(seed) for _ in range(2)]
        assert traces[0] == traces[1], f"seed {seed}"
        assert len(traces[0]) > 10


@pytest.mark.parametrize(
    "promise",
    [
        pytest.param("inbox", id="what was handled leaves the inbox in the same commit"),
        pytest.param("check", id="a check follows every subscription"),
        pytest.param("lanes", id="a lane is held by one pass at a time"),
        pytest.param("unique", id="an entry key is there once"),
        pytest.param("epoch", id="a result after its lease is refused"),
        pytest.param("torn", id="a commit is all or nothing"),
    ],
)
def test_a_store_that_breaks_a_promise_is_noticed_within_a_hundred_seeds(promise: str) -> None:
    for seed in range(100):
        try:
            simulate(seed, requests=10, workers=3, broken=frozenset({promise}))
        except Violated:
            return
    pytest.fail(f"No seed noticed that the store breaks “{promise}”.")


def _story(seed: int, batch: int) -> object:
    simulation = Simulation(Settings(seed, batch=batch, workers=1, calm=True))
    simulation.run()
    return story(simulation.database.tables)


def _trace(seed: int) -> list[str]:
    simulation = Simulation(Settings(seed))
    told: list[str] = []
    simulation.trace = told.append
    simulation.run()
    return told
