"""Requests at the same time: one contact per email, whoever comes, and nobody gets a 5xx for it."""

import asyncio
from typing import Any

from cuework.db import tenancy
from cuework.testing.application import World


async def stored(world: World, query: str) -> list[Any]:
    async with tenancy.tenant_transaction(world.app.pool, world.tenant_id) as connection:
        return await connection.fetch(query)


async def test_batches_with_the_same_emails_in_other_orders_make_each_contact_once(acme: World) -> None:
    emails = [f"p{n}@example.com" for n in range(200)]
    turned = [emails[n:] + emails[:n] for n in range(0, 200, 50)]
    orders = [*turned, *(order[::-1] for order in turned)]
    bodies = [{"create": [{"email": email} for email in order]} for order in orders]
    answers = await asyncio.gather(*(acme.member.post("/contacts/bulk", json=body) for body in bodies))
    assert [answer.status_code for answer in answers] == [200] * len(orders)
    assert sum(answer.json()["created"] for answer in answers) == 200
    assert len(await stored(acme, "select from contacts")) == 200
    assert len(await stored(acme, "select from events")) == 200


async def test_submissions_of_a_new_email_at_once_make_one_contact(acme: World) -> None:
    fields = [{"key": "email", "label": "Email", "type": "email"}, {"key": "city", "label": "City"}]
    form = (await acme.manager.post("/forms", json={"name": "F", "fields": fields})).json()
    async with acme.app.client() as anybody:
        answers = await asyncio.gather(
            *(
                anybody.post(f"/forms/{form['id']}/submit", json={"email": "ada@example.com", "city": f"C{n}"})
                for n in range(6)
            )
        )
    assert [answer.status_code for answer in answers] == [201] * 6
    assert len(await stored(acme, "select from contacts")) == 1
    assert len(await stored(acme, "select from form_submissions")) == 6
    assert len(await stored(acme, "select from events where type = 'form.submitted'")) == 6
    assert len(await stored(acme, "select from events where type = 'contact.created'")) == 1


async def test_one_idempotency_key_used_at_once_makes_one_contact(acme: World) -> None:
    key = {"Idempotency-Key": "once"}
    answers = await asyncio.gather(
        *(acme.member.post("/contacts", json={"email": "ada@example.com"}, headers=key) for _ in range(5))
    )
    assert {answer.status_code for answer in answers} <= {201, 409}
    assert len(await stored(acme, "select from contacts")) == 1
