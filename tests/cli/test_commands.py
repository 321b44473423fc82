"""The command line: what it prints where, and its exit codes."""

import base64
import hmac
import json
from pathlib import Path
from typing import Any

import pytest
from tests.cli.command import cuework

from cuework import __version__
from cuework.base.settings import Settings
from cuework.channels.secrets import Keyring
from cuework.testing.application import TEST_KEY, new_world, running_application


def test_a_tenant_a_user_and_a_key_are_made_and_secrets_are_printed_alone(database_url: str) -> None:
    database = {"CUEWORK_DATABASE_URL": database_url}
    tenant = cuework("tenant", "create", "Acme Works", "--json", **database)
    assert tenant.returncode == 0, tenant.stderr
    assert json.loads(tenant.stdout)["name"] == "Acme Works"
    key = cuework("key", "create", "--tenant", "acme-works", "--role", "owner", **database)
    assert key.stdout.startswith(f"cw_{json.loads(tenant.stdout)['id'].replace('-', '')}_")
    assert len(key.stdout.splitlines()) == 1
    password = cuework("user", "create", "--tenant", "acme-works", "--email", "a@acme.test", **database)
    assert len(password.stdout.strip()) > 20
    again = cuework("user", "create", "--tenant", "acme-works", "--email", "a@acme.test", **database)
    assert (again.returncode, again.stdout) == (1, "")
    assert "already" in again.stderr


def test_it_says_its_version_and_loads_no_command_for_it() -> None:
    told = cuework("--version", PYTHONPROFILEIMPORTTIME="1")
    assert (told.returncode, told.stdout) == (0, f"cuework {__version__}\n")
    loaded = {line.rpartition("|")[2].strip() for line in told.stderr.splitlines()}
    assert "cuework.cli.commands" in loaded
    assert not {name for name in loaded if name.startswith(("cuework.cli.commands.", "cuework.crm", "asyncpg"))}


def test_a_tenant_is_not_made_with_a_currency_or_zone_that_does_not_exist(database_url: str) -> None:
    database = {"CUEWORK_DATABASE_URL": database_url}
    refused = cuework("tenant", "create", "Acme", "--currency", "euro", "--timezone", "Mars", **database)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "currency: 'euro'" in refused.stderr
    assert "timezone: 'Mars'" in refused.stderr
    assert cuework("tenant", "create", "Acme", "--currency", "EUR", **database).returncode == 0


def test_an_unknown_tenant_is_named_with_those_there_are(database_url: str) -> None:
    answer = cuework("key", "create", "--tenant", "nowhere", CUEWORK_DATABASE_URL=database_url)
    assert answer.returncode == 1
    assert "There is no tenant nowhere" in answer.stderr


@pytest.mark.parametrize("arguments", [["nonsense"], ["serve", "--port", "many"], ["key", "create"], ["tenant"]])
def test_wrong_usage_is_exit_code_two(arguments: list[str]) -> None:
    answer = cuework(*arguments)
    assert answer.returncode == 2
    assert "Usage" in answer.stderr + answer.stdout


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("PORT", "abc", "must be a whole number."),
        ("PORT", "70000", "must be at most 65,535."),
        ("SECURE_COOKIES", "perhaps", "must be true or false."),
        ("ALLOWED_NETWORKS", "10.0.0.0/8, here", "must be networks such as 10.1.0.0/16"),
        ("LOG_LEVEL", "loud", "must be debug, info, warning or error."),
    ],
)
def test_a_setting_that_cannot_be_is_one_sentence_and_exit_code_two(name: str, value: str, words: str) -> None:
    answer = cuework("settings", **{f"CUEWORK_{name}": value})
    assert (answer.returncode, len(answer.stderr.splitlines())) == (2, 1)
    assert answer.stderr.startswith(f"CUEWORK_{name} {words}")


