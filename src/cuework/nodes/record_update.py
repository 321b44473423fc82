"""What the `update` actions of contacts, companies, deals and tasks share."""

from typing import Annotated, Any, ClassVar

from pydantic import BaseModel, Field, PrivateAttr

from cuework.engine.binder import Binder
from cuework.engine.context import Context
from cuework.engine.events import Ref
from cuework.engine.outcome import Done, Fail, Outcome, Update
from cuework.engine.world import Row
from cuework.nodes.bound import keep
from cuework.nodes.field_values import FieldValues, bind_values, dangling, taken, words_of
from cuework.nodes.hints import hint
from cuework.nodes.record_action import RecordAction, output_of

Values = Annotated[
    dict[str, Any],
    Field(
        min_length=1,
        max_length=100,
        description="Fields and their new values; texts take {{ templates }}, null clears",
        json_schema_extra=hint("field_values"),
    ),
]


class UpdateOutput(BaseModel):
    """The record that was updated."""

    type: str
    id: str


class RecordUpdate(RecordAction):
    """Sets fields of one record. `updates` is its type, `not_here` the fields that other steps are for."""

    updates: ClassVar[str]
    not_here: ClassVar[dict[str, str]] = {}
    Output = UpdateOutput

    values: Values

    _values: FieldValues = PrivateAttr()

    def bind(self, binder: Binder) -> None:
        """The fields exist and the constants fit them."""
        super().bind(binder)
        keep(self, _values=bind_values(self.values, self.updates, binder, "values", not_here=self.not_here))

    def act(self, ctx: Context, ref: Ref, row: Row) -> Outcome:
        """The new values; those that the record has already change nothing."""
        values = self._values.of(ctx)
        if isinstance(values, Fail):
            return values
        clash = taken(ctx, ref.type, values, ref) or dangling(ctx, ref.type, values, row)
        if clash is not None:
            return clash
        return Done(output_of(ref), (Update(ref, values),), input=self._values.asked(values))

    def summary(self) -> str:
        """Which fields."""
        return f"Set the {self.updates}’s {words_of(self.values)}{self.where()}"
