r"""The part of MiniJinja that workflows may use, checked before MiniJinja sees it.

MiniJinja counts instructions (fuel) but not memory: 'x' * 10**12 ends the process, and a text that is doubled
forty times is a terabyte. So a template may not name a growing value: there is `{{ }}`, if and for, but no set,
macro or call; a loop goes over what is there, not over something put together; `*` is rewritten so that it
fails for texts and lists (`a * b` becomes `a ** 1 * b ** 1`); and the few filters that grow are our own. `none`
becomes a name that nothing has, because a value that is blank is undefined to MiniJinja.

Pure text work: this file renders nothing.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from re import compile as pattern

from cuework.base.errors import Problem
from cuework.engine.records import nearest

MAX_TEMPLATE = 100_000
MAX_TOKENS = 1_000
MAX_JOINS = 100
MAX_LOOPS = 3

ROOTS = (
    *("contact", "company", "deal", "task", "owner", "assignee", "record"),
    *("trigger", "form", "data", "steps", "execution", "workflow", "tenant", "item", "now"),
)
FILTERS = frozenset(
    """
    abs bool capitalize count d date default dictsort first float int items join last length lines list
    lower map max min reject rejectattr replace reverse round select selectattr sort split string
    striptags sum time title tojson trim truncate unique upper urlencode
    """.split()  # noqa: SIM905
)
TESTS = frozenset(
    """
    boolean defined divisibleby endingwith eq equalto even false float ge greaterthan gt in integer
    iterable le lessthan lower lt mapping ne none number odd sequence startingwith string true undefined
    upper
    """.split()  # noqa: SIM905
)
_STATEMENTS = frozenset({"if", "elif", "else", "endif", "for", "endfor"})
_KEYWORDS = frozenset(
    {"and", "or", "not", "in", "is", "if", "elif", "else", "for", "true", "false", "none", "True", "False", "None"}
)
_IN_LOOP_HEADS = frozenset({".", ",", "|", "(", ")", "[", "]", "=", "==", "!=", "<", "<=", ">", ">=", "-", ":"})

_NONE = frozenset({"none", "None"})
_NOTHING = "_nothing"
_DOUBTS = frozenset({"defined", "undefined", "none"})
_DEFAULTS = frozenset({"d", "default"})

_TAG = pattern(r"\{[{%#]")
_TOKEN = pattern(
    r"""\s*(?:(?P<string>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')|(?P<number>\d\w*(?:\.\d\w*)?)"""
    r"""|(?P<name>[^\W\d]\w*)|(?P<mark>\*\*|//|==|!=|<=|>=|[-+*/%~|.,:()\[\]{}<>=]))"""
)
_PLAIN = pattern(r"\s*[^\W\d]\w*(?:\.\w+)*\s*")


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a tag: string, number, name or mark, with where it stands."""

    kind: str
    text: str
    start: int
    end: int


@dataclass(slots=True)
class Checked:
    """A template that may be given to MiniJinja, and what was found in it.

    Shape: reads are dotted paths; relies_on are those of them that are taken to be there, because nothing in the text
    says what follows where they are not (`default`, `is defined`); `pieces` are literals (str) and plain paths (tuple
    of names), in order, if the template is made of nothing else, and None otherwise; `unknown` is the problem of a
    root that does not exist, which is worth telling only once MiniJinja has found the syntax right.
    """

    text: str
    reads: frozenset[str] = frozenset()
    roots: frozenset[str] = frozenset()
    pieces: list[str | tuple[str, ...]] | None = field(default_factory=list[str | tuple[str, ...]])
    unknown: Problem | None = None
    relies_on: frozenset[str] = frozenset()


class Unfit(ValueError):
    """The template or expression may not be used; `problem` says why and where."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def check_template(source: str, path: str) -> Checked:
    """The template, ready for MiniJinja. Errors: Unfit with the line."""
    return _Checker(source, path).template()


def check_expression(source: str, path: str) -> Checked:
    """The expression, ready for MiniJinja. Errors: Unfit."""
    return _Checker(source, path).expression()


class _Checker:
    def __init__(self, source: str, path: str) -> None:
        self.source = source
        self.path = path
        self.reads: set[str] = set()
        self.doubted: set[str] = set()
        self.bound: set[str] = {"loop"}
        self.inserts: list[int] = []
        self.nothings: list[tuple[int, int, str]] = []
        self.pieces: list[str | tuple[str, ...]] | None = []
        self.joins = 0
        self.loops = 0
        if len(source) > MAX_TEMPLATE:
            raise self.unfit(0, f"The text has {len(source):,} characters; at most {MAX_TEMPLATE:,} fit.")

    def template(self) -> Checked:
        position = 0
        while (opening := _TAG.search(self.source, position)) is not None:
            if opening.start() > position:
                self._piece(self.source[position : opening.start()])
            position = self._tag(opening.group(), opening.start())
        if position < len(self.source):
            self._piece(self.source[position:])
        return self._checked()

    def expression(self) -> Checked:
        if not self.source.strip():
            raise self.unfit(0, "The expression is empty.")
        tokens, _ = self._tokens(0, None)
        self._words(tokens)
        self._references(tokens)
        self.pieces = None
        return self._checked()

    def _checked(self) -> Checked:
        text = self.source
        changes = [(place, place, " ** 1 ") for place in self.inserts] + self.nothings
        for start, end, words in sorted(changes, reverse=True):
            text = f"{text[:start]}{words}{text[end:]}"
        reads = {read for read in self.reads if read.split(".", 1)[0] not in self.bound}
        roots = frozenset(read.split(".", 1)[0] for read in reads)
        relies_on = frozenset(read for read in reads if not any(_within(read, doubt) for doubt in self.doubted))
        return Checked(text, frozenset(reads), roots, self.pieces, self._unknown(roots), relies_on)

    def _unknown(self, roots: frozenset[str]) -> Problem | None:
        for root in sorted(roots):
            if root not in ROOTS:
                message = f"Nothing here is called {root[:80]!r}."
                return self.unfit(self.source.find(root), message, nearest(root, ROOTS)).problem
        return None

    def _piece(self, piece: str | tuple[str, ...]) -> None:
        if self.pieces is not None:
            self.pieces.append(piece)

    def _tag(self, opening: str, start: int) -> int:
        """Where the text goes on after the tag."""
        if opening == "{#":
            end = self.source.find("#}", start + 2)
            self.pieces = None
            if end < 0:
                raise self.unfit(start, "The comment is not closed with #}.")
            return end + 2
        inner = start + 2
        closing = "}}" if opening == "{{" else "%}"
        if self.source.startswith(("-", "+"), inner) and self.source[inner : inner + 2] not in ("--", "++"):
            inner += 1
            self.pieces = None
        tokens, end = self._tokens(inner, closing)
        if not tokens:
            raise self.unfit(start, f"There is nothing between {opening} and {closing}.")
        if opening == "{%":
            self.pieces = None
            self._statement(tokens)
        else:
            self._words(tokens)
            self._references(tokens)
            self._output(start, end)
        return end

    def _output(self, start: int, end: int) -> None:
        inner = self.source[start + 2 : end - 2]
        if _PLAIN.fullmatch(inner) and inner.strip() not in _KEYWORDS:
            self._piece(tuple(inner.strip().split(".")))
        else:
            self.pieces = None

    def _tokens(self, position: int, closing: str | None) -> tuple[list[Token], int]:
        tokens: list[Token] = []
        start, depth = position, 0
        while True:
            place = self._past_space(position)
            if closing and depth <= 0 and self.source.startswith((closing, f"-{closing}", f"+{closing}"), place):
                end = self.source.index(closing, place) + 2
                if self.source[place] in "-+":
                    self.pieces = None
                return tokens, end
            if place >= len(self.source):
                if closing:
                    raise self.unfit(start, f"The tag is not closed with {closing}.")
                return tokens, place
            found = _TOKEN.match(self.source, position)
            if found is None:
                raise self.unfit(place, f"{self.source[place]!r} has no meaning here.")
            kind = found.lastgroup or ""
            tokens.append(Token(kind, found[kind], found.start(kind), found.end()))
            depth += {"{": 1, "}": -1}.get(found[kind], 0) if kind == "mark" else 0
            position = found.end()
            if len(tokens) > MAX_TOKENS:
                raise self.unfit(start, f"One tag may have {MAX_TOKENS} words at most.")

    def _past_space(self, position: int) -> int:
        while position < len(self.source) and self.source[position].isspace():
            position += 1
        return position

    def _statement(self, tokens: list[Token]) -> None:
        word = tokens[0].text
        if word not in _STATEMENTS:
            known = "if, elif, else and for"
            raise self.unfit(tokens[0].start, f"There is no {word[:80]!r} in templates here, only {known}.")
        self._words(tokens)
        if word == "for":
            self._loop(tokens)
            return
        self.loops -= word == "endfor"
        self._references(tokens[1:])

    def _loop(self, tokens: list[Token]) -> None:
        self.loops += 1
        if self.loops > MAX_LOOPS:
            raise self.unfit(tokens[0].start, f"Loops may be nested {MAX_LOOPS} deep at most.")
        at = next((index for index, token in enumerate(tokens) if token.text == "in" and token.kind == "name"), None)
        if at is None:
            raise self.unfit(tokens[0].start, "A loop is written `for each in list`.")
        self.bound |= {token.text for token in tokens[1:at] if token.kind == "name"}
        for before, token in zip(tokens[at:], tokens[at + 1 :], strict=False):
            is_list = token.text == "[" and not _is_value(before)
            if (token.kind == "mark" and token.text not in _IN_LOOP_HEADS) or is_list or token.text == "recursive":
                raise self.unfit(token.start, "A loop goes over a value that is there, perhaps with filters.")
        self._references(tokens[at + 1 :])

    def _words(self, tokens: list[Token]) -> None:
        """Filters, tests and operators are known and allowed; nothing is called."""
        for index, token in enumerate(tokens):
            before = tokens[index - 1] if index else None
            if token.kind == "name":
                self._name(tokens, index, before)
                if token.text in _NONE and not _is_word_after(tokens, index):
                    self.nothings.append((token.start, token.end, _NOTHING))
            elif token.text == "(" and before and _is_value(before) and not _is_filter(tokens, index - 1):
                what = before.text if before.kind == "name" else "this"
                raise self.unfit(token.start, f"Nothing can be called ({what[:80]}); use a filter, as in name|upper.")
            elif token.text in ("~", "+") and token.kind == "mark":
                self.joins += 1
                if self.joins > MAX_JOINS:
                    raise self.unfit(token.start, f"At most {MAX_JOINS} texts can be put together with + and ~.")
            elif token.text == "*" and token.kind == "mark":
                self.inserts += list(_guards(tokens, index))

    def _name(self, tokens: list[Token], index: int, before: Token | None) -> None:
        token = tokens[index]
        if token.text.startswith("_"):
            raise self.unfit(token.start, f"{token.text[:80]!r}: names do not begin with _ here.")
        if before is None or before.kind not in ("mark", "name"):
            return
        if before.text == "|" and token.text not in FILTERS:
            raise self.unfit(token.start, f"There is no filter {token.text[:80]!r}.", nearest(token.text, FILTERS))
        is_test = before.text == "is" or (before.text == "not" and index > 1 and tokens[index - 2].text == "is")
        if is_test and token.text != "not" and token.text not in TESTS:
            raise self.unfit(token.start, f"There is no test {token.text[:80]!r}.", nearest(token.text, TESTS))

    def _references(self, tokens: list[Token]) -> None:
        """Notes every dotted path that begins at a name of its own."""
        for index, token in enumerate(tokens):
            before = tokens[index - 1].text if index else ""
            after = tokens[index + 1].text if index + 1 < len(tokens) else ""
            is_test = before == "is" or (before == "not" and index > 1 and tokens[index - 2].text == "is")
            is_argument = after == "=" and before in ("(", ",")
            if token.kind != "name" or token.text in _KEYWORDS or before in (".", "|") or is_test or is_argument:
                continue
            parts = [token.text]
            for dot, part in zip(tokens[index + 1 :: 2], tokens[index + 2 :: 2], strict=False):
                if dot.text != "." or part.kind == "mark":
                    break
                parts.append(part.text)
            path = ".".join(parts)
            self.reads.add(path)
            if _is_doubted(tokens, index + 2 * len(parts) - 1):
                self.doubted.add(path)

    def unfit(self, place: int, message: str, suggestion: str | None = None) -> Unfit:
        before = self.source[: max(place, 0)]
        column = place - (before.rfind("\n") + 1) + 1
        return Unfit(Problem(self.path, message, suggestion, before.count("\n") + 1, column))


def _is_word_after(tokens: list[Token], index: int) -> bool:
    """Whether the name is that of a field, a filter or a test, and no value."""
    before = [token.text for token in tokens[max(0, index - 2) : index]]
    return before[-1:] in (["."], ["|"], ["is"]) or before == ["is", "not"]


def _within(read: str, path: str) -> bool:
    return read == path or read.startswith(f"{path}.")


def _is_doubted(tokens: list[Token], index: int) -> bool:
    """Whether what follows a path says what happens where it is not: a test for it, or a default."""
    words = [token.text for token in tokens[index : index + 3]]
    if words[:1] == ["is"]:
        return any(word in _DOUBTS for word in words[1:])
    while index + 1 < len(tokens) and tokens[index].text == "|":
        if tokens[index + 1].text in _DEFAULTS:
            return True
        index += 2
        if index < len(tokens) and tokens[index].text == "(":
            index = _past_group(tokens, index)
    return False


def _is_value(token: Token) -> bool:
    """Whether a bracket after the token would call or index it."""
    if token.kind == "mark":
        return token.text in (")", "]", "}")
    return not (token.kind == "name" and token.text in _KEYWORDS)


def _is_filter(tokens: list[Token], index: int) -> bool:
    """Whether the token is a filter's or test's name, which may take arguments."""
    before = tokens[index - 1].text if index else ""
    return tokens[index].kind == "name" and before in ("|", "is", "not")


def _guards(tokens: list[Token], star: int) -> Iterator[int]:
    """Where `** 1` must stand so that both operands of a `*` have to be numbers."""
    if star:
        yield tokens[star - 1].end
    index = star + 1
    while index < len(tokens) and tokens[index].text in ("-", "+", "not"):
        index += 1
    index = _past_operand(tokens, index)
    follows = tokens[index].text if index < len(tokens) else ""
    if index > star + 1 and follows != "**":
        yield tokens[index - 1].end


def _past_operand(tokens: list[Token], index: int) -> int:
    index = _past_group(tokens, index)
    while index < len(tokens):
        text = tokens[index].text if tokens[index].kind == "mark" else ""
        if text in (".", "|"):
            index += 2
        elif text in ("(", "["):
            index = _past_group(tokens, index)
        else:
            break
    return min(index, len(tokens))


def _past_group(tokens: list[Token], index: int) -> int:
    depth = 0
    while index < len(tokens):
        if tokens[index].kind == "mark":
            depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(tokens[index].text, 0)
        index += 1
        if depth <= 0:
            break
    return index
