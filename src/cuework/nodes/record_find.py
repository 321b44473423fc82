"""Action: find a record."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal, cast

from pydantic import BaseModel, Field, PrivateAttr

from cuework.base import json
from cuework.base.errors import Invalid, Problem
from cuework.engine.binder import Binder
from cuework.engine.condition_model import custom_choices
from cuework.engine.condition_phrases import condition_words
from cuework.engine.conditions import Clause, Condition, Formula, compile_condition
from cuework.engine.context import Context
from cuework.engine.events import Ref
from cuework.engine.lookups import FindRecords
from cuework.engine.node import Step
from cuework.engine.operators import CHANGES, Op
from cuework.engine.outcome import Done, Fail, Outcome
from cuework.engine.portable_patterns import NotPortable, to_postgres
from cuework.engine.records import RECORD_TYPES, nearest
from cuework.nodes.bound import keep
from cuework.nodes.hints import When
from cuework.nodes.json_template import MAX_DEPTH, Fill, filler, has_templates, shortened
from cuework.nodes.texts import short


class FindOutput(BaseModel):
    """The first record found; later steps work on it with `on: steps.<id>`. Without one, type and id are null."""

    found: bool
    type: str | None
    id: str | None


class RecordFind(Step):
    """The first record that meets the condition is known to later steps as `steps.<id>`, with `found: true`.

    If there is none, `found` is false and steps on it are skipped. Deleted records are not found. Values of the
    condition take templates, for example the email of a form's answer. What earlier steps wrote is seen.
    """

    type = "record.find"
    title = "Find a record"
    group = "Records"
    icon = "search"
    kind = "lookup"
    sample = {
        "record_type": "deal",
        "when": {"all": [{"field": "deal.status", "op": "eq", "value": "open"}]},
        "sort": "-created_at",
    }
    Output = FindOutput

    of_type: Literal["contact", "company", "deal", "task"] = Field(alias="record_type")
    when: When
    sort: str = Field("created_at", max_length=100, description="A field; with - in front the last comes first")

    _condition: Fill = PrivateAttr()
    _fixed: str | None = PrivateAttr(None)

    def bind(self, binder: Binder) -> None:
        """The condition can be searched by, and its fields exist."""
        _check(self.when, self.of_type, binder)
        fixed = None if has_templates(self.when) else json.dumps_text(self.when)
        keep(self, _condition=filler(self.when, binder, "when"), _fixed=fixed)
        name = self.sort.removeprefix("-")
        known = RECORD_TYPES[self.of_type].fields
        if name not in known:
            binder.problem("sort", f"A {self.of_type} has no field “{name}” to sort by.", nearest(name, known))

    def run(self, ctx: Context) -> Outcome:
        """The first record in the order asked for."""
        condition = self._fixed
        if condition is None:
            filled = self._condition(ctx)
            ctx.tell("when", shortened(filled))
            try:
                asked = compile_condition(filled, ctx.catalog, self.of_type, gone=custom_choices)
                problem = next(_unsearchable(asked, self.of_type), None)
            except Invalid as error:
                problem = error.problems[0] if error.problems else Problem("when", error.detail)
            if problem is not None:
                return Fail("invalid_value", f"The condition cannot be searched by: {problem.message}")
            condition = json.dumps_text(filled)
        found: list[Mapping[str, Any]] = ctx.ask(FindRecords(self.of_type, condition, self.sort, 1))
        if not found:
            return Done({"found": False, "type": None, "id": None}, why=f"No {self.of_type} meets the condition.")
        ref = Ref(self.of_type, found[0]["id"])
        return Done({"found": True, "type": ref.type, "id": str(ref.id)})

    def summary(self) -> str:
        """What is looked for."""
        words = short(condition_words(self.when), 100)
        return f"Find a {self.of_type}{f' where {words}' if words else ''}"


def _check(when: Any, record_type: str, binder: Binder) -> None:
    """Problems of the condition go to the binder; clauses with templates are checked for their fields only."""
    try:
        path = f"{binder.path}.when"
        condition = compile_condition(_without_templates(when, 0), binder.catalog, record_type, path, gone=binder.gone)
    except Invalid as error:
        binder.problems.extend(error.problems or (Problem(f"{binder.path}.when", error.detail),))
        return
    binder.problems.extend(_unsearchable(condition, record_type))


def _unsearchable(condition: Condition, record_type: str) -> Iterator[Problem]:
    """What a filter may ask and a search of the database cannot."""
    for part in condition.leaves:
        if isinstance(part, Formula):
            yield Problem(part.place, "A search cannot use expressions.", "write it as clauses")
        elif part.path.field is None:
            message = f"A search knows only fields of a {record_type}, not `{part.path.root}`."
            yield Problem(part.place, message, f'a field, and as its value "{{{{ {part.path} }}}}"')
        elif part.op in CHANGES:
            yield Problem(part.place, "A search cannot ask what changed.", "compare with eq instead of changed_to")
        elif part.op is Op.MATCHES:
            yield from _unsearchable_pattern(part)


def _unsearchable_pattern(clause: Clause) -> Iterator[Problem]:
    try:
        to_postgres(clause.literal)
    except NotPortable as part:
        message = f"A search cannot use this part of a regular expression: {part}."
        yield Problem(f"{clause.place}.value", message, "literals, classes, groups, repetition, ^ and $")


def _without_templates(value: Any, depth: int) -> Any:
    if depth > MAX_DEPTH:
        return value
    if isinstance(value, Mapping):
        items = dict(cast("Mapping[str, Any]", value))
        if "field" in items and has_templates(items.get("value")):
            return {"field": items["field"], "op": "known"}
        return {name: _without_templates(each, depth + 1) for name, each in items.items()}
    if isinstance(value, list):
        return [_without_templates(each, depth + 1) for each in cast("list[Any]", value)]
    return value
