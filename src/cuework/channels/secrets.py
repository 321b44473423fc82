"""Credentials at rest: AES-256-GCM under a key that is not in the database.

Theory: a sealed secret is `version byte, 12 random bytes, ciphertext and tag`. The associated data name
tenant, connection or hook, and key, so a row copied to another place does not open. The key's id is derived
from the key; it is stored beside the ciphertext, so that after a change of keys old rows still open with the old
key, until they are written again or sealed again (`reseal`).

Must not log, and must not put a value into an exception or a repr.
"""

import base64
import binascii
import os
import secrets
from collections.abc import Iterable, Mapping
from hashlib import sha256
from pathlib import Path
from typing import NoReturn
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from cuework.base import json
from cuework.base.errors import CueworkError
from cuework.base.settings import Settings

KEY_FILE = "secret.key"
HIDDEN = "•••"
_VERSION = b"\x01"
_NONCE = 12
_SHORTEST_REDACTED = 4  # hiding every "a" of a text would hide the text


class SecretUnreadable(CueworkError):
    """A credential cannot be opened: it was sealed for another connection, or its key is gone."""

    status, code, title = 500, "secret_unreadable", "Credential cannot be read"


class KeyUnusable(CueworkError):
    """The key that encrypts credentials is malformed, or others can read its file."""

    status, code, title = 500, "secret_key_unusable", "Secret key cannot be used"


class Secret:
    """Named credentials that show themselves only to `reveal`: never in repr, str, JSON or a pickle."""

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values = dict(values)

    def reveal(self, name: str) -> str:
        """The credential of that name; empty if there is none."""
        return self._values.get(name, "")

    def redact(self, text: str) -> str:
        """The text without any of the credentials, for answers and errors of providers that echo them."""
        for value in sorted(self._spellings(), key=len, reverse=True):
            text = text.replace(value, HIDDEN)
        return text

    def also(self, *values: str) -> "Secret":
        """The same credentials, hiding these words too: other spellings of them."""
        return Secret(self._values | {f"also_{n}": value for n, value in enumerate(values)})

    def as_json(self) -> dict[str, str]:
        """Which credentials there are, without their values."""
        return dict.fromkeys(self._values, HIDDEN)

    def _spellings(self) -> set[str]:
        plain = {value for value in self._values.values() if len(value) >= _SHORTEST_REDACTED}
        return plain | {base64.b64encode(value.encode()).decode() for value in plain}

    def __repr__(self) -> str:
        return f"Secret({', '.join(sorted(self._values))})"

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return repr(self)

    def __reduce__(self) -> NoReturn:
        raise TypeError("A Secret is not pickled or copied.")


class Keyring:
    """The key that seals, and the older keys that still open."""

    def __init__(self, current: bytes, older: Iterable[bytes] = ()) -> None:
        self.current_id = key_id(current)
        self._keys = {key_id(key): key for key in (*older, current)}

    @classmethod
    def load(cls, settings: Settings, data_dir: Path) -> "Keyring":
        """The keyring of this installation; without a configured key a key file of mode 600 is made.

        Shape: both the setting and the file hold base64 or hex keys of 32 bytes, the current one first,
        older ones after it, separated by commas, spaces or lines.
        Errors: KeyUnusable says what is wrong, never with which key.
        """
        if settings.secret_key is not None:
            return cls._parse(settings.secret_key.get_secret_value(), "CUEWORK_SECRET_KEY")
        path = data_dir / KEY_FILE
        if not path.exists():
            _make_key_file(path)
        if path.stat().st_mode & 0o077:
            raise KeyUnusable(f"Others can read {path}. Run: chmod 600 {path}")
        return cls._parse(path.read_text(), str(path))

    @classmethod
    def _parse(cls, text: str, where: str) -> "Keyring":
        keys = [_decode(word, where) for word in text.replace(",", " ").split()]
        if not keys:
            raise KeyUnusable(f"{where} is empty. Put 32 random bytes there, as base64 or hex.")
        return cls(keys[0], keys[1:])

    def key(self, identity: str) -> bytes | None:
        """The key of that id, if it is still here."""
        return self._keys.get(identity)

    def __repr__(self) -> str:
        return f"Keyring(current={self.current_id}, keys={len(self._keys)})"

    def __reduce__(self) -> NoReturn:
        raise TypeError("A Keyring is not pickled or copied.")


