"""Which headers somebody may give a request: asked when a definition is checked, and again when it is sent.

Data and rules only; what a header means is for the server. Must not know where a value came from: some are credentials.
"""

import re

TOKEN = re.compile(r"^[!#$%&'*+.^_`|~0-9A-Za-z-]+$")
OURS = {
    "host", "content-length", "transfer-encoding", "connection", "keep-alive", "upgrade", "te", "trailer",
    "proxy-authorization", "proxy-connection", "expect", "accept-encoding",
}  # fmt: skip


def name_problem(name: str, /) -> str | None:
    """Why a request cannot have a header of that name, in words."""
    lowered = name.strip().lower()
    if not TOKEN.match(lowered):
        return f"{name[:80]!r} is no header name."
    return f"The header {name} is set by Cuework itself." if lowered in OURS else None


def value_problem(name: str, value: str, /) -> str | None:
    """Why the header of that name cannot have the value, in words without it."""
    if any((ord(sign) < 32 and sign != "\t") or ord(sign) == 127 for sign in value.strip()):
        return f"The header {name} has a line break or another control character in its value."
    return None
