"""Flow: take the first case that is true."""

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr

from cuework.engine.binder import Binder
from cuework.engine.conditions import Condition
from cuework.engine.context import Context
from cuework.engine.node import Step
from cuework.engine.outcome import Done, Outcome
from cuework.nodes.bound import keep
from cuework.nodes.hints import Steps, When

OTHERWISE = "otherwise"


class Case(BaseModel):
    """Steps that run when the condition is true and no case before was."""

    model_config = ConfigDict(extra="forbid")

    name: str | None = Field(None, max_length=100)
    when: When
    steps: Steps = Field(default_factory=list[dict[str, Any]])


class BranchOutput(BaseModel):
    """The case that was taken, by name or number; `otherwise` if none was true."""

    case: str


class FlowBranch(Step):
    """The execution goes through the steps of the first case that is true, else through `otherwise`, then goes on.

    Conditions see the record as it is now, with what earlier steps of this execution wrote. The log says why.
    """

    type = "flow.branch"
    title = "Branch"
    group = "Flow"
    icon = "git-branch"
    kind = "flow"
    leaves_by_exits = True
    sample = {
        "cases": [
            {"name": "Hot", "when": {"all": [{"field": "contact.lead_score", "op": "gte", "value": 50}]}, "steps": []}
        ],
        "otherwise": [],
    }
    Output = BranchOutput

    cases: list[Case] = Field(min_length=1, max_length=50)
    otherwise: Steps = Field(default_factory=list[dict[str, Any]])

    _conditions: tuple[Condition | None, ...] = PrivateAttr(())

    def bind(self, binder: Binder) -> None:
        """Every case has a compiled condition."""
        compiled = tuple(binder.condition(case.when, f"cases.{index}.when") for index, case in enumerate(self.cases))
        keep(self, _conditions=compiled)

    def blocks(self) -> Iterable[tuple[str, str, list[dict[str, Any]]]]:
        """One exit per case, in order, and `otherwise`."""
        for index, case in enumerate(self.cases):
            yield f"case_{index + 1}", f"cases.{index}.steps", case.steps
        yield OTHERWISE, OTHERWISE, self.otherwise

    def cautions(self) -> Iterable[tuple[str, str, str | None]]:
        """Cases behind one that is always true, and cases that ask what an earlier one asked."""
        seen: list[dict[str, Any]] = []
        for index, case in enumerate(self.cases):
            if any(not each.get("all", [1]) for each in seen):
                yield f"cases.{index}", f"{self._name(index)} is never taken: an earlier case is always true.", None
                return
            if case.when in seen:
                twin = self._name(seen.index(case.when))
                yield f"cases.{index}.when", f"{self._name(index)} is never taken: {twin} asks the same.", None
            seen.append(case.when)

    def run(self, ctx: Context) -> Outcome:
        """The first case that is true."""
        for index, condition in enumerate(self._conditions):
            if condition is not None and condition.test(ctx):
                name = self._name(index)
                why = "; ".join(result.reason for result in condition.explain(ctx) if result.ok)
                return Done({"case": name}, exit=f"case_{index + 1}", why=f"{name}: {why}.")
        return Done({"case": OTHERWISE}, exit=OTHERWISE, why=self._why_none(ctx))

    def summary(self) -> str:
        """The cases by name."""
        names = [self._name(index) for index in range(len(self.cases))]
        return f"Take the first path that fits: {', '.join(names)}{', or otherwise' if self.otherwise else ''}"

    def _why_none(self, ctx: Context) -> str:
        misses = [condition.first_miss(ctx) for condition in self._conditions if condition is not None]
        reasons = [f"{self._name(index)}: {miss.reason}" for index, miss in enumerate(misses) if miss is not None]
        return f"No case is true. {'; '.join(reasons)}."

    def _name(self, index: int) -> str:
        return self.cases[index].name or f"Case {index + 1}"
