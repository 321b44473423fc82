"""What the `upsert` actions share: find a record by what identifies it, then update or create it.

The look-up sees what earlier steps wrote, and holds the record it found until the commit.
"""

from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, Field, PrivateAttr

from cuework.engine.binder import Binder
from cuework.engine.context import Context
from cuework.engine.events import Ref
from cuework.engine.lookups import FindByField
from cuework.engine.node import Step
from cuework.engine.outcome import Create, Done, Fail, Outcome, Update
from cuework.nodes.bound import keep
from cuework.nodes.field_values import FieldValues, bind_values, dangling, taken
from cuework.nodes.hints import hint

OptionalValues = Annotated[
    dict[str, Any],
    Field(
        max_length=100,
        description="Fields and their values; texts take {{ templates }}",
        json_schema_extra=hint("field_values"),
    ),
]


class UpsertOutput(BaseModel):
    """The record, and whether it is new; later steps name it as `steps.<id>`."""

    type: str
    id: str
    created: bool


class Upsert(Step):
    """Finds or makes one record of type `makes`."""

    makes: ClassVar[str]
    kind = "lookup"
    Output = UpsertOutput

    values: OptionalValues = Field(default_factory=dict[str, Any])
    if_found: bool = Field(True, description="Whether a record that is there gets the values too")

    _values: FieldValues = PrivateAttr()
    _identity: FieldValues = PrivateAttr()

    def identity(self) -> dict[str, str]:
        """The field that identifies the record, with its text."""
        raise NotImplementedError

    def defaults(self, identity: dict[str, Any]) -> dict[str, Any]:
        """What a new record has besides the values."""
        return identity

    def bind(self, binder: Binder) -> None:
        """The fields exist and the constants fit them."""
        identity = self.identity()
        used = {name: f"`{name}` of this step" for name in identity}
        keep(
            self,
            _identity=bind_values(identity, self.makes, binder, ""),
            _values=bind_values(self.values, self.makes, binder, "values", not_here=used),
        )

    def run(self, ctx: Context) -> Outcome:
        """The record is found, or a new one is made."""
        identity = self._identity.of(ctx)
        values = self._values.of(ctx)
        if isinstance(identity, Fail):
            return identity
        if isinstance(values, Fail):
            return values
        [(name, wanted)] = identity.items()
        if wanted is None:
            return Fail(
                "invalid_value", f"The {name.replace('_', ' ')} is empty, so no {self.makes} can be found by it."
            )
        asked = {**self._identity.told(identity), **self._values.told(values)}
        found: Ref | None = ctx.ask(FindByField(self.makes, name, wanted))
        clash = taken(ctx, self.makes, {**values, name: None}, found)
        clash = clash or dangling(ctx, self.makes, values, ctx.row(found))
        if clash is not None:
            return clash
        if found is not None:
            changes = (Update(found, values),) if self.if_found and values else ()
            return Done(
                _output(found, created=False), changes, input=asked, why=f"There is a {self.makes} with {wanted}."
            )
        new = Ref(self.makes, ctx.new_id())
        change = Create(self.makes, new.id, {**self.defaults(identity), **values})
        why = f"No {self.makes} had {wanted}, so one was made."
        return Done(_output(new, created=True), (change,), input=asked, why=why)


def _output(ref: Ref, *, created: bool) -> dict[str, Any]:
    return {"type": ref.type, "id": str(ref.id), "created": created}
