"""Action: call an HTTP address."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field, PrivateAttr

from cuework.base.http_headers import name_problem, value_problem
from cuework.engine.binder import Binder
from cuework.engine.context import Context
from cuework.engine.node import Step
from cuework.engine.outcome import Effect, Fail, Outcome
from cuework.engine.templates import Template
from cuework.nodes.bound import keep
from cuework.nodes.hints import Line, hint
from cuework.nodes.json_template import Fill, filler, shortened
from cuework.nodes.texts import Write, short, writer


class ResponseOutput(BaseModel):
    """What the server answered; a JSON body is read, any other is text."""

    status: int
    headers: dict[str, str] = Field(default_factory=dict[str, str])
    body: Any = None
    truncated: bool = False


class HttpRequest(Step):
    """The request was made, and the answer is in the context as `steps.<id>.status`, `.headers` and `.body`.

    Delivered at least once: if the process dies at the wrong moment, the same request is made again, with the same
    `Idempotency-Key` header; a server that honours it acts once. Only public addresses are called, and addresses
    that the operator allows. Answers other than the expected statuses fail the step; 408, 429 and 5xx are tried again
    by the step's retry policy. Put credentials into a connection: only there are they encrypted and never logged.
    """

    type = "http.request"
    title = "HTTP request"
    group = "Web"
    icon = "globe"
    kind = "effect"
    sample = {"method": "POST", "url": "https://example.com/orders", "body": {"deal": "{{ deal.name }}"}}
    Output = ResponseOutput
    unlogged = ("headers",)  # they may carry credentials

    method: Literal["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"] = "POST"
    url: Line = Field(description="An address; with a connection, a path below the connection's")
    headers: dict[Annotated[str, Field(max_length=200)], Template] = Field(
        default_factory=dict[str, Template], max_length=50
    )
    body: Any = Field(None, description="Text, or any JSON; texts take {{ templates }}", json_schema_extra=hint("json"))
    expect: list[Annotated[int, Field(ge=100, le=599)]] = Field(
        default_factory=list[int], max_length=50, description="Statuses that are a success; empty: 200 to 299"
    )
    connection: Annotated[str, Field(json_schema_extra=hint("connection", type="http"))] | None = None

    _url: Write = PrivateAttr()
    _headers: tuple[tuple[str, Write], ...] = PrivateAttr(())
    _body: Fill = PrivateAttr()
    _connection: UUID | None = PrivateAttr(None)

    def bind(self, binder: Binder) -> None:
        """The connection exists and every text of the body is compiled."""
        found = binder.connection("http", self.connection, "connection") if self.connection is not None else None
        if self.connection is None and self.url.is_literal and not _is_address(self.url.source):
            message = "Without a connection the address begins with https:// or http://."
            binder.problem("url", message, f"https://{self.url.source}")
        for name, value in self.headers.items():
            problem = name_problem(name) or (value_problem(name, value.source) if value.is_literal else None)
            if problem is not None:
                binder.problem(f"headers.{name}", problem)
        keep(
            self,
            _url=writer(self.url),
            _headers=tuple((name, writer(value)) for name, value in self.headers.items()),
            _body=filler(self.body, binder, "body"),
            _connection=found.id if found is not None else None,
        )

    def run(self, ctx: Context) -> Outcome:
        """The request, rendered."""
        url = self._url(ctx).strip()
        shown: dict[str, Any] = {"method": self.method, "url": shortened(url)}
        if not url and self._connection is None:
            return Fail("invalid_value", "The address of the request is empty.", input=shown)
        request: dict[str, Any] = {"method": self.method, "url": url, "expect": self.expect}
        request["headers"] = {name: write(ctx).strip() for name, write in self._headers}
        request["body"] = self._body(ctx)
        if request["body"] is not None:
            shown["body"] = shortened(request["body"])
        return Effect("http", self._connection, request, input=shown)

    def summary(self) -> str:
        """Method and address."""
        return f"Send a {self.method} request to {short(self.url.source)}"


def _is_address(url: str) -> bool:
    return url.lower().startswith(("https://", "http://"))
