"""What every action on one record shares: `on:` says which record, and what happens when there is none.

A relation that leads nowhere skips the step: a deal without a contact is no error. An id that names no record
fails it. Must not change anything: subclasses answer with changes.
"""

from typing import Any, ClassVar

from pydantic import BaseModel, PrivateAttr

from cuework.engine.binder import Binder
from cuework.engine.context import Context
from cuework.engine.events import Ref
from cuework.engine.node import Step
from cuework.engine.outcome import Fail, Outcome, Skip
from cuework.engine.target import Target
from cuework.engine.world import Row
from cuework.nodes.bound import keep
from cuework.nodes.hints import On, either
from cuework.nodes.wording import record_words


class RecordOutput(BaseModel):
    """The record that a step worked on; later steps name it as `steps.<id>`."""

    type: str
    id: str


class RecordAction(Step):
    """A step that works on one record, of one of the types in `works_on`."""

    works_on: ClassVar[tuple[str, ...]] = ()

    on: On = None

    _target: Target | None = PrivateAttr(None)

    def bind(self, binder: Binder) -> None:
        """The target is compiled, and its type fits where it can be told."""
        keep(self, _target=binder.target(self.on, "on", types=self.works_on))

    def run(self, ctx: Context) -> Outcome:
        """The record is looked up, then the node does its part."""
        target = self._target
        assert target is not None
        ref = target.resolve(ctx)
        row = ctx.row(ref)
        if ref is None or row is None:
            return absent(target)
        if self.works_on and ref.type not in self.works_on:
            return wrong_type(target, ref, self.works_on)
        return self.act(ctx, ref, row)

    def act(self, ctx: Context, ref: Ref, row: Row) -> Outcome:
        """What the step does with the record. Pure, as `run`."""
        raise NotImplementedError

    def where(self) -> str:
        """The record in words, for summaries: empty when it is the obvious one."""
        if self.on is None or self.on == self.type.partition(".")[0]:
            return ""
        return f" on {record_words(self.on)}"


def absent(target: Target) -> Outcome:
    """What a step answers when its record is not there."""
    if target.identity is not None:
        return Fail("no_record", f"There is no {target.type} with the id that `on:` gives.")
    return Skip("no_record", f"There is no record behind “{target.source}”.")


def wrong_type(target: Target, ref: Ref, types: tuple[str, ...]) -> Fail:
    """What a step answers when an earlier step made another kind of record than it works on."""
    return Fail("wrong_record", f"“{target.source}” is a {ref.type}; this step works on a {either(list(types))}.")


def output_of(ref: Ref, **more: Any) -> dict[str, Any]:
    """A step's output about a record."""
    return {"type": ref.type, "id": str(ref.id), **more}
