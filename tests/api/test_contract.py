"""The OpenAPI document says what the server answers: every operation of a tenant that has everything is held to it.

The check itself is the application's of these tests (see contract.py), so every other test here is held to it too.
"""

from collections.abc import Iterator
from typing import Any, cast

import httpx
import pytest
from tests.api.contract import CheckedApplication, Contract

from cuework.db import tenancy
from cuework.runtime.poison import quarantine as put_aside
from cuework.testing.application import World
from cuework.testing.passes import run_passes

PASSWORD = "correct horse battery"
STREAMED = {"stream_executions"}  # its own tests hold its messages to the document
DEFINITION: dict[str, Any] = {
    "name": "Everything",
    "trigger": {
        "type": "contact.created",
        "when": {"all": [{"field": "contact.lead_score", "op": "gte", "value": 0}]},
    },
    "steps": [
        {"id": "score", "type": "contact.add_score", "points": 10, "note": "It begins well."},
        {"id": "call", "type": "task.create", "title": "Call {{ contact.first_name }}"},
        {"id": "tell", "type": "notify.send", "to": {"user": "ada@acme.test"}, "text": "New"},
        {"id": "write", "type": "email.send", "connection": "post", "subject": "Hi", "body": "Hello"},
        {"id": "rest", "type": "flow.delay", "for": "2 days"},
    ],
}


async def made(client: httpx.AsyncClient, address: str, body: Any) -> dict[str, Any]:
    """What a POST answered, which went well."""
    answer = await client.post(address, json=body)
    assert answer.status_code < 300, f"{address}: {answer.text}"
    return answer.json()


async def well(client: httpx.AsyncClient, *requests: str, **options: Any) -> None:
    """Each request, as "METHOD /path", goes well."""
    for request in requests:
        method, _, address = request.partition(" ")
        answer = await client.request(method, address, **options)
        assert answer.status_code < 400, f"{request}: {answer.text}"


async def people_and_setup(world: World) -> None:
    user = (await made(world.admin, "/users", {"email": "ada@acme.test", "name": "Ada", "password": PASSWORD}))["id"]
    await well(world.admin, f"GET /users/{user}", "GET /users", f"DELETE /users/{user}", f"POST /users/{user}/restore")
    await well(world.admin, f"PATCH /users/{user}", json={"role": "manager"})
    await made(world.admin, "/users", {"email": "bob@acme.test", "name": "Bob"})
    team = (await made(world.admin, "/teams", {"key": "sales", "name": "Sales", "member_ids": [user]}))["id"]
    await well(world.admin, f"PATCH /teams/{team}", json={"name": "Sellers"})
    await well(world.admin, f"GET /teams/{team}", "GET /teams", f"DELETE /teams/{team}")
    pipeline = await made(
        world.admin, "/pipelines", {"key": "new", "name": "New", "stages": [{"key": "a", "name": "A"}]}
    )
    place = f"/pipelines/{pipeline['id']}"
    await well(world.admin, f"PATCH {place}", json={"name": "Newer"})
    await well(world.admin, f"GET {place}", "GET /pipelines", f"DELETE {place}")
    field = {"record_type": "contact", "key": "shoe", "name": "Shoe", "type": "choice", "options": ["big", "small"]}
    place = f"/custom-fields/{(await made(world.admin, '/custom-fields', field))['id']}"
    await well(world.admin, f"PATCH {place}", json={"name": "Shoes"})
    await well(world.admin, f"GET {place}", "GET /custom-fields", f"DELETE {place}")
    await made(world.admin, "/lifecycle-stages", {"key": "friend", "name": "Friend"})
    await well(world.admin, "PATCH /lifecycle-stages/friend", json={"name": "Good friend"})
    await well(world.admin, "GET /lifecycle-stages", "DELETE /lifecycle-stages/friend")
    await made(world.admin, "/tags", {"name": "fair", "color": "#00ff00"})
    await made(world.admin, "/tags", {"name": "show"})
    await well(world.admin, "PATCH /tags/fair", json={"name": "fairs"})
    await well(world.admin, "POST /tags/show/merge", json={"into": "fairs"})
    await well(world.admin, "GET /tags", "DELETE /tags/fairs")
    hours = {"monday": [{"start": "09:00", "end": "17:00"}]}
    changes = {"business_hours": hours, "holidays": ["2030-01-01"], "exchange_rates": {"EUR": "1.1"}}
    await well(world.admin, "PATCH /tenant", json=changes)
    key = (await made(world.admin, "/api-keys", {"name": "One"}))["id"]
    await well(world.admin, "GET /tenant", "GET /api-keys", f"DELETE /api-keys/{key}", "GET /audit")
    await well(world.viewer, "GET /me", "GET /node-types", "GET /node-types/schema", "GET /workflow-examples")


