"""The package as people install it: a wheel with the web files inside, started with `cuework serve`."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from zipfile import ZipFile

import httpx
import pytest

from cuework.testing.waiting import until_blocking

ROOT = Path(__file__).resolve().parents[2]


def uv() -> str:
    private = ROOT / ".dev" / "uv" / "bin" / "uv"
    found = os.environ.get("CUEWORK_UV") or shutil.which("uv") or (str(private) if private.exists() else None)
    assert found, "uv builds the wheel; ./dev test brings it"
    return found


def call(*command: str | Path) -> None:
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def outside(data: Path) -> dict[str, str]:
    """The environment of somebody who has nothing of ours but the wheel."""
    return {name: value for name, value in os.environ.items() if not name.startswith(("CUEWORK_", "PYTHON"))} | {
        "HOME": str(data)
    }


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    assert (ROOT / "src" / "cuework" / "static" / "index.html").exists(), "./dev web builds the web application"
    target = tmp_path_factory.mktemp("wheel")
    call(uv(), "build", "--wheel", "--no-build-isolation", "--python", sys.executable, "-o", target, ROOT)
    (built,) = target.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An environment of its own that holds the wheel and what it needs."""
    place = tmp_path_factory.mktemp("installed") / "venv"
    python = place / "bin" / "python"
    call(uv(), "venv", "--python", sys.executable, place)
    call(uv(), "pip", "sync", "--python", python, "--require-hashes", ROOT / "requirements.lock")
    call(uv(), "pip", "install", "--python", python, "--no-deps", wheel)
    return place


@pytest.fixture
def server(installed: Path, tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with (tmp_path / "serve.log").open("w") as log:
        process = subprocess.Popen(
            [installed / "bin" / "cuework", "serve", "--port", str(port), "--data", tmp_path / "data", "--no-demo"],
            cwd=tmp_path,
            env=outside(tmp_path),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            text=True,
        )
    try:
        yield process, f"http://127.0.0.1:{port}"
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def await_health(process: subprocess.Popen[str], address: str, log: Path) -> httpx.Response:
    def answer() -> httpx.Response | None:
        assert process.poll() is None, "cuework serve has ended"
        try:
            return httpx.get(f"{address}/healthz")
        except httpx.TransportError:
            return None

    try:
        found = until_blocking("cuework serve answers", answer, within_s=150)
    except AssertionError:
        print(log.read_text())
        raise
    assert found is not None
    return found


def test_the_wheel_holds_the_web_files_the_migrations_and_the_licence(wheel: Path) -> None:
    names = ZipFile(wheel).namelist()
    assert "cuework/static/index.html" in names
    assert any(name.startswith("cuework/static/assets/") and name.endswith(".js") for name in names)
    assert "cuework/db/migrations/sql/0001_foundation.sql" in names
    assert "cuework/py.typed" in names
    assert any(name.endswith("licenses/LICENSE") for name in names)


def test_the_wheel_holds_nothing_but_the_package(wheel: Path) -> None:
    names = ZipFile(wheel).namelist()
    assert {name.split("/")[0].partition("-")[0] for name in names} == {"cuework"}
    assert [name for name in names if name.endswith((".pyc", ".map", ".stamp"))] == []


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_installed_package_serves_the_application_and_stops_cleanly(
    server: tuple[subprocess.Popen[str], str], tmp_path: Path
) -> None:
    process, address = server
    assert await_health(process, address, tmp_path / "serve.log").status_code == 200
    page = httpx.get(f"{address}/")
    assert page.status_code == 200
    assert "<script" in page.text
    process.send_signal(signal.SIGINT)
    assert process.wait(30) == 0, (tmp_path / "serve.log").read_text()
