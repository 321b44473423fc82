"""An HTTP request as a step asks for it, and how it becomes bytes for one host.

Pure. Credentials are added for the host of their connection and for no other.
"""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal
from urllib.parse import unquote

import httpx
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from cuework.base import json
from cuework.base.errors import CueworkError
from cuework.base.http_headers import OURS, TOKEN, name_problem, value_problem
from cuework.channels.addresses import spelled_host
from cuework.channels.secrets import Secret

USER_AGENT = "Cuework/1"
CREDENTIALS = {"bearer": "token", "basic": "password", "header": "value"}


class RequestRefused(CueworkError):
    """The request cannot be made as it was written. Trying again does not help."""

    status, code, title = 422, "bad_request", "Request refused"


class HttpConfig(BaseModel):
    """The configuration of an http connection: whose host it is for and how it signs in there."""

    model_config = ConfigDict(extra="forbid")

    base_url: str
    auth: Literal["none", "bearer", "basic", "header"] = "none"
    username: str | None = None
    header: str | None = None

    @model_validator(mode="after")
    def _complete(self) -> "HttpConfig":
        spelled_host(parse_url(self.base_url).raw_host.decode("ascii"))
        if self.auth == "basic" and not self.username:
            raise ValueError("Basic authentication needs a username.")
        if self.auth == "header" and not TOKEN.match(self.header or ""):
            raise ValueError("Header authentication needs the name of a header.")
        if self.auth == "header" and (self.header or "").lower() in OURS:
            raise ValueError(f"{self.header} is not a header for credentials.")
        return self

    def credential(self) -> str | None:
        """The name of the credential it signs in with, if it does."""
        return CREDENTIALS.get(self.auth)

    def destination(self) -> tuple[str, str, int]:
        """Whom the credential goes to: scheme, host and port."""
        return origin(parse_url(self.base_url))


