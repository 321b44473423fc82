"""Writes docs/nodes.md from what the node types declare."""

from pathlib import Path

from cuework.nodes import discover
from cuework.workflows.node_reference import reference

PAGE = Path(__file__).parent.parent / "docs" / "nodes.md"

if __name__ == "__main__":
    PAGE.parent.mkdir(exist_ok=True)
    PAGE.write_text(reference(discover()), encoding="utf-8")
    print(f"{PAGE.name} is written.")
