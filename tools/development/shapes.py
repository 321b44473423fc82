"""The web client's types of the API, made from the OpenAPI document: written, or compared with what is there."""

import subprocess
from pathlib import Path

from development import environment, web
from development.shell import ROOT, Failed, say

WRITTEN = web.WEB / "src" / "api" / "schema.ts"

_GENERATOR = web.WEB / "types.js"


def write() -> None:
    """The file has the types of the document as it is now."""
    types = make()
    if WRITTEN.exists() and WRITTEN.read_text("utf-8") == types:
        say(f"{WRITTEN.relative_to(ROOT)} is what the API's document says.")
        return
    WRITTEN.write_text(types, "utf-8")
    say(f"{WRITTEN.relative_to(ROOT)} is written anew; commit it with what changed the API.")


def check(written: Path = WRITTEN) -> None:
    """Nothing has happened. Errors: Failed with the command to type if the file is not what would be written."""
    if not written.exists() or written.read_text("utf-8") != make():
        raise Failed(
            "The web client's types are not what the API's document says: "
            f"{WRITTEN.relative_to(ROOT)} is out of date. Type: ./dev web types"
        )


def make() -> str:
    """The types. Errors: Failed with what the programs said."""
    document = _output_of([environment.VENV / "bin" / "cuework", "openapi"])
    return _output_of([web.node(), _GENERATOR], document).decode()


def _output_of(command: list[Path | str], given: bytes = b"") -> bytes:
    done = subprocess.run([str(word) for word in command], input=given, capture_output=True, cwd=web.WEB, check=False)
    if done.returncode != 0:
        raise Failed(f"{Path(command[-1]).name} failed:\n{done.stderr.decode(errors='replace').strip()}")
    return done.stdout
