"""Hooks that require a signature: only who knows the secret delivers, once, and soon after signing."""

import base64
import hashlib
import hmac
import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from cuework.crm import hook_signatures as signatures
from cuework.crm.hook_signatures import SignatureRefused, Signed
from cuework.db import tenancy
from cuework.testing.application import World

BODY = json.dumps({"order": {"id": 7, "name": "Zoë"}}).encode()
STANDARD = {"kind": "standard"}
GITHUB = {"kind": "header", "header": "X-Hub-Signature-256"}


async def opened(world: World, **signature: Any) -> dict[str, Any]:
    hook = {"key": "orders", "name": "Orders", "signature": signature}
    answer = await world.admin.post("/hooks", json=hook)
    assert answer.status_code == 201, answer.text
    assert answer.headers["cache-control"] == "no-store"
    return answer.json()


async def called(
    world: World, hook: dict[str, Any], headers: dict[str, str], body: bytes = BODY, kind: str = "application/json"
) -> httpx.Response:
    async with world.app.client() as anybody:
        return await anybody.post(f"/hooks/{hook['token']}", content=body, headers={"Content-Type": kind, **headers})


def signed(secret: str, message: str = "msg_1", *, ago: float = 0, body: bytes = BODY) -> dict[str, str]:
    """The headers of Standard Webhooks, written down here from its specification."""
    at = str(int(time.time() - ago))
    key = base64.b64decode(secret.removeprefix("whsec_"))
    digest = hmac.new(key, f"{message}.{at}.".encode() + body, hashlib.sha256).digest()
    signature = "v1," + base64.b64encode(digest).decode()
    return {"webhook-id": message, "webhook-timestamp": at, "webhook-signature": signature}


def digest_of(secret: str, body: bytes = BODY) -> str:
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


async def events(world: World) -> list[Any]:
    async with tenancy.tenant_transaction(world.app.pool, world.tenant_id) as connection:
        return await connection.fetch("select * from events order by id")


def places(answer: httpx.Response) -> dict[str, str]:
    assert answer.status_code == 401, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["type"].endswith("signature_refused")
    return {problem["path"]: problem["message"] for problem in answer.json()["errors"]}


# ------------------------------------------------------------ the published examples


def test_the_example_of_standard_webhooks_is_right_and_only_in_its_time() -> None:
    headers = {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }
    secret, body = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", b'{"test": 2432232314}'
    at = datetime.fromtimestamp(1614265330, UTC)
    for off in (timedelta(), timedelta(minutes=5), -timedelta(minutes=5)):
        signatures.verify_standard(Signed(headers, body, at + off), [secret])
    for off in (timedelta(minutes=5, seconds=1), -timedelta(minutes=5, seconds=1)):
        with pytest.raises(SignatureRefused, match="5 minutes"):
            signatures.verify_standard(Signed(headers, body, at + off), [secret])


def test_the_example_of_github_is_right() -> None:
    headers = {"x-hub-signature-256": "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"}
    given = Signed(headers, b"Hello, World!", datetime.now(UTC))
    signatures.verify_header(given, ["It's a Secret to Everybody"], header="X-Hub-Signature-256")
    with pytest.raises(SignatureRefused):
        signatures.verify_header(given, ["It's a secret to everybody"], header="X-Hub-Signature-256")


# ------------------------------------------------------------ Standard Webhooks


async def test_a_signed_delivery_is_an_event_and_its_replay_is_none(acme: World) -> None:
    hook = await opened(acme, **STANDARD)
    assert hook["secret"].startswith("whsec_")
    headers = signed(hook["secret"])
    first, again = await called(acme, hook, headers), await called(acme, hook, headers)
    other = await called(acme, hook, headers | {"Idempotency-Key": "another", "X-Message-Id": "another"})
    assert [answer.status_code for answer in (first, again, other)] == [202] * 3
    assert [answer.json()["status"] for answer in (first, again, other)] == ["accepted", "duplicate", "duplicate"]
    [event] = await events(acme)
    assert event["data"]["body"] == json.loads(BODY)
    assert event["data"]["message_id"] == "msg_1"


async def test_one_of_several_signatures_is_enough(acme: World) -> None:
    hook = await opened(acme, **STANDARD)
    headers = signed(hook["secret"])
    wrong = "v1," + base64.b64encode(b"x" * 32).decode()
    headers["webhook-signature"] = f"v1a,whatever {wrong} {headers['webhook-signature']}"
    assert (await called(acme, hook, headers)).status_code == 202


