"""What people tell executions to do, carried out by the pass that holds their lane.

    {"do": "cancel", "why", "reason"?}                 the execution ends
    {"do": "retry", "latest": bool}                    one that failed or was cancelled goes on where it stood (§22)
    {"do": "enroll", "workflow_id", "record": {type, id} | null, "values": {}}   a record enters by hand
    {"do": "job", "job_id"}                            the next batch of something that takes long

A command that does not fit any more (it ended meanwhile, it was retried already) is dropped: it has no effect.
"""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from cuework.base.errors import CueworkError
from cuework.engine.advance import cancel
from cuework.engine.ends import kept_out
from cuework.engine.event_scope import EventScope
from cuework.engine.events import Cause, Event, Ref
from cuework.engine.execution import Token
from cuework.engine.match import ActiveTrigger
from cuework.engine.world import Need
from cuework.runtime.claim import Input
from cuework.runtime.entering import Refused, Start, start_of
from cuework.runtime.pass_state import PassState
from cuework.runtime.reviving import revive
from cuework.workflows import jobs


class Commands:
    """Carries out the commands among a pass's inputs."""

    def __init__(self, run: PassState) -> None:
        self.run = run
        self._triggers: dict[UUID, ActiveTrigger | None] = {}

    async def carry_out(self, inputs: Sequence[Input]) -> list[Start]:
        """Each command's effect is in the pass; the answer are those who may enter by hand."""
        starts: list[Start] = []
        for each in inputs:
            payload = each.payload or {}
            if payload.get("do") == "cancel" and each.execution_id:
                await self._cancel(each.execution_id, payload)
            elif payload.get("do") == "retry" and each.execution_id:
                await revive(self.run, each.execution_id, latest=bool(payload.get("latest")))
            elif payload.get("do") == "enroll" and each.id:
                start = await self._enroll(each, payload)
                if start is not None:
                    starts.append(start)
            elif payload.get("do") == "job":
                tenant = self.run.tenant
                job_id = UUID(payload["job_id"])
                busy = [ref.id for ref in self.run.world.rows]
                await jobs.advance(self.run.connection, tenant.id, tenant.catalog, tenant.types, job_id, busy=busy)
        return starts

    async def _cancel(self, identity: UUID, payload: Mapping[str, Any]) -> None:
        await self.run.bring_to_life([identity])
        execution = self.run.lived.get(identity)
        if execution is not None and not execution.ended:
            why = payload.get("why") or "Somebody cancelled it."
            if payload.get("reason", "cancelled") in ("cancelled", "failed"):  # to be retried where it stood
                execution.stood = [Token(each.at, each.visit, each.wait) for each in execution.tokens]
            if payload.get("reason") == "failed" and execution.tokens:
                token = execution.tokens[0]
                execution.failure = {"at": token.at, "visit": token.visit, "code": "input_failed", "message": why}
            cancel(execution, payload.get("reason", "cancelled"), self.run.move, self.run.lanes.now, why)
            self.run.entry.note(execution)

    async def _enroll(self, each: Input, payload: Mapping[str, Any]) -> Start | None:
        run = self.run
        trigger = await self._trigger(UUID(payload["workflow_id"]))
        if trigger is None or each.id is None:
            return None
        ref = enrolled_record(each)
        row = run.world.rows.get(ref) if ref is not None else None
        actor_id = UUID(payload["actor_id"]) if payload.get("actor_id") else None
        cause = Cause("user", actor_id, bulk=each.priority > 0)
        data: dict[str, Any] = {"manual": True, "values": payload.get("values") or {}}
        event = Event(each.id, "manual", ref, row["revision"] if row else 0, run.lanes.now, cause, {}, {}, data)
        scope = EventScope(event, row, run.world)
        while True:
            try:
                return self._admitted(trigger, scope, each.lane)
            except Need as need:  # the entry key or the suppression reads a related record
                if await run.fetch({need.query}):  # somebody works on that one: the command comes again
                    run.postponing.put_off(each)
                    return None

    def _admitted(self, trigger: ActiveTrigger, scope: EventScope, lane: int) -> Start | None:
        try:
            start = start_of(trigger, scope, lane)
        except CueworkError:
            unkeyed = start_of(trigger, scope, lane, key=str(scope.event.id))
            self.run.refused.append(Refused(unkeyed, "entry_key_failed"))
            return None
        gone = scope.event.record is not None and (scope.row is None or scope.row.get("deleted_at") is not None)
        if gone:
            self.run.refused.append(Refused(start, "record_deleted"))
        elif (reason := kept_out(trigger.suppress, trigger.goal, scope)) is not None:
            self.run.refused.append(Refused(start, reason))
        else:
            return start
        return None

    async def _trigger(self, workflow_id: UUID) -> ActiveTrigger | None:
        """The workflow's published version, whatever its trigger listens to. Cost: one statement a workflow."""
        if workflow_id not in self._triggers:
            self._triggers[workflow_id] = await self._published(workflow_id)
        return self._triggers[workflow_id]

    async def _published(self, workflow_id: UUID) -> ActiveTrigger | None:
        run = self.run
        row = await run.connection.fetchrow(
            """select w.published_version as version, s.from_at from workflows w
            join workflow_spans s on s.tenant_id = $1 and s.workflow_id = w.id and s.to_at is null
            where w.tenant_id = $1 and w.id = $2 and w.status = 'published'""",
            run.tenant.id,
            workflow_id,
        )
        if row is None:
            return None
        key = (workflow_id, row["version"])
        await run.tenant.need_plans(run.connection, {key})
        return ActiveTrigger(workflow_id, row["version"], run.tenant.plans[key], row["from_at"])


def enrolled_record(each: Input) -> Ref | None:
    """The record that the input enrolls by hand, if it does."""
    payload = each.payload or {}
    record = payload.get("record") if each.kind == "command" and payload.get("do") == "enroll" else None
    return Ref(record["type"], UUID(record["id"])) if record else None
