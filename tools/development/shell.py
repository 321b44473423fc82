"""Saying what happens, running programs, and remembering what has been done. Knows nothing about the project
but where it is."""

import fcntl
import hashlib
import os
import shlex
import subprocess
import sys
from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRIVATE = ROOT / ".dev"


class Failed(Exception):
    """A step could not be done; the message says what to do."""


def say(text: str) -> None:
    """The line is on the terminal, in order with what programs print."""
    print(text, flush=True)


def run(command: Sequence[str | Path], *, environment: Mapping[str, str] | None = None, cwd: Path = ROOT) -> None:
    """The program has succeeded; its output went to the terminal. Errors: Failed with the command."""
    words = [str(word) for word in command]
    done = subprocess.run(words, cwd=cwd, env=dict(environment or os.environ), stdin=subprocess.DEVNULL, check=False)
    if done.returncode != 0:
        raise Failed(f"This failed with exit code {done.returncode}: {shlex.join(words)}")


def output_of(command: Sequence[str | Path], *, environment: Mapping[str, str] | None = None) -> str | None:
    """What the program printed, or None if it is not there or failed."""
    try:
        done = subprocess.run(
            [str(word) for word in command],
            env=dict(environment or os.environ),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None


def replace_by(command: Sequence[str | Path]) -> None:
    """This process has become the program, so that Ctrl-C and exit codes are its own."""
    sys.stdout.flush()
    os.execv(command[0], [str(word) for word in command])


def fingerprint(files: Iterable[Path], *more: str) -> str:
    """A text that changes when a file or one of the other texts does."""
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(f"{file.relative_to(ROOT)}\0".encode())
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    for text in more:
        digest.update(f"{text}\0".encode())
    return digest.hexdigest()


def stamp_of(path: Path) -> str:
    """What was written there last; empty if nothing."""
    return path.read_text("utf-8").strip() if path.exists() else ""


@contextmanager
def one_at_a_time() -> Generator[None]:
    """Two set-ups of one tree do not disturb each other: the second waits."""
    PRIVATE.mkdir(exist_ok=True)
    with (PRIVATE / "lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say("Waiting for another ./dev to finish its set-up ...")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
