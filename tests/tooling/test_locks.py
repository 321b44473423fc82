"""What is installed is pinned by content, and names no registry: each machine has its own."""

import json
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = sorted(ROOT.glob("requirements*.lock"))


def test_every_lock_file_is_found() -> None:
    assert [lock.name for lock in LOCKS] == [
        "requirements-dev.lock",
        "requirements-node.lock",
        "requirements-uv.lock",
        "requirements.lock",
    ]


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_a_lock_file_pins_every_package_by_hash_and_names_no_address(lock: Path) -> None:
    text = lock.read_text("utf-8")
    pins = re.findall(r"^[a-z0-9][a-z0-9._-]*==[^\n]+", text, re.MULTILINE)
    assert pins
    assert all(pin.endswith("\\") for pin in pins)
    assert "://" not in text
    assert "--index" not in text


def test_the_two_environments_pin_the_same_versions() -> None:
    run, develop = (_pins(ROOT / name) for name in ("requirements.lock", "requirements-dev.lock"))
    assert {name: version for name, version in develop.items() if name in run} == run


def test_the_locks_hold_every_dependency_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    wanted = {_name(dependency) for dependency in project["dependencies"]}
    assert wanted <= _pins(ROOT / "requirements.lock").keys()


def test_every_dependency_has_its_line_in_the_docs() -> None:
    document = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    groups = document["dependency-groups"].values()
    wanted = [
        *document["project"]["dependencies"],
        *(d for group in groups for d in group if isinstance(d, str)),
    ]
    text = (ROOT / "docs" / "dependencies.md").read_text("utf-8")
    explained = {_name(first) for first in re.findall(r"^\| ([^ |]+) \|", text, re.MULTILINE)}
    assert {_name(requirement) for requirement in wanted} - explained == set()


def test_the_web_lock_file_names_no_registry() -> None:
    packages = json.loads((ROOT / "web" / "package-lock.json").read_text("utf-8"))["packages"]
    assert [name for name, package in packages.items() if "resolved" in package] == []
    # A package bundled in another is covered by that one's hash.
    own = {name: package for name, package in packages.items() if name and not package.get("inBundle")}
    assert [name for name, package in own.items() if "integrity" not in package] == []


def test_no_tracked_file_is_ignored_by_git() -> None:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--ignored", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert listed.stdout == ""


def _pins(lock: Path) -> dict[str, str]:
    found = re.findall(r"^([a-z0-9][a-z0-9._-]*)==([^\s;\\]+)", lock.read_text("utf-8"), re.MULTILINE)
    return dict(found)


def _name(requirement: str) -> str:
    return re.split(r"[<>=;\[ ]", requirement, maxsplit=1)[0].lower().replace(".", "-").replace("_", "-")
