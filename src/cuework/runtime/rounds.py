"""In which order a pass handles its inputs, so that a batch means the same as batches of one."""

from collections.abc import Sequence

from cuework.runtime.claim import Input


def rounds_of(inputs: Sequence[Input]) -> list[list[Input]]:
    """The inputs in as few rounds as keep each lane's order: a round does commands, then news, deletions, other events.

    A lane holds whole records, and what happens in different lanes may happen in any order.
    """
    rounds: list[list[Input]] = []
    last: dict[int, tuple[int, int]] = {}
    for each in inputs:
        phase = _phase(each)
        number, before = last.get(each.lane, (0, 0))
        if phase < before:
            number += 1
        last[each.lane] = (number, phase)
        if number == len(rounds):
            rounds.append([])
        rounds[number].append(each)
    return rounds


def _phase(each: Input) -> int:
    if each.event is not None:
        return 2 if each.event.type.endswith(".deleted") else 3
    return 0 if each.kind == "command" else 1
