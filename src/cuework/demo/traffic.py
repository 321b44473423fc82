"""Believable traffic through the public API: people write in, deals appear and move, tasks are done."""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any

import httpx

from cuework.demo.people import COMPANIES, deal_name, person

_KNOWN = 500
_TOPICS = ("A question", "A quote", "Something else")
_MESSAGES = (
    "We are looking for a tool for our sales team of twelve.",
    "Could you send me a quote for twenty seats?",
    "Does it work with our own database?",
    "I saw your talk and would like a demo next week.",
)


@dataclass
class Traffic:
    """One source of traffic. Shape: url is the server's address, key an API key of a member or above."""

    url: str
    key: str
    rate: float
    chance: Random = field(default_factory=Random)
    done: Counter[str] = field(default_factory=Counter[str])
    contacts: list[str] = field(default_factory=list[str])
    deals: list[str] = field(default_factory=list[str])
    stages: list[str] = field(default_factory=list[str])
    form_id: str | None = None

    async def run(self, seconds: float | None, told: Callable[[Mapping[str, int]], None]) -> Mapping[str, int]:
        """Requests at the rate until the time is over or the task is cancelled; `told` hears of it each second.

        Errors: httpx.HTTPError when the server cannot be reached. A refused request is counted, not raised.
        """
        headers = {"Authorization": f"Bearer {self.key}"}
        async with httpx.AsyncClient(
            base_url=f"{self.url}/api/v1", headers=headers, timeout=30, trust_env=False
        ) as api:
            await self._look(api)
            began = time.monotonic()
            under_way: set[asyncio.Task[None]] = set()
            number, next_word = 0, began + 1
            while seconds is None or time.monotonic() < began + seconds:
                task = asyncio.create_task(self._one(api))
                under_way.add(task)
                task.add_done_callback(under_way.discard)
                number += 1
                await asyncio.sleep(max(0.0, began + number / self.rate - time.monotonic()))
                if time.monotonic() >= next_word:
                    told(self.done)
                    next_word += 1
            if under_way:
                await asyncio.wait(under_way)
        return self.done

    async def _look(self, api: httpx.AsyncClient) -> None:
        """What is there already."""
        found = await api.get("/forms")
        found.raise_for_status()
        self.form_id = next((form["id"] for form in found.json()["items"] if form["key"] == "contact"), None)
        pipelines = (await api.get("/pipelines")).json()["items"]
        self.stages = [stage["id"] for pipeline in pipelines for stage in pipeline.get("stages", [])]
        self.contacts = [row["id"] for row in (await api.get("/contacts?limit=200")).json()["items"]]
        self.deals = [row["id"] for row in (await api.get("/deals?limit=200")).json()["items"]]

    async def _one(self, api: httpx.AsyncClient) -> None:
        acts: tuple[tuple[int, Callable[[httpx.AsyncClient], Awaitable[str]]], ...] = (
            (45, self._contact),
            (15, self._deal),
            (15, self._move),
            (15, self._submit),
            (10, self._finish),
        )
        act = self.chance.choices([each for _, each in acts], [weight for weight, _ in acts])[0]
        self.done[await act(api)] += 1

    async def _contact(self, api: httpx.AsyncClient) -> str:
        answer = await api.post("/contacts", json=person(self.chance, self.chance.choice(COMPANIES)))
        return self._kept(answer, self.contacts, "contacts")

    async def _deal(self, api: httpx.AsyncClient) -> str:
        body: dict[str, Any] = {"name": deal_name(self.chance, self.chance.choice(COMPANIES))}
        body["value"] = {"amount": str(self.chance.randrange(1, 80) * 5), "currency": "EUR"}
        if self.contacts:
            body["contact_id"] = self.chance.choice(self.contacts)
        return self._kept(await api.post("/deals", json=body), self.deals, "deals")

    async def _move(self, api: httpx.AsyncClient) -> str:
        if not self.deals or not self.stages:
            return "skipped"
        body = {"status": "won"} if self.chance.random() < 0.1 else {"stage_id": self.chance.choice(self.stages)}
        answer = await api.patch(f"/deals/{self.chance.choice(self.deals)}", json=body)
        return "moved deals" if answer.is_success else "refused"

    async def _submit(self, api: httpx.AsyncClient) -> str:
        if self.form_id is None:
            return "skipped"
        who = person(self.chance, None)
        answers = {name: who[name] for name in ("first_name", "last_name", "email")}
        answers |= {"topic": self.chance.choice(_TOPICS), "message": self.chance.choice(_MESSAGES)}
        answer = await api.post(f"/forms/{self.form_id}/submit", json={"answers": answers})
        return "forms" if answer.is_success else "forms slowed down" if answer.status_code == 429 else "refused"

    async def _finish(self, api: httpx.AsyncClient) -> str:
        found = (await api.get("/tasks?status=open&limit=20")).json().get("items", [])
        if not found:
            return "skipped"
        answer = await api.patch(f"/tasks/{self.chance.choice(found)['id']}", json={"status": "done"})
        return "finished tasks" if answer.is_success else "refused"

    def _kept(self, answer: httpx.Response, known: list[str], what: str) -> str:
        if not answer.is_success:
            return "refused"
        known.append(answer.json()["id"])
        del known[:-_KNOWN]
        return what
