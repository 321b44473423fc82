"""Templates in text fields: `Hello {{ contact.first_name }}`, checked and compiled when the definition is read.

A text without tags costs nothing; one of plain paths is a Python closure that gives what MiniJinja would;
the rest is MiniJinja (see template_syntax for the part that is allowed, rendering for the limits). A missing
value prints nothing and is named in a warning.
"""

from collections.abc import Mapping
from dataclasses import replace
from html import escape
from itertools import count
from typing import Any, ClassVar, Self
from weakref import finalize

import minijinja
from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from cuework.base.errors import Invalid, Problem
from cuework.base.time import rfc3339
from cuework.engine.rendering import Engine, reason_of
from cuework.engine.scope import Scope
from cuework.engine.template_syntax import Checked, Unfit, check_template
from cuework.engine.template_values import Box, Reading, RenderFailed, plain, values_of

_SHORT, _FEW = 1000, 80  # together far below what a rendering may print
_PLAIN_NUMBER = 2**63

ENGINE = Engine()
_names = count()


class TemplateFailed(Invalid):
    """The template cannot be rendered with the values at hand, or would grow beyond its limits."""

    title = "Template failed"


class Template:
    """A compiled template; as a field type it is read from text and spelled as its source."""

    html: ClassVar[bool] = False

    def __init__(self, source: str, path: str = "") -> None:
        """Errors: Invalid with the problem's path and line."""
        self.source = source
        self._pieces: list[str | tuple[str, ...]] | None = [source] if source else []
        self._name = ""
        self.reads: frozenset[str] = frozenset()
        self.roots: frozenset[str] = frozenset()
        self.relies_on: frozenset[str] = frozenset()
        if "{" in source:
            self._compile(path)

    @property
    def is_literal(self) -> bool:
        """Whether it reads nothing, so that the source is what it renders."""
        return self._pieces is not None and not self.reads

    def render(self, scope: Scope) -> tuple[str, tuple[str, ...]]:
        """The text and a warning for each value that was missing. Errors: TemplateFailed says why."""
        if self.is_literal:
            return self.source, ()
        simple = self._simply(scope)
        if simple is not None:
            return simple, ()
        reading = Reading(scope.catalog.zone, html=self.html)
        try:
            text = self._print(self._pieces, scope, reading) if self._pieces is not None else self._run(scope, reading)
        except RenderFailed as failed:
            raise TemplateFailed(f"The template cannot be rendered: {failed}.") from None
        return text, reading.warnings()

    def render_slowly(self, scope: Scope) -> tuple[str, tuple[str, ...]]:
        """What MiniJinja makes of it, also where `render` needs no MiniJinja; tests compare the two."""
        name = f"slow-{next(_names)}"
        reading = Reading(scope.catalog.zone, html=self.html)
        ENGINE.check(name, self.source)
        try:
            return ENGINE.render(
                name, len(self.source), values_of(self.roots, scope, reading), reading
            ), reading.warnings()
        finally:
            ENGINE.forget(name)

    def _compile(self, path: str) -> None:
        try:
            checked = check_template(self.source, path)
        except Unfit as unfit:
            raise Invalid(unfit.problem.message, (unfit.problem,)) from None
        self.reads, self.roots, self._pieces = checked.reads, checked.roots, checked.pieces
        self.relies_on = checked.relies_on
        if self._pieces is None:
            self._name = _kept(checked, path)
            finalize(self, ENGINE.forget, self._name).atexit = False
        if checked.unknown is not None:
            raise Invalid(checked.unknown.message, (checked.unknown,))

    def _simply(self, scope: Scope) -> str | None:
        """The text where it is made of fields that hold short texts or numbers, as most are; None where it is not."""
        printed: list[str] = []
        for piece in self._pieces or ():
            if isinstance(piece, str):
                printed.append(piece)
                continue
            values = scope.root(piece[0]) if len(piece) == 2 else None
            value: Any = values.get(piece[1]) if values is not None else None
            if value.__class__ is int and -_PLAIN_NUMBER < value < _PLAIN_NUMBER:
                printed.append(str(value))
            elif value.__class__ is str and len(value) <= _SHORT:
                printed.append(escape(value) if self.html else value)
            else:
                return None
        return "".join(printed) if self._pieces is not None and len(printed) <= _FEW else None

    def _run(self, scope: Scope, reading: Reading) -> str:
        return ENGINE.render(self._name, len(self.source), values_of(self.roots, scope, reading), reading)

    def _print(self, pieces: list[str | tuple[str, ...]], scope: Scope, reading: Reading) -> str:
        return "".join(
            piece if isinstance(piece, str) else reading.printed(_look_up(piece, scope, reading)) for piece in pieces
        )

    def __str__(self) -> str:
        return self.source

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.source!r})"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Template) and (other.html, other.source) == (self.html, self.source)

    def __hash__(self) -> int:
        return hash((self.html, self.source))

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            cls._validated, serialization=core_schema.plain_serializer_function_ser_schema(str)
        )

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"type": "string", "x-hint": "html-template" if cls.html else "template"}

    @classmethod
    def _validated(cls, value: Any) -> Self:
        if isinstance(value, cls):
            return value
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str):
            raise ValueError("this is text, perhaps with {{ }} in it")  # noqa: TRY004 -- pydantic wants ValueError
        try:
            return cls(value)
        except Invalid as invalid:
            raise _NoTemplate(invalid.problems[0]) from None


