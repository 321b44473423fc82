"""Around every request: an id, an access log line without personal data, security headers, and an answer even
for what nobody expected.

Plain ASGI, so that streams pass through untouched. Must not read bodies.
"""

import time
from typing import Any

import structlog
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cuework.api.problems import as_cuework_error, problem_response
from cuework.base.ids import new_id

log = structlog.get_logger("cuework.access")

CONTENT_POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; "
    "frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
_QUIET = {"/healthz", "/readyz"}


class Envelope:
    """The outermost part of the application."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The request is answered, whatever happens."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        started_at = time.perf_counter()
        request_id = str(new_id())
        status = 0

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                _add_headers(MutableHeaders(scope=message), scope["path"], request_id)
            await send(message)

        structlog.contextvars.bind_contextvars(request_id=request_id)
        try:
            await self.app(scope, receive, send_with_headers)
        except Exception as error:  # noqa: BLE001 - the last place to answer
            failure = problem_response(as_cuework_error(None, error))
            if status == 0:
                await failure(scope, receive, send_with_headers)
        finally:
            _log_access(scope, status, time.perf_counter() - started_at)
            structlog.contextvars.unbind_contextvars("request_id")


def _add_headers(headers: MutableHeaders, path: str, request_id: str) -> None:
    for name, value in HEADERS.items():
        headers.setdefault(name, value)
    headers["X-Request-Id"] = request_id
    if path.startswith("/api/"):
        headers.setdefault("Cache-Control", "private, no-cache")


def _log_access(scope: Scope, status: int, took: float) -> None:
    """Names the route, not the address: addresses hold tokens and what people search for."""
    if scope["path"] in _QUIET:
        return
    route: Any = scope.get("route")
    actor = scope.get("state", {}).get("actor")
    log.info(
        "request",
        method=scope["method"],
        route=getattr(route, "path", None) or "(none)",
        status=status,
        ms=round(took * 1000, 1),
        tenant_id=str(actor.tenant_id) if actor else None,
    )
