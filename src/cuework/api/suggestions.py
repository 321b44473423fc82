"""Finds the name that was probably meant, among those that a model has at a place."""

import difflib
import types
from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel


def nearest(name: str, names: Iterable[str], /) -> str | None:
    """The name that looks most like it, as a question; None if nothing is near."""
    found = closest(name, names)
    return f"did you mean {found}?" if found else None


def closest(name: str, names: Iterable[str], /) -> str | None:
    """The name that looks most like it; None if nothing is near."""
    found = difflib.get_close_matches(name, list(names), n=1, cutoff=0.6)
    return found[0] if found else None


def known_names(model: Any, place: Sequence[Any], /) -> list[str]:
    """The fields a model has at that place inside it. Shape: place is pydantic's loc."""
    reached = list(_models(model))
    for part in place:
        if isinstance(part, str):
            fields = [each.model_fields[part].annotation for each in reached if part in each.model_fields]
            reached = [inner for field in fields for inner in _models(field)] or reached
    return sorted({name for each in reached for name in each.model_fields})


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
        return
    origin = get_origin(annotation)
    if origin in {Union, types.UnionType, Annotated, list, tuple, dict, Sequence} or origin is not None:
        for argument in get_args(annotation):
            yield from _models(argument)
