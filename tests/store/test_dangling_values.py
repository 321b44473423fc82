"""A step that writes a reference to what is not there fails, and the input that led to it is no input's fault."""

from uuid import UUID

import pytest

from cuework.base.ids import new_id
from cuework.testing.office import Office

SET = """
name: Set
trigger: {{type: {kind}.created}}
steps:
  - {{id: it, type: {step}}}
"""


@pytest.mark.parametrize(
    ("kind", "step", "code"),
    [
        ("contact", 'contact.update, values: {company_id: "{{ contact.source }}"}', "no_record"),
        ("contact", 'contact.update, values: {owner_id: "{{ contact.source }}"}', "invalid_value"),
        ("contact", 'deal.create, name: A, values: {contact_id: "{{ contact.source }}"}', "no_record"),
        ("contact", 'contact.upsert, email: a@b.example, values: {company_id: "{{ contact.source }}"}', "no_record"),
        ("task", 'task.update, values: {deal_id: "{{ task.title }}"}', "no_record"),
        ("task", 'task.update, values: {team_id: "{{ task.title }}"}', "no_team"),
    ],
)
async def test_a_reference_to_nothing_fails_the_step(office: Office, kind: str, step: str, code: str) -> None:
    text = SET.format(kind=kind, step=step)
    if kind == "task":
        text = text.replace("task.created", "task.completed")
    await office.publish(text)
    nobody = str(new_id())
    if kind == "task":
        task = await office.create("task", {"title": nobody}, quiet=True)
        await office.change("task", task, status="done")
    else:
        await office.contact(first_name="Ada", source=nobody)
    await office.work()
    assert await office.value("select count(*) from quarantine where tenant_id = $1") == 0
    assert await office.value("select detail -> 'error' ->> 'code' from steps where tenant_id = $1") == code
    assert await office.verdict() == {}


async def test_a_reference_to_what_was_deleted_is_one_to_nothing(office: Office) -> None:
    await office.publish(
        SET.format(kind="contact", step='contact.update, values: {company_id: "{{ contact.source }}"}')
    )
    company: UUID = await office.create("company", {"name": "Acme"}, quiet=True)
    await office.contact(first_name="Ada", source=str(company))
    await office.work()
    assert await office.value("select company_id from contacts where tenant_id = $1") == company
    await office.rows("update companies set deleted_at = now() where tenant_id = $1 returning id")
    await office.contact(first_name="Ben", source=str(company))
    await office.work()
    query = "select count(*) from contacts where tenant_id = $1 and company_id is not null"
    assert await office.value(query) == 1


async def test_nobody_who_has_left_is_assigned_anything(office: Office) -> None:
    await office.publish(SET.format(kind="contact", step='contact.update, values: {owner_id: "{{ contact.source }}"}'))
    ada = office.users["ada"]
    left = "update users set deactivated_at = now() where tenant_id = $1 and id = $2 returning id"
    await office.rows(left, ada)
    await office.rows("update tenants set catalog_epoch = catalog_epoch + 1 where tenant_id = $1 returning slug")
    await office.contact(first_name="Ada", source=str(ada))
    await office.work()
    assert await office.value("select detail -> 'error' ->> 'code' from steps where tenant_id = $1") == "user_inactive"
