"""Parameters that are one of some words: any other is refused with those that there are, not answered with nothing.

For sets that grow with releases and that clients need no type for; a small fixed one is a Literal.
"""

from collections.abc import Collection

from pydantic import AfterValidator

from cuework.api.suggestions import nearest


def one_of(words: Collection[str], /) -> AfterValidator:
    """The check that a text is one of the words."""

    def check(word: str) -> str:
        if word not in words:
            *others, last = words
            near = nearest(word, words)
            raise ValueError(f"must be {', '.join(others)} or {last}" + (f" ({near})" if near else ""))
        return word

    return AfterValidator(check)
