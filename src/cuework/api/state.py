"""What all requests of one serving process share.

The app room makes it; handlers reach it with `state_of(request)`. It holds no tenant's data.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast
from uuid import UUID

from starlette.requests import HTTPConnection

from cuework.base.errors import Unavailable
from cuework.base.settings import Settings
from cuework.channels.registry import Channels
from cuework.channels.secrets import Keyring
from cuework.crm.actor import Role
from cuework.db.pool import Pool


def _silent(_tenant_id: UUID) -> None:
    """No bell: workers find the work by polling."""


@dataclass(slots=True)
class AppState:
    """The pool (as the application's role), the settings, the bell, the channels, and what others hang on.

    Shape: ring is called with the tenant after each commit of a request that may have written; it must return
    at once. extras is for parts composed there (a live stream, for example), by the part's name.
    """

    pool: Pool
    settings: Settings
    ring: Callable[[UUID], None] = _silent
    keyring: Keyring | None = None
    channels: Channels | None = None
    static: Path | None = None
    roles: dict[str, Role] = field(default_factory=dict[str, Role])
    extras: dict[str, Any] = field(default_factory=dict[str, Any])


def state_of(connection: HTTPConnection, /) -> AppState:
    """The state of the application that got the request."""
    return cast("AppState", connection.app.state.cuework)


def keyring_of(connection: HTTPConnection, /) -> Keyring:
    """The keys that seal credentials. Errors: Unavailable where this process has none."""
    keyring = state_of(connection).keyring
    if keyring is None:
        raise Unavailable("This server has no key for credentials. Set CUEWORK_SECRET_KEY or CUEWORK_DATA.")
    return keyring
