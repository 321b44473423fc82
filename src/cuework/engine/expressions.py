"""Expressions: the same language as templates, for a value instead of a text, as in `contact.lead_score > 50`.

An error at run time is a value: None, with a warning that says why.
"""

from typing import Any

import minijinja

from cuework.base.errors import Invalid
from cuework.engine.scope import Scope
from cuework.engine.template_syntax import Unfit, check_expression
from cuework.engine.template_values import Reading, RenderFailed, values_of
from cuework.engine.templates import ENGINE, syntax_problem

MAX_EXPRESSION = 2_000


class Expression:
    """A checked expression. Cost: MiniJinja parses it at every use, some ten microseconds."""

    __slots__ = ("_text", "reads", "relies_on", "roots", "source")

    def __init__(self, source: str, path: str = "") -> None:
        """Errors: Invalid with the problem's path and line."""
        self.source = source
        try:
            checked = check_expression(source, path)
        except Unfit as unfit:
            raise Invalid(unfit.problem.message, (unfit.problem,)) from None
        self._text = checked.text
        self.reads = checked.reads
        self.roots = checked.roots
        self.relies_on = checked.relies_on
        self._try(path)
        if checked.unknown is not None:
            raise Invalid(checked.unknown.message, (checked.unknown,))

    def value(self, scope: Scope) -> tuple[Any, tuple[str, ...]]:
        """What it comes to, and warnings; None with a warning if it fails."""
        reading = Reading(scope.catalog.zone, html=False)
        try:
            return ENGINE.evaluate(self._text, values_of(self.roots, scope, reading), reading), ()
        except RenderFailed as failed:
            return None, (f"{self.source[:100]}: {failed}",)

    def is_true(self, scope: Scope) -> bool:
        """Whether it comes to something other than nothing, false, zero or empty."""
        return bool(self.value(scope)[0])

    def _try(self, path: str) -> None:
        name = "expression-on-trial"
        try:
            ENGINE.check(name, "{{ (" + self._text + ") }}")
        except minijinja.TemplateError as error:
            problem = syntax_problem(error, path)
            raise Invalid(problem.message, (problem,)) from None
        ENGINE.forget(name)

    def __repr__(self) -> str:
        return f"Expression({self.source!r})"


def compile_expression(text: str, path: str = "") -> Expression:
    """The compiled expression. Errors: Invalid with the problem's path."""
    return Expression(text, path)
