"""One execution with everything that is known of it: its steps in order, where it stands, what set it off.

Steps are titled with the words of the version it is on. Reads only; nothing is worked out again.
"""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from cuework.base.errors import NotFound
from cuework.db.pool import Connection
from cuework.engine.registry import NodeTypes
from cuework.workflows import executions
from cuework.workflows.names import record_names
from cuework.workflows.retryable import is_retryable
from cuework.workflows.step_inputs import RawSteps, input_of, steps_of_versions, version_of
from cuework.workflows.vocabulary import title_of

_STEPS = """
select execution_id, seq, visit, type, status, attempts, started_at, finished_at, detail from steps
where tenant_id = $1 and execution_id = $2 order by seq
"""
_ONE = f"select {executions.COLUMNS}, e.state from executions e where e.tenant_id = $1 and e.id = $2"
_EVENT = """
select id, type, record_type, record_id, revision, occurred_at, changes, data, actor_type, actor_id, execution_id,
  root_id, hops, workflows from events where tenant_id = $1 and id = $2
"""
_MESSAGES = """
select id, visit, recipient, subject, state, message_id, error, sent_at from messages
where tenant_id = $1 and execution_id = $2 order by id
"""
_PUT_OFF = """
select visit, attempts, due_at, outcome from effects
where tenant_id = $1 and execution_id = $2 and state = 'queued' and outcome is not null
"""
# What a token says of its step while it waits there.
_WAITING = {"sleep": "waiting", "listen": "waiting", "effect": "running"}


async def read(connection: Connection, tenant_id: UUID, execution_id: UUID, types: NodeTypes) -> dict[str, Any]:
    """The execution with its steps. Errors: NotFound. Cost: nine queries, each by key."""
    row = await connection.fetchrow(_ONE, tenant_id, execution_id)
    if row is None:
        raise NotFound(f"There is no execution {execution_id}.")
    finished = await connection.fetch(_STEPS, tenant_id, execution_id)
    state: Mapping[str, Any] = row["state"] or {}
    ran_on = state.get("ran_on", ())
    keys = [(row["workflow_id"], version_of(each["seq"], ran_on, row["version"])) for each in finished]
    own = (row["workflow_id"], row["version"])
    known = await steps_of_versions(connection, tenant_id, [own, *keys])
    steps = [finished_step(each, known.get(key, {}), types) for each, key in zip(finished, keys, strict=True)]
    steps += _open_steps(row, known.get(own, {}), types, first_seq=len(steps))
    await _name_records(connection, tenant_id, steps)
    await _add_messages(connection, tenant_id, execution_id, steps)
    if row["finished_at"] is None:
        await _add_tries(connection, tenant_id, execution_id, steps)
    shown = (await executions.spell_all(connection, tenant_id, [row]))[0]
    shown["trigger"] |= await _trigger(connection, tenant_id, row, state)
    failed = next((step for step in reversed(steps) if step["status"] == "failed"), None)
    error = state.get("failure") or (failed["error"] if failed and row["status"] == "failed" else None)
    retryable = row["finished_at"] is not None and is_retryable(row["status"], row["reason"], state)
    paused_at = await _paused_at(connection, tenant_id, row) if row["finished_at"] is None else None
    return shown | {"error": error, "retryable": retryable, "paused_at": paused_at, "steps": steps}


async def _paused_at(connection: Connection, tenant_id: UUID, row: Mapping[str, Any]) -> datetime | None:
    query = "select paused_at from workflows where tenant_id = $1 and id = $2"
    return await connection.fetchval(query, tenant_id, row["workflow_id"])


def finished_step(row: Mapping[str, Any], raw_steps: RawSteps, types: NodeTypes) -> dict[str, Any]:
    """A row of the log as the API shows it. Shape: raw_steps are the steps of the version that it ran on."""
    detail: Mapping[str, Any] = row["detail"] or {}
    raw = raw_steps.get(row["visit"].rsplit("/", 1)[-1], {})
    kind = row["type"] or str(raw.get("type", ""))  # it is not known where the version could not be used any more
    return {
        "execution_id": row["execution_id"],
        "seq": row["seq"],
        "revision": 1,
        "visit": row["visit"],
        "type": kind,
        "title": _title(raw, kind, types),
        "status": row["status"],
        "attempts": row["attempts"],
        "started_at": row["started_at"],
        "finished_at": row["finished_at"],
        "input": input_of(raw, kind, types, detail.get("input")) or None,
        **{name: detail.get(name) for name in ("output", "error", "why", "reason")},
        "changes": detail.get("changes") or [],
        "warnings": detail.get("warnings") or [],
        "note": raw.get("note"),
        "until": None,
    }


