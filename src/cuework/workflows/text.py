"""A definition as text: YAML in, plain data out, and back. The data is the same model that JSON spells.

`parse` reads, `check` reads and compiles with every problem at its line, `dump` writes what people like to read
and diff. Must not touch a database: the tenant's catalogue is an argument.
"""

from collections.abc import Mapping, Sequence
from io import StringIO
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString

from cuework.base.errors import Invalid, Malformed, Problem
from cuework.engine.catalog import Catalog
from cuework.engine.plan import Plan, compile_plan
from cuework.engine.registry import NodeTypes
from cuework.workflows.yaml_document import Mark, Marks, read_yaml

WIDTH = 110

_TOP = ("name", "key", "description", "folder", "tags", "trigger", "settings", "steps")
_SETTINGS = ("re_entry", "entry_key", "suppress", "goal", "exit", "max_age", "on_error", "zone", "allow_self")
_FIRST = (
    *("name", "id", "type", "disabled", "on", "to", "event", "of", "forms", "hook", "fields", "field", "op", "value"),
    *("pipeline", "from", "when", "method", "url", "title", "subject", "text", "description", "cases"),
)
_LAST = ("steps", "otherwise", "retry", "timeout", "on_error", "note")
_INNER = {name: index for index, name in enumerate(_FIRST)} | {name: 1000 + n for n, name in enumerate(_LAST)}
_BLOCKS = frozenset({"steps", "trigger", "otherwise", "cases"})


def parse(text: str) -> tuple[dict[str, Any], Marks]:
    """The definition that the text spells, and where its parts stand; it may still be wrong.

    Errors: Malformed with line and column of every problem.
    """
    data, marks = read_yaml(text)
    if not isinstance(data, dict):
        problem = Problem("", "A definition is a mapping with name, trigger and steps.", "begin with `name: ...`", 1, 1)
        raise Malformed("The text is no definition.", [problem])
    return data, marks  # pyright: ignore[reportUnknownVariableType]


def check(text: str, types: NodeTypes, catalog: Catalog) -> Plan:
    """The plan of the definition in the text. Errors: Invalid; each problem has its line and column."""
    data, marks = parse(text)
    try:
        return compile_plan(data, types, catalog)
    except Invalid as error:
        raise located(error, marks) from None


def located(error: Invalid, marks: Marks) -> Invalid:
    """The same error, each of its problems with line and column, in the order of the text."""
    found = sorted((marks.locate(problem) for problem in error.problems), key=lambda each: (each.line, each.column))
    return Invalid(error.detail, found)


def dump(definition: Mapping[str, Any]) -> str:
    """The definition, or a part of one, as YAML that reads and diffs well.

    Shape: fields in the order people expect, short steps on one line, long texts as blocks.
    """
    yaml = YAML()
    yaml.width = WIDTH  # pyright: ignore[reportAttributeAccessIssue]
    yaml.indent(mapping=2, sequence=4, offset=2)
    yaml.allow_unicode = True
    out = StringIO()
    order = _numbered(_TOP) if "trigger" in definition else _INNER
    yaml.dump(_mapping(definition, order, block=True), out)  # pyright: ignore[reportUnknownMemberType]
    return out.getvalue()


def _styled(value: Any, *, block: bool = False) -> Any:
    if isinstance(value, Mapping):
        return _mapping(value, _INNER, block=block)  # pyright: ignore[reportUnknownArgumentType]
    if isinstance(value, (list, tuple)):
        items = CommentedSeq(_styled(each) for each in value)  # pyright: ignore[reportUnknownVariableType]
        if not block and _is_short(value) and not _has_pairs(value):  # pyright: ignore[reportUnknownArgumentType]
            items.fa.set_flow_style()  # pyright: ignore[reportUnknownMemberType]
        return items
    return _text(value) if isinstance(value, str) else value


def _text(value: str) -> str:
    """The text in the style that keeps it: a block for several plain lines, quotes where something odd is in it."""
    if not value.replace("\n", "").isprintable():
        return DoubleQuotedScalarString(value)  # other line breaks would be read as spaces
    if value.startswith(("?", ":")):
        return DoubleQuotedScalarString(value)  # written plain, on one line with others it is read as a key or value
    if "\n" in value.strip("\n") and _fits_a_block(value):
        return LiteralScalarString(value)
    return value


def _mapping(value: Mapping[str, Any], order: Mapping[str, int], *, block: bool) -> CommentedMap:
    out = CommentedMap()
    for name in sorted(value, key=lambda each: (order.get(each, 500), each)):
        if name == "settings" and order is not _INNER:
            out[name] = _mapping(value[name], _numbered(_SETTINGS), block=True)
        else:
            out[_text(name)] = _styled(value[name], block=name in _BLOCKS)
    if not block and _is_short(value):
        out.fa.set_flow_style()  # pyright: ignore[reportUnknownMemberType]
    return out


def _numbered(names: tuple[str, ...]) -> dict[str, int]:
    return {name: index for index, name in enumerate(names)}


def _is_short(value: Any) -> bool:
    """Whether it reads well on one line: small, and no list of steps inside."""
    return _length(value) <= WIDTH - 30


def _has_pairs(values: Sequence[Any]) -> bool:
    """Whether a mapping with one key is among them: on one line it would lose its braces, which looks odd."""
    return any(isinstance(each, Mapping) and len(each) == 1 for each in values)  # pyright: ignore[reportUnknownArgumentType]


def _length(value: Any) -> int:
    if isinstance(value, Mapping):
        if not value:
            return 2
        return sum(10_000 if name in _BLOCKS else len(str(name)) + 4 + _length(each) for name, each in value.items())  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    if isinstance(value, (list, tuple)):
        return 2 + sum(2 + _length(each) for each in value)  # pyright: ignore[reportUnknownVariableType]
    return 10_000 if isinstance(value, str) and "\n" in value else len(str(value)) + 2


def _fits_a_block(text: str) -> bool:
    """A literal block keeps the text exactly, except spaces at the ends of lines and before the first."""
    return all(line == line.rstrip() for line in text.split("\n")) and not text.startswith((" ", "\n"))


__all__ = ["Mark", "Marks", "check", "dump", "located", "parse", "read_yaml"]
