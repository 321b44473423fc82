"""Credentials at rest."""

import copy
import json as standard_json
import os
import pickle
import stat
from pathlib import Path

import pytest
from pydantic import SecretStr

from cuework.base import json
from cuework.base.ids import new_id
from cuework.base.settings import Settings
from cuework.channels.secrets import (
    KEY_FILE,
    Keyring,
    KeyUnusable,
    Secret,
    SecretUnreadable,
    key_id,
    open_sealed,
    seal,
)

CANARY = "canary-7f3a-password"


def configured(text: str) -> Settings:
    return Settings(secret_key=SecretStr(text))  # pyright: ignore[reportCallIssue]


def test_a_sealed_secret_opens_for_its_own_connection() -> None:
    keyring, tenant, connection = Keyring(os.urandom(32)), new_id(), new_id()
    sealed, sealed_with = seal(keyring, tenant, connection, {"password": CANARY})
    assert CANARY.encode() not in sealed
    assert open_sealed(keyring, tenant, connection, sealed=sealed, sealed_with=sealed_with).reveal("password") == CANARY


def test_a_row_copied_to_another_tenant_or_connection_does_not_open() -> None:
    keyring, tenant, connection = Keyring(os.urandom(32)), new_id(), new_id()
    sealed, sealed_with = seal(keyring, tenant, connection, {"password": CANARY})
    for other_tenant, other_connection in ((new_id(), connection), (tenant, new_id())):
        with pytest.raises(SecretUnreadable) as refused:
            open_sealed(keyring, other_tenant, other_connection, sealed=sealed, sealed_with=sealed_with)
        assert CANARY not in str(refused.value)


def test_a_changed_byte_does_not_open() -> None:
    keyring, tenant, connection = Keyring(os.urandom(32)), new_id(), new_id()
    sealed, sealed_with = seal(keyring, tenant, connection, {"password": CANARY})
    for at in range(len(sealed)):
        damaged = sealed[:at] + bytes([sealed[at] ^ 1]) + sealed[at + 1 :]
        with pytest.raises(SecretUnreadable):
            open_sealed(keyring, tenant, connection, sealed=damaged, sealed_with=sealed_with)


def test_the_same_secret_never_looks_the_same_twice() -> None:
    keyring, tenant, connection = Keyring(os.urandom(32)), new_id(), new_id()
    first, second = (seal(keyring, tenant, connection, {"token": CANARY})[0] for _ in range(2))
    assert first != second


def test_after_a_change_of_keys_old_rows_open_and_new_ones_take_the_new_key() -> None:
    old, new, tenant, connection = os.urandom(32), os.urandom(32), new_id(), new_id()
    sealed, sealed_with = seal(Keyring(old), tenant, connection, {"token": CANARY})
    both = Keyring(new, [old])
    assert open_sealed(both, tenant, connection, sealed=sealed, sealed_with=sealed_with).reveal("token") == CANARY
    assert seal(both, tenant, connection, {"token": CANARY})[1] == key_id(new)
    with pytest.raises(SecretUnreadable, match="CUEWORK_SECRET_KEY"):
        open_sealed(Keyring(new), tenant, connection, sealed=sealed, sealed_with=sealed_with)


def test_the_first_use_makes_a_key_file_that_only_its_owner_reads(tmp_path: Path) -> None:
    first = Keyring.load(Settings(secret_key=None), tmp_path / "data")  # pyright: ignore[reportCallIssue]
    path = tmp_path / "data" / KEY_FILE
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == [KEY_FILE]
    again = Keyring.load(Settings(secret_key=None), tmp_path / "data")  # pyright: ignore[reportCallIssue]
    assert again.current_id == first.current_id


def test_a_key_file_that_others_can_read_is_refused(tmp_path: Path) -> None:
    Keyring.load(Settings(secret_key=None), tmp_path)  # pyright: ignore[reportCallIssue]
    (tmp_path / KEY_FILE).chmod(0o644)
    with pytest.raises(KeyUnusable, match="chmod 600"):
        Keyring.load(Settings(secret_key=None), tmp_path)  # pyright: ignore[reportCallIssue]


@pytest.mark.parametrize("spell", [bytes.hex, lambda key: __import__("base64").b64encode(key).decode()])
def test_a_configured_key_may_be_hex_or_base64_and_older_ones_follow_it(spell, tmp_path: Path) -> None:  # noqa: ANN001
    current, older = os.urandom(32), os.urandom(32)
    keyring = Keyring.load(configured(f"{spell(current)}, {spell(older)}"), tmp_path)
    assert keyring.current_id == key_id(current)
    assert keyring.key(key_id(older)) == older
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("text", ["", "short", "zz" * 32, "00" * 31])
def test_a_malformed_key_is_refused_without_being_shown(text: str, tmp_path: Path) -> None:
    with pytest.raises(KeyUnusable) as refused:
        Keyring.load(configured(text or " "), tmp_path)
    assert "short" not in str(refused.value)
    assert "zz" not in str(refused.value)


def test_a_secret_shows_itself_to_reveal_only() -> None:
    secret = Secret({"password": CANARY})
    spellings = [repr(secret), str(secret), f"{secret}", f"{secret!r:>10}", repr([secret]), "%s" % secret]  # noqa: UP031
    spellings += [json.dumps_text({"secret": secret})]
    assert all(CANARY not in spelling for spelling in spellings)
    for leak in (pickle.dumps, copy.copy, copy.deepcopy, standard_json.dumps):
        with pytest.raises(TypeError):
            leak(secret)
    with pytest.raises(TypeError):
        vars(secret)


def test_redaction_removes_a_secret_and_its_base64() -> None:
    secret = Secret({"password": CANARY, "user": "ann", "empty": ""})
    assert secret.redact(f"got {CANARY} from ann") == "got ••• from ann"
    assert "Y2FuYXJ5LTdmM2EtcGFzc3dvcmQ=" not in secret.redact("basic Y2FuYXJ5LTdmM2EtcGFzc3dvcmQ=")
