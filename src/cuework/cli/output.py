"""What commands print: data on standard output, words about it on standard error, JSON where it is asked for."""

import sys
from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from cuework.base import json


def tell(*words: object) -> None:
    """A line for people, on standard error."""
    print(*words, file=sys.stderr, flush=True)


def show(value: object) -> None:
    """A line of data, on standard output."""
    print(value, flush=True)


def show_json(value: Any) -> None:
    """The value as JSON on one line, on standard output."""
    show(json.dumps_text(value))


def show_table(rows: Sequence[Mapping[str, object]]) -> None:
    """The rows as a table on a terminal, and as lines with tabs elsewhere."""
    if not rows:
        return
    if not sys.stdout.isatty():
        for row in rows:
            show("\t".join(str(value) for value in row.values()))
        return
    table = Table(*rows[0], box=None, header_style="bold", pad_edge=False)
    for row in rows:
        table.add_row(*(str(value) for value in row.values()))
    Console().print(table)
