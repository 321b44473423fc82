"""The examples that are shipped with Cuework: YAML files that people can begin with.

Read once per process. They are definitions like any other; nothing is installed by reading them.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from cuework.workflows import text

_FOLDER = "examples/workflows"


@dataclass(frozen=True, slots=True)
class Example:
    """A definition to begin with. `yaml` is the file, comments and all."""

    key: str
    name: str
    description: str
    yaml: str
    definition: Mapping[str, Any]

    def as_json(self) -> dict[str, Any]:
        """As the API shows it."""
        shown = {"key": self.key, "name": self.name, "description": self.description}
        return {**shown, "yaml": self.yaml, "definition": dict(self.definition)}


@cache
def shipped() -> tuple[Example, ...]:
    """The examples by file name. Errors: Malformed if one of the files is no definition."""
    folder = files("cuework").joinpath(_FOLDER)
    found = sorted((each for each in folder.iterdir() if each.name.endswith(".yaml")), key=lambda each: each.name)
    return tuple(_example(each.name.removesuffix(".yaml"), each.read_text("utf-8")) for each in found)


def _example(stem: str, source: str) -> Example:
    definition, _ = text.parse(source)
    key = str(definition.get("key") or re.sub(r"[^a-z0-9]+", "-", stem.lower()))
    name, about = str(definition.get("name", stem)), str(definition.get("description") or "")
    return Example(key, name, about, source, definition)
