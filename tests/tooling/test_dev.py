"""`./dev`, as far as it can be tried without installing anything."""

import os
import subprocess
from pathlib import Path

import pytest

from development import environment, shapes, shell, web

ROOT = Path(__file__).resolve().parents[2]


def dev(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([ROOT / "dev", *arguments], capture_output=True, text=True, check=False)


def test_help_names_every_command() -> None:
    shown = dev("--help")
    assert shown.returncode == 0
    assert all(f"./dev {name}" in shown.stdout for name in ("run", "test", "check", "bench", "cuework", "web", "lock"))


@pytest.mark.parametrize(
    "arguments", [(), ("nonsense",), ("check", "too much"), ("web", "shapes"), ("lock", "--everything")]
)
def test_wrong_usage_exits_with_2_and_shows_the_commands(arguments: tuple[str, ...]) -> None:
    shown = dev(*arguments)
    assert shown.returncode == 2
    assert "./dev run" in shown.stdout + shown.stderr


def test_ci_runs_what_everybody_runs() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert script.read_text("utf-8").rstrip().endswith("./dev test")


@pytest.mark.parametrize(
    ("version", "accepted"),
    [
        ("v18.20.0", False),
        ("v20.18.3", False),
        ("v20.19.0", True),
        ("v21.7.0", False),
        ("v22.11.0", False),
        ("v22.12.0", True),
        ("v24.0.1", True),
        ("", False),
        ("no version", False),
    ],
)
def test_only_a_node_that_vite_accepts_is_used(version: str, accepted: bool) -> None:
    assert web._vite_accepts(version) is accepted


def test_a_fingerprint_changes_with_name_content_and_text() -> None:
    files = [ROOT / "requirements.lock", ROOT / "requirements-uv.lock"]
    same = shell.fingerprint(reversed(files), "3.11")
    assert shell.fingerprint(files, "3.11") == same
    assert shell.fingerprint(files, "3.12") != same
    assert shell.fingerprint(files[:1], "3.11") != same


def test_installed_packages_are_not_sources_of_the_web_application() -> None:
    parts = {part for file in web._sources() for part in file.relative_to(web.WEB).parts}
    assert "package.json" in parts
    assert "node_modules" not in parts


def test_an_environment_for_development_is_good_enough_to_run() -> None:
    assert environment.TO_DEVELOP in environment._CONTAINED_IN[environment.TO_RUN]
    assert environment.TO_RUN not in environment._CONTAINED_IN[environment.TO_DEVELOP]


def test_types_of_the_api_that_are_out_of_date_are_told_with_the_command_to_type(tmp_path: Path) -> None:
    written = tmp_path / "schema.ts"
    with pytest.raises(shell.Failed, match=r"Type: \./dev web types$"):
        shapes.check(written)
    # That the project's own are right is a check of its own: making them takes seconds.
    written.write_text(shapes.WRITTEN.read_text("utf-8").replace("string", "number", 1), "utf-8")
    with pytest.raises(shell.Failed, match=r"Type: \./dev web types$"):
        shapes.check(written)
