"""Action: create a deal."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, PrivateAttr

from cuework.engine.binder import Binder
from cuework.engine.context import Context
from cuework.engine.events import Ref
from cuework.engine.node import CREATED
from cuework.engine.outcome import Create, Done, Fail, Outcome
from cuework.engine.world import Row
from cuework.nodes.assignment import Assignment, AssignTo, Chosen, bind_assignment
from cuework.nodes.bound import keep
from cuework.nodes.field_values import FieldValues, bind_values, dangling
from cuework.nodes.hints import PipelineKey, StageKey, hint
from cuework.nodes.record_action import RecordAction
from cuework.nodes.texts import short
from cuework.nodes.upsert import OptionalValues


class DealOutput(BaseModel):
    """The deal that was made; later steps name it as `steps.<id>`."""

    type: Literal["deal"]
    id: str


class DealCreate(RecordAction):
    """There is an open deal for the contact or company, in the named stage, else in the first of the default pipeline.

    A contact's deal is its company's too. Happens exactly once. A value without a currency is in the tenant's.
    """

    type = "deal.create"
    writes = (("deal", CREATED, None),)
    title = "Create a deal"
    group = "Deals"
    icon = "briefcase"
    sample = {"name": "{{ contact.first_name }}'s first order", "value": {"amount": "500", "currency": "EUR"}}
    works_on = ("contact", "company")
    Output = DealOutput

    name: Annotated[str, Field(min_length=1, max_length=2000, json_schema_extra=hint("template"))]
    value: Annotated[dict[str, Any] | str | int | float | None, Field(json_schema_extra=hint("money"))] = None
    pipeline: PipelineKey | None = None
    stage: StageKey | None = None
    assign_to: AssignTo | None = Field(None, description="Who owns it; empty: nobody")
    values: OptionalValues = Field(default_factory=dict[str, Any])

    _values: FieldValues = PrivateAttr()
    _place: dict[str, Any] = PrivateAttr()
    _assignment: Assignment | None = PrivateAttr(None)

    def bind(self, binder: Binder) -> None:
        """Pipeline, stage and fields exist."""
        super().bind(binder)
        pipeline = binder.pipeline(self.pipeline, "pipeline") if self.pipeline is not None else None
        place: dict[str, Any] = {"pipeline_id": pipeline.id} if pipeline is not None else {}
        if self.stage is not None:
            stage = binder.stage(self.stage, "stage", pipeline or binder.catalog.default_pipeline)
            place = {"stage_id": stage.id} if stage is not None else place
        named = {"name": self.name} if self.value is None else {"name": self.name, "value": self.value}
        used = {name: f"`{name}` of this step" for name in ("name", "value")}
        used |= dict.fromkeys(("pipeline_id", "stage_id"), "`pipeline` and `stage` of this step")
        rest = bind_values(self.values, "deal", binder, "values", not_here=used)
        first = bind_values(named, "deal", binder, "")
        both = FieldValues("deal", {**rest.fixed, **first.fixed}, first.written + rest.written, first.own)
        keep(self, _values=both, _place=place, _assignment=bind_assignment(self.assign_to, binder, "assign_to", "deal"))

    def act(self, ctx: Context, ref: Ref, row: Row) -> Outcome:
        """One new deal, linked to the record."""
        assignment = self._assignment
        chosen = assignment.choose(ctx) if assignment is not None else Chosen(None, None, "")
        if chosen.missing is not None:
            ctx.warn(chosen.why)
        values = self._values.of(ctx)
        if isinstance(values, Fail):
            return values
        wrong = dangling(ctx, "deal", values)
        if wrong is not None:
            return wrong
        owner = {"owner_id": chosen.user} if chosen.user is not None else {}
        new = ctx.new_id()
        change = Create("deal", new, {**links(ref, row), **self._place, **owner, **values})
        output = {"type": "deal", "id": str(new)}
        return Done(output, (change,), input=self._values.asked(values), why=chosen.why or None)

    def summary(self) -> str:
        """Its name."""
        return f"Create the deal “{short(self.name)}”{self.where()}"


def links(ref: Ref, row: Row) -> dict[str, Any]:
    """What a deal of the record is linked to."""
    if ref.type == "contact":
        return {"contact_id": ref.id, "company_id": row["company_id"]}
    return {"company_id": ref.id}
