"""Holds every answer that a test gets to what the OpenAPI document says of its operation.

Stricter than the document: an object with named fields may have no others, so nothing is answered that is not told,
and what has a revision has it as its ETag too.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

import httpx
import jsonschema_rs

from cuework.base import json
from cuework.testing.application import Application

METHODS = ("get", "post", "put", "patch", "delete")


class Contract:
    """The document, and which of its operations have answered well so far."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.document = document
        self.answered: set[str] = set()
        self._validators: dict[str, jsonschema_rs.Draft202012Validator] = {}

    @property
    def operations(self) -> set[str]:
        """Every operation's id."""
        return {operation["operationId"] for _, _, operation in _operations(self.document)}

    async def check(self, response: httpx.Response) -> None:
        """For httpx, as a hook. Errors: AssertionError says what the document does not say."""
        operation = self._find(response.request)
        if operation is None or "text/event-stream" in response.headers.get("content-type", ""):
            return
        await response.aread()
        name, status = operation["operationId"], response.status_code
        told = f"{name} answered {status}"
        described = _described(operation["responses"], status)
        assert described is not None, f"{told}, which the document does not know"
        content = described.get("content", {})
        if not content:
            assert not response.content, f"{told} with a body, and the document says there is none"
        else:
            kind = response.headers.get("content-type", "").partition(";")[0]
            assert kind in content, f"{told} with {kind}, and the document says {', '.join(content)}"
            if kind.endswith("json"):
                self._hold(told, content[kind]["schema"], response.json())
                _hold_revision(told, response)
        if status < 400:
            self.answered.add(name)

    def check_messages(self, name: str, messages: Iterable[Mapping[str, Any]]) -> None:
        """For what is told by a stream. Errors: AssertionError says what the document does not say."""
        operation = next(each for _, _, each in _operations(self.document) if each["operationId"] == name)
        schema = operation["responses"]["200"]["content"]["text/event-stream"]["schema"]
        for message in messages:
            self._hold(f"{name} told {message}", schema, message)
            self.answered.add(name)

    def _hold(self, told: str, schema: Mapping[str, Any], value: Any) -> None:
        key = json.dumps_text(schema)
        if key not in self._validators:
            whole = {**_closed(schema), "components": self._components}
            self._validators[key] = jsonschema_rs.Draft202012Validator(whole, validate_formats=True)
        errors = list(self._validators[key].iter_errors(value))
        wrong = [f"{'.'.join(map(str, error.instance_path))}: {error.message[:500]}" for error in errors]
        assert not wrong, f"{told}, which the document says otherwise:\n" + "\n".join(wrong)

    @cached_property
    def _components(self) -> dict[str, Any]:
        return {"schemas": {name: _closed(part) for name, part in self.document["components"]["schemas"].items()}}

    @cached_property
    def _addresses(self) -> list[tuple[str, re.Pattern[str], Mapping[str, Any]]]:
        """Every operation with its method and a pattern of its path, those without parameters first."""
        found = [(method, path, operation) for path, method, operation in _operations(self.document)]
        found.sort(key=lambda each: each[1].count("{"))
        return [(m, re.compile(re.sub(r"\{\w+\}", "[^/]+", path) + "$"), operation) for m, path, operation in found]

    def _find(self, request: httpx.Request) -> Mapping[str, Any] | None:
        method, path = request.method.lower(), request.url.raw_path.decode().partition("?")[0]
        return next((each for m, pattern, each in self._addresses if m == method and pattern.match(path)), None)


@dataclass(frozen=True)
class CheckedApplication(Application):
    """An application whose clients hold every answer to the OpenAPI document."""

    contract: Contract

    def browser(self, path: str = "", **headers: str) -> httpx.AsyncClient:
        """A client of the whole site."""
        client = super().browser(path, **headers)
        client.event_hooks = {"response": [self.contract.check]}
        return client


def _hold_revision(told: str, response: httpx.Response) -> None:
    """One thing that has a revision answers with it as its ETag."""
    value = response.json()
    if response.status_code < 400 and isinstance(value, dict) and "revision" in value:
        tag = response.headers.get("etag")
        assert tag == f'"{value["revision"]}"', f"{told} with the revision {value['revision']} and the ETag {tag}"


def _operations(document: Mapping[str, Any]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield path, method, item[method]


def _described(responses: Mapping[str, Any], status: int) -> Mapping[str, Any] | None:
    """What is said of that status. Failures of the server are problems, like a client's, and not listed."""
    family = "4XX" if status >= 400 else f"{status // 100}XX"
    return responses.get(str(status), responses.get(family))


def _closed(schema: Any) -> Any:
    """The schema, with objects that have no other fields than those that are named."""
    if isinstance(schema, list):
        return [_closed(each) for each in cast("list[Any]", schema)]
    if not isinstance(schema, dict):
        return schema
    closed = {name: _closed(part) for name, part in cast("dict[str, Any]", schema).items()}
    if "properties" in closed and isinstance(closed["properties"], dict) and closed.get("type") == "object":
        closed.setdefault("additionalProperties", False)
    return closed
