"""What a step sees: its execution, the records around it as they are now, time, and the tenant's catalogue.

It is the Scope that conditions and templates read. Roots: the trigger's record and what it leads to by name
(contact, company, deal, task, owner, assignee), record, trigger, form, steps, tenant, workflow, execution, now.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID
from zoneinfo import ZoneInfo

from cuework.base.errors import CueworkError
from cuework.engine.catalog import Catalog
from cuework.engine.events import Ref
from cuework.engine.execution import Execution
from cuework.engine.records import RECORD_TYPES
from cuework.engine.schedule import zone_named
from cuework.engine.typed import typed
from cuework.engine.world import Row, World, user_row

if TYPE_CHECKING:  # a plan has nodes, a node's signature has a context, a context has its plan: the one circle
    from cuework.engine.plan import Plan


class Context:
    """One execution at one step. Warnings gathered while rendering go to the step's log.

    Shape: watch says that it may have come to a planned end, which must be looked at before it moves; asked is what
    templates of the step came to, by the names of its fields, None if it rendered none.
    """

    __slots__ = ("_questions", "asked", "execution", "plan", "visit", "warnings", "watch", "world")

    def __init__(self, execution: Execution, plan: "Plan", world: World) -> None:
        self.execution = execution
        self.plan = plan
        self.world = world
        self.visit = ""
        self.warnings: list[str] = []
        self.watch = plan.watched
        self.asked: dict[str, Any] | None = None
        self._questions: list[Any] = []

    @property
    def now(self) -> datetime:
        """The pass's instant, by the database's clock."""
        return self.world.now

    @property
    def catalog(self) -> Catalog:
        """The tenant's set-up."""
        return self.world.catalog

    def new_id(self) -> UUID:
        """An id for a record that this step creates."""
        return next(self.world.ids)

    def ask(self, query: Any) -> Any:
        """The answer to a look-up (engine.lookups).

        Errors: Need, which interrupts and repeats the step; the one that is the answer where there is no other.

        The question is this visit's own: the same look-up by another execution or step is asked again,
        after what came before it was flushed.
        """
        question = (self.execution.id, self.visit, query)
        answer = self.world.ask(question)
        self._questions.append(question)
        if isinstance(answer, CueworkError):
            raise answer
        return answer

    def forget_answers(self) -> None:
        """What was asked is asked again the next time: the step goes on waiting, and then more will have happened."""
        for question in self._questions:
            self.world.answers.pop(question, None)
        self._questions.clear()

    def row(self, ref: Ref | None) -> Row | None:
        """A record's row, None if there is none or it is deleted. Errors: Need."""
        if ref is None:
            return None
        if ref.type == "user":
            return user_row(self.world.catalog, ref.id)
        row = self.world.get(ref)
        return None if row is None or row.get("deleted_at") is not None else row

    def record(self, name: str) -> Ref | None:
        """The record behind a root name: contact, company, deal, task, owner, assignee. Errors: Need."""
        ref = self.execution.record
        if ref is None or name in (ref.type, "record"):
            return ref
        relation = RECORD_TYPES[ref.type].relations.get(name)
        if relation is None:
            return None
        row = self.world.get(ref)
        value = row.get(relation.field) if row else None
        return Ref(relation.record_type, value) if value is not None else None

    def root(self, name: str) -> Mapping[str, Any] | None:
        """What a field path or template starts from. Errors: Need."""
        if name in _RECORD_ROOTS:
            return self.row(self.record(name))
        if name == "steps":
            return self.execution.outputs
        if name == "trigger":
            return self.execution.trigger
        if name == "form":
            return self.execution.trigger.get("form")
        if name == "execution":
            return {"id": str(self.execution.id), "version": self.execution.version}
        if name == "workflow":
            return {"id": str(self.execution.workflow_id), "name": self.plan.name, "key": self.plan.key}
        if name == "tenant":
            catalog = self.world.catalog
            return {"name": catalog.name, "currency": catalog.currency, "timezone": catalog.timezone}
        return None

    def change(self, root: str, field: str) -> tuple[Any, Any] | None:
        """What the triggering event changed about a field, as (old, new)."""
        record = self.execution.record
        if record is None or root not in (record.type, "record"):
            return None
        changed = self.execution.trigger.get("changes", {}).get(field)
        return (typed(record.type, field, changed[0]), typed(record.type, field, changed[1])) if changed else None

    def warn(self, *warnings: str) -> None:
        """The step's log carries the warnings."""
        self.warnings.extend(warning for warning in warnings if warning not in self.warnings)

    def tell(self, name: str, value: Any) -> None:
        """The step's log shows what the field of that name came to; what the version says need not be told (§32)."""
        if self.asked is None:
            self.asked = {name: value}
        else:
            self.asked[name] = value

    def zone(self) -> tuple[ZoneInfo, str]:
        """The time zone of waits and local times, and whose it is: contact, workflow or tenant (§13)."""
        contact = self.root("contact")
        zone = zone_named(contact.get("timezone")) if contact else None
        if zone is not None:
            return zone, "contact"
        zone = zone_named(self.plan.settings.zone)
        return (zone, "workflow") if zone is not None else (self.world.catalog.zone, "tenant")


_RECORD_ROOTS = frozenset({"contact", "company", "deal", "task", "owner", "assignee", "record"})
