"""What the triggers on a change of stage share: from which and to which stages, empty meaning any.

The type parameter is the kind of key, with the hint that offers those of contacts or those of deals.
"""

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Generic, TypeVar

from pydantic import Field

from cuework.engine.event_scope import EventScope
from cuework.engine.events import Event
from cuework.engine.folding import fold
from cuework.engine.node import Trigger
from cuework.nodes.hints import either, listed

Key = TypeVar("Key", bound=str)


class StageChanged(Trigger, Generic[Key]):
    """A record moves to another stage; which one it is in, its field `stage_field` says."""

    stage_field: ClassVar[str]

    before: Key | list[Key] | None = Field(None, alias="from", description="Empty: any stage")
    after: Key | list[Key] | None = Field(None, alias="to", description="Empty: any stage")

    def named(self) -> Iterator[tuple[str, str]]:
        """The stages that are named, as (field of the form, key)."""
        for path, keys in (("from", self.before), ("to", self.after)):
            yield from ((path, key) for key in listed(keys))

    def miss(self, event: Event, scope: EventScope) -> str | None:
        """The stage did not change, or not like that."""
        changed = event.changes.get(self.stage_field)
        if changed is None:
            return f"The {self.stage_field.replace('_', ' ')} did not change."
        return self.miss_of(*changed)

    def miss_of(self, old: str | None, new: str | None) -> str | None:
        """Why it is not this move from one stage to another; None if it is."""
        if self.before is not None and old not in listed(self.before):
            return f"It came from {old or 'no stage'}, not from {either(listed(self.before))}."
        if self.after is not None and new not in listed(self.after):
            return f"It went to {new or 'no stage'}, not to {either(listed(self.after))}."
        return None

    def keys(self) -> Mapping[tuple[str, str], tuple[Any, ...]]:
        """The stages that it may have moved to."""
        wanted = tuple(fold(key) for key in listed(self.after))
        return {(self.record_type or "", self.stage_field): wanted} if wanted else {}

    def move(self, anywhere: str = "") -> str:
        """From where to where in words; `anywhere` stands for the goal when none is named."""
        origin = f" from {either(listed(self.before))}" if self.before is not None else ""
        goal = f" to {either(listed(self.after))}" if self.after is not None else anywhere
        return origin + goal
