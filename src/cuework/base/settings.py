"""Settings from the environment, prefix CUEWORK_. `cuework settings` lists them with their meaning."""

from functools import lru_cache
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from cuework.base.errors import Misconfigured, Problem
from cuework.base.misfits import phrase


def _networks(text: str) -> str:
    for word in text.replace(",", " ").split():
        try:
            ip_network(word)
        except ValueError as error:
            raise ValueError(f"must be networks such as 10.1.0.0/16: {error}") from None
    return text


def _level(text: str) -> str:
    if text.lower() not in ("debug", "info", "warning", "error"):
        raise ValueError("must be debug, info, warning or error")
    return text


class Settings(BaseSettings):
    """Everything an operator can set; every field has a default that works on one machine."""

    model_config = SettingsConfigDict(env_prefix="CUEWORK_", extra="ignore")

    database_url: str | None = Field(None, description="PostgreSQL 15+ to use; empty: embedded in the data directory")
    migration_url: str | None = Field(
        None, description="The same database by the login that migrates it; empty: CUEWORK_DATABASE_URL migrates too"
    )
    data: Path = Field(Path("data"), description="Directory of the embedded PostgreSQL, the secret key and journals")
    host: str = Field("127.0.0.1", description="Address to serve on")
    port: int = Field(8000, ge=0, le=65535, description="Port to serve on; 0 picks a free one")
    public_url: str | None = Field(None, description="Address that people reach the server by, for links")
    secret_key: SecretStr | None = Field(
        None,
        description="Key that encrypts credentials (32 bytes, base64 or hex), older ones after it; empty: made in the "
        "data directory",
    )
    workers: int = Field(1, ge=0, le=64, description="Worker processes that serve starts beside itself")
    passes: int = Field(3, ge=1, le=16, description="Passes a worker process runs at the same time")
    pool_size: int = Field(10, ge=2, le=200, description="Database connections of one serving process")
    max_body_bytes: int = Field(2_000_000, ge=1_000, description="Largest request body in bytes")
    allowed_networks: Annotated[str, AfterValidator(_networks)] = Field(
        "", description="Private networks that HTTP actions and SMTP may reach, as CIDR with commas, e.g. 10.1.0.0/16"
    )
    secure_cookies: bool = Field(False, description="Mark cookies Secure; set it when serving over HTTPS")
    chromium: str | None = Field(None, description="Browser for the browser tests")
    log_level: Annotated[str, AfterValidator(_level)] = Field("info", description="debug, info, warning or error")
    log_json: bool = Field(False, description="Write logs as JSON lines")


@lru_cache(maxsize=1)
def settings() -> Settings:
    """The settings of this process, read once. Errors: Misconfigured names the variables, not their values."""
    try:
        return Settings()  # pyright: ignore[reportCallIssue]
    except ValidationError as error:
        wrong = [Problem(_variable(each["loc"]), phrase(each)) for each in error.errors(include_input=False)]
        raise Misconfigured(" ".join(f"{each.path} {each.message}." for each in wrong), wrong) from None


def _variable(place: tuple[int | str, ...]) -> str:
    name = str(place[0])
    return name.upper() if name.lower().startswith("cuework_") else f"CUEWORK_{name.upper()}"