class HttpSecret(BaseModel):
    """The credential of an http connection: `token` for bearer, `password` for basic, `value` for header."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    token: Annotated[str, StringConstraints(max_length=8_000)] = Field(default="", repr=False)
    password: Annotated[str, StringConstraints(max_length=8_000)] = Field(default="", repr=False)
    value: Annotated[str, StringConstraints(max_length=8_000)] = Field(default="", repr=False)


class HttpRequest(BaseModel):
    """The rendered request of an `http.request` step.

    Shape: a body that is text goes as it is, any other as JSON; `expect` are the statuses that count as
    success, empty means 200 to 299. With a connection the url may be a path below its base_url.
    """

    method: Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{1,16}$", to_upper=True)] = "POST"
    url: str = Field(max_length=8_000)
    headers: dict[str, str] = Field(default_factory=dict[str, str], max_length=100)
    body: Any = None
    expect: list[int] = Field(default_factory=list[int])

    def expects(self, status: int) -> bool:
        """Whether that status is a success."""
        return status in self.expect if self.expect else 200 <= status < 300


@dataclass(frozen=True, slots=True)
class Prepared:
    """Bytes for one host; the headers hold credentials and are not shown."""

    method: str
    url: httpx.URL
    headers: list[tuple[bytes, bytes]] = field(repr=False)
    content: bytes = field(repr=False)


def prepare(request: HttpRequest, config: HttpConfig | None, secret: Secret, key: str) -> Prepared:
    """The request to make. Errors: RequestRefused says what cannot be sent, without credentials."""
    url = target(request.url, config)
    content, media_type = _content(request.body)
    headers = {"accept": "*/*", "user-agent": USER_AGENT}
    if media_type:
        headers["content-type"] = media_type
    headers |= {_header_name(name): _header_value(name, value) for name, value in request.headers.items()}
    headers |= {"idempotency-key": key, "accept-encoding": "identity", "host": url.netloc.decode("ascii")}
    headers |= credentials(config, secret)
    if content or request.method in ("POST", "PUT", "PATCH"):
        headers["content-length"] = str(len(content))
    raw = [(name.encode("ascii"), value.encode("utf-8")) for name, value in headers.items()]
    return Prepared(request.method, url, raw, content)


def target(url: str, config: HttpConfig | None) -> httpx.URL:
    """Where the request goes. Errors: RequestRefused if that is not the host of the connection, or leaves its path."""
    if config is None:
        return _checked(url)
    base = _checked(config.base_url)
    if _climbs(url):  # what a template printed, such as a form's answer, does not choose where credentials go
        raise RequestRefused("With a connection an address has no “.” or “..” between its slashes.")
    if not re.match(r"^[A-Za-z][A-Za-z0-9+.-]*:", url):
        url = f"{config.base_url.rstrip('/')}/{url.lstrip('/')}" if url else config.base_url
    wanted = _checked(url)
    if origin(wanted) != origin(base):
        raise RequestRefused(
            f"The connection is for {base.scheme}://{base.netloc.decode()}; its credentials do not go to "
            f"{wanted.scheme}://{wanted.netloc.decode()}."
        )
    return wanted


def _climbs(url: str) -> bool:
    """Whether the path has segments that lead up, also in the spellings that servers read as such."""
    path = unquote(unquote(re.split(r"[?#]", url, maxsplit=1)[0]))
    return any(segment.strip() in (".", "..") for segment in re.split(r"[/\\]", path))


def origin(url: httpx.URL) -> tuple[str, str, int]:
    """Scheme, host and port; the port as a number even when the URL leaves it out."""
    return url.scheme, url.raw_host.decode("ascii"), url.port or (443 if url.scheme == "https" else 80)


def parse_url(url: str) -> httpx.URL:
    """The URL. Errors: ValueError unless it is http or https with a host and without credentials."""
    try:
        parsed = httpx.URL(url.strip())
    except (httpx.InvalidURL, TypeError, UnicodeError) as error:
        raise ValueError(f"The URL cannot be read: {error}") from None
    if parsed.scheme not in ("http", "https"):
        raise ValueError("A URL begins with http:// or https://.")
    if not parsed.host:
        raise ValueError("The URL has no host.")
    if parsed.userinfo or "@" in parsed.netloc.decode("ascii", "replace"):
        raise ValueError("A URL holds no user name or password: use a connection for credentials.")
    if parsed.port is not None and not 0 < parsed.port < 65536:
        raise ValueError(f"{parsed.port} is no port.")
    return parsed


def credentials(config: HttpConfig | None, secret: Secret) -> dict[str, str]:
    """The header that signs in; empty if none is needed. Errors: RequestRefused if it is missing."""
    if config is None or config.auth == "none":
        return {}
    value = secret.reveal(CREDENTIALS[config.auth])
    if not value:
        raise RequestRefused(f"The connection has no {CREDENTIALS[config.auth]} to sign in with.")
    if config.auth == "header":
        return {(config.header or "").lower(): _header_value("credential", value)}
    if config.auth == "bearer":
        return {"authorization": f"Bearer {_header_value('credential', value)}"}
    pair = base64.b64encode(f"{config.username}:{value}".encode()).decode()
    return {"authorization": f"Basic {pair}"}


def _checked(url: str) -> httpx.URL:
    try:
        return parse_url(url)
    except ValueError as error:
        raise RequestRefused(str(error)) from None


def _content(body: Any) -> tuple[bytes, str]:
    if body is None:
        return b"", ""
    if isinstance(body, str):
        return body.encode("utf-8", "replace"), "text/plain; charset=utf-8"
    return json.dumps(body), "application/json"


def _header_name(name: str) -> str:
    if (problem := name_problem(name)) is not None:
        raise RequestRefused(problem)
    return name.strip().lower()


def _header_value(name: str, value: str) -> str:
    if (problem := value_problem(name, value)) is not None:
        raise RequestRefused(problem)
    return value.strip()


def plain_headers(raw: list[tuple[bytes, bytes]]) -> Mapping[str, str]:
    """Response headers by lower-case name; of a repeated one the first."""
    found: dict[str, str] = {}
    for name, value in raw:
        found.setdefault(name.decode("latin-1").lower(), value.decode("latin-1"))
    return found
