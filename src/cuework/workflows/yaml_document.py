"""Reads YAML as plain JSON values, and remembers at which line and column each stood.

Rules
  * YAML 1.2 core: only null, booleans, numbers and text. `on`, `yes` and dates are text. No tags, no merge keys,
    one document.
  * Limits on bytes, depth and values; an alias counts as all that it stands for, so laughs stay few.
  * A key that stands twice is a problem at its second place, not a silent loss.

Built on the parser's events, so that nothing here recurses into what somebody sent. Knows no workflow.
Cost: a millisecond for about a hundred values; what may be large belongs into a thread.
"""

import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml import events as yaml_events
from ruamel.yaml.error import MarkedYAMLError, YAMLError, YAMLStreamError

from cuework.base.errors import Malformed, Problem

MAX_BYTES = 200_000
MAX_DEPTH = 128
MAX_VALUES = 20_000
MAX_INTEGER = 2**63 - 1

_INTEGER = re.compile(r"[-+]?[0-9]{1,30}|0o[0-7]{1,20}|0x[0-9a-fA-F]{1,20}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]{1,30}|[0-9]{1,30}(\.[0-9]{0,30})?)([eE][-+]?[0-9]{1,3})?")
# The parser looks for the end of a bracket's line before it says that one was opened, in square time.
_TOO_DEEP = re.compile(rf"(?:[\[{{]\s*){{{MAX_DEPTH + 1}}}")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_WORDS: Mapping[str, Any] = {"": None, "~": None} | {
    spelled: value
    for word, value in (("null", None), ("true", True), ("false", False))
    for spelled in (word, word.capitalize(), word.upper())
}
_PLAIN_TAGS = frozenset({None, "!", "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq", "tag:yaml.org,2002:str"})


@dataclass(frozen=True, slots=True)
class Mark:
    """A place in a text. Units: both count from 1."""

    line: int
    column: int


@dataclass(slots=True)
class Marks:
    """Where every value stood: a mapping's values at their keys, a list's at themselves."""

    places: dict[str, Mark] = field(default_factory=dict[str, Mark])

    def of(self, path: str) -> Mark:
        """The place of the path, or of the nearest thing around it that is there."""
        while path and path not in self.places:
            path = path.rpartition(".")[0]
        return self.places.get(path, Mark(1, 1))

    def locate(self, problem: Problem) -> Problem:
        """The problem with its line and column."""
        mark = self.of(problem.path)
        return replace(problem, line=mark.line, column=mark.column)


@dataclass(slots=True)
class _Open:
    """A mapping or list that is being read."""

    value: dict[str, Any] | list[Any]
    path: str
    anchor: str | None
    before: int  # how many values had been read when it began
    key: str | None = None
    keys_seen: dict[str, Mark] = field(default_factory=dict[str, Mark])


def read_yaml(text: str) -> tuple[Any, Marks]:
    """The document's value and where its parts stood. Errors: Malformed with every problem's line and column."""
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        raise Malformed("The text is too large.", [Problem("", f"At most {MAX_BYTES:,} bytes are read.", None, 1, 1)])
    if (deep := _TOO_DEEP.search(text)) is not None:
        line = text.count("\n", 0, deep.start()) + 1
        raise Malformed(
            "The YAML cannot be read.", [Problem("", f"It is nested deeper than {MAX_DEPTH}.", None, line, 1)]
        )
    reader = _Reader()
    try:
        for event in _events(text):
            reader.take(event)
    except MarkedYAMLError as error:
        raise _malformed(error) from None
    except (YAMLError, YAMLStreamError) as error:
        raise Malformed("The YAML cannot be read.", [Problem("", _sentence(str(error)), None, 1, 1)]) from None
    if reader.problems:
        raise Malformed("The YAML cannot be read.", reader.problems)
    return reader.root, reader.marks


def _events(text: str) -> Iterator[Any]:
    return YAML(typ="safe", pure=True).parse(text)  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]


