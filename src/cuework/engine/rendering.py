"""The one room in which MiniJinja runs: limited in work and output, without loader, clock or host objects.

Only what template_syntax has checked comes here; what values look like is in template_values.
"""

import re
from collections.abc import Callable, Sequence
from typing import Any, cast

import minijinja

from cuework.engine.template_filters import FILTERS, TESTS, reading_of
from cuework.engine.template_values import MAX_OUTPUT, Reading, RenderFailed, unboxed

MAX_FUEL = 50_000
_LEAST_FUEL = 2_000
_OURS = (TypeError, ValueError, ArithmeticError, LookupError, AttributeError, RecursionError)  # of filters
_PANIC = "PanicException"  # of Rust: no Exception, and of a module that cannot be imported
_WORK = 100_000_000  # instructions times characters of the template: what literals in loops can add up to
_REMOVED = """
    attr batch chain center e escape filesizeformat format forceescape groupby indent pluralize pprint
    random safe slice urlize wordcount wordwrap xmlattr zip keys values
"""


class Engine:
    """A MiniJinja environment that prints through the Reading it is given.

    One per process is enough: rendering is synchronous, and the environment keeps no state between renderings.
    """

    def __init__(self) -> None:
        self._env: Any = minijinja.Environment(
            undefined_behavior="chainable",
            keep_trailing_newline=True,
            pycompat=False,
            debug=False,
            finalizer=_finalize,
            auto_escape_callback=lambda name: False,
            fuel=MAX_FUEL,
        )
        for name in _REMOVED.split():
            self._env.remove_filter(name)
        for name, function in FILTERS.items():
            self._env.add_filter(name, cast("Any", minijinja.pass_state)(function))
        for name, function in TESTS.items():
            self._env.add_test(name, function)
        for name in ("range", "dict", "namespace", "cycler", "joiner", "debug", "lipsum"):
            self._env.remove_global(name)

    def check(self, name: str, source: str) -> None:
        """The template is kept under the name. Errors: minijinja.TemplateError with the line."""
        self._env.add_template(name, source)

    def forget(self, name: str) -> None:
        """The template is kept no longer."""
        self._env.remove_template(name)

    def render(self, name: str, size: int, values: dict[str, Any], reading: Reading) -> str:
        """The template's text. Errors: RenderFailed."""
        self._env.fuel = max(_LEAST_FUEL, min(MAX_FUEL, _WORK // max(size, 1)))
        text = _guarded(lambda: self._env.render_template(name, **values, _reading=reading))
        reading.spend(0)
        if len(text) > 2 * MAX_OUTPUT:
            raise RenderFailed(f"the text grows beyond {MAX_OUTPUT:,} characters")
        return text

    def evaluate(self, source: str, values: dict[str, Any], reading: Reading) -> Any:
        """The expression's value. Errors: RenderFailed."""
        self._env.fuel = MAX_FUEL
        value = _guarded(lambda: self._env.eval_expr(source, **values, _reading=reading))
        reading.spend(0)
        return unboxed(value)


def reason_of(error: minijinja.TemplateError) -> str:
    """What MiniJinja says, in words for who wrote the template and without its picture of the source."""
    said = _OUR_NAMES.sub("", (error.detail or error.message).split("\n", 1)[0])
    for pattern, words in _SAID:
        if found := pattern.fullmatch(said):
            return words(*found.groups())
    return said


def _of_operator(operator: str, left: str, right: str) -> str:
    kinds = [_KINDS.get(each, each) for each in (left, right)]
    if operator == "**":  # also what stands behind a `*` (template_syntax), so that both sides must be numbers
        return f"only numbers can be multiplied, not {next((each for each in kinds if each != 'a number'), 'this')}"
    return f"{operator} does not go with {kinds[0]} and {kinds[1]}"


_OUR_NAMES = re.compile(r" \(in (template|slow|expression)[\w-]*:\d+\)$")
_KINDS = {
    "string": "text",
    "number": "a number",
    "bool": "true or false",
    "sequence": "a list",
    "iterator": "a list",
    "map": "a mapping",
    "undefined": "nothing",
    "none": "nothing",
}
_SAID: Sequence[tuple[re.Pattern[str], Callable[..., str]]] = (
    (re.compile(r".*ran out of fuel.*"), lambda: "it does too much work"),
    (re.compile(r"tried to use (\S+) operator on unsupported types (\w+) and (\w+)"), _of_operator),
    (re.compile(r"unable to calculate (.+)"), "{} cannot be calculated".format),
)


def _guarded(work: Callable[[], Any]) -> Any:
    try:
        return work()
    except RenderFailed:
        raise
    except minijinja.TemplateError as error:
        where = f" (line {error.line})" if error.line else ""
        raise RenderFailed(f"{reason_of(error)}{where}") from None
    except _OURS as error:
        raise RenderFailed(str(error)[:200]) from None
    except BaseException as error:
        if type(error).__name__ != _PANIC:
            raise
        raise RenderFailed(f"MiniJinja gave up ({str(error)[:200]})") from None


@minijinja.pass_state
def _finalize(state: Any, value: Any) -> str:
    return reading_of(state).printed(value)
