"""The engine is a function: same inputs, same outputs. It and the nodes know no clock, no chance, no I/O."""

import ast
from collections.abc import Iterator
from pathlib import Path

import cuework

PACKAGE = Path(cuework.__file__).parent
PURE = ("engine", "nodes")

FORBIDDEN_MODULES = {
    *("asyncio", "concurrent", "multiprocessing", "os", "pathlib", "random", "secrets", "shutil", "socket"),
    *("subprocess", "tempfile", "threading", "time", "urllib.request"),
}
FORBIDDEN_NAMES = {"uuid1", "uuid3", "uuid4", "uuid7", "now", "today", "utcnow", "monotonic", "perf_counter"}
FORBIDDEN_CALLS = {"open", "print", "input", "exec", "eval", "__import__"}


def impurities(source: str, name: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source, name)):
        for offence in _offences(node):
            yield f"{name}:{getattr(node, 'lineno', 0)} {offence}"


def _offences(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (f"imports {alias.name}" for alias in node.names if _forbidden(alias.name))
    elif isinstance(node, ast.ImportFrom) and node.module:
        if _forbidden(node.module):
            yield f"imports from {node.module}"
        yield from (f"imports {alias.name}" for alias in node.names if alias.name in FORBIDDEN_NAMES)
    elif isinstance(node, ast.Call):
        called = node.func
        if isinstance(called, ast.Attribute) and called.attr in FORBIDDEN_NAMES:
            yield f"calls {called.attr}"
        elif isinstance(called, ast.Name) and called.id in FORBIDDEN_CALLS | FORBIDDEN_NAMES:
            yield f"calls {called.id}"
    elif isinstance(node, ast.AsyncFunctionDef | ast.Await):
        yield "is asynchronous"


def _forbidden(module: str) -> bool:
    return any(module == name or module.startswith(f"{name}.") for name in FORBIDDEN_MODULES)


def test_the_engine_and_the_nodes_know_no_clock_no_chance_and_no_io() -> None:
    files = [file for room in PURE for file in (PACKAGE / room).rglob("*.py")]
    assert files
    found = [
        offence for file in files for offence in impurities(file.read_text("utf-8"), str(file.relative_to(PACKAGE)))
    ]
    assert found == []


def test_the_rule_sees_what_it_forbids() -> None:
    source = (
        "import time\n"
        "from os import path\n"
        "from uuid import UUID, uuid4\n"
        "datetime.now(UTC)\n"
        "uuid4()\n"
        "open('x')\n"
        "async def f(): ...\n"
    )
    assert len(list(impurities(source, "sample"))) == 7
    assert list(impurities("from uuid import UUID\nfrom datetime import datetime\ncontext.at\n", "sample")) == []