async def session(world: World) -> None:
    async with world.app.client() as browser:
        who = {"email": "ada@acme.test", "password": PASSWORD, "tenant": world.slug}
        browser.headers["X-CSRF-Token"] = (await made(browser, "/session", who))["csrf_token"]
        await well(browser, "GET /me")
        await well(browser, "PATCH /me", json={"timezone": "Europe/Berlin"})
        async with tenancy.tenant_transaction(world.app.pool, world.tenant_id) as connection:
            await connection.execute(
                """insert into notifications (tenant_id, id, user_id, text, created_at)
                select $1, gen_random_uuid(), id, 'News', now() from users where email = 'ada@acme.test'""",
                world.tenant_id,
            )
        [one] = (await browser.get("/notifications")).json()["items"]
        await well(browser, f"POST /notifications/{one['id']}/read", "POST /notifications/read-all", "DELETE /session")


async def connection(world: World) -> None:
    config = {"host": "mail.example.com", "from_email": "us@example.com", "sandbox": True}
    new = {"key": "post", "name": "Post", "type": "smtp", "config": config}
    place = f"/connections/{(await made(world.admin, '/connections', new))['id']}"
    await well(world.admin, f"PATCH {place}", json={"name": "The post"})
    await well(world.admin, f"GET {place}", "GET /connections", f"POST {place}/check")
    spare = await made(world.admin, "/connections", {**new, "key": "spare"})
    await well(world.admin, f"DELETE /connections/{spare['id']}")


async def records(world: World) -> str:
    """Each kind of record through all that can be done to it. The answer: the contact's id."""
    company = (await made(world.member, "/companies", {"name": "Analytical Engines", "domain": "engines.test"}))["id"]
    ada = (await made(world.member, "/contacts", {"first_name": "Ada", "email": "ada@example.com"}))["id"]
    deal = {"name": "Ten engines", "value": {"amount": "12.50", "currency": "EUR"}, "contact_id": ada}
    of_kind = {
        "contacts": (ada, {"company_id": company, "tags": ["fair"], "lead_score": 5}),
        "companies": (company, {"name": "Engines"}),
        "deals": ((await made(world.member, "/deals", deal))["id"], {"status": "won"}),
        "tasks": ((await made(world.member, "/tasks", {"title": "Call", "contact_id": ada}))["id"], {"status": "done"}),
    }
    await made(world.member, "/activities", {"record": {"type": "contact", "id": ada}, "text": "Nice"})
    for plural, (identity, changes) in of_kind.items():
        place = f"/{plural}/{identity}"
        await well(world.member, f"PATCH {place}", json=changes)
        await well(world.member, f"GET {place}", f"DELETE {place}", f"POST {place}/restore", f"GET {place}/timeline")
        await well(world.member, f"GET /{plural}")
        wrong = {"create": [{"nothing": 1}], "update": [{"id": identity, **changes}]}
        assert (await made(world.member, f"/{plural}/bulk", wrong))["failed"] == 1
    await well(world.viewer, "GET /activities", "GET /events", "GET /search?q=a", f"GET /contacts/{ada}/messages")
    return ada


