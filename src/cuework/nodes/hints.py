"""Field types that several nodes share, each with the hint that tells a form which control to show.

A hint is the JSON Schema keyword `x-hint`. Must not know the tenant: keys are checked when a node is bound.
"""

from collections.abc import Sequence
from typing import Annotated, Any, TypeVar

from pydantic import Field

from cuework.engine.templates import Template


def hint(name: str, **more: Any) -> dict[str, Any]:
    """The JSON Schema extension of a field: which control, and what that control must know."""
    return {"x-hint": name} | {f"x-{key.replace('_', '-')}": value for key, value in more.items()}


On = Annotated[
    str | dict[str, str] | None,
    Field(
        description="Which record: contact, deal.contact, steps.<id>, or {type, id}. Empty: the nearest that fits",
        json_schema_extra=hint("record"),
    ),
]
Line = Annotated[Template, Field(description="One line; takes {{ templates }}", json_schema_extra=hint("template"))]
Prose = Annotated[
    Template, Field(description="Text; takes {{ templates }}", json_schema_extra=hint("template", multiline=True))
]
StageKey = Annotated[str, Field(json_schema_extra=hint("deal_stage"))]
PipelineKey = Annotated[str, Field(json_schema_extra=hint("pipeline"))]
LifecycleStage = Annotated[str, Field(json_schema_extra=hint("lifecycle_stage"))]
TeamKey = Annotated[str, Field(json_schema_extra=hint("team"))]
UserEmail = Annotated[str, Field(json_schema_extra=hint("user"))]
FieldKey = Annotated[str, Field(json_schema_extra=hint("field"))]
When = Annotated[dict[str, Any], Field(json_schema_extra=hint("condition"))]
Steps = Annotated[list[dict[str, Any]], Field(json_schema_extra=hint("steps"))]
Word = TypeVar("Word", bound=str)


def listed(words: Word | list[Word] | None) -> list[Word]:
    """One word or several, as a list."""
    if words is None:
        return []
    return [words] if isinstance(words, str) else words


def either(words: Sequence[str]) -> str:
    """The words as a sentence has them: a, b or c."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} or {words[-1]}"
