"""What goes wrong in a browser without a person seeing it: errors in the console, requests that fail."""

from dataclasses import dataclass, field

from playwright.async_api import BrowserContext, ConsoleMessage, Request, Response, WebError

NO_ID = "00000000-0000-7000-8000-000000000000"
"""An id that nothing has, for tests that ask for it."""
_ENDED_BY_LEAVING = "net::ERR_ABORTED"


@dataclass
class Complaints:
    """All that was heard from the contexts listened to, each with the page it was on."""

    heard: list[str] = field(default_factory=list[str])

    def listen_to(self, context: BrowserContext) -> None:
        """From now on the context's pages are heard."""
        context.on("console", self._console)
        context.on("weberror", self._error)
        context.on("requestfailed", self._failed)
        context.on("response", self._answered)

    def _console(self, message: ConsoleMessage) -> None:
        # The browser repeats every refused request here; those are heard with their status below.
        if message.type in {"error", "warning"} and not message.text.startswith("Failed to load resource"):
            self.heard.append(f"{_place(message.page.url if message.page else '')}: {message.type}: {message.text}")

    def _error(self, error: WebError) -> None:
        self.heard.append(f"{_place(error.page.url if error.page else '')}: {error.error}")

    def _failed(self, request: Request) -> None:
        if request.failure != _ENDED_BY_LEAVING:
            self.heard.append(f"{request.method} {request.url}: {request.failure}")

    def _answered(self, response: Response) -> None:
        if response.status >= 400 and not _is_usual(response):
            self.heard.append(f"{response.request.method} {response.url}: {response.status}")


def _is_usual(response: Response) -> bool:
    """The question whether somebody is signed in, to which "no" is a usual answer; a hosted form that says what is
    wrong; what was asked for under an id that nothing has."""
    if response.status == 404 and NO_ID in response.url:
        return True
    return (response.status == 401 and response.url.endswith("/api/v1/me")) or "/f/" in response.url


def _place(url: str) -> str:
    return "/" + url.split("/", 3)[-1]
