"""The demo tenant: believable people and deals, a contact form, and the shipped workflows, published.

Installed on the first start of an empty installation. Everything goes through the product's own write path.
"""

from dataclasses import dataclass
from random import Random
from typing import Any
from uuid import UUID

from cuework.crm import write
from cuework.crm.actor import Actor, Role, system
from cuework.crm.catalog import load_catalog, touch
from cuework.crm.forms import create_form
from cuework.crm.people import NewUser, create_user
from cuework.crm.teams import create_team
from cuework.crm.tenants import NewTenant, create_tenant
from cuework.db.pool import Connection, Pool
from cuework.db.tenancy import tenant_transaction
from cuework.demo.people import COMPANIES, STAGES, TEAM, deal_name, domain_of, email_of, person
from cuework.nodes import discover
from cuework.workflows import drafts
from cuework.workflows.examples import shipped
from cuework.workflows.publish import publish

SLUG = "demo"
_MAIL = {
    "host": "localhost",
    "port": 587,
    "security": "starttls",
    "from_email": "hello@demo.example",
    "from_name": "Cuework demo",
    "sandbox": True,
}
_FORM: dict[str, Any] = {
    "key": "contact",
    "name": "Contact us",
    "settings": {
        "title": "How can we help?",
        "intro": "Tell us what you are looking for. Somebody from our team answers within one working day.",
        "button": "Send message",
        "thank_you": "Thank you. Your message has arrived, and we will be in touch soon.",
    },
    "fields": [
        {"key": "first_name", "label": "First name", "type": "text", "required": True, "maps_to": "first_name"},
        {"key": "last_name", "label": "Last name", "type": "text", "maps_to": "last_name"},
        {"key": "email", "label": "Email", "type": "email", "required": True, "maps_to": "email"},
        {
            "key": "topic",
            "label": "What is it about?",
            "type": "choice",
            "options": ["A question", "A quote", "Something else"],
        },
        {"key": "message", "label": "Your message", "type": "long_text", "required": True},
        {
            "key": "news",
            "label": "Keep me posted",
            "type": "consent",
            "text": "Yes, send me news and offers by email. I can unsubscribe at any time.",
        },
    ],
}


@dataclass(frozen=True, slots=True)
class SignIn:
    """How the demo's owner signs in; the password is known only now."""

    email: str
    password: str


async def install(pool: Pool) -> SignIn:
    """The demo tenant exists, with its workflows published. Errors: Conflict if it is there already."""
    tenant_id = await create_tenant(pool, NewTenant("Cuework demo", SLUG, currency="EUR", timezone="Europe/Berlin"))
    try:
        async with tenant_transaction(pool, tenant_id) as connection:
            return await _furnish(connection, system(tenant_id))
    except BaseException:  # the next start must find no tenant, so that it tries again and tells the sign-in
        await pool.execute("delete from tenant_directory where tenant_id = $1", tenant_id)
        raise


async def _furnish(connection: Connection, actor: Actor) -> SignIn:
    sign_in, users = await _people(connection, actor)
    await create_form(connection, actor, _FORM)
    await _mail(connection, actor.tenant_id)
    await touch(connection, actor.tenant_id)
    await _records(connection, actor, users)
    await _workflows(connection, actor, owner=users[1])
    return sign_in


async def _people(connection: Connection, actor: Actor) -> tuple[SignIn, list[UUID]]:
    owner: SignIn | None = None
    teams: dict[str, list[UUID]] = {"sales": [], "closers": []}
    users: list[UUID] = []
    for name, role, memberships in TEAM:
        email = email_of(name, "demo.example") if role != "owner" else "owner@demo.example"
        row, password = await create_user(connection, actor, NewUser(email, name, Role.named(role)))
        users.append(row["id"])
        for team in memberships:
            teams[team].append(row["id"])
        if role == "owner":
            owner = SignIn(email, password or "")
            teams["sales"].append(row["id"])  # so that whoever looks at the demo sees its tasks
    for key, members in teams.items():
        await create_team(connection, actor, {"key": key, "name": key.title()}, members)
    assert owner is not None
    return owner, users


async def _mail(connection: Connection, tenant_id: UUID) -> None:
    """An email connection in sandbox mode: messages can be read here and leave nobody's machine."""
    await connection.execute(
        "insert into connections (tenant_id, id, key, name, type, config) values ($1, $2, 'mail', $3, 'smtp', $4)",
        tenant_id,
        await connection.fetchval("select cw_uuid_floor(clock_timestamp())"),
        "Demo mail (sandbox)",
        _MAIL,
    )


async def _records(connection: Connection, actor: Actor, users: list[UUID]) -> None:
    """Companies, contacts and deals that were there before any workflow."""
    chance = Random(20_260_301)  # noqa: S311 - believable, not secret
    by = write.writer(connection, await load_catalog(connection, actor.tenant_id), actor)
    stages = by.catalog.pipelines[0].stages
    for company in COMPANIES:
        values: dict[str, Any] = {"name": company, "domain": domain_of(company), "owner_id": chance.choice(users[:5])}
        row = await write.create(by, "company", values)
        for _ in range(chance.randint(1, 4)):
            contact = person(chance, company) | {"company_id": row["id"], "owner_id": chance.choice(users[:5])}
            contact |= {"lifecycle_stage": chance.choice(STAGES), "lead_score": chance.randrange(0, 60, 5)}
            made = await write.create(by, "contact", contact)
            if chance.random() < 0.5:
                deal = {"name": deal_name(chance, company), "contact_id": made["id"], "company_id": row["id"]}
                deal["value"] = {"amount": str(chance.randrange(5, 400) * 50), "currency": "EUR"}
                deal |= {"stage_id": chance.choice(stages).id, "owner_id": contact["owner_id"]}
                await write.create(by, "deal", deal)


async def _workflows(connection: Connection, actor: Actor, *, owner: UUID) -> None:
    types, catalog = discover(), await load_catalog(connection, actor.tenant_id)
    for example in shipped():
        draft = drafts.Draft(example.definition, example.yaml, owner)
        workflow_id = await drafts.create(connection, actor, draft, key=example.key)
        await publish(connection, actor, workflow_id, types, catalog, note="Shipped with the demo")
