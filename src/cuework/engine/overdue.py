"""What became due while its workflow was paused, as resuming chose: run it, reschedule it, or skip it (§29).

    run          the wait is over now
    reschedule   it lasts as much longer as the pause did
    skip         it is over, and what it was there for is left out: after a delay the next step of the list,
                 after a wait that timed out the steps of its timeout

Pure, as everything here: the pass gives what it reads and writes what this says.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from cuework.engine.execution import Execution, Token
from cuework.engine.move import Move
from cuework.engine.outcome import SKIP_NEXT


def choose(execution: Execution, visit: str, chosen: Mapping[str, Any], move: Move) -> bool:
    """Whether the due token moves on now all the same.

    Shape: chosen is {"overdue": run | reschedule | skip, "by_s": how long the pause was}.
    """
    token = next((each for each in execution.tokens if each.visit == visit and each.wait is not None), None)
    if token is None or token.wait is None or token.wait.get("until") is None:
        return True
    if chosen.get("overdue") == "reschedule":
        _reschedule(execution, token, timedelta(seconds=float(chosen.get("by_s") or 0)), move)
        return False
    if chosen.get("overdue") == "skip":
        token.wait["overdue"] = "skip"
        if token.wait["kind"] == "sleep":
            token.wait["exit"] = SKIP_NEXT
            token.wait["why"] += " It was due while the workflow was paused, and resuming skipped what follows it."
    return True


def _reschedule(execution: Execution, token: Token, by: timedelta, move: Move) -> None:
    assert token.wait is not None
    until = datetime.fromisoformat(token.wait["until"]) + by
    token.wait["until"] = until.isoformat()
    token.wait["why"] += " It was due while the workflow was paused, and resuming moved it by the length of the pause."
    move.left.append((execution, token.visit))  # its subscriptions are made anew with its timer
    move.waits.append((execution, token))