async def test_a_form_is_signed_over_its_bytes(acme: World) -> None:
    hook = await opened(acme, **STANDARD)
    body = b"name=Zo%C3%AB&plan=a+b"
    answer = await called(acme, hook, signed(hook["secret"], body=body), body, "application/x-www-form-urlencoded")
    assert answer.status_code == 202
    [event] = await events(acme)
    assert event["data"]["body"] == {"name": "Zoë", "plan": "a b"}


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"webhook-signature": "v1,AAAA"}, "webhook-signature"),
        ({"webhook-signature": "é"}, "webhook-signature"),
        ({"webhook-signature": "none"}, "webhook-signature"),
        ({"webhook-id": "msg_2"}, "webhook-signature"),
        ({"webhook-timestamp": "soon"}, "webhook-timestamp"),
        ({"webhook-timestamp": "-1"}, "webhook-timestamp"),
        ({"webhook-timestamp": "9" * 400}, "webhook-timestamp"),
    ],
)
async def test_a_delivery_whose_proof_was_changed_is_refused(acme: World, change: dict[str, str], place: str) -> None:
    hook = await opened(acme, **STANDARD)
    answer = await called(acme, hook, signed(hook["secret"]) | {k: v.encode() for k, v in change.items()})  # type: ignore[arg-type]
    assert list(places(answer)) == [place]
    assert await events(acme) == []
    assert (await called(acme, hook, signed(hook["secret"]))).json()["status"] == "accepted"


async def test_an_altered_body_and_a_foreign_secret_are_refused(acme: World) -> None:
    hook = await opened(acme, **STANDARD)
    altered = await called(acme, hook, signed(hook["secret"]), BODY.replace(b"7", b"8"))
    assert places(altered) == {"webhook-signature": "does not fit"}
    foreign = await called(acme, hook, signed(signatures.new_secret(signatures.Kind.STANDARD)))
    assert places(foreign) == {"webhook-signature": "does not fit"}
    assert hook["secret"] not in altered.text + foreign.text
    assert await events(acme) == []


@pytest.mark.parametrize("ago", [301, -301])
async def test_an_old_delivery_and_one_of_the_future_are_refused(acme: World, ago: int) -> None:
    hook = await opened(acme, **STANDARD)
    answer = await called(acme, hook, signed(hook["secret"], ago=ago + (5 if ago > 0 else -5)))
    assert places(answer) == {"webhook-timestamp": "is over 5 minutes off"}
    assert (await called(acme, hook, signed(hook["secret"], ago=280 if ago > 0 else -280))).status_code == 202
    assert len(await events(acme)) == 1


async def test_what_is_missing_is_named(acme: World) -> None:
    hook = await opened(acme, **STANDARD)
    whole = signed(hook["secret"])
    names = ["webhook-id", "webhook-timestamp", "webhook-signature"]
    assert places(await called(acme, hook, {})) == dict.fromkeys(names, "is missing")
    for name in names:
        headers = {each: value for each, value in whole.items() if each != name}
        assert places(await called(acme, hook, headers)) == {name: "is missing"}
    assert await events(acme) == []


# ------------------------------------------------------------ an HMAC in a header


@pytest.mark.parametrize("spelled", ["sha256={}", "{}"])
async def test_a_body_signed_in_a_header_is_an_event(acme: World, spelled: str) -> None:
    hook = await opened(acme, **GITHUB)
    headers = {"X-Hub-Signature-256": spelled.format(digest_of(hook["secret"])), "X-GitHub-Delivery": "d-1"}
    answers = [await called(acme, hook, headers) for _ in range(2)]
    assert [answer.json()["status"] for answer in answers] == ["accepted", "duplicate"]
    assert len(await events(acme)) == 1


async def test_a_wrong_missing_or_altered_header_is_refused(acme: World) -> None:
    hook = await opened(acme, kind="header", header="X-Acme-Proof", secret="the sender has chosen this")
    assert hook["secret"] is None
    right = digest_of("the sender has chosen this")
    assert places(await called(acme, hook, {})) == {"X-Acme-Proof": "is missing"}
    for header, body in ((right[:-1] + "g", BODY), ("", BODY), (right, BODY + b" "), (digest_of("other"), BODY)):
        assert set(places(await called(acme, hook, {"X-Acme-Proof": header}, body))) == {"X-Acme-Proof"}
    assert await events(acme) == []
    assert (await called(acme, hook, {"X-Acme-Proof": right.upper()})).status_code == 202
    [event] = await events(acme)
    assert right not in json.dumps(event["data"]["headers"]).lower()


# ------------------------------------------------------------ setting it up


async def test_a_hook_of_before_may_be_made_to_require_a_signature_and_no_more(acme: World) -> None:
    made = (await acme.admin.post("/hooks", json={"key": "orders", "name": "Orders"})).json()
    assert (made["signature"], made["secret"]) == ("none", None)
    assert (await called(acme, made, {})).status_code == 202
    answer = await acme.admin.put(f"/hooks/{made['id']}/signature", json=STANDARD)
    assert answer.headers["cache-control"] == "no-store"
    assert "webhook-id" in places(await called(acme, made, {}))
    assert (await called(acme, made, signed(answer.json()["secret"]))).status_code == 202
    assert (await acme.admin.put(f"/hooks/{made['id']}/signature", json={"kind": "none"})).json()["secret"] is None
    assert (await called(acme, made, {})).status_code == 202


