"""The one rule by which texts are the same whatever their case: every letter's simple lower case.

Python and SQL apply it alike: the three letters whose lower case depends on language or place are replaced
first (İ, Σ and ς), then `lower` maps letter by letter. ß and ss stay different, accents count.
SQL's `lower` must know Unicode: the database's locale is C.UTF-8 or any other UTF-8 one.
"""

IRREGULAR = "İΣς"
REGULAR = "iσσ"
_TABLE = str.maketrans(IRREGULAR, REGULAR)


def fold(text: str, /) -> str:
    """The text as it is compared."""
    return text.lower() if text.isascii() else text.translate(_TABLE).lower()
