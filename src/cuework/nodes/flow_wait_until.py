"""Flow: wait until something is true or happens, or until a timeout.

How nothing falls between: the step answers Listen, and its subscription is committed. Only then, in a later
transaction, comes one `check`; from the commit on, every event of the records comes as `event`. On either the
step looks at the state or at the log of events, so it does not matter which of the two noticed first, and an
event that came between subscription and check is found by both and counted once. Whoever makes an event holds its
record until the commit, and so does the check before it looks: an event that nobody can see yet, whose maker looked
for subscribers before this one was there, is waited for. `due` ends the wait by the exit `timeout`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationError, model_validator

from cuework.engine import schedule
from cuework.engine.binder import Binder
from cuework.engine.condition_phrases import condition_words
from cuework.engine.conditions import Condition
from cuework.engine.context import Context
from cuework.engine.definition_problems import problems_of
from cuework.engine.event_scope import EventScope
from cuework.engine.events import Event, Ref
from cuework.engine.lookups import LAST_ID, EventsSince
from cuework.engine.node import Step, Trigger
from cuework.engine.outcome import NEXT, Done, Fail, Listen, Outcome, Skip
from cuework.engine.records import RECORD_TYPES, nearest
from cuework.engine.schedule import Span
from cuework.engine.target import Target
from cuework.nodes.awaited import awaited
from cuework.nodes.bound import keep
from cuework.nodes.hints import Steps, When, hint
from cuework.nodes.texts import short
from cuework.nodes.wording import event_words

TIMEOUT = "timeout"


class WaitTimeout(BaseModel):
    """After how long the wait ends by itself, and the steps that run then."""

    model_config = ConfigDict(extra="forbid", arbitrary_types_allowed=True)

    after: Span
    steps: Steps = Field(default_factory=list[dict[str, Any]])


class WaitOutput(BaseModel):
    """Whether it timed out, and when what it waited for happened."""

    timed_out: bool
    at: datetime | None = None


class FlowWaitUntil(Step):
    """What the step waits for is so, or its timeout has passed; it then leaves through the timeout's steps and goes on.

    It waits in one of three ways. `is_true` (with `when` alone): until the condition holds; it goes on at once if it
    holds already. `happened_since_entry` (the default with `event`): until the event has happened since the execution
    started; it goes on at once if it happened before the step was reached. `from_now_on`: until it happens after the
    step was reached. No event can fall between. Without a timeout it waits as long as the record exists.
    """

    type = "flow.wait_until"
    subscribes = True
    title = "Wait until"
    group = "Flow"
    icon = "hourglass"
    kind = "flow"
    sample = {
        "when": {"all": [{"field": "contact.lead_score", "op": "gte", "value": 50}]},
        "timeout": {"after": "3 days", "steps": []},
    }
    Output = WaitOutput

    event: str | None = Field(None, description="Such as task.completed", json_schema_extra=hint("event"))
    of: str | None = Field(
        None, description="Whose: an earlier step's id, or a record", json_schema_extra=hint("record")
    )
    matching: dict[str, Any] = Field(
        default_factory=dict[str, Any], alias="with", description="Which of those events, as the trigger says it"
    )
    when: When | None = None
    mode: Literal["is_true", "happened_since_entry", "from_now_on"] | None = Field(
        None, description="Empty: happened_since_entry with an event, else is_true"
    )
    timeout: WaitTimeout | None = None

    _condition: Condition | None = PrivateAttr(None)
    _target: Target | None = PrivateAttr(None)
    _trigger: Trigger | None = PrivateAttr(None)
    _filter: Condition | None = PrivateAttr(None)

    @model_validator(mode="after")
    def _complete(self) -> Self:
        if self.event is None and self.when is None:
            raise ValueError("say what to wait for: `event` or `when`")
        if (self.event is None) != (self._mode() == "is_true"):
            raise ValueError("`is_true` goes with `when` alone, the other modes with `event`")
        return self

    def bind(self, binder: Binder) -> None:
        """The event, the record and the condition exist."""
        if binder.record_type is None and self.of is None:
            binder.problem(
                "of", "The trigger has no record, so say whose news to wait for.", "of: <id of an earlier step>"
            )
        condition = binder.condition(self.when, "when") if self.when is not None else None
        if condition is not None and condition.uses_change:
            binder.problem(
                "when", "A wait looks at a state, not at a change.", "use `event: contact.updated` with `with`"
            )
        trigger = self._bound_trigger(binder) if self.event is not None else None
        keep(self, _condition=condition, _trigger=trigger, _target=self._bound_target(binder, trigger))

    def blocks(self) -> Iterable[tuple[str, str, list[dict[str, Any]]]]:
        """The timeout's steps."""
        yield TIMEOUT, "timeout.steps", self.timeout.steps if self.timeout is not None else []

    def cautions(self) -> Iterable[tuple[str, str, str | None]]:
        """What can never be true, and what may never come while nothing else ends the wait."""
        condition = self._condition
        if self.event is None and condition is not None and condition.impossible:
            yield "when", "This can never be true, so nothing ends the wait.", None
        elif self.timeout is None:
            message = f"Nothing else ends this wait: it lasts for ever if {self._words()} never comes true."
            yield "", message, "add `timeout: {after: 3 days}`"

    def run(self, ctx: Context) -> Outcome:
        """A condition that holds already ends the wait before it begins; everything else listens first."""
        ref = self._target.resolve(ctx) if self._target is not None else None
        if self._trigger is not None:
            if ref is None:
                return Skip("no_record", f"There is no record behind “{self.of or 'record'}” to wait for.")
            return self._listen(ctx, self._trigger.listens, (ref.id,))
        if self._condition is not None and self._condition.test(ctx):
            return Done({"timed_out": False, "at": ctx.now.isoformat()}, why="It was true already.")
        records = self._looked_at(ctx, ref)
        if not records:
            return Fail("no_record", "There is no record whose change could make the condition true.")
        return self._listen(ctx, _changes_of(records), tuple(ref.id for ref in records))

    def woken(self, ctx: Context, news: str, visit_data: Mapping[str, Any]) -> Outcome:
        """On check and event: is it so by now? On due: the timeout."""
        at = self._fulfilled_at(ctx, visit_data)
        if at is not None:
            return Done({"timed_out": False, "at": at.isoformat()}, why="What it waited for is so.")
        if news == "due":
            late = Done({"timed_out": True, "at": None}, exit=TIMEOUT, why=f"{self._words()} did not come in time.")
            if visit_data.get("overdue") == "skip":  # it timed out while the workflow was paused
                late.exit, late.why = NEXT, f"{late.why} The workflow was paused then; its timeout was skipped."
            return late
        if self._trigger is not None:
            return Listen((), (), self._words())
        # The record may have come to others since: a contact to a company whose changes matter from now on.
        records = self._looked_at(ctx, self._target.resolve(ctx) if self._target is not None else None)
        return Listen(_changes_of(records), tuple(ref.id for ref in records), self._words())

    def summary(self) -> str:
        """What for, and how long at most."""
        limit = f", at most {self.timeout.after}" if self.timeout is not None else ""
        return f"Wait until {self._words()}{limit}"

    def _mode(self) -> str:
        return self.mode or ("is_true" if self.event is None else "happened_since_entry")

    def _words(self) -> str:
        if self.event is not None:
            return event_words(self.event, self.of)
        return short(condition_words(self.when), _LONGEST) or "the condition is true"

    def _listen(self, ctx: Context, events: tuple[str, ...], records: tuple[UUID, ...]) -> Listen:
        zone, owner = ctx.zone()
        until = schedule.add(self.timeout.after, ctx.now, zone) if self.timeout is not None else None
        limit = (
            f", at most {self.timeout.after} by the clock of {zone.key} ({owner})" if self.timeout is not None else ""
        )
        return Listen(events, records, f"Waits until {self._words()}{limit}.", until)

    def _fulfilled_at(self, ctx: Context, waited: Mapping[str, Any]) -> datetime | None:
        if self._trigger is None:
            return ctx.now if self._condition is not None and self._condition.test(ctx) else None
        since, mark = _begun(waited) if self._mode() == "from_now_on" else _entered(ctx)
        ref = self._target.resolve(ctx) if self._target is not None else None
        if ref is None:
            return None
        ctx.row(ref)  # locks it: an event that somebody is just making is in the log when this goes on
        question = EventsSince(ref.id, self._trigger.listens, since, mark)
        while True:
            found: list[Event] = ctx.ask(question)
            meant = next((event.occurred_at for event in found if self._is_meant(ctx, event)), None)
            if meant is not None or len(found) < question.limit:
                return meant
            question = replace(question, after=found[-1].id)

    def _is_meant(self, ctx: Context, event: Event) -> bool:
        assert self._trigger is not None
        scope = EventScope(event, ctx.row(event.record), ctx.world)
        if self._trigger.miss(event, scope) is not None:
            return False
        if self._filter is not None and not self._filter.test(scope):
            return False
        return self._condition is None or self._condition.test(ctx)

    def _looked_at(self, ctx: Context, ref: Ref | None) -> list[Ref]:
        """The records whose change can make the condition true: those it reads, and the execution's own."""
        roots = {root for root, _ in self._condition.reads} if self._condition is not None else set[str]()
        refs = [ref, *(ctx.record(root) for root in sorted(roots) if root in _RECORD_ROOTS)]
        return list(dict.fromkeys(each for each in refs if each is not None and each.type != "user"))

    def _bound_trigger(self, binder: Binder) -> Trigger | None:
        known = awaited()
        found = known.get(self.event or "")
        if found is None:
            near = nearest(self.event or "", known) or f"there are: {', '.join(known)}"
            binder.problem("event", f"There is no event “{self.event}” to wait for.", near)
            return None
        try:
            node = found.model_validate(self.matching)
        except ValidationError as error:
            binder.problems.extend(problems_of(error, f"{binder.path}.with", found, self.matching))
            return None
        at = f"{binder.path}.with"
        published = binder.published
        inner = Binder(binder.catalog, found.record_type, frozenset(), at, published=published, compares_keys=True)
        node.bind(inner)
        keep(self, _filter=inner.condition(node.when, "when") if node.when is not None else None)
        binder.problems.extend(inner.problems)
        return node

    def _bound_target(self, binder: Binder, trigger: Trigger | None) -> Target | None:
        if self.of is None and binder.record_type is None:
            return None
        words = f"steps.{self.of}" if self.of in binder.steps else self.of
        types = (trigger.record_type,) if trigger is not None and trigger.record_type is not None else ()
        return binder.target(words, "of", types=types)


_LONGEST = 100
_RECORD_ROOTS = frozenset(RECORD_TYPES) | {"record"}


def _changes_of(records: list[Ref]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f"{ref.type}.{verb}" for ref in records for verb in ("updated", "restored")))


def _entered(ctx: Context) -> tuple[datetime, UUID]:
    """The event that started the execution, its time and id: what came after it has happened since entry."""
    at = ctx.execution.trigger.get("at", ctx.execution.started_at)
    instant = at if isinstance(at, datetime) else datetime.fromisoformat(str(at))
    return instant, ctx.execution.event_id or LAST_ID


def _begun(waited: Mapping[str, Any]) -> tuple[datetime, UUID]:
    """When the wait began; the same pass may do more at that instant, which is after it."""
    mark = UUID(waited["mark"]) if "mark" in waited else LAST_ID  # one that began with an older version of this code
    return datetime.fromisoformat(waited["since"]), mark