async def test_after_a_change_the_secret_of_before_goes_on_for_a_while(acme: World) -> None:
    hook = await opened(acme, **STANDARD)
    rotated = (await acme.admin.put(f"/hooks/{hook['id']}/signature", json=STANDARD)).json()
    assert rotated["secret"] != hook["secret"]
    left = datetime.fromisoformat(rotated["previous_secret_until"]) - datetime.now(UTC)
    assert timedelta(hours=23) < left < timedelta(hours=25)
    for number, secret in enumerate((hook["secret"], rotated["secret"])):
        assert (await called(acme, hook, signed(secret, f"msg_{number}"))).status_code == 202
    async with tenancy.tenant_transaction(acme.app.pool, acme.tenant_id) as connection:
        await connection.execute("update hooks set previous_secret_until = now() - interval '1 second'")
    assert places(await called(acme, hook, signed(hook["secret"], "msg_2")))
    assert (await called(acme, hook, signed(rotated["secret"], "msg_2"))).status_code == 202


async def test_a_secret_that_leaked_ends_at_once(acme: World) -> None:
    hook = await opened(acme, **STANDARD)
    change = {"kind": "standard", "overlap_hours": 0}
    rotated = (await acme.admin.put(f"/hooks/{hook['id']}/signature", json=change)).json()
    assert rotated["previous_secret_until"] is None
    assert places(await called(acme, hook, signed(hook["secret"])))
    assert (await called(acme, hook, signed(rotated["secret"]))).status_code == 202


async def test_a_secret_is_shown_once_sealed_at_rest_and_not_in_the_audit_log(acme: World) -> None:
    hook = await opened(acme, **STANDARD)
    listed = (await acme.admin.get("/hooks")).json()["items"][0]
    assert (listed["signature"], listed["signature_header"]) == ("standard", None)
    assert "secret" not in listed
    changed = (await acme.admin.put(f"/hooks/{hook['id']}/signature", json=GITHUB)).json()
    log = await acme.admin.get("/audit")
    entries = {entry["action"]: entry for entry in log.json()["items"]}
    assert entries["hook.create"]["after"]["signature"] == "standard"
    assert entries["hook.set_signature"]["after"] == {"signature": "header", "signature_header": GITHUB["header"]}
    async with tenancy.tenant_transaction(acme.app.pool, acme.tenant_id) as connection:
        row = await connection.fetchrow("select * from hooks")
        whole = await connection.fetchval("select array_agg(audit::text)::text from audit")
    assert row is not None
    for secret in (hook["secret"], changed["secret"]):
        assert secret not in listed.values()
        assert secret not in log.text + whole
        assert secret.encode() not in row["secret"]


@pytest.mark.parametrize(
    ("signature", "place"),
    [
        ({"kind": "header"}, "header"),
        ({"kind": "standard", "header": "X-Proof"}, "header"),
        ({"kind": "header", "header": "X Proof"}, "signature.header"),
        ({"kind": "header", "header": "X-Proof", "secret": "short"}, "secret"),
        ({"kind": "standard", "secret": "not one of theirs, but long enough"}, "secret"),
        ({"kind": "standard", "secret": "whsec_c2hvcnQ="}, "secret"),
        ({"kind": "none", "secret": "whsec_" + "A" * 32}, "secret"),
        ({"kind": "md5"}, "signature.kind"),
    ],
)
async def test_a_signature_that_makes_no_sense_is_refused_with_its_place(
    acme: World, signature: dict[str, Any], place: str
) -> None:
    answer = await acme.admin.post("/hooks", json={"key": "orders", "name": "Orders", "signature": signature})
    assert answer.status_code == 422
    assert place in [problem["path"] for problem in answer.json()["errors"]], answer.text
    assert (await acme.admin.get("/hooks")).json()["items"] == []


async def test_a_secret_of_the_sender_is_taken_and_not_shown(acme: World) -> None:
    theirs = signatures.new_secret(signatures.Kind.STANDARD)
    hook = await opened(acme, kind="standard", secret=theirs)
    assert hook["secret"] is None
    assert (await called(acme, hook, signed(theirs))).status_code == 202


async def test_a_hook_whose_secret_cannot_be_opened_any_more_is_mended_by_a_new_one(acme: World) -> None:
    hook = await opened(acme, **STANDARD)
    async with tenancy.tenant_transaction(acme.app.pool, acme.tenant_id) as connection:
        await connection.execute("update hooks set secret_key_id = 'of a lost key'")
    assert (await called(acme, hook, signed(hook["secret"]))).status_code == 500
    mended = (await acme.admin.put(f"/hooks/{hook['id']}/signature", json=STANDARD)).json()
    assert (await called(acme, hook, signed(mended["secret"]))).status_code == 202