async def hook_and_form(world: World) -> None:
    hook = await made(world.admin, "/hooks", {"key": "orders", "name": "Orders"})
    again = await made(world.admin, f"/hooks/{hook['id']}/rotate", {})
    signed = await made(world.admin, "/hooks", {"key": "signed", "name": "Signed"})
    await well(world.admin, f"PUT /hooks/{signed['id']}/signature", json={"kind": "standard"})
    fields = [
        {"key": "email", "label": "Email", "type": "email"},
        {"key": "news", "label": "News", "type": "consent", "text": "You may write to me."},
    ]
    form = await made(world.manager, "/forms", {"key": "us", "name": "Us", "fields": fields})
    place, page = f"/forms/{form['id']}", f"http://cuework.test/f/{world.slug}/us"
    async with world.app.client() as anybody:
        assert (await made(anybody, f"/hooks/{again['token']}", {"a": 1}))["status"] == "accepted"
        await made(anybody, f"{place}/submit", {"email": "bob@example.com", "news": True})
        await well(anybody, f"GET {page}", f"GET {page}/thanks")
        await well(anybody, f"POST {page}", data={"email": "eve@example.com"})
    await well(world.manager, f"PATCH {place}", json={"settings": {"title": "To us"}})
    await well(world.manager, f"GET {place}", "GET /forms", f"GET {place}/submissions", f"DELETE {place}")
    await well(world.admin, "GET /hooks", f"DELETE /hooks/{hook['id']}")


async def workflow(world: World) -> str:
    """A workflow through all that can be done to it, and published in the end. The answer: its id."""
    assert not (await made(world.manager, "/workflows/validate", {"name": "x", "steps": [{"type": "no"}]}))["valid"]
    identity = (await made(world.manager, "/workflows", {"name": "Not yet"}))["id"]
    place = f"/workflows/{identity}"
    await well(world.manager, f"POST {place}/plan", f"POST {place}/duplicate")
    await well(world.manager, f"PUT {place}", json={**DEFINITION, "trigger": {"type": "contact.made"}})
    await well(world.manager, f"GET {place}")
    await well(world.manager, f"PUT {place}", json=DEFINITION)
    published = await made(world.manager, f"{place}/publish", {"note": "First"})
    assert published["published_version"] == 1
    for word in ("pause", "resume", "archive", "versions/1/publish", "plan"):
        await well(world.manager, f"POST {place}/{word}")
    await well(world.viewer, f"GET {place}", f"GET {place}/yaml", f"GET {place}/versions", f"GET {place}/held")
    await well(world.viewer, "GET /workflows")
    copy = (await made(world.manager, f"{place}/duplicate", {"name": "Copy"}))["id"]
    await well(world.manager, f"DELETE /workflows/{copy}")
    return identity


async def executions(world: World, workflow_id: str, contact_id: str) -> None:
    place = f"/workflows/{workflow_id}"
    tried = await made(world.manager, f"{place}/test", {"record_id": contact_id})
    assert any(step["would_send"] for step in tried["steps"])
    await made(world.member, f"{place}/enroll", {"record_id": contact_id})
    await made(world.member, "/contacts", {"first_name": "Bob", "email": "bob@example.test"})
    await run_passes(world.app.pool, world.tenant_id)
    about = {"record_type": "contact", "record_id": contact_id}
    await well(world.viewer, f"GET {place}/explain", params=about)
    [first, second] = (await world.viewer.get("/executions")).json()["items"]
    await well(world.viewer, f"GET /executions/{first['id']}", "GET /executions/count", "GET /executions/stats")
    await well(world.manager, f"GET /executions/{second['id']}", f"POST /executions/{first['id']}/cancel")
    await well(world.manager, f"POST {place}/plan")
    many = {"action": "cancel", "filter": {"workflow_id": workflow_id}}
    await made(world.manager, "/executions/bulk", {**many, "dry_run": True})
    job = await made(world.manager, "/executions/bulk", {**many, "name": "Wrong address"})
    too_many = await made(world.manager, "/executions/bulk", {**many, "name": "Too many"})
    await well(world.manager, f"POST /jobs/{too_many['id']}/cancel")
    await run_passes(world.app.pool, world.tenant_id)
    await well(
        world.viewer, "GET /jobs", f"GET /jobs/{job['id']}", f"GET /executions/{first['id']}", "GET /executions/stats"
    )
    await failed_execution(world)


