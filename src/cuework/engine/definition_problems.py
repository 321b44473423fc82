"""What is wrong with the shape of a definition, in the words and at the places of who wrote it.

Pydantic tells of every member of a union that did not fit, and names members that stand nowhere in the document.
Here one of them is chosen, the one that was most likely meant. Must not know what a value means.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Literal, cast, get_args, get_origin

from pydantic import BaseModel, ValidationError

from cuework.base.errors import Problem, shortened
from cuework.base.misfits import OWN_WORDS, phrase
from cuework.engine.records import nearest

_SHAPES = {"model_type", "model_attributes_type", "dict_type", "mapping_type"}
_NAMED = 100
_LISTS = {"list_type", "tuple_type", "set_type"}
_CONDITIONS = {"when", "suppress", "goal", "exit"}
_TYPE = re.compile(r"[a-z]{1,20}\.[a-z_]{1,40}|manual")


@dataclass(frozen=True, slots=True)
class _Error:
    """One of pydantic's errors.

    Shape: place is where in the document; member is the union's member that it is about, as (length of the place
    where the union stands, pydantic's word for the member).
    """

    told: Mapping[str, Any]
    place: tuple[str | int, ...]
    member: tuple[int, str] | None

    @property
    def type(self) -> str:
        """Pydantic's word for what is wrong."""
        return self.told["type"]

    @property
    def strays(self) -> bool:
        """Whether it says that the value is not of this member's kind at all."""
        return self.member is not None and len(self.place) == self.member[0]


def problems_of(error: ValidationError, path: str, model: type[BaseModel], raw: Any) -> list[Problem]:
    """Pydantic's errors as problems with places and suggestions. Shape: `raw` is what the model was given."""
    errors = [_placed(told, raw) for told in error.errors(include_url=False, include_context=True)]
    return [_problem(each, path, model) for each in _meant(errors)]


def _placed(told: Any, raw: Any) -> _Error:
    """The error with its place, without words that stand nowhere in the document."""
    place: list[str | int] = []
    member: tuple[int, str] | None = None
    here: Any = raw
    loc = cast("Sequence[str | int]", told["loc"])
    for n, part in enumerate(loc):
        if isinstance(here, Mapping) and part in here:
            here = cast("Mapping[Any, Any]", here)[part]
        elif isinstance(here, list) and isinstance(part, int):
            items = cast("list[Any]", here)
            here = items[part] if part < len(items) else None
        elif not (n == len(loc) - 1 and told["type"] == "missing"):
            if member is None and part != "[key]":
                member = len(place), str(part)
            continue
        place.append(part)
    return _Error(cast("Mapping[str, Any]", told), tuple(place), member)


def _meant(errors: Sequence[_Error]) -> Iterator[_Error]:
    """The errors, of each union only those of the member that fits best."""
    for site, grouped in groupby(errors, lambda each: each.place[: each.member[0]] if each.member else None):
        group = list(grouped)
        if site is None:
            yield from group
            continue
        members = {each.member: [one for one in group if one.member == each.member] for each in group}
        yield from min(members.values(), key=_misfit)


def _misfit(errors: Sequence[_Error]) -> tuple[bool, int, int]:
    """How badly a union's member fits: not of its kind at all, then by wrong names, then by the rest."""
    named = sum(each.type in ("missing", "extra_forbidden") for each in errors)
    return any(each.strays for each in errors), named, len(errors)


def _problem(error: _Error, path: str, model: type[BaseModel]) -> Problem:
    where = ".".join([path, *map(str, error.place)] if path else map(str, error.place))
    name = shortened(str(error.place[-1]), _NAMED) if error.place else path
    context: Mapping[str, Any] = error.told.get("ctx") or {}
    inner: tuple[Problem, ...] = getattr(context.get("error"), "problems", ())
    if inner:
        return Problem(where, inner[0].message, inner[0].suggestion)
    if error.type == "extra_forbidden":
        names = _names(model, error.place[:-1], error.member)
        return Problem(where, f"“{name}” is not a field here.", nearest(name, names) or _listed(names))
    if error.type == "missing":
        return Problem(where, f"“{name}” is missing.")
    if error.type in _SHAPES:
        return _misshapen(error, where, name, model)
    if error.type in _LISTS:
        return Problem(where, f"“{name}” is a list, not {_kind(error.told['input'])}.")
    if error.type == "string_type":
        return Problem(where, f"“{name}” is text, not {_kind(error.told['input'])}.")
    near = _nearest_word(error) if error.type == "literal_error" else None
    if error.told["loc"][-1:] == ("[key]",):
        return Problem(where, f"“{name}” is not a field here.", near)
    words = phrase(error.told)
    return Problem(
        where, f"{words.removesuffix('.')}." if error.type in OWN_WORDS or not name else f"“{name}” {words}.", near
    )


def _misshapen(error: _Error, where: str, name: str, model: type[BaseModel]) -> Problem:
    """What has fields of its own and was written without them."""
    given = error.told["input"]
    kind = given if isinstance(given, str) and _TYPE.fullmatch(given) else None
    if error.place[-2:-1] and error.place[-2] in ("steps", "otherwise"):
        example = f"{{type: {kind or 'contact.add_tag, tag: new'}}}"
        return Problem(where, f"A step has a type and fields of its own; this is {_kind(given)}.", example)
    if name == "trigger":
        example = f"trigger: {{type: {kind or 'contact.created'}}}"
        return Problem(where, f"“trigger” has a type and fields of its own, not {_kind(given)}.", example)
    if name in _CONDITIONS:
        example = f"{name}: {{field: contact.email, op: known}}"
        return Problem(where, f"“{name}” is a condition, not {_kind(given)}.", example)
    names = _names(model, error.place, error.member, anywhere=False)
    if len(error.place) > 1 and isinstance(error.place[-1], int):
        inside = error.place[-2]
        return Problem(where, f"An entry of “{inside}” has fields of its own; this is {_kind(given)}.", _listed(names))
    return Problem(where, f"“{name}” has fields of its own, not {_kind(given)}.", _listed(names))


def _listed(names: Sequence[str]) -> str | None:
    return f"there are: {', '.join(names)}" if names else None


def _nearest_word(error: _Error) -> str | None:
    context: Mapping[str, Any] = error.told.get("ctx") or {}
    expected = str(context.get("expected", "")).replace(" or ", ", ")
    return nearest(str(error.told["input"]), [word.strip("' ") for word in expected.split(", ")])


def _kind(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true or false"
    kinds: tuple[tuple[type, str], ...] = ((str, "text"), (list, "a list"), (dict, "a mapping"))
    return next((word for kind, word in kinds if isinstance(value, kind)), "a number")


def _names(
    model: type[BaseModel], place: Iterable[str | int], member: tuple[int, str] | None, *, anywhere: bool = True
) -> list[str]:
    """The fields that a model has at that place, as definitions spell them; of what is around it if it has none.

    Shape: anywhere is False where fields of what is around it are none of its own.
    """
    reached = [model]
    for part in place:
        if isinstance(part, str):
            found = [inner for each in reached for inner in _inside(each, part)]
            reached = found if found or not anywhere else reached
    meant = [each for each in reached if member and member[1].rstrip("]").endswith(each.__name__)] or reached
    return list(dict.fromkeys(field.alias or name for each in meant for name, field in each.model_fields.items()))


def _inside(model: type[BaseModel], key: str) -> Iterator[type[BaseModel]]:
    for name, field in model.model_fields.items():
        if key == (field.alias or name):
            yield from _models(field.annotation)


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    elif get_origin(annotation) is not Literal:
        for argument in get_args(annotation):
            yield from _models(argument)
