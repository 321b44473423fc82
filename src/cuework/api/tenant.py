"""/tenant: the account's own settings."""

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Response
from pydantic import Field, model_validator

from cuework.api.models import Answer, Body, Changes, Instant, Name
from cuework.api.revisions import IfMatch, show_revision
from cuework.api.roles import Role
from cuework.api.routing import Router, Tx, Who
from cuework.api.users import Zone
from cuework.base.patterns import CLOCK_OR_END, CURRENCY
from cuework.crm import preferences

ROLES = {"get_tenant": Role.VIEWER, "change_tenant": Role.ADMIN}
router = Router("tenant")

Currency = Annotated[str, Field(pattern=CURRENCY, description="ISO 4217")]
Clock = Annotated[str, Field(pattern=CLOCK_OR_END, description="HH:MM")]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
Rate = Annotated[Decimal, Field(gt=0, lt=1_000_000_000, max_digits=20)]


class Span(Body):
    """From one time of the day until a later one."""

    start: Clock
    end: Clock

    @model_validator(mode="after")
    def _in_order(self) -> "Span":
        if self.start >= self.end:
            raise ValueError("end must be later than start")
        return self


class Tenant(Answer):
    """The account and its settings. `exchange_rates` tell what one unit costs in the account's currency."""

    id: UUID
    slug: str
    name: str
    currency: str
    timezone: str
    business_hours: dict[Weekday, list[Span]]
    holidays: list[date]
    exchange_rates: dict[str, str]
    revision: int
    created_at: Instant
    updated_at: Instant


class TenantChanges(Changes):
    """What may change."""

    name: Name = ""
    currency: Currency = "USD"
    timezone: Zone = "UTC"
    business_hours: dict[Weekday, Annotated[list[Span], Field(max_length=10)]] = Field(default_factory=dict)
    holidays: Annotated[list[date], Field(max_length=1_000)] = Field(default_factory=list)
    exchange_rates: Annotated[dict[Currency, Rate], Field(max_length=300)] = Field(default_factory=dict)


@router.get("/tenant")
async def get_tenant(response: Response, tx: Tx, who: Who) -> Tenant:
    """The account and its settings."""
    return _shown(response, await preferences.read_tenant(tx, who.tenant_id))


@router.patch("/tenant")
async def change_tenant(response: Response, tx: Tx, who: Who, body: TenantChanges, expected: IfMatch) -> Tenant:
    """The account has these settings."""
    changes = body.model_dump(mode="json", exclude_unset=True)
    return _shown(response, await preferences.change_tenant(tx, who, changes, expected=expected))


def _shown(response: Response, row: dict[str, Any]) -> Tenant:
    show_revision(response, row["revision"])
    rates = {currency: str(rate) for currency, rate in row["exchange_rates"].items()}
    return Tenant.model_validate(row | {"exchange_rates": rates})
