"""What advancing executions leaves to be written, beside the changes of the world. It decides nothing."""

from dataclasses import dataclass, field

from cuework.engine.execution import Execution, StepLog, Token
from cuework.engine.outcome import Effect
from cuework.engine.plan import PlanStep


@dataclass(slots=True)
class Move:
    """What a pass must write besides the world's changes.

    Shape: steps in order of happening; effects with the execution and the token that waits for each;
    waits are tokens that began to wait or wait for something else, left are (execution, visit) that do not any more.
    """

    steps: list[StepLog] = field(default_factory=list[StepLog])
    effects: list[tuple[Execution, PlanStep, Effect]] = field(default_factory=list[tuple[Execution, PlanStep, Effect]])
    waits: list[tuple[Execution, Token]] = field(default_factory=list[tuple[Execution, Token]])
    left: list[tuple[Execution, str]] = field(default_factory=list[tuple[Execution, str]])
    more: list[Execution] = field(default_factory=list[Execution])