class _Reader:
    def __init__(self) -> None:
        self.marks = Marks()
        self.problems: list[Problem] = []
        self.root: Any = None
        self.count = 0
        self.documents = 0
        self.stack: list[_Open] = []
        self.anchors: dict[str, tuple[Any, int]] = {}

    def take(self, event: Any) -> None:
        match event:
            case yaml_events.DocumentStartEvent():
                self.documents += 1
                if self.documents > 1:
                    self._stop(event, "A second document begins here; only one is read.")
            case yaml_events.MappingStartEvent():
                self._open(event, {})
            case yaml_events.SequenceStartEvent():
                self._open(event, [])
            case yaml_events.MappingEndEvent() | yaml_events.SequenceEndEvent():
                self._close()
            case yaml_events.ScalarEvent():
                self._scalar(event)
            case yaml_events.AliasEvent():
                self._alias(event)
            case _:
                pass

    def _open(self, event: Any, value: dict[str, Any] | list[Any]) -> None:
        self._check_tag(event)
        if len(self.stack) >= MAX_DEPTH:
            self._stop(event, f"It is nested deeper than {MAX_DEPTH}.")
        top = self.stack[-1] if self.stack else None
        if top is not None and isinstance(top.value, dict) and top.key is None:
            self._stop(event, "A key is a word, not a list or mapping.", 'a template needs quotes: "{{ ... }}"')
        self.stack.append(_Open(value, self._place(event), event.anchor, self.count))
        self._counted(event, 1)

    def _close(self) -> None:
        done = self.stack.pop()
        if done.anchor is not None:
            self.anchors[done.anchor] = (done.value, self.count - done.before)
        self._put(done.value)

    def _scalar(self, event: Any) -> None:
        self._check_tag(event)
        top = self.stack[-1] if self.stack else None
        if top is not None and isinstance(top.value, dict) and top.key is None:
            self._key(event, top)
            return
        self._place(event)
        self._counted(event, 1)
        value = self._resolved(event)
        if event.anchor is not None:
            self.anchors[event.anchor] = (value, 1)
        self._put(value)

    def _key(self, event: Any, top: _Open) -> None:
        key, mark = str(event.value), _mark(event)
        if key == "<<" and event.style is None:
            self._stop(event, "Merge keys (<<) are not read; write the fields out.")
        first = top.keys_seen.get(key)
        if first is not None:
            path = _join(top.path, key)
            message = f"“{key}” stands here a second time; the first is at line {first.line}."
            self.problems.append(Problem(path, message, "keep one of them", mark.line, mark.column))
        top.keys_seen.setdefault(key, mark)
        self.marks.places.setdefault(_join(top.path, key), mark)
        top.key = key

    def _alias(self, event: Any) -> None:
        found = self.anchors.get(event.anchor)
        if found is None:
            self._stop(event, f"There is no finished anchor “{event.anchor}” above.")
            return
        top = self.stack[-1] if self.stack else None
        if top is not None and isinstance(top.value, dict) and top.key is None:
            self._stop(event, "A key is a word, not an alias.")
        self._place(event)
        self._counted(event, found[1])
        self._put(deepcopy(found[0]))  # what stands in two places can be changed in one

    def _place(self, event: Any) -> str:
        """The path of the value that begins here, with its mark noted."""
        if not self.stack:
            self.marks.places[""] = _mark(event)
            return ""
        top = self.stack[-1]
        if isinstance(top.value, dict):
            return _join(top.path, top.key or "")
        path = _join(top.path, str(len(top.value)))
        self.marks.places[path] = _mark(event)
        return path

    def _put(self, value: Any) -> None:
        if not self.stack:
            self.root = value
            return
        top = self.stack[-1]
        if isinstance(top.value, dict):
            top.value[top.key or ""] = value
            top.key = None
        else:
            top.value.append(value)

    def _resolved(self, event: Any) -> Any:
        text = str(event.value)
        if event.style is not None or str(event.tag) == "tag:yaml.org,2002:str":
            return text
        if text in _WORDS:
            return _WORDS[text]
        if _INTEGER.fullmatch(text):
            return self._integer(event, int(text, 0) if text[:2] in ("0o", "0x") else int(text))
        if _FLOAT.fullmatch(text):
            return float(text)
        if _NOT_FINITE.fullmatch(text):
            self._stop(event, f"{text} is no number that can be kept.")
        return text

    def _integer(self, event: Any, number: int) -> int:
        if abs(number) > MAX_INTEGER:
            self._stop(event, f"{number} is larger than a number may be.", "write it as text, in quotes")
        return number

    def _counted(self, event: Any, size: int) -> None:
        self.count += size
        if self.count > MAX_VALUES:
            self._stop(event, f"There are more than {MAX_VALUES:,} values, aliases counted as what they stand for.")

    def _check_tag(self, event: Any) -> None:
        tag = str(event.tag) if event.tag is not None else None
        if tag not in _PLAIN_TAGS:
            self._stop(event, f"The tag {tag[:60] if tag else ''} is not read: plain values only.", "remove the tag")

    def _stop(self, event: Any, message: str, suggestion: str | None = None) -> None:
        """Nothing more is read. Errors: Malformed, always, with what was found before."""
        mark, path = _mark(event), self.stack[-1].path if self.stack else ""
        self.problems.append(Problem(path, message, suggestion, mark.line, mark.column))
        raise Malformed("The YAML cannot be read.", self.problems)


def _mark(event: Any) -> Mark:
    return Mark(event.start_mark.line + 1, event.start_mark.column + 1)


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _malformed(error: Any) -> Malformed:
    place: Any = error.problem_mark or error.context_mark
    mark = Mark(place.line + 1, place.column + 1) if place is not None else Mark(1, 1)
    problem = str(error.problem or error.context or "it cannot be read")
    return Malformed(
        f"The YAML cannot be read: line {mark.line}, column {mark.column}.",
        [Problem("", _sentence(problem), _advice(problem), mark.line, mark.column)],
    )


def _advice(problem: str) -> str | None:
    if "mapping values are not allowed" in problem:
        return "a text with a colon needs quotes"
    if "\\t" in problem or "tab" in problem:
        return "indent with spaces"
    if "expected <block end>" in problem or "could not find expected ':'" in problem:
        return "check the indentation of this line and the one above"
    return None


def _sentence(words: str) -> str:
    line = words.strip().split("\n", 1)[0][:300]
    return line[:1].upper() + line[1:] + ("" if line.endswith(".") else ".")
