"""Flow: wait for a span or until an instant."""

from datetime import datetime
from typing import Literal, Self

from pydantic import BaseModel, Field, PrivateAttr, model_validator

from cuework.base.time import LAST_YEAR
from cuework.engine import schedule
from cuework.engine.binder import Binder
from cuework.engine.context import Context
from cuework.engine.node import Step
from cuework.engine.outcome import SKIP_NEXT, Done, Fail, Outcome, Sleep, Stop
from cuework.engine.schedule import Span
from cuework.engine.templates import Template
from cuework.nodes.bound import keep
from cuework.nodes.hints import hint
from cuework.nodes.until import BoundUntil, UntilField, UntilTime, bind_until, words_of


class DelayOutput(BaseModel):
    """Until when it waited, and the time zone that was used, with whose it is."""

    until: datetime
    zone: str


class FlowDelay(Step):
    """The execution has waited for the span, or until the instant, and goes on; its record may have changed meanwhile.

    Days, weeks and months are by the wall clock of the contact's time zone, else the tenant's; hours and shorter are
    absolute. The log says which zone was used. An instant that is past already is no error: by `past` the
    execution goes on (the default), skips the next step, or ends. It never waits less than it says.
    """

    type = "flow.delay"
    title = "Delay"
    group = "Flow"
    icon = "clock"
    kind = "flow"
    sample = {"for": "1 day"}
    Output = DelayOutput

    span: Span | None = Field(None, alias="for", description="Such as 30 minutes, 1 day, 2 weeks")
    until: Template | UntilField | UntilTime | None = Field(
        None,
        description="A date or date-time, a template, a field with before or after, or a weekday and time",
        json_schema_extra=hint("until"),
    )
    past: Literal["continue", "skip", "exit"] = Field("continue", description="What happens when it is past already")

    _until: BoundUntil | None = PrivateAttr(None)

    @model_validator(mode="after")
    def _one(self) -> Self:
        if (self.span is None) == (self.until is None):
            raise ValueError("say either `for` or `until`")
        return self

    def bind(self, binder: Binder) -> None:
        """The field of an `until` exists and holds dates."""
        keep(self, _until=bind_until(self.until, binder) if self.until is not None else None)

    def run(self, ctx: Context) -> Outcome:
        """The wait, or what follows when there is nothing to wait for."""
        zone, owner = ctx.zone()
        named = f"{zone.key} ({owner})"
        if self.span is not None:
            return _sleep(schedule.add(self.span, ctx.now, zone), str(self.span), named)
        assert self._until is not None
        moment = self._until.of(ctx, zone)
        if moment.at is None:
            return Fail("no_instant", f"There is nothing to wait for: {moment.what} gives no date or date-time.")
        if moment.at <= ctx.now:
            return self._past(moment.at, moment.what, named)
        return _sleep(moment.at, f"until {moment.what}", named)

    def summary(self) -> str:
        """For how long, or until when."""
        return (
            f"Wait {self.span}" if self.span is not None else f"Wait until {words_of(self.until)}" if self.until else ""
        )

    def _past(self, at: datetime, what: str, named: str) -> Outcome:
        why = f"{what} was past already, by the clock of {named}"
        if self.past == "exit":
            return Stop(why=f"{why}, so it ends here.")
        if self.past == "skip":
            return Done(_output(at, named), exit=SKIP_NEXT, why=f"{why}, so the next step is skipped.")
        return Done(_output(at, named), why=f"{why}, so it goes on.")


def _sleep(until: datetime, what: str, named: str) -> Sleep | Fail:
    if until.year > LAST_YEAR:
        return Fail("too_far", f"A wait {what} would end in the year {until.year}; none is longer than to {LAST_YEAR}.")
    return Sleep(until, f"Waits {what}, by the clock of {named}.", _output(until, named))


def _output(until: datetime, named: str) -> dict[str, str]:
    return {"until": until.isoformat(), "zone": named}
