"""Values of a record's fields read back from JSON, as the engine's rows hold them.

Changes of a stored event are JSON; those of an event made in this pass are typed already. `typed` takes both.
"""

from datetime import datetime
from typing import Any, cast
from uuid import UUID

from cuework.engine.money import from_json
from cuework.engine.records import RECORD_TYPES, FieldType


def typed(kind: str, name: str, value: Any) -> Any:
    """The value as a row of that record type holds it; custom fields stay JSON."""
    record_type = RECORD_TYPES.get(kind)
    field = record_type.fields.get(name) if record_type else None
    if field is None:
        return value
    if isinstance(value, str):
        if field.type in (FieldType.UUID, FieldType.USER):
            return UUID(value)
        if field.type is FieldType.DATE_TIME:
            return datetime.fromisoformat(value)
    elif isinstance(value, dict) and field.type is FieldType.MONEY:
        return from_json(cast("dict[str, Any]", value))
    return cast("Any", value)
