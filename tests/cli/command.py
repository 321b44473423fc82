"""The command line as its tests call it: a process of its own."""

import os
import subprocess
import sys


def cuework(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    """What the command printed, and its exit code."""
    return subprocess.run(
        [sys.executable, "-m", "cuework", *arguments],
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
        env=os.environ | environment,
    )
