"""Users, API keys and teams: who manages whom, and what is written down about it."""

from datetime import UTC, datetime, timedelta

from cuework.testing.application import World


async def _user(acme: World, name: str, role: str = "member") -> dict[str, str]:
    body = {"email": f"{name}@acme.test", "name": name.title(), "role": role}
    answer = await acme.owner.post("/users", json=body)
    assert answer.status_code == 201, answer.text
    return answer.json()


async def test_a_generated_password_is_shown_once(acme: World) -> None:
    made = await _user(acme, "ada")
    assert len(made["password"]) > 20
    assert "password" not in (await acme.owner.get(f"/users/{made['id']}")).json()
    assert made["password"] not in (await acme.owner.get("/audit")).text


async def test_an_email_belongs_to_one_user_whatever_its_case(acme: World) -> None:
    made = await _user(acme, "ada")
    answer = await acme.owner.post("/users", json={"email": "ADA@acme.test", "name": "Ada"})
    assert answer.status_code == 409
    assert answer.json()["existing_id"] == made["id"]


async def test_an_email_that_is_none_is_refused(acme: World) -> None:
    answer = await acme.owner.post("/users", json={"email": "not an email", "name": "X"})
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["path"] == "email"


async def test_nobody_makes_somebody_stronger_than_themselves(acme: World) -> None:
    answer = await acme.admin.post("/users", json={"email": "o@acme.test", "name": "O", "role": "owner"})
    assert answer.status_code == 403
    owner = await _user(acme, "boss", "owner")
    assert (await acme.admin.patch(f"/users/{owner['id']}", json={"role": "viewer"})).status_code == 403
    assert (await acme.admin.post("/api-keys", json={"name": "k", "role": "owner"})).status_code == 403


async def test_the_last_owner_stays(acme: World) -> None:
    first, second = await _user(acme, "first", "owner"), await _user(acme, "second", "owner")
    assert (await acme.owner.patch(f"/users/{first['id']}", json={"role": "admin"})).status_code == 200
    for attempt in (
        await acme.owner.patch(f"/users/{second['id']}", json={"role": "admin"}),
        await acme.owner.delete(f"/users/{second['id']}"),
    ):
        assert attempt.status_code == 409
        assert "last owner" in attempt.json()["detail"]


async def test_a_change_against_an_old_revision_is_refused(acme: World) -> None:
    user = await _user(acme, "ada")
    seen = (await acme.owner.get(f"/users/{user['id']}")).headers["etag"]
    changed = await acme.owner.patch(f"/users/{user['id']}", json={"name": "Ada L"}, headers={"If-Match": seen})
    assert changed.status_code == 200
    assert changed.headers["etag"] != seen
    late = await acme.owner.patch(f"/users/{user['id']}", json={"name": "Eve"}, headers={"If-Match": seen})
    assert late.status_code == 412
    assert (await acme.owner.get(f"/users/{user['id']}")).json()["name"] == "Ada L"


async def test_a_change_that_changes_nothing_leaves_the_revision(acme: World) -> None:
    user = await _user(acme, "ada")
    answer = await acme.owner.patch(f"/users/{user['id']}", json={"name": "Ada"})
    assert answer.json()["revision"] == user["revision"]


async def test_another_tenants_user_is_as_absent_as_nobody(acme: World, other: World) -> None:
    theirs = await _user(other, "ada")
    nobody = "01890000-0000-7000-8000-000000000000"
    answers = [await acme.owner.get(f"/users/{user_id}") for user_id in (theirs["id"], nobody)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].text.replace(theirs["id"], nobody) == answers[1].text


async def test_a_key_is_shown_once_works_and_stops_when_revoked(acme: World) -> None:
    made = (await acme.admin.post("/api-keys", json={"name": "import", "role": "member"})).json()
    async with acme.app.client(made["key"]) as program:
        assert (await program.get("/me")).json()["role"] == "member"
        listed = (await acme.admin.get("/api-keys")).json()["items"]
        assert made["key"] not in str(listed)
        row = next(key for key in listed if key["id"] == made["id"])
        assert row["hint"] == made["key"][-4:]
        assert row["last_used_at"] is not None
        assert (await acme.admin.delete(f"/api-keys/{made['id']}")).status_code == 204
        assert (await program.get("/me")).status_code == 401


