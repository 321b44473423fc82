"""What conditions and templates read: named roots, the time, the tenant's catalogue, and what just changed.

A protocol only. Whoever has records in hand gives them out through it; nothing here loads anything.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from cuework.engine.catalog import Catalog


class Scope(Protocol):
    """The world as one condition or template sees it, at one instant."""

    @property
    def now(self) -> datetime:
        """The instant that counts as now, aware."""
        ...

    @property
    def catalog(self) -> Catalog:
        """The tenant's set-up."""
        ...

    def root(self, name: str) -> Mapping[str, Any] | None:
        """The row or mapping that paths beginning with the name read; None if there is none."""
        ...

    def change(self, root: str, field: str) -> tuple[Any, Any] | None:
        """What the event in hand changed about a field as (old, new); None if it did not change it."""
        ...