class HtmlTemplate(Template):
    """A template of HTML: what it prints is escaped, what stands in it is not."""

    html: ClassVar[bool] = True


def compile_template(text: str, path: str = "", *, html: bool = False) -> Template:
    """The compiled template. Errors: Invalid with the problem's path, line and a suggestion."""
    return HtmlTemplate(text, path) if html else Template(text, path)


def syntax_problem(error: minijinja.TemplateError, path: str) -> Problem:
    """MiniJinja's complaint as a problem at its line."""
    return Problem(path, f"The template cannot be read: {reason_of(error)}.", None, error.line)


def _kept(checked: Checked, path: str) -> str:
    name = f"template-{next(_names)}"
    try:
        ENGINE.check(name, checked.text)
    except minijinja.TemplateError as error:
        problem = syntax_problem(error, path)
        raise Invalid(problem.message, (problem,)) from None
    return name


def _look_up(parts: tuple[str, ...], scope: Scope, reading: Reading) -> Any:
    """What MiniJinja finds at the path, with the same note of what was read last."""
    if parts == ("now",):
        return rfc3339(scope.now)
    root = scope.root(parts[0]) if parts[0] != "now" else None
    value: Any = values_of(frozenset(parts[:1]), scope, reading)[parts[0]] if len(parts) == 1 else root or {}
    name = parts[0]
    for part in parts[1:]:
        if isinstance(value, Box):
            value = _part(value, part)
        elif isinstance(value, Mapping):
            name = f"{name}.{part}"
            reading.last = name
            value = plain(value.get(part), name, reading)  # pyright: ignore[reportUnknownMemberType]
        elif isinstance(value, (list, str)) and part.isdecimal():
            value = value[int(part)] if int(part) < len(value) else None  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
        else:
            return None
    return value  # pyright: ignore[reportUnknownVariableType]


def _part(box: Box, part: str) -> Any:
    try:
        return box[part]
    except KeyError:
        return None


class _NoTemplate(ValueError):
    """A field's text is no template; pydantic carries it to definition_problems, which reads the problem."""

    def __init__(self, problem: Problem) -> None:
        line = f"Line {problem.line} of the text: " if problem.line and problem.line > 1 else ""
        super().__init__(f"{line}{problem.message}")
        self.problems = (replace(problem, message=str(self)),)
