"""What a channel is: it delivers one rendered request under one key, and it can check its connection.

A delivery answers with a value (Delivered, Failed, Skipped) whatever the provider does; only cancellation
passes through. `retryable` says that the same request may succeed later; `provider_down` that the fault is
the provider's, so that deliveries to the same endpoint are held back for a while.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Protocol, TypeAlias
from uuid import UUID

from pydantic import ValidationError

from cuework.base.misfits import phrase
from cuework.channels.secrets import Keyring, Secret, open_sealed


@dataclass(frozen=True, slots=True)
class Account:
    """A row of `connections`: where a channel delivers to, with the credentials still sealed."""

    tenant_id: UUID
    id: UUID
    key: str
    type: str
    config: Mapping[str, Any]
    sealed: bytes | None = field(default=None, repr=False)
    sealed_with: str | None = None
    revision: int = 1

    def open(self, keyring: Keyring) -> Secret:
        """The credentials; none is an empty secret. Errors: SecretUnreadable."""
        if self.sealed is None or self.sealed_with is None:
            return Secret({})
        return open_sealed(keyring, self.tenant_id, self.id, sealed=self.sealed, sealed_with=self.sealed_with)


@dataclass(frozen=True, slots=True)
class Delivered:
    """The provider took it; `output` goes into the execution's context."""

    output: Mapping[str, Any]

    def as_json(self) -> dict[str, Any]:
        """The outcome as the engine reads it."""
        return {"ok": True, "output": dict(self.output)}


@dataclass(frozen=True, slots=True)
class Failed:
    """It was not delivered, or nobody can tell. `output` is what the provider said, if it answered."""

    code: str
    message: str
    retryable: bool = False
    retry_after: timedelta | None = None
    provider_down: bool = False
    output: Mapping[str, Any] | None = None

    def as_json(self) -> dict[str, Any]:
        """The outcome as the engine reads it."""
        error = {"code": self.code, "message": self.message, "retryable": self.retryable}
        answer: dict[str, Any] = {"ok": False, "error": error}
        return answer if self.output is None else answer | {"output": dict(self.output)}


@dataclass(frozen=True, slots=True)
class Skipped:
    """It was not sent on purpose, for a reason that has a code and a sentence."""

    reason: str
    message: str = ""

    def as_json(self) -> dict[str, Any]:
        """The outcome as the engine reads it."""
        return {"skipped": self.reason, "message": self.message}


Answer: TypeAlias = Delivered | Failed | Skipped


@dataclass(frozen=True, slots=True)
class Checked:
    """Whether a connection works, and in words what was tried and answered."""

    ok: bool
    message: str


def places(error: ValidationError) -> str:
    """What is wrong and where, in words and without the values."""
    problems = error.errors(include_input=False, include_url=False)
    return "; ".join(f"{'.'.join(map(str, item['loc'])) or 'it'}: {phrase(item)}" for item in problems)


class Provider(Protocol):
    """One way out. `kind` is that of effects, `account_type` that of the connections it uses."""

    kind: str
    account_type: str

    def endpoint(self, request: Mapping[str, Any], account: Account | None) -> str:
        """The `host:port` that the request goes to; empty if it cannot be told. Never raises."""
        ...

    async def deliver(
        self, request: Mapping[str, Any], account: Account | None, *, key: str, within: timedelta
    ) -> Answer:
        """The request is with the provider, or the answer says why not. The same key is the same delivery."""
        ...

    async def check(self, account: Account) -> Checked:
        """Connects and authenticates; delivers nothing."""
        ...

    async def close(self) -> None:
        """Connections kept for reuse are gone."""
        ...
