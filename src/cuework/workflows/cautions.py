"""What is allowed in a definition, but probably not meant (§30): warnings beside the problems of a draft.

    steps that no way leads to            waits that nothing ends
    emails that no consent is asked for   paths that are never taken
    timeouts and retries of steps that never leave the process
    fields and steps that do not exist, in templates and conditions

They are told from one compiled plan and never keep it from being published. Loops between workflows are
chain_loops' business. Must not judge what compiling refuses.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

from cuework.base import json
from cuework.base.errors import Problem
from cuework.engine.catalog import Catalog
from cuework.engine.plan import Plan, PlanStep
from cuework.engine.retry import LONGEST_TIMEOUT, TIMEOUT
from cuework.engine.spans import Span
from cuework.workflows.steps import walk, with_ids
from cuework.workflows.unknown_reads import unknown_reads
from cuework.workflows.vocabulary import installed

CONSENT = "consent"


def cautions(definition: Mapping[str, Any], plan: Plan, catalog: Catalog) -> list[Problem]:
    """Every warning with its path, in the order of the definition."""
    raws = {str(raw["id"]): (path, raw) for path, raw in walk(with_ids(definition))}
    found = [*_unreachable(plan, raws), *_own(plan), *_unheeded(plan), *_unasked(definition, plan, raws)]
    found += unknown_reads(plan, catalog)
    order = {path: index for index, (path, _) in enumerate(raws.values())}
    return sorted(found, key=lambda each: max((n for path, n in order.items() if _within(each.path, path)), default=0))


def _within(path: str, step: str) -> bool:
    return path == step or path.startswith(f"{step}.")


def _own(plan: Plan) -> Iterator[Problem]:
    """What nodes say of themselves."""
    for step in plan.steps.values():
        if not step.disabled:
            for where, message, suggestion in step.node.cautions():
                yield _warning(f"{step.path}.{where}" if where else step.path, message, suggestion)


def _unheeded(plan: Plan) -> Iterator[Problem]:
    """Timeouts and retries of steps that have none, and timeouts that are cut (§21)."""
    for step in plan.steps.values():
        given = {"timeout": step.timeout_after, "retry": step.retry}
        if step.node.kind != "effect":
            for name in (name for name, value in given.items() if value is not None):
                message = (
                    f"A {name} works only for steps that reach outside ({_reaching_outside()}); here it does nothing."
                )
                yield _warning(f"{step.path}.{name}", message, "leave it out")
        elif step.timeout_after is not None and not timedelta(0) < step.timeout_after <= LONGEST_TIMEOUT:
            kept = _words(LONGEST_TIMEOUT if step.timeout_after else TIMEOUT)
            message = f"One attempt may take up to {_words(LONGEST_TIMEOUT)}; this one gets {kept}."
            yield _warning(f"{step.path}.timeout", message, kept)


def _words(length: timedelta) -> str:
    return str(Span(seconds=length.seconds))


def _reaching_outside() -> str:
    return ", ".join(sorted(node.type for node in installed().steps.values() if node.kind == "effect"))


def _unreachable(plan: Plan, raws: Mapping[str, tuple[str, Any]]) -> Iterator[Problem]:
    """The first step of each stretch that no way leads to."""
    reached: set[str] = set()
    waiting = [plan.first]
    while waiting:
        name = waiting.pop()
        if name is not None and name not in reached:
            reached.add(name)
            waiting += _ways_on(plan.steps[name])
    told: list[str] = []
    for name, (path, _) in raws.items():
        if name in plan.steps and name not in reached and not any(_follows(path, earlier) for earlier in told):
            told.append(path)
            yield _warning(path, f"The step “{name}” is never reached: every way before it ends.", "move or remove it")


def _ways_on(step: PlanStep) -> list[str | None]:
    if step.disabled:
        return [step.next]
    if step.node.ends:
        return []
    ways = list(step.exits.values())
    return ways if step.node.leaves_by_exits else [*ways, step.next]


def _follows(path: str, earlier: str) -> bool:
    """Whether the step comes in the same list after that one, or inside such a one."""
    block, _, number = earlier.rpartition(".")
    own = path.removeprefix(f"{block}.").split(".")[0]
    return path.startswith(f"{block}.") and own.isdigit() and int(own) >= int(number)


def _unasked(definition: Mapping[str, Any], plan: Plan, raws: Mapping[str, tuple[str, Any]]) -> Iterator[Problem]:
    """Messages to contacts before which nothing in the definition looks at the consent that they need.

    A note on the step that speaks of consent says that it was thought of.
    """
    before = json.dumps_text([definition.get("trigger"), definition.get("settings")])
    for name, (path, raw) in raws.items():
        step = plan.steps.get(name)
        needed = step.node.needs_consent() if step is not None and not step.disabled else None
        noted = CONSENT in str(raw.get("note") or "").lower()
        if needed is not None and not noted and needed not in before:
            message = f"Nothing before it asks for {needed}, so contacts who never said yes are written to as well."
            advice = f"ask for contact.{needed} in a filter or branch, or say in the step's note why none is needed"
            yield _warning(path, message, advice)
        before += json.dumps_text({key: value for key, value in raw.items() if key != "note"})


def _warning(path: str, message: str, suggestion: str | None) -> Problem:
    return Problem(path, message, suggestion, severity="warning")
