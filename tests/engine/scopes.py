"""A small named world for conditions and templates: Ada, her company and her deal, as a scope."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from cuework.engine.catalog import Catalog, CustomField, Pipeline, Stage, User
from cuework.engine.money import Money

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
ANA = User(UUID(int=11), "ana@example.com", "Ana")
BEN = User(UUID(int=12), "ben@example.com", "Ben")
CUSTOM = {
    "plan": CustomField("plan", "Plan", "choice", ("basic", "pro")),
    "likes": CustomField("likes", "Likes", "multi_choice", ("tea", "coffee", "cake")),
    "budget": CustomField("budget", "Budget", "money"),
    "birthday": CustomField("birthday", "Birthday", "date"),
    "met_at": CustomField("met_at", "Met", "date_time"),
    "seats": CustomField("seats", "Seats", "number"),
    "notes": CustomField("notes", "Notes", "long_text"),
    "coach": CustomField("coach", "Coach", "user"),
    "vip": CustomField("vip", "VIP", "boolean"),
    "site": CustomField("site", "Site", "url"),
}
CATALOG = Catalog(
    UUID(int=1),
    currency="EUR",
    timezone="Europe/Berlin",
    rates={"USD": Decimal("0.9")},
    lifecycle_stages=("lead", "customer"),
    users=(ANA, BEN),
    pipelines=(
        Pipeline(
            UUID(int=20), "sales", "Sales", (Stage(UUID(int=21), "new", "New"), Stage(UUID(int=22), "won", "Won")), True
        ),
    ),
    custom_fields={"contact": CUSTOM},
)


def contact(**values: Any) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": UUID(int=100),
        "first_name": "Ada",
        "last_name": None,
        "email": "Ada@Example.com",
        "lead_score": 42,
        "tags": ["VIP", "new"],
        "owner_id": ANA.id,
        "lifecycle_stage": "lead",
        "email_consent": "unknown",
        "created_at": datetime(2026, 3, 1, 9, 0, tzinfo=UTC),
        "custom": {},
    }
    return row | values


def deal(**values: Any) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": UUID(int=200),
        "name": "Engines",
        "value": Money(120000, "EUR"),
        "pipeline": "sales",
        "stage": "new",
        "stage_id": UUID(int=21),
        "status": "open",
        "closed_at": None,
        "custom": {},
    }
    return row | values


@dataclass
class World:
    """A scope made of plain mappings."""

    roots: Mapping[str, Any] = field(default_factory=dict[str, Any])
    changes: Mapping[tuple[str, str], tuple[Any, Any]] = field(default_factory=dict[tuple[str, str], tuple[Any, Any]])
    now: datetime = NOW
    catalog: Catalog = CATALOG

    def root(self, name: str) -> Mapping[str, Any] | None:
        return self.roots.get(name)

    def change(self, root: str, field: str) -> tuple[Any, Any] | None:
        return self.changes.get((root, field))
