"""Emails are one contact's, compared letter by letter as the index compares them, in every script."""

import pytest

from cuework.crm.bulk_write import Workflows, write_many
from cuework.crm.catalog import load_catalog
from cuework.crm.submit_form import Submission, submit_form
from cuework.crm.write import writer
from cuework.db.tenancy import tenant_transaction
from cuework.testing.office import Office

# Python's `lower` and PostgreSQL's disagree on the second of each.
SAME = [("i@example.com", "İ@example.com"), ("ασ@example.gr", "ΑΣ@example.gr")]
ASKS = {"key": "email", "type": "email", "label": "Email", "required": True, "maps_to": "email"}


@pytest.mark.parametrize(("taken", "sent"), SAME)
async def test_an_email_that_another_contact_has_fails_alone(office: Office, taken: str, sent: str) -> None:
    await office.contact(email=taken)
    async with tenant_transaction(office.pool, office.tenant_id) as connection:
        by = writer(connection, await load_catalog(connection, office.tenant_id), office.actor)
        batch = await write_many(by, "contact", [{"email": sent}, {"email": "b@example.com"}], [], Workflows.BULK)
    assert [item.status for item in batch.items] == ["failed", "created"]


@pytest.mark.parametrize(("taken", "sent"), SAME)
async def test_one_email_twice_in_a_batch_is_taken_once(office: Office, taken: str, sent: str) -> None:
    async with tenant_transaction(office.pool, office.tenant_id) as connection:
        by = writer(connection, await load_catalog(connection, office.tenant_id), office.actor)
        batch = await write_many(by, "contact", [{"email": taken}, {"email": sent}], [], Workflows.BULK)
    assert [item.status for item in batch.items] == ["created", "failed"]


@pytest.mark.parametrize(("taken", "sent"), SAME)
async def test_a_form_finds_the_contact_of_the_email(office: Office, taken: str, sent: str) -> None:
    ada = await office.contact(email=taken)
    form = {"id": office.tenant_id, "key": "ask", "name": "Ask", "consent_version": 1, "fields": [ASKS]}
    async with tenant_transaction(office.pool, office.tenant_id) as connection:
        catalog = await load_catalog(connection, office.tenant_id)
        await submit_form(connection, catalog, form, Submission({"email": sent}))
    assert await office.rows("select id, email from contacts where tenant_id = $1") == [{"id": ada, "email": taken}]
