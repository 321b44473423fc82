"""The manual page of the vocabulary, `docs/nodes.md`, written from what the nodes declare."""

from collections.abc import Iterable, Iterator
from typing import Any

from cuework.engine.node import Node, Step, Trigger
from cuework.engine.registry import NodeTypes
from cuework.nodes.catalog import catalog_entry
from cuework.workflows.text import dump

_HEAD = """# Triggers, flow and actions

Written by `python tools/node_reference.py` from the node files; a test fails when it is stale.

Every step also takes `id`, `disabled`, `retry`, `timeout`, `on_error` and `note`. Where a step takes `on:`, it is
`contact`, `company`, `deal`, `task` or `owner` (the trigger's record or one it leads to), a path such as
`deal.contact`, `steps.<id>` (what an earlier step made or found), or `{type, id}`. Text fields take `{{ templates }}`;
a missing variable prints nothing and leaves a warning on the step. Database actions happen exactly once.
"""


def reference(types: NodeTypes) -> str:
    """The page as Markdown."""
    kinds = {"Triggers": types.triggers.values(), "Flow": _flow(types), "Actions": _actions(types)}
    parts = [_HEAD]
    for heading, nodes in kinds.items():
        parts.append(f"## {heading}\n")
        parts.extend(_section(node) for node in sorted(nodes, key=lambda each: each.type))
    return "\n".join(parts).rstrip() + "\n"


def _flow(types: NodeTypes) -> Iterable[type[Step]]:
    return [node for node in types.steps.values() if node.kind == "flow"]


def _actions(types: NodeTypes) -> Iterable[type[Step]]:
    return [node for node in types.steps.values() if node.kind != "flow"]


def _section(node: type[Node]) -> str:
    entry = catalog_entry(node)
    lines = [f"### `{entry['type']}`: {entry['title']}\n", f"{entry['docs']}\n"]
    fields = list(_fields(entry["schema"], trigger=issubclass(node, Trigger)))
    if fields:
        lines += ["| field | takes | |", "| --- | --- | --- |", *fields, ""]
    output = entry.get("output")
    if output:
        lines.append(f"Output: {', '.join(f'`{name}`' for name in output['properties'])}.\n")
    exits = [name for name in entry.get("exits", []) if name not in ("next", "error")]
    if exits:
        lines.append(f"Exits besides the next step, in the example: {', '.join(f'`{name}`' for name in exits)}.\n")
    lines.append(f"```yaml\n{dump(entry['sample'])}```\n")
    return "\n".join(lines)


def _fields(schema: dict[str, Any], *, trigger: bool) -> Iterator[str]:
    required = set(schema.get("required", ()))
    for name, part in schema.get("properties", {}).items():
        if trigger and name == "when":
            continue
        words = str(part.get("description", "")).replace("|", "\\|")
        default = part.get("default")
        if name in required:
            words = f"required. {words}".strip()
        elif default not in (None, "", [], {}):
            words = f"{words} Default: {default}.".strip()
        yield f"| `{name}` | {_takes(part, schema.get('$defs', {}))} | {words} |"


def _takes(part: dict[str, Any], defs: dict[str, Any]) -> str:
    """The field's type in words: its hint, its choices, or its JSON type."""
    if "$ref" in part:
        return _takes(defs[part["$ref"].rpartition("/")[2]], defs)
    if "anyOf" in part and part.get("x-hint") is None:
        found = dict.fromkeys(_takes(each, defs) for each in part["anyOf"] if each.get("type") != "null")
        return " or ".join(found)
    if "enum" in part:
        return ", ".join(f"`{value}`" for value in part["enum"])
    if part.get("type") == "array" and part.get("x-hint") is None:
        return f"list of {_takes(part.get('items', {}), defs)}"
    if part.get("x-hint") is not None:
        return str(part["x-hint"]).replace("_", " ").replace("-", " ")
    if part.get("type") == "object" and part.get("properties"):
        return "`{" + ", ".join(part["properties"]) + "}`"
    return str(part.get("type", "anything"))