async def failed_execution(world: World) -> None:
    """One that failed, and is told to go on."""
    steps = [{"id": "task", "type": "task.create", "title": "{{ contact.last_name }}", "on_error": "stop"}]
    definition = {"name": "Fails", "trigger": {"type": "contact.created"}, "steps": steps}
    place = f"/workflows/{(await made(world.manager, '/workflows', definition))['id']}"
    published = await made(world.manager, f"{place}/publish", {"enroll_existing": True})
    await well(world.viewer, f"GET /jobs/{published['job_id']}")
    await run_passes(world.app.pool, world.tenant_id)
    [failed, *_] = (await world.viewer.get("/executions", params={"status": "failed"})).json()["items"]
    detail = (await world.manager.get(f"/executions/{failed['id']}")).json()
    assert detail["error"]["at"] == "task"
    await well(world.manager, f"POST /executions/{failed['id']}/retry")


async def quarantine(world: World) -> None:
    """Inputs that were put aside, one for each decision."""
    ids: list[str] = []
    for name in ("Eve", "Fay", "Gil"):
        await made(world.member, "/contacts", {"first_name": name})
        async with tenancy.tenant_transaction(world.app.pool, world.tenant_id) as connection:
            identity = await connection.fetchval("select id from inbox where tenant_id = $1 limit 1", world.tenant_id)
            await put_aside(connection, world.tenant_id, identity, "error", "KeyError: x", trace="Traceback: here")
        ids.append(str(identity))
    first, second, third = ids
    await well(
        world.manager, "GET /quarantine", f"POST /quarantine/{first}/retry", f"POST /quarantine/{second}/discard"
    )
    await made(world.manager, "/quarantine/bulk", {"action": "discard", "ids": [third]})
    await well(world.manager, "GET /quarantine", params={"state": "discarded"})


async def test_every_operation_answers_as_the_document_says(acme: World, app: CheckedApplication) -> None:
    await people_and_setup(acme)
    await session(acme)
    await connection(acme)
    contact_id = await records(acme)
    await hook_and_form(acme)
    await executions(acme, await workflow(acme), contact_id)
    await quarantine(acme)
    async with acme.app.browser() as anybody:
        await well(anybody, "GET /healthz")
        await acme.app.pool.execute(
            "insert into processes (id, kind, host, pid) values (gen_random_uuid(), 'worker', 'here', 1)"
        )
        await well(anybody, "GET /readyz")
    left_out = app.contract.operations - app.contract.answered
    assert left_out == STREAMED, "the walk does not go there: add it"


async def test_what_has_no_shape_of_its_own_says_what_it_is(app: CheckedApplication) -> None:
    document = app.contract.document
    answers = [each for item in document["paths"].values() for each in _answers(item)]
    free = {where for part in (document["components"]["schemas"], answers) for where in _unsaid(part, "")}
    assert not free


async def test_an_answer_that_the_document_does_not_say_is_found() -> None:
    answer = {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}
    responses = {"200": {"content": {"application/json": {"schema": answer}}}}
    operation = {"operationId": "get_one", "responses": responses}
    contract = Contract({"paths": {"/one": {"get": operation}}, "components": {"schemas": {}}})
    for body, status in (({}, 200), ({"name": "x", "more": 1}, 200), ({"name": None}, 200), ({"name": "x"}, 201)):
        response = httpx.Response(status, json=body, request=httpx.Request("GET", "http://cuework.test/one"))
        with pytest.raises(AssertionError, match="get_one answered"):
            await contract.check(response)
    assert contract.answered == set()


def _answers(item: dict[str, Any]) -> Iterator[Any]:
    for operation in item.values():
        for response in operation["responses"].values():
            yield from (content["schema"] for content in response.get("content", {}).values())


def _unsaid(schema: Any, where: str) -> Iterator[str]:
    """The places of schemas that take any object, or anything, without a word on what it is."""
    if isinstance(schema, list):
        for number, each in enumerate(cast("list[Any]", schema)):
            yield from _unsaid(each, f"{where}.{number}")
    if not isinstance(schema, dict):
        return
    known = cast("dict[str, Any]", schema)
    open_object = (
        known.get("type") == "object" and not {"properties", "additionalProperties", "patternProperties"} & known.keys()
    )
    anything = known.get("additionalProperties") is True and "properties" not in known
    if (open_object or anything) and "description" not in known:
        yield where
    for name, part in known.items():
        yield from _unsaid(part, f"{where}.{name}")
