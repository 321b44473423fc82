"""The JSON Schema of a whole definition, put together from the node files: for editors, clients and generators.

It says the shape. Whether a team, stage or field exists only a tenant can tell; that is compile_plan's.
"""

from typing import Any, cast

from cuework.engine.definition import Definition, Frame
from cuework.engine.node import Node
from cuework.engine.registry import NodeTypes
from cuework.nodes.catalog import config_schema, docs_of

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_STEPS = {"$ref": "#/$defs/steps"}
_CONDITION = {"$ref": "#/$defs/condition"}


def definition_schema(types: NodeTypes) -> dict[str, Any]:
    """The schema. Every node type is one of $defs, named by its type."""
    defs: dict[str, Any] = {"condition": _condition(), "clause": _clause()}
    frame = _adopted("frame", Frame.model_json_schema(), defs)
    names = {True: [node.type for node in types.triggers.values()], False: [node.type for node in types.steps.values()]}
    for node in types.triggers.values():
        defs[node.type] = _node(node, {}, defs)
    for node in types.steps.values():
        shared = {name: part for name, part in frame["properties"].items() if name != "type"}
        defs[node.type] = _node(node, shared, defs)
    defs["steps"] = {"type": "array", "items": {"oneOf": [{"$ref": f"#/$defs/{name}"} for name in names[False]]}}
    whole = _adopted("definition", Definition.model_json_schema(), defs)
    whole["properties"]["trigger"] = {"oneOf": [{"$ref": f"#/$defs/{name}"} for name in names[True]]}
    whole["properties"]["steps"] = _STEPS
    return {"$schema": DIALECT, "title": "Cuework workflow", **whole, "$defs": defs}


def _node(node: type[Node], shared: dict[str, Any], defs: dict[str, Any]) -> dict[str, Any]:
    schema = _adopted(node.type, config_schema(node), defs)
    properties = {"type": {"const": node.type}, **shared, **schema.get("properties", {})}
    required = ["type", *schema.get("required", [])]
    described = {"title": node.title, "description": docs_of(node)}
    return {**schema, **described, "properties": properties, "required": required}


def _adopted(owner: str, schema: dict[str, Any], defs: dict[str, Any]) -> dict[str, Any]:
    """The schema with its own definitions moved to the shared ones, under the owner's name."""
    inner: dict[str, Any] = schema.get("$defs", {})
    for name, part in inner.items():
        defs[f"{owner}.{name}"] = _renamed(part, owner)
    return _renamed({name: part for name, part in schema.items() if name != "$defs"}, owner)


def _renamed(part: Any, owner: str) -> Any:
    """References follow their definitions; lists of steps and conditions become the shared ones."""
    if isinstance(part, list):
        return [_renamed(each, owner) for each in part]  # pyright: ignore[reportUnknownVariableType]
    if not isinstance(part, dict):
        return part
    kind: Any = part.get("x-hint")  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    if kind in ("steps", "condition"):
        known = cast("dict[str, Any]", part)
        kept = {name: known[name] for name in ("title", "description", "default") if name in known}
        return {**kept, **(_STEPS if kind == "steps" else _CONDITION)}
    out: dict[str, Any] = {str(name): _renamed(each, owner) for name, each in part.items()}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    target = out.get("$ref")
    if isinstance(target, str) and target.startswith("#/$defs/"):
        out["$ref"] = f"#/$defs/{owner}.{target.removeprefix('#/$defs/')}"
    return out


def _clause() -> dict[str, Any]:
    properties = {"field": {"type": "string"}, "op": {"type": "string"}, "value": True}
    return {"type": "object", "properties": properties, "required": ["field", "op"]}


def _condition() -> dict[str, Any]:
    parts = {"type": "array", "items": {"$ref": "#/$defs/condition"}}
    groups = [{"type": "object", "properties": {name: parts}, "required": [name]} for name in ("all", "any", "none")]
    expression = {"type": "object", "properties": {"expression": {"type": "string"}}, "required": ["expression"]}
    return {"anyOf": [*groups, {"$ref": "#/$defs/clause"}, expression]}