async def test_a_key_ends_when_it_expires(acme: World) -> None:
    past = (datetime.now(UTC) - timedelta(minutes=1)).isoformat()
    assert (await acme.admin.post("/api-keys", json={"name": "k", "expires_at": past})).status_code == 422
    soon = (datetime.now(UTC) + timedelta(hours=1)).isoformat()
    made = (await acme.admin.post("/api-keys", json={"name": "k", "expires_at": soon})).json()
    async with acme.app.pool.acquire() as connection, connection.transaction():
        await connection.execute(f"set local app.tenant_id = '{acme.tenant_id}'")
        await connection.execute("update api_keys set expires_at = now() where id = $1", made["id"])
    async with acme.app.client(made["key"]) as program:
        assert (await program.get("/me")).status_code == 401


async def test_a_team_keeps_its_members_in_order(acme: World) -> None:
    ada, bob = await _user(acme, "ada"), await _user(acme, "bob")
    team = {"key": "closers", "name": "Closers", "member_ids": [bob["id"], ada["id"]]}
    made = (await acme.admin.post("/teams", json=team)).json()
    assert made["member_ids"] == [bob["id"], ada["id"]]
    changed = await acme.admin.patch(f"/teams/{made['id']}", json={"member_ids": [ada["id"]]})
    assert changed.json()["member_ids"] == [ada["id"]]
    assert (await acme.viewer.get(f"/teams/{made['id']}")).json() == changed.json()
    assert (await acme.admin.post("/teams", json=team)).json()["existing_id"] == made["id"]


async def test_a_team_has_only_users_and_nobody_twice(acme: World, other: World) -> None:
    ada, theirs = await _user(acme, "ada"), await _user(other, "bob")
    for members, place in (([theirs["id"]], "member_ids.0"), ([ada["id"], ada["id"]], "member_ids")):
        answer = await acme.admin.post("/teams", json={"key": "t", "name": "T", "member_ids": members})
        assert answer.status_code == 422
        assert answer.json()["errors"][0]["path"] == place


async def test_every_change_is_in_the_audit_log_with_what_differed(acme: World) -> None:
    user = await _user(acme, "ada")
    await acme.owner.patch(f"/users/{user['id']}", json={"role": "manager"})
    rows = (await acme.admin.get("/audit", params={"subject_id": user["id"]})).json()["items"]
    assert [row["action"] for row in rows] == ["user.update", "user.create"]
    assert (rows[0]["before"], rows[0]["after"]) == ({"role": "member"}, {"role": "manager"})
    assert rows[0]["actor"]["name"] == "the owner's key"


async def test_a_post_with_an_idempotency_key_happens_once(acme: World) -> None:
    body = {"key": "sales", "name": "Sales", "member_ids": []}
    first, second = [await acme.admin.post("/teams", json=body, headers={"Idempotency-Key": "once"}) for _ in range(2)]
    assert (first.status_code, first.text) == (second.status_code, second.text)
    assert second.headers["etag"] == first.headers["etag"]
    assert len((await acme.viewer.get("/teams")).json()["items"]) == 1
    another = await acme.admin.post("/teams", json=body | {"name": "X"}, headers={"Idempotency-Key": "once"})
    assert another.status_code == 422
    assert (await acme.owner.post("/teams", json=body, headers={"Idempotency-Key": "once"})).status_code == 409


async def test_a_failed_post_does_not_use_up_its_idempotency_key(acme: World) -> None:
    header = {"Idempotency-Key": "retry"}
    assert (await acme.admin.post("/teams", json={"key": "BAD"}, headers=header)).status_code == 422
    assert (await acme.admin.post("/teams", json={"key": "t", "name": "T"}, headers=header)).status_code == 201


async def test_a_secret_answer_is_not_kept_for_a_repeated_request(acme: World) -> None:
    header = {"Idempotency-Key": "secret"}
    made = (await acme.admin.post("/api-keys", json={"name": "k"}, headers=header)).json()
    repeated = await acme.admin.post("/api-keys", json={"name": "k"}, headers=header)
    assert repeated.status_code == 409
    assert made["key"] not in repeated.text