def _open_steps(
    row: Mapping[str, Any], raw_steps: RawSteps, types: NodeTypes, *, first_seq: int
) -> list[dict[str, Any]]:
    """What a live execution's tokens wait in, or stand before."""
    if row["status"] not in executions.LIVE:
        return []
    state: Mapping[str, Any] = row["state"] or {}
    tokens = cast("list[Mapping[str, Any]]", state.get("tokens", []))
    found: list[dict[str, Any]] = []
    for seq, token in enumerate(tokens, first_seq):
        wait: Mapping[str, Any] = token["wait"] or {}
        raw: Mapping[str, Any] = raw_steps.get(token["at"]) or wait
        kind = str(raw.get("type", ""))
        since = datetime.fromisoformat(wait["since"]) if "since" in wait else None
        detail = {"input": wait.get("input"), "why": wait.get("why"), "warnings": wait.get("warnings")}
        log = {"execution_id": row["id"], "seq": seq, "visit": token["visit"], "type": kind, "finished_at": None}
        log |= {"status": _WAITING.get(wait.get("kind", ""), "pending"), "attempts": int(wait.get("attempts", 0))}
        step = finished_step(log | {"started_at": since, "detail": detail}, raw_steps, types)
        found.append(step | {"until": wait.get("until"), "revision": 0})
    return found


async def _trigger(
    connection: Connection, tenant_id: UUID, row: Mapping[str, Any], state: Mapping[str, Any]
) -> dict[str, Any]:
    """What set it off: the event's own row, or what the execution kept of it where retention dropped that."""
    event = await connection.fetchrow(_EVENT, tenant_id, row["event_id"]) if row["event_id"] else None
    if event is None:
        kept: Mapping[str, Any] = state.get("trigger") or {}
        return {"data": {"changes": kept.get("changes") or {}}, "occurred_at": kept.get("at")}
    data = dict(event["data"] or {})
    data.pop("links", None)
    return {
        "event_type": event["type"],
        "occurred_at": event["occurred_at"],
        "actor": {"type": event["actor_type"], "id": event["actor_id"]},
        "caused_by": event["execution_id"],
        "hops": event["hops"],
        "data": data | {"changes": event["changes"]},
    }


async def _name_records(connection: Connection, tenant_id: UUID, steps: Iterable[dict[str, Any]]) -> None:
    """Records that steps changed have their names."""
    records = [change["record"] for step in steps for change in step["changes"]]
    wanted = [(record["type"], UUID(str(record["id"]))) for record in records]
    names = await record_names(connection, tenant_id, wanted)
    for record in records:
        record["name"] = names.get(UUID(str(record["id"])))


async def _add_messages(
    connection: Connection, tenant_id: UUID, execution_id: UUID, steps: Iterable[dict[str, Any]]
) -> None:
    """Steps that sent something say what became of it."""
    rows = await connection.fetch(_MESSAGES, tenant_id, execution_id)
    sent = {row["visit"]: dict(row) for row in rows}
    for step in steps:
        step["message"] = sent.get(step["visit"])


async def _add_tries(
    connection: Connection, tenant_id: UUID, execution_id: UUID, steps: Iterable[dict[str, Any]]
) -> None:
    """Steps whose delivery was put off say why, and when it is tried again."""
    rows = await connection.fetch(_PUT_OFF, tenant_id, execution_id)
    put_off = {row["visit"]: row for row in rows}
    for step in steps:
        row = put_off.get(step["visit"]) if step["finished_at"] is None else None
        if row is not None:
            step |= {"why": _delay(row["outcome"]), "until": row["due_at"], "attempts": row["attempts"]}


def _delay(outcome: Mapping[str, Any]) -> str:
    error: Mapping[str, Any] = outcome.get("error") or {}
    said = str(error.get("message") or outcome.get("message") or "It was put off")
    failed = f"Attempt {outcome['failures']} failed: {said}" if error else said
    return f"{failed.rstrip('.')}."


def _title(raw: Mapping[str, Any], kind: str, types: NodeTypes) -> str:
    """What the type of step is called."""
    return title_of(kind, types) if kind else str(raw.get("id", ""))
