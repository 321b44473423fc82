"""The command line: what it prints where, and its exit codes."""

import json
import os
import subprocess
import sys

import pytest

from cuework.base.settings import Settings


def _cuework(*arguments: str, **environment: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "cuework", *arguments],
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
        env=os.environ | environment,
    )


def test_a_tenant_a_user_and_a_key_are_made_and_secrets_are_printed_alone(database_url: str) -> None:
    database = {"CUEWORK_DATABASE_URL": database_url}
    tenant = _cuework("tenant", "create", "Acme Works", "--json", **database)
    assert tenant.returncode == 0, tenant.stderr
    assert json.loads(tenant.stdout)["name"] == "Acme Works"
    key = _cuework("key", "create", "--tenant", "acme-works", "--role", "owner", **database)
    assert key.stdout.startswith(f"cw_{json.loads(tenant.stdout)['id'].replace('-', '')}_")
    assert len(key.stdout.splitlines()) == 1
    password = _cuework("user", "create", "--tenant", "acme-works", "--email", "a@acme.test", **database)
    assert len(password.stdout.strip()) > 20
    again = _cuework("user", "create", "--tenant", "acme-works", "--email", "a@acme.test", **database)
    assert (again.returncode, again.stdout) == (1, "")
    assert "already" in again.stderr


def test_an_unknown_tenant_is_named_with_those_there_are(database_url: str) -> None:
    answer = _cuework("key", "create", "--tenant", "nowhere", CUEWORK_DATABASE_URL=database_url)
    assert answer.returncode == 1
    assert "There is no tenant nowhere" in answer.stderr


@pytest.mark.parametrize("arguments", [["nonsense"], ["serve", "--port", "many"], ["key", "create"], ["tenant"]])
def test_wrong_usage_is_exit_code_two(arguments: list[str]) -> None:
    answer = _cuework(*arguments)
    assert answer.returncode == 2
    assert "Usage" in answer.stderr + answer.stdout


def test_a_database_that_does_not_answer_is_exit_code_one() -> None:
    answer = _cuework("migrate", CUEWORK_DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    assert answer.returncode == 1
    assert "Traceback" not in answer.stderr


def test_settings_are_listed_with_their_source_and_without_secrets() -> None:
    url = "postgres://canary"
    hidden = {"CUEWORK_SECRET_KEY": "canary", "CUEWORK_DATABASE_URL": url, "CUEWORK_MIGRATION_URL": url}
    answer = _cuework("settings", "--json", CUEWORK_PORT="8123", **hidden)
    rows = {row["setting"]: row for row in json.loads(answer.stdout)}
    assert set(rows) == {f"CUEWORK_{name.upper()}" for name in Settings.model_fields}
    assert (rows["CUEWORK_PORT"]["value"], rows["CUEWORK_PORT"]["from"]) == ("8123", "environment")
    assert rows["CUEWORK_HOST"]["from"] == "default"
    assert "canary" not in answer.stdout


def test_a_login_that_may_do_more_than_run_is_named_with_the_settings(database_url: str) -> None:
    answer = _cuework("settings", "--json", CUEWORK_DATABASE_URL=database_url)
    assert answer.returncode == 0
    assert "is a superuser" in answer.stderr
    assert "docs/operations.md" in answer.stderr


def test_the_openapi_document_is_printed_without_a_database() -> None:
    answer = _cuework("openapi", CUEWORK_DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    assert json.loads(answer.stdout)["openapi"].startswith("3.1")
