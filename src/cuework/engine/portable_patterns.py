r"""Regular expressions of RE2 in the spelling of PostgreSQL, for those that mean the same in both.

What both share: literals, dots, classes, groups, alternatives, anchors, repetition, \d \w \s. The rest
(word boundaries, Unicode classes, flags, named groups) is refused, not guessed.
"""

from re import compile as pattern

_CLASSES = {"d": "0-9", "w": "A-Za-z0-9_", "s": " \\t\\n\\f\\r"}
_CONTROL = frozenset("ntrfv")
_COUNT = pattern(r"\{[0-9]{1,3}(,[0-9]{0,3})?\}")
_MAX_COUNT = 255
_AFTER_NOTHING = frozenset({"", "^", "$", "(", "|"})


class NotPortable(ValueError):
    """The pattern has a part that PostgreSQL would read differently; the message names it."""


def to_postgres(text: str, /) -> str:
    """The pattern as PostgreSQL wants it, to be used with ~*. Errors: NotPortable."""
    return _Translation(text).run()


class _Translation:
    def __init__(self, text: str) -> None:
        self.text = text
        self.position = 0
        self.out: list[str] = []
        self.before = ""

    def run(self) -> str:
        if self.text.startswith("***"):
            raise NotPortable("***")
        while self.position < len(self.text):
            start = self.position
            self.out.append(self._next())
            self.before = self.text[start : self.position]
        return "".join(self.out)

    def _next(self) -> str:
        character = self.text[self.position]
        if character == "\\":
            return self._escape(in_class=False)
        if character == "[":
            return self._bracket()
        if character == "(":
            return self._group()
        if character in "*+?{":
            return self._repetition(character)
        self.position += 1
        return character

    def _escape(self, *, in_class: bool) -> str:
        letter = self.text[self.position + 1 : self.position + 2]
        self.position += 2
        if letter in _CLASSES:
            return _CLASSES[letter] if in_class else f"[{_CLASSES[letter]}]"
        if letter.lower() in _CLASSES and letter and not in_class:
            return f"[^{_CLASSES[letter.lower()]}]"
        if letter in _CONTROL:
            return f"\\{letter}"
        if not letter or letter.isalnum() or not letter.isascii():
            raise NotPortable(f"\\{letter}")
        return f"\\{letter}"

    def _bracket(self) -> str:
        out = ["["]
        self.position += 1
        if self.text.startswith("^", self.position):
            out.append("^")
            self.position += 1
        first = self.position
        while True:
            character = self.text[self.position : self.position + 1]
            if character == "]" and self.position > first:
                self.position += 1
                return "".join((*out, "]"))
            if character in ("", "[") or (character == "]" and self.position == first):
                raise NotPortable("[ within [ ]")
            if character == "\\":
                out.append(self._escape(in_class=True))
                continue
            out.append(character)
            self.position += 1

    def _group(self) -> str:
        opening = "(?:" if self.text.startswith("(?:", self.position) else "("
        if opening == "(" and self.text.startswith("(?", self.position):
            raise NotPortable(self.text[self.position : self.position + 3])
        self.position += len(opening)
        if self.text.startswith((")", "|"), self.position):
            raise NotPortable("an empty group")
        return opening

    def _repetition(self, character: str) -> str:
        count = _COUNT.match(self.text, self.position) if character == "{" else None
        if character == "{" and count is None:
            raise NotPortable("{")
        sign = count.group() if count else character
        if any(int(number) > _MAX_COUNT for number in sign.strip("{}?*+").split(",") if number):
            raise NotPortable(sign)
        if self.before in _AFTER_NOTHING or self.before == "(?:":
            raise NotPortable(sign)
        self.position += len(sign)
        if self.text.startswith("?", self.position):  # lazy or not makes no difference to whether there is a match
            self.position += 1
        return sign
