"""The text alternative of an HTML message: what a person without HTML reads.

Pure. It keeps words, links, lists and line breaks, and nothing else.
"""

import re
from html.parser import HTMLParser

_SILENT = {"head", "style", "script", "title", "template"}
_BLOCKS = {
    "address", "article", "aside", "blockquote", "div", "dl", "fieldset", "figure", "footer", "form", "h1", "h2",
    "h3", "h4", "h5", "h6", "header", "main", "nav", "ol", "p", "pre", "section", "table", "ul",
}  # fmt: skip
_LINES = {"br", "dd", "dt", "hr", "li", "tr"}
_SPACE = re.compile(r"[ \t\r\n\f]+")


def text_of(html: str) -> str:
    """The readable text of the HTML, links after their words in brackets."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    lines = [line.strip() for line in "".join(reader.parts).split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip() + "\n"


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._silent = 0
        self._lists: list[int | None] = []
        self._links: list[tuple[str, int]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag in _SILENT:
            self._silent += 1
        elif tag in ("ul", "ol"):
            self._lists.append(0 if tag == "ol" else None)
        elif tag == "a":
            self._links.append((given.get("href") or "", len(self.parts)))
        elif tag == "img":
            self.handle_data(given.get("alt") or "")
        self._break(tag)
        if tag == "li":
            self.parts.append(self._mark())
        elif tag == "hr":
            self.parts.append("---\n")
        elif tag in ("td", "th"):
            self.parts.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _SILENT:
            self._silent = max(0, self._silent - 1)
        elif tag in ("ul", "ol") and self._lists:
            self._lists.pop()
        elif tag == "a" and self._links:
            self._end_link(*self._links.pop())
        if tag in _BLOCKS:
            self._break(tag)

    def handle_data(self, data: str) -> None:
        if self._silent:
            return
        text = _SPACE.sub(" ", data)
        at_line_start = not self.parts or self.parts[-1].endswith(("\n", " "))
        self.parts.append(text.lstrip(" ") if at_line_start else text)

    def _break(self, tag: str) -> None:
        if tag in _BLOCKS:
            self.parts.append("\n" if self._lists and tag in ("ul", "ol") else "\n\n")
        elif tag in _LINES:
            self.parts.append("\n")

    def _mark(self) -> str:
        if not self._lists:
            return "- "
        indent, number = "  " * (len(self._lists) - 1), self._lists[-1]
        if number is None:
            return f"{indent}- "
        self._lists[-1] = number + 1
        return f"{indent}{number + 1}. "

    def _end_link(self, href: str, since: int) -> None:
        words = "".join(self.parts[since:]).strip()
        address = href.removeprefix("mailto:").strip()
        if href.lower().startswith(("http:", "https:", "mailto:", "tel:")) and address != words:
            self.parts.append(f" ({address})" if words else address)