def test_a_database_that_does_not_answer_is_exit_code_one() -> None:
    answer = cuework("migrate", CUEWORK_DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    assert answer.returncode == 1
    assert "Traceback" not in answer.stderr


def test_settings_are_listed_with_their_source_and_without_secrets() -> None:
    url = "postgres://canary"
    hidden = {"CUEWORK_SECRET_KEY": "canary", "CUEWORK_DATABASE_URL": url, "CUEWORK_MIGRATION_URL": url}
    answer = cuework("settings", "--json", CUEWORK_PORT="8123", **hidden)
    rows = {row["setting"]: row for row in json.loads(answer.stdout)}
    assert set(rows) == {f"CUEWORK_{name.upper()}" for name in Settings.model_fields}
    assert (rows["CUEWORK_PORT"]["value"], rows["CUEWORK_PORT"]["from"]) == ("8123", "environment")
    assert rows["CUEWORK_HOST"]["from"] == "default"
    assert "canary" not in answer.stdout


def test_a_login_that_may_do_more_than_run_is_named_with_the_settings(database_url: str) -> None:
    answer = cuework("settings", "--json", CUEWORK_DATABASE_URL=database_url)
    assert answer.returncode == 0
    assert "is a superuser" in answer.stderr
    assert "docs/operations.md" in answer.stderr


def test_the_openapi_document_is_printed_without_a_database() -> None:
    answer = cuework("openapi", CUEWORK_DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    assert json.loads(answer.stdout)["openapi"].startswith("3.1")


async def test_what_is_logged_meanwhile_stays_out_of_the_data(database_url: str) -> None:
    async with running_application(database_url) as app, new_world(app, "acme") as acme:
        team = (await acme.admin.post("/teams", json={"key": "closers", "name": "Closers"})).json()
        task = {"id": "call", "type": "task.create", "title": "Call", "assign_to": {"team": "closers"}}
        definition = {"name": "Call", "trigger": {"type": "contact.created"}, "steps": [task]}
        workflow = (await acme.manager.post("/workflows", json=definition)).json()
        assert (await acme.manager.post(f"/workflows/{workflow['id']}/publish")).status_code == 200
        await acme.admin.delete(f"/teams/{team['id']}", params={"force": "true"})
        answer = cuework("verify", "--json", CUEWORK_DATABASE_URL=database_url)
    assert "names what is gone" in answer.stderr
    assert [each["tenant"] for each in json.loads(answer.stdout)] == ["acme"]


async def test_after_a_rotation_of_the_secret_key_the_old_one_is_not_needed(database_url: str) -> None:
    old, new = TEST_KEY.hex(), cuework("secrets", "key").stdout.strip()
    database = {"CUEWORK_DATABASE_URL": database_url}
    async with running_application(database_url) as app, new_world(app, "acme") as acme:
        hook = {"key": "orders", "name": "Orders", "signature": {"kind": "header", "header": "X-Proof"}}
        made = (await acme.admin.post("/hooks", json=hook)).json()
        config = {"base_url": "https://api.example.com", "auth": "bearer"}
        api: dict[str, Any] = {"key": "api", "name": "API", "type": "http", "config": config}
        answer = await acme.admin.post("/connections", json=api | {"secret": {"token": "canary"}})
        assert answer.status_code == 201, answer.text

        lost = cuework("secrets", "rotate", "--json", **database, CUEWORK_SECRET_KEY=new)
        assert (lost.returncode, json.loads(lost.stdout)["connections"]["left"]) == (1, 1)
        done = cuework("secrets", "rotate", **database, CUEWORK_SECRET_KEY=f"{new},{old}")
        assert done.returncode == 0, done.stderr
        assert "connections: 1 sealed again" in done.stderr
        assert "hooks: 1 sealed again" in done.stderr
        assert "canary" not in done.stdout + done.stderr
        again = cuework("secrets", "rotate", "--json", **database, CUEWORK_SECRET_KEY=new)
        assert again.returncode == 0
        assert json.loads(again.stdout)["hooks"] == {"resealed": 0, "already": 1, "left": 0, "unreadable": []}

        app.state.keyring = Keyring(base64.b64decode(new))
        proof = {"X-Proof": hmac.new(made["secret"].encode(), b"{}", "sha256").hexdigest()}
        async with app.client() as sender:
            delivered = await sender.post(f"/hooks/{made['token']}", content=b"{}", headers=proof)
        assert delivered.status_code == 202


def test_a_rotation_without_any_key_makes_none(database_url: str, tmp_path: Path) -> None:
    answer = cuework("secrets", "rotate", CUEWORK_DATABASE_URL=database_url, CUEWORK_DATA=str(tmp_path))
    assert answer.returncode == 1
    assert "There is no key" in answer.stderr
    assert list(tmp_path.iterdir()) == []
