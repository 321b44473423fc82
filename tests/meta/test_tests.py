"""What holds for every test: none sleeps, none is skipped, and none swallows what went wrong."""

import ast
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).parents[1]
FORBIDDEN = {
    "sleep": "wait for a condition with cuework.testing.waiting",
    "skip": "install what is missing, or fail",
    "skipif": "say something in both cases",
    "xfail": "mend it",
    "importorskip": "install what is missing, or fail",
}
# Files that may sleep, and why.
SLEEPERS = {"faults/test_killed_workers.py": "when a fault strikes and how fast people come is drawn"}


def offences(source: str, name: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source, name)):
        if isinstance(node, ast.ExceptHandler) and all(isinstance(each, ast.Pass) for each in node.body):
            yield f"{name}:{node.lineno} except: what is expected is asserted, with pytest.raises"
        for called in _named(node):
            if called in FORBIDDEN and not (called == "sleep" and name in SLEEPERS):
                yield f"{name}:{getattr(node, 'lineno', 0)} {called}: {FORBIDDEN[called]}"


def _named(node: ast.AST) -> list[str]:
    """What is taken from time, asyncio, pytest or its marks."""
    if isinstance(node, ast.ImportFrom):
        return [each.name for each in node.names] if node.module in ("time", "asyncio", "pytest") else []
    if not isinstance(node, ast.Attribute):
        return []
    owner = node.value.attr if isinstance(node.value, ast.Attribute) else getattr(node.value, "id", None)
    return [node.attr] if owner in ("time", "asyncio", "pytest", "mark") else []


def test_no_test_sleeps_is_skipped_or_swallows_an_error() -> None:
    files = sorted(TESTS.rglob("*.py"))
    assert len(files) > 50
    found = [each for file in files for each in offences(file.read_text("utf-8"), str(file.relative_to(TESTS)))]
    assert found == []


def test_the_rule_sees_what_it_forbids() -> None:
    source = "from time import sleep\ntime.sleep(1)\n@pytest.mark.skipif(True)\ndef f():\n"
    source += "  try:\n    g()\n  except E:\n    pass\n"
    assert [each.split()[1] for each in sorted(offences(source, "x.py"))] == ["sleep:", "sleep:", "skipif:", "except:"]


def test_every_file_that_may_sleep_is_there_and_does() -> None:
    for name in SLEEPERS:
        assert "sleep(" in (TESTS / name).read_text("utf-8"), name
