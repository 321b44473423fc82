"""docs/nodes.md is written from the declarations, and may not be older than they are."""

from pathlib import Path

from cuework.nodes import discover
from cuework.workflows.node_reference import reference

PAGE = Path(__file__).parents[2] / "docs" / "nodes.md"


def test_the_manual_of_the_nodes_is_not_stale() -> None:
    assert PAGE.read_text(encoding="utf-8") == reference(discover()), "run python tools/node_reference.py"


def test_every_node_has_its_place_in_the_manual() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert [node.type for node in discover().all() if f"### `{node.type}`:" not in text] == []
