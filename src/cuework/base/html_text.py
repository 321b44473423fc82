"""The text alternative of an HTML message: what a person without HTML reads.

Pure, and linear in the HTML's length whatever stands in it, because it is run on what people write while others
wait. It reads HTML as browsers do, as far as a text needs, and keeps words, links, lists and line breaks. The
parser of the standard library is quadratic on tags that do not end.

    <name attributes>    a tag; one that never ends swallows the rest
    </name ...>          an end tag
    <!-- ... -->         left out, and so is what else begins with <!, <? or </ and no letter
    anything else        text
"""

import re
from collections.abc import Iterator
from html import unescape

_RAW = ("script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes")  # no tags are read in these
_UNREAD = frozenset(_RAW) - {"textarea", "xmp"}
_SILENT = frozenset({"head", "template"})
_BLOCKS = {
    "address", "article", "aside", "blockquote", "div", "dl", "fieldset", "figure", "footer", "form", "h1", "h2",
    "h3", "h4", "h5", "h6", "header", "main", "nav", "ol", "p", "pre", "section", "table", "ul",
}  # fmt: skip
_LINES = {"br", "dd", "dt", "hr", "li", "tr"}
_LINKS = ("http:", "https:", "mailto:", "tel:")
_DEEPEST = 8  # lists further inside are indented no more: the text must not grow with the depth
_LONGEST_TAG = 40

_SPACE = re.compile(r"[ \t\r\n\f]+")
_NAME = re.compile(r"[a-zA-Z][^\s/>]*+")
# Possessive, so that no part is tried twice: a name, and perhaps a value with or without quotes.
_ATTRIBUTE = re.compile(r"[\s/]*+([^\s/>][^\s/>=]*+)(?:\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s>]*+)))?+")
_TAG_END = re.compile(r"[\s/]*+>")
_RAW_END = {name: re.compile(rf"</{name}(?=[\s/>])", re.IGNORECASE) for name in _RAW}
_HUGE_NUMBER = re.compile(r"&#(?:[0-9]{8,}+|[xX][0-9a-fA-F]{8,}+);?")


def text_of(html: str, /) -> str:
    """The readable text of the HTML, links after their words in brackets. It ends in a line break."""
    reader = _Reader()
    for kind, name, rest in _tokens(html):
        if kind == "text":
            reader.words(rest)
        elif kind == "start":
            reader.start(name, rest)
        else:
            reader.end(name)
    lines = [line.strip() for line in "".join(reader.parts).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"


def _tokens(html: str) -> Iterator[tuple[str, str, str]]:
    """("text", "", words), ("start", name, attributes as they are written) and ("end", name, ""), in order."""
    at = 0
    while at < len(html):
        opening = html.find("<", at)
        if opening != at:
            yield "text", "", html[at : opening if opening >= 0 else len(html)]
            if opening < 0:
                return
        closing = html.startswith("/", opening + 1)
        name = _NAME.match(html, opening + 1 + closing)
        if name is None:
            at = _after_no_tag(html, opening)
            if at == opening + 1:
                yield "text", "", "<"
            continue
        at = _tag_end(html, name.end())
        if at < 0:
            return
        tag = name.group()[:_LONGEST_TAG].lower()
        yield ("end", tag, "") if closing else ("start", tag, html[name.end() : at - 1])
        if tag in _RAW_END and not closing:
            end = _RAW_END[tag].search(html, at)
            stop = end.start() if end else len(html)
            if tag not in _UNREAD:
                yield "text", "", html[at:stop]
            at = stop


def _after_no_tag(html: str, opening: int) -> int:
    """Where the text goes on behind a `<` that begins no tag: behind the comment, or at the next character."""
    if html.startswith("<!--", opening):
        end = html.find("-->", opening + 2)
        return end + 3 if end >= 0 else len(html)
    if html.startswith(("<!", "<?", "</"), opening):
        end = html.find(">", opening)
        return end + 1 if end >= 0 else len(html)
    return opening + 1


def _tag_end(html: str, at: int) -> int:
    """Behind the tag whose attributes begin there; -1 if it never ends."""
    while (end := _TAG_END.match(html, at)) is None:
        attribute = _ATTRIBUTE.match(html, at)
        if attribute is None or attribute.end() == at:
            return -1
        at = attribute.end()
    return end.end()


def _attribute(written: str, wanted: str) -> str:
    for found in _ATTRIBUTE.finditer(written):
        if found[1].lower() == wanted:
            return _unescaped(found[2] or found[3] or found[4] or "")
    return ""


def _unescaped(text: str) -> str:
    """Without character references; a number too large for a character is none, and would take long to read."""
    return unescape(_HUGE_NUMBER.sub("\ufffd", text)) if "&" in text else text


class _Reader:
    """Gathers the text. A link ends where the next begins, as links are never inside each other."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self._silent = 0
        self._lists: list[int | None] = []
        self._link: tuple[str, int] | None = None

    def start(self, tag: str, attributes: str) -> None:
        if tag in _SILENT:
            self._silent += 1
        elif tag == "body":
            self._silent = 0  # a head ends here, whether or not it says so
        elif tag in ("ul", "ol"):
            self._lists.append(0 if tag == "ol" else None)
        elif tag == "a":
            self._end_link()
            self._link = (_attribute(attributes, "href"), len(self.parts))
        elif tag == "img":
            self.words(_attribute(attributes, "alt"))
        self._break(tag)
        if tag == "li":
            self._write(self._mark())
        elif tag == "hr":
            self._write("---\n")
        elif tag in ("td", "th"):
            self._write(" ")

    def end(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag in ("ul", "ol") and self._lists:
            self._lists.pop()
        elif tag == "a":
            self._end_link()
        if tag in _BLOCKS:
            self._break(tag)

    def words(self, written: str) -> None:
        text = _SPACE.sub(" ", _unescaped(written))
        at_line_start = not self.parts or self.parts[-1].endswith(("\n", " "))
        self._write(text.lstrip(" ") if at_line_start else text)

    def _write(self, text: str) -> None:
        if text and not self._silent:
            self.parts.append(text)

    def _break(self, tag: str) -> None:
        if tag in _BLOCKS:
            self._write("\n" if self._lists and tag in ("ul", "ol") else "\n\n")
        elif tag in _LINES:
            self._write("\n")

    def _mark(self) -> str:
        if not self._lists:
            return "- "
        indent, number = "  " * min(len(self._lists) - 1, _DEEPEST), self._lists[-1]
        if number is None:
            return f"{indent}- "
        self._lists[-1] = number + 1
        return f"{indent}{number + 1}. "

    def _end_link(self) -> None:
        if self._link is None:
            return
        (href, since), self._link = self._link, None
        words = "".join(self.parts[since:]).strip()
        address = href.removeprefix("mailto:").strip()
        if href.lower().startswith(_LINKS) and address != words:
            gap = "" if self.parts[-1:] and self.parts[-1].endswith(" ") else " "
            self._write(f"{gap}({address})" if words else address)
