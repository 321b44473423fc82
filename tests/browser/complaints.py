"""What goes wrong in a browser without a person seeing it: errors in the console, requests that fail."""

from dataclasses import dataclass, field

from playwright.async_api import BrowserContext, ConsoleMessage, Request, Response, WebError

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
        if response.status >= 400 and not _is_who_am_i(response):
            self.heard.append(f"{response.request.method} {response.url}: {response.status}")


def _is_who_am_i(response: Response) -> bool:
    """The question whether somebody is signed in; "no" is a usual answer."""
    return response.status == 401 and response.url.endswith("/api/v1/me")


def _place(url: str) -> str:
    return "/" + url.split("/", 3)[-1]
