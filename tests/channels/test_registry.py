"""What a connection must hold before it is stored."""

from typing import Any

import pytest

from cuework.base.errors import Invalid
from cuework.base.ids import new_id
from cuework.channels.registry import checked_config, sealed_secret
from cuework.channels.secrets import Keyring, open_sealed

CANARY = "canary-77aa"


def places(kind: str, config: dict[str, Any]) -> list[str]:
    with pytest.raises(Invalid) as refused:
        checked_config(kind, config)
    return [problem.path for problem in refused.value.problems]


def test_a_complete_configuration_gets_its_defaults() -> None:
    assert checked_config("smtp", {"host": "mail.example.com", "from_email": "a@example.com"}) == {
        "host": "mail.example.com",
        "port": 587,
        "security": "starttls",
        "username": None,
        "from_email": "a@example.com",
        "from_name": None,
        "sandbox": False,
    }
    assert checked_config("http", {"base_url": "https://api.example.com"})["auth"] == "none"


@pytest.mark.parametrize(
    ("kind", "config", "place"),
    [
        ("smtp", {"from_email": "a@example.com"}, "config.host"),
        ("smtp", {"host": "0x7f.1", "from_email": "a@example.com"}, "config.host"),
        ("smtp", {"host": "a b", "from_email": "a@example.com"}, "config.host"),
        ("smtp", {"host": "m.example.com", "from_email": "nobody"}, "config.from_email"),
        ("smtp", {"host": "m.example.com", "from_email": "a@example.com", "from_name": "a\nb"}, "config.from_name"),
        ("smtp", {"host": "m.example.com", "from_email": "a@example.com", "port": 0}, "config.port"),
        ("smtp", {"host": "m.example.com", "from_email": "a@example.com", "password": "x"}, "config.password"),
        ("smtp", {"host": "m.example.com", "from_email": "a@example.com", "security": "ssl"}, "config.security"),
        ("http", {"base_url": "ftp://x"}, "config"),
        ("http", {"base_url": "https://user:pw@example.com"}, "config"),
        ("http", {"base_url": "https://2130706433/"}, "config"),
        ("http", {"base_url": "https://example.com", "auth": "basic"}, "config"),
        ("http", {"base_url": "https://example.com", "auth": "header", "header": "Host"}, "config"),
        ("pigeon", {}, "type"),
    ],
)
def test_a_mistake_is_named_by_its_place(kind: str, config: dict[str, Any], place: str) -> None:
    assert places(kind, config) == [place]


def test_credentials_are_sealed_for_their_connection() -> None:
    keyring, tenant, connection = Keyring(bytes(range(32))), new_id(), new_id()
    sealed, sealed_with = sealed_secret(keyring, tenant, connection, "smtp", {"password": CANARY})
    assert open_sealed(keyring, tenant, connection, sealed=sealed, sealed_with=sealed_with).reveal("password") == CANARY


@pytest.mark.parametrize("secret", [{"passwort": CANARY}, {"password": [CANARY]}, {"password": CANARY * 2000}])
def test_a_refused_credential_is_not_shown(secret: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as refused:
        sealed_secret(Keyring(bytes(32)), new_id(), new_id(), "smtp", secret)
    assert CANARY not in repr(refused.value.problems) + str(refused.value)
