"""What a step was asked to do is read from the version that it ran on, and from the log only what templates gave."""

from typing import Any

from cuework.base import json
from cuework.db.tenancy import tenant_transaction
from cuework.testing.office import Office
from cuework.workflows import control, feed, timeline
from cuework.workflows.executions import COLUMNS

FIRST = """
name: Scored
key: scored
trigger: {type: contact.created}
steps:
  - {id: score, type: contact.add_score, points: 5}
  - {id: tag, type: contact.add_tag, tag: "from-{{ contact.source }}"}
  - {id: fails, type: activity.log, text: "{{ contact.job_title }}", on_error: stop}
"""
SECOND = FIRST.replace("points: 5", "points: 50").replace("{{ contact.job_title }}", "Done")
CALL = """
name: Call
trigger: {type: contact.created}
steps:
  - id: call
    type: http.request
    url: "https://example.com/"
    headers: {Authorization: "Bearer canary", X-Who: "{{ contact.first_name }} canary"}
"""


async def test_constants_are_read_from_the_version_and_only_rendered_texts_are_stored(office: Office) -> None:
    await office.publish(FIRST)
    await office.contact(first_name="Ada", source="fair")
    await office.work()
    assert await _inputs(office) == [{"points": 5}, {"tag": "from-fair"}, {"text": ""}]
    stored = await office.rows("select detail -> 'input' as input from steps where tenant_id = $1 order by seq")
    assert [row["input"] for row in stored] == [None, {"tag": "from-fair"}, {"text": ""}]


async def test_a_step_that_ran_on_an_earlier_version_tells_what_that_one_said(office: Office) -> None:
    workflow = await office.publish(FIRST)
    await office.contact(first_name="Ada", source="fair")
    await office.work()
    await office.publish_again(workflow, SECOND)
    identity = await office.value("select id from executions where tenant_id = $1")
    async with tenant_transaction(office.pool, office.tenant_id) as connection:
        await control.retry(connection, office.actor, identity, latest=True)
    await office.work()
    assert await office.value("select version from executions where tenant_id = $1") == 2
    told = [{"points": 5}, {"tag": "from-fair"}, {"text": ""}, {"text": "Done"}]
    assert await _inputs(office) == told
    assert await _fed(office) == told
    assert await office.verdict() == {}


async def test_headers_are_never_shown_whether_they_are_constants_or_templates(office: Office) -> None:
    await office.publish(CALL)
    await office.contact(first_name="Ada")
    await office.work()
    assert await _inputs(office) == [{"method": "POST", "url": "https://example.com/"}]
    identity = await office.value("select id from executions where tenant_id = $1")
    async with tenant_transaction(office.pool, office.tenant_id) as connection:
        shown = await timeline.read(connection, office.tenant_id, identity, office.types)
    assert "canary" not in json.dumps_text(shown)


async def _inputs(office: Office) -> list[Any]:
    identity = await office.value("select id from executions where tenant_id = $1")
    async with tenant_transaction(office.pool, office.tenant_id) as connection:
        shown = await timeline.read(connection, office.tenant_id, identity, office.types)
    return [step["input"] for step in shown["steps"]]


async def _fed(office: Office) -> list[Any]:
    query = f"select {COLUMNS} from executions e where e.tenant_id = $1"
    rows = await office.rows(query)
    async with tenant_transaction(office.pool, office.tenant_id) as connection:
        news = await feed.news_of(connection, office.tenant_id, rows)
    return [each.row["input"] for each in news if each.kind == "step"]
