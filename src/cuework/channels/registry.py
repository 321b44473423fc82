"""Every channel there is. A new one is a file with a class like these, and its line here."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self
from uuid import UUID

from pydantic import BaseModel, ValidationError

from cuework.base.errors import Invalid, Problem
from cuework.base.misfits import phrase
from cuework.channels.addresses import Guard
from cuework.channels.email_message import SmtpConfig, SmtpSecret
from cuework.channels.http import HttpProvider
from cuework.channels.http_request import HttpConfig, HttpSecret
from cuework.channels.provider import Provider
from cuework.channels.secrets import Keyring, seal
from cuework.channels.smtp import SmtpProvider

CONFIGS: Mapping[str, tuple[type[BaseModel], type[BaseModel]]] = {
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


def _models(kind: str) -> tuple[type[BaseModel], type[BaseModel]]:
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
