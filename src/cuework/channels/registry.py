"""Every channel there is. A new one is a file with a class like these, and its line here."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, ValidationError

from cuework.base.errors import Invalid, Problem
from cuework.base.misfits import phrase
from cuework.channels.addresses import Guard
from cuework.channels.email_message import SmtpConfig, SmtpSecret
from cuework.channels.http import HttpProvider
from cuework.channels.http_request import CREDENTIALS, HttpConfig, HttpSecret
from cuework.channels.provider import Provider
from cuework.channels.secrets import Keyring, seal
from cuework.channels.smtp import SmtpProvider

CONFIGS: Mapping[str, tuple[type[SmtpConfig | HttpConfig], type[BaseModel]]] = {
    "smtp": (SmtpConfig, SmtpSecret),
    "http": (HttpConfig, HttpSecret),
}


@dataclass(frozen=True)
class Channels:
    """The providers of one process, by kind of effect and by type of connection."""

    by_kind: Mapping[str, Provider]
    by_type: Mapping[str, Provider]

    @classmethod
    def of(cls, *providers: Provider) -> Self:
        """These providers."""
        return cls({one.kind: one for one in providers}, {one.account_type: one for one in providers})

    @classmethod
    def standard(cls, keyring: Keyring, guard: Guard) -> Self:
        """Every channel that Cuework has."""
        return cls.of(SmtpProvider(keyring, guard), HttpProvider(keyring, guard))

    async def close(self) -> None:
        """Connections kept for reuse are gone."""
        for provider in self.by_kind.values():
            await provider.close()


def checked_config(kind: str, config: Mapping[str, Any]) -> dict[str, Any]:
    """The configuration of a connection of that type, complete. Errors: Invalid names the places."""
    return _validated(_models(kind)[0], config, "config")


def sealed_secret(
    keyring: Keyring, tenant_id: UUID, connection_id: UUID, kind: str, secret: Mapping[str, Any]
) -> tuple[bytes, str]:
    """The columns `secret` and `secret_key_id` of a connection of that type. Errors: Invalid names the places."""
    values = {name: value for name, value in _validated(_models(kind)[1], secret, "secret").items() if value}
    return seal(keyring, tenant_id, connection_id, values)


def check_credentials(kind: str, config: Mapping[str, Any], secret: Mapping[str, str]) -> None:
    """Every credential is one that the connection signs in with. Errors: Invalid names those that nobody would get."""
    used = _models(kind)[0].model_validate(config).credential()
    given = [name for name, value in secret.items() if value]
    if any(name != used for name in given):
        raise Invalid(*_unused(kind, given, used))


def credential_of(kind: str, config: Mapping[str, Any]) -> str | None:
    """The name of the credential that the connection signs in with, if it does."""
    return _models(kind)[0].model_validate(config).credential()


def goes_elsewhere(kind: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether credentials that were entered for the one configuration would go elsewhere by the other."""
    model = _models(kind)[0]
    return model.model_validate(before).destination() != model.model_validate(after).destination()


def _unused(kind: str, given: Sequence[str], used: str | None) -> tuple[str, list[Problem]]:
    """Why the credentials would go nowhere, with what would mend it."""
    name = next(name for name in given if name != used)
    if used is not None:
        return f"The connection signs in with the {used}, not with the {name}.", [
            Problem(f"secret.{name}", f"is not what the connection signs in with: that is the {used}", f"secret.{used}")
        ]
    if kind == "smtp":
        path, message, suggestion = "config.username", "is required where there is a password", None
    else:
        path, message = "config.auth", f"is none, so the {name} would never be sent"
        suggestion = next((auth for auth, credential in CREDENTIALS.items() if credential == name), None)
    return f"{path}: {message}.", [Problem(path, message, suggestion)]


def _models(kind: str) -> tuple[type[SmtpConfig | HttpConfig], type[BaseModel]]:
    models = CONFIGS.get(kind)
    if models is None:
        known = ", ".join(CONFIGS)
        raise Invalid("Unknown connection type", [Problem("type", f"{kind!r} is not one of {known}.")])
    return models


def _validated(model: type[BaseModel], values: Mapping[str, Any], where: str) -> dict[str, Any]:
    try:
        return model.model_validate(dict(values)).model_dump()
    except ValidationError as error:
        problems = [
            Problem(".".join([where, *map(str, item["loc"])]), phrase(item))
            for item in error.errors(include_input=False)
        ]
        raise Invalid("The connection is not complete.", problems) from None
