"""Seeded simulations of the runtime on a store in memory. A failure names its seed; replay it with
`python -m cuework.testing.simulation --seed N --trace`."""

import pytest

from cuework.testing.simulation import Settings, Simulation, Violated, simulate
from cuework.testing.simulation_story import story
from cuework.testing.simulation_workflows import IDS

CHUNKS = 25
SEEDS_EACH = 80  # 2,000 in all


@pytest.mark.parametrize("chunk", range(CHUNKS))
def test_every_promise_holds_whatever_dies_or_comes_twice_or_late(chunk: int) -> None:
    for seed in range(chunk * SEEDS_EACH, (chunk + 1) * SEEDS_EACH):
        simulate(seed)


@pytest.mark.parametrize("chunk", range(5))
def test_every_promise_holds_while_workflows_are_paused_and_resumed(chunk: int) -> None:
    for seed in range(chunk * SEEDS_EACH, (chunk + 1) * SEEDS_EACH):
        simulate(seed, pausing=True, requests=12)


@pytest.mark.parametrize("chunk", range(5))
def test_a_batch_of_many_means_the_same_as_batches_of_one(chunk: int) -> None:
    for seed in range(chunk * 12, (chunk + 1) * 12):
        stories = [_story(seed, batch) for batch in (1, 7, 500)]
        assert stories[0] == stories[1] == stories[2], f"seed {seed}"


@pytest.mark.parametrize(
    "seed",
    [
        pytest.param(12, id="an effect's result in one batch with an enrollment by hand"),
        pytest.param(196, id="a check in one batch with an enrollment by hand"),
        pytest.param(680, id="a check in one batch with the event that it waits for"),
        pytest.param(4639, id="a cancellation in one batch with an event that enters again"),
    ],
)
def test_seeds_that_found_a_fault_stay_good(seed: int) -> None:
    simulate(seed)


@pytest.mark.parametrize(
    "seed",
    [
        pytest.param(56, id="news and the end of a wait in one batch, the news first"),
        pytest.param(245, id="a retry while the workflow is paused"),
        pytest.param(367, id="a held check in one batch with the event that it waits for"),
        pytest.param(8453, id="a goal that is met while the workflow is paused"),
    ],
)
def test_seeds_that_found_a_fault_while_paused_stay_good(seed: int) -> None:
    simulate(seed, pausing=True, requests=12)


def test_a_seed_repeats_exactly() -> None:
    for seed in (3, 17, 40):
        traces = [_trace(seed) for _ in range(2)]
        assert traces[0] == traces[1], f"seed {seed}"
        assert len(traces[0]) > 10


@pytest.mark.parametrize(
    ("promise", "workflows"),
    [
        pytest.param("inbox", ("order",), id="what was handled leaves the inbox in the same commit"),
        pytest.param("check", ("answer", "deal"), id="a check follows every subscription"),
        pytest.param("unique", ("order",), id="an entry key is there once"),
        pytest.param("epoch", ("welcome",), id="a result after its lease is refused"),
        pytest.param("torn", ("welcome",), id="a commit is all or nothing"),
    ],
)
def test_a_store_that_breaks_a_promise_is_noticed_within_some_hundred_seeds(
    promise: str, workflows: tuple[str, ...]
) -> None:
    chosen = [IDS[key] for key in workflows]
    for seed in range(400):
        try:
            simulate(seed, requests=20, workers=3, workflows=chosen, broken=frozenset({promise}))
        except Violated:
            simulate(seed, requests=20, workers=3, workflows=chosen)  # a sound store gives no cause
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
