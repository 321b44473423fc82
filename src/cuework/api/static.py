"""Serves the built web application: hashed files for ever, the page itself fresh.

Every address that is no file answers with the page, which shows what belongs there. The build leaves a
compressed copy beside each file that gains by it; a client that takes gzip gets that one.

Must not answer for addresses under /api: those are problems.
"""

import mimetypes
from pathlib import Path

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from cuework.api.problems import problem_response
from cuework.base.errors import NotFound

BUILT = Path(__file__).parent.parent / "static"
_IMMUTABLE = "public, max-age=31536000, immutable"
_NOT_BUILT = "The web application is not built here. The API is at /api/v1 and its manual at /api/docs.\n"
_NOT_PAGES = ("/api/", "/f/", "/healthz", "/readyz")


def serve_static(app: FastAPI, directory: Path | None = None, /) -> None:
    """What no route answers is a file of the web application, its page, or a problem."""
    root = (directory or BUILT).resolve()
    mimetypes.add_type("text/javascript", ".js")

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        await _answer_for(Request(scope), root)(scope, receive, send)

    app.router.default = answer


def _answer_for(request: Request, root: Path) -> Response:
    path = request.url.path
    if request.method not in {"GET", "HEAD"} or path.startswith(_NOT_PAGES):
        return problem_response(NotFound("There is nothing at this address."))
    file = _file_at(root, path)
    if file is not None:
        hashed = file.parent.name == "assets"
        return _file_response(request, file, _IMMUTABLE if hashed else "public, max-age=3600")
    if Path(path).suffix and "text/html" not in request.headers.get("accept", ""):
        return problem_response(NotFound("There is no such file."))
    page = root / "index.html"
    if not page.is_file():
        return PlainTextResponse(_NOT_BUILT, 404)
    return _file_response(request, page, "no-cache")


def _file_response(request: Request, file: Path, cache: str) -> Response:
    """The file, or its compressed copy where there is one and the client takes it."""
    headers = {"Cache-Control": cache, "Vary": "Accept-Encoding"}
    kind, _ = mimetypes.guess_type(file.name)
    packed = file.with_name(f"{file.name}.gz")
    takes_gzip = "gzip" in request.headers.get("accept-encoding", "")
    if takes_gzip and "range" not in request.headers and packed.is_file():
        return FileResponse(packed, headers=headers | {"Content-Encoding": "gzip"}, media_type=kind)
    return FileResponse(file, headers=headers, media_type=kind)


def _file_at(root: Path, path: str) -> Path | None:
    """The file inside root; None for anything outside, the page itself, and what is no file."""
    if path in {"/", "/index.html"} or "\0" in path:
        return None
    file = (root / path.lstrip("/")).resolve()
    return file if file.is_relative_to(root) and file.is_file() else None
