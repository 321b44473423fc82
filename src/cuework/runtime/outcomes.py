"""An effect's outcome reaches the token that waits for it. Reads and writes nothing but the execution."""

from collections.abc import Mapping
from typing import Any

from cuework.engine.advance import wake
from cuework.engine.execution import Execution


def deliver(execution: Execution, visit: str, outcome: Mapping[str, Any], attempts: int) -> bool:
    """Whether a token waited for it. It knows how often the effect was tried; what the attempts took counts as work,
    and the time between them as waiting (§20).

    What was not sent because the execution had ended is asked for once more, if it has been retried meanwhile.
    """
    for token in execution.tokens:
        if token.visit == visit and token.wait is not None and "news" not in token.wait:
            if was_left_out(outcome):
                token.wait = None
                return True
            if "attempts" not in token.wait:  # else it was told before, and came to nothing
                execution.active_ms += int(outcome.get("worked_ms") or 0)
            token.wait["attempts"] = attempts
    return wake(execution, visit, "result", outcome)


def was_left_out(outcome: Mapping[str, Any]) -> bool:
    """Whether it was not sent because its execution had ended."""
    return outcome.get("skipped") == "cancelled"
