"""The OpenAPI document and an interactive manual of it, without anything from other servers."""

from asyncio import to_thread
from importlib.resources import files
from pathlib import Path

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response

from cuework.base import json

_PAGE = """<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Cuework API</title>
    <link rel="stylesheet" href="/api/docs/swagger-ui.css">
  </head>
  <body>
    <div id="manual"></div>
    <script src="/api/docs/swagger-ui-bundle.js"></script>
    <script src="/api/docs/start.js"></script>
  </body>
</html>
"""
# Requests from the manual carry the session's CSRF token, so that a signed-in person can try changes.
_START = """
let token = null;
fetch("/api/v1/me")
  .then((answer) => (answer.ok ? answer.json() : null))
  .then((me) => { token = me?.csrf_token ?? null; });
window.ui = SwaggerUIBundle({
  url: "/api/openapi.json",
  dom_id: "#manual",
  deepLinking: true,
  docExpansion: "none",
  filter: true,
  tryItOutEnabled: true,
  requestInterceptor: (request) => {
    if (token && request.method !== "GET") request.headers["X-CSRF-Token"] = token;
    return request;
  },
});
"""
_ASSETS = {"swagger-ui.css": "text/css", "swagger-ui-bundle.js": "text/javascript"}


def serve_manual(app: FastAPI, /) -> None:
    """/api/openapi.json and /api/docs answer."""

    async def document(_request: Request) -> Response:
        # Made once per process, which takes a second: other requests go on meanwhile.
        return Response(json.dumps(await to_thread(app.openapi)), media_type="application/json")

    async def page(_request: Request) -> Response:
        return HTMLResponse(_PAGE)

    async def start(_request: Request) -> Response:
        return Response(_START, media_type="text/javascript")

    app.add_route("/api/openapi.json", document, include_in_schema=False)
    app.add_route("/api/docs", page, include_in_schema=False)
    app.add_route("/api/docs/start.js", start, include_in_schema=False)
    folder = Path(str(files("fastapi_offline"))) / "static"
    for name, kind in _ASSETS.items():
        _serve_file(app, folder / name, kind)


def _serve_file(app: FastAPI, file: Path, kind: str) -> None:
    async def answer(_request: Request) -> Response:
        return FileResponse(file, media_type=kind, headers={"Cache-Control": "public, max-age=86400"})

    app.add_route(f"/api/docs/{file.name}", answer, include_in_schema=False)
