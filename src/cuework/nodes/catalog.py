"""What a node type declares, as data: for the palette, forms, the API's catalogue and the manual.

Everything is read from the declaration; nothing is said twice. Must not know a tenant.
"""

from functools import cache
from inspect import cleandoc
from typing import Any

from cuework.engine.node import Node, Step, Trigger
from cuework.engine.outcome import NEXT

ERROR = "error"


def catalog_entry(node: type[Node]) -> dict[str, Any]:
    """The node type as `GET /node-types` spells it.

    Shape: schema is the JSON Schema of its own fields, with x-hint saying which control a field wants; exits are
    those of its sample; output is the JSON Schema of what later steps read as steps.<id>, None if there is nothing.
    """
    entry: dict[str, Any] = {"type": node.type, "kind": node.kind, "group": node.group}
    entry |= {"title": node.title, "icon": node.icon, "summary": first_sentence(node), "docs": docs_of(node)}
    entry |= {"schema": config_schema(node), "sample": {"type": node.type, **node.sample}}
    if issubclass(node, Trigger):
        return entry | {"record_type": node.record_type, "listens": list(node.listens), "edge": node.edge}
    assert issubclass(node, Step)
    output = node.Output.model_json_schema() if node.Output is not None else None
    works_on: tuple[str, ...] = getattr(node, "works_on", ())
    return entry | {"exits": exits_of(node), "output": output, "works_on": list(works_on)}


def docs_of(node: type[Node]) -> str:
    """The node's documentation, which is its docstring."""
    return cleandoc(node.__doc__ or "")


def first_sentence(node: type[Node]) -> str:
    """What is true after the step, or when the trigger fires."""
    text = " ".join(docs_of(node).split("\n\n", 1)[0].split())
    end = text.find(". ")
    return text if end < 0 else text[: end + 1]


def exits_of(node: type[Step]) -> list[str]:
    """The exits of the node's sample, the usual one first; every step may also have error steps."""
    return [NEXT, *node.model_validate(dict(node.sample)).exits(), ERROR]


@cache
def config_schema(node: type[Node]) -> dict[str, Any]:
    """The JSON Schema of the node's own fields. Do not change the answer: it is shared."""
    schema = node.model_json_schema(by_alias=True)
    schema.pop("description", None)
    schema["title"] = node.title
    return schema
