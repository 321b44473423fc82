"""One small tenant that tests share: a few people, two teams, a pipeline, a form, a hook and two connections.

Ana and Ben are in sales, Cem and Dee are closers; Eve has left and is deactivated but still on the sales list.
"""

from decimal import Decimal
from uuid import UUID

from cuework.engine.catalog import Catalog, Connection, CustomField, Form, Pipeline, Stage, Team, User


def numbered(number: int) -> UUID:
    """An id that is easy to read in a failing test."""
    return UUID(f"0190a000-0000-7000-8000-{number:012d}")


ANA = User(numbered(1), "ana@example.com", "Ana", "manager", "Europe/Berlin")
BEN = User(numbered(2), "ben@example.com", "Ben")
CEM = User(numbered(3), "cem@example.com", "Cem")
DEE = User(numbered(4), "dee@example.com", "Dee")
EVE = User(numbered(5), "eve@example.com", "Eve", active=False)

SALES = Team(numbered(11), "sales", "Sales", (ANA.id, BEN.id, EVE.id))
CLOSERS = Team(numbered(12), "closers", "Closers", (CEM.id, DEE.id))
GHOSTS = Team(numbered(13), "ghosts", "Ghosts", (EVE.id,))

LEAD = Stage(numbered(21), "lead", "Lead")
OFFER = Stage(numbered(22), "offer", "Offer")
SIGNED = Stage(numbered(23), "signed", "Signed")
NEW_BUSINESS = Pipeline(numbered(20), "new-business", "New business", (LEAD, OFFER, SIGNED), is_default=True)
NOTICE = Stage(numbered(31), "notice", "Notice")
RENEWED = Stage(numbered(32), "renewed", "Renewed")
RENEWALS = Pipeline(numbered(30), "renewals", "Renewals", (NOTICE, RENEWED))

CONTACT_FORM = Form(
    numbered(40),
    "contact",
    "Contact us",
    ({"key": "email", "label": "Email", "type": "email"}, {"key": "message", "label": "Message", "type": "text"}),
)
MAIL = Connection(
    numbered(51), "mail", "Company mail", "smtp", {"host": "mail.example.com", "from_email": "hello@example.com"}
)
BILLING = Connection(numbered(52), "billing", "Billing", "http", {"base_url": "https://billing.example.com/api"})

CATALOG = Catalog(
    tenant_id=numbered(99),
    slug="acme",
    name="Acme",
    epoch=1,
    currency="EUR",
    timezone="Europe/Berlin",
    rates={"USD": Decimal("0.90")},
    custom_fields={
        "contact": {
            "plan": CustomField("plan", "Plan", "choice", ("free", "team", "business")),
            "birthday": CustomField("birthday", "Birthday", "date"),
            "seats": CustomField("seats", "Seats", "number"),
        },
        "deal": {"renewal": CustomField("renewal", "Renewal", "date")},
    },
    pipelines=(NEW_BUSINESS, RENEWALS),
    lifecycle_stages=("subscriber", "lead", "customer", "evangelist"),
    users=(ANA, BEN, CEM, DEE, EVE),
    teams=(SALES, CLOSERS, GHOSTS),
    forms=(CONTACT_FORM,),
    hooks=("orders",),
    connections=(MAIL, BILLING),
)
