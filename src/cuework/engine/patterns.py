"""Regular expressions in linear time (RE2): a search whatever the case, in which a dot matches line ends too."""

from collections.abc import Callable
from typing import Any

import re2  # pyright: ignore[reportMissingTypeStubs]

_re2: Any = re2  # the package ships no types
_MEMORY = 2 << 20


class NotAPattern(ValueError):
    """The text is no regular expression of RE2; the message says why."""


def compile_pattern(text: str, /) -> Callable[[str], bool]:
    """A test whether a text has a match anywhere. Errors: NotAPattern. Cost: linear in the text."""
    options = _re2.Options()
    options.case_sensitive = False
    options.dot_nl = True
    options.log_errors = False
    options.max_mem = _MEMORY
    try:
        search = _re2.compile(text, options).search
    except _re2.error as error:
        reason: Any = error.args[0]
        raise NotAPattern(reason.decode() if isinstance(reason, bytes) else str(reason)) from None

    def found(value: str) -> bool:
        try:
            return search(value) is not None
        except UnicodeEncodeError:  # half a surrogate pair from outside is no text
            return False

    return found