def key_id(key: bytes) -> str:
    """A name for a key that tells nothing about it."""
    return sha256(b"cuework key id\x00" + key).hexdigest()[:16]


def seal(keyring: Keyring, tenant_id: UUID, row_id: UUID, values: Mapping[str, str]) -> tuple[bytes, str]:
    """The sealed values and the id of the key that opens them: the columns `secret` and `secret_key_id`."""
    return _encrypted(keyring, tenant_id, row_id, json.dumps(dict(values)))


def open_sealed(keyring: Keyring, tenant_id: UUID, row_id: UUID, *, sealed: bytes, sealed_with: str) -> Secret:
    """The credentials of that connection or hook. Errors: SecretUnreadable."""
    return Secret(json.loads(_decrypted(keyring, tenant_id, row_id, sealed, sealed_with)))


def reseal(keyring: Keyring, tenant_id: UUID, row_id: UUID, *, sealed: bytes, sealed_with: str) -> tuple[bytes, str]:
    """The same values sealed with the current key. Errors: SecretUnreadable."""
    return _encrypted(keyring, tenant_id, row_id, _decrypted(keyring, tenant_id, row_id, sealed, sealed_with))


def new_key() -> str:
    """A key that nobody can guess, as the setting and the file take it."""
    return base64.b64encode(secrets.token_bytes(32)).decode()


def _encrypted(keyring: Keyring, tenant_id: UUID, row_id: UUID, plain: bytes) -> tuple[bytes, str]:
    identity = keyring.current_id
    key = keyring.key(identity)
    assert key is not None
    nonce = secrets.token_bytes(_NONCE)
    bound = _bound_to(tenant_id, row_id, identity)
    return _VERSION + nonce + AESGCM(key).encrypt(nonce, plain, bound), identity


def _decrypted(keyring: Keyring, tenant_id: UUID, row_id: UUID, sealed: bytes, sealed_with: str) -> bytes:
    key = keyring.key(sealed_with)
    if key is None:
        raise SecretUnreadable(
            f"The credentials of {row_id} were sealed with key {sealed_with}, which is not "
            "here. Add it to CUEWORK_SECRET_KEY after the current key, or enter the credentials again."
        )
    nonce, ciphertext = sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :]
    try:
        if sealed[:1] != _VERSION:
            raise InvalidTag
        return AESGCM(key).decrypt(nonce, ciphertext, _bound_to(tenant_id, row_id, sealed_with))
    except (InvalidTag, ValueError):
        raise SecretUnreadable(
            f"The credentials of {row_id} are damaged or belong to another connection or hook. Enter them again."
        ) from None


def _bound_to(tenant_id: UUID, row_id: UUID, identity: str) -> bytes:
    return f"cuework|{tenant_id}|{row_id}|{identity}".encode()


def _decode(word: str, where: str) -> bytes:
    for decode in (bytes.fromhex, _from_base64):
        try:
            key = decode(word)
        except (ValueError, binascii.Error):
            continue
        if len(key) == 32:
            return key
    raise KeyUnusable(f"A key in {where} is not 32 bytes of base64 or hex.") from None


def _from_base64(word: str) -> bytes:
    return base64.b64decode(word.replace("-", "+").replace("_", "/") + "=" * (-len(word) % 4), validate=True)


def _make_key_file(path: Path) -> None:
    """Written whole and then linked, so that of processes starting at once all read the same key."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{KEY_FILE}.{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(new_key().encode() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        try:
            path.hardlink_to(draft)
        except FileExistsError:
            return
    finally:
        draft.unlink()
