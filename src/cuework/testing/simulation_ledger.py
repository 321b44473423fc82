"""What must hold in a simulation: after each commit, whenever nothing is left to do, and at the end.

The ledger sees each transaction before it becomes true and compares it with everything that was before.
It shares no code with what it checks but the matcher's definition of a match.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from cuework.crm.events import event_of
from cuework.crm.rows import TABLES, row_of
from cuework.engine.context import Context
from cuework.engine.ends import AGE, planned_end
from cuework.engine.event_scope import EventScope
from cuework.engine.events import Event, Ref
from cuework.engine.execution import STATUS_BY_REASON, restore
from cuework.engine.match import passes
from cuework.engine.outcome import Listen
from cuework.engine.world import Need, World, as_of
from cuework.testing.answers import Answers
from cuework.testing.simulation_database import opened, shown
from cuework.testing.simulation_tables import Key, Row, Tables, Transaction, Violated
from cuework.testing.simulation_workflows import plans, trigger
from cuework.testing.small_world import CATALOG

_LIVE = ("running", "waiting")


class Ledger:
    """Remembers what was promised and finds what breaks it. Errors: Violated, always."""

    def __init__(self) -> None:
        self.tables = Tables()
        self.steps: dict[UUID, list[Row]] = defaultdict(list)
        self.values: dict[tuple[UUID, str], Any] = {}
        self.revisions: Counter[UUID] = Counter()
        self.scores: Counter[UUID] = Counter()
        self.started: dict[tuple[UUID, UUID], UUID] = {}
        self.entered: dict[tuple[UUID, str], list[UUID]] = defaultdict(list)
        self.keys: dict[UUID, str] = {}
        self.deliveries: Counter[str] = Counter()

    def committed(self, of: Transaction) -> None:
        """The transaction may commit: nothing in it breaks a promise."""
        writes = of.writes
        logged = list(_there(writes.get("steps")))
        self._see_events(_there(writes.get("events")))
        self._see_steps(logged)
        self._see_tasks(writes, logged)
        self._see_executions(of)
        self._see_scores(_there(writes.get("contacts")))
        self._see_effects(_there(writes.get("effects")))

    def rest(self, now: datetime) -> None:
        """Nothing is left to do at this instant: whoever waits has a reason to."""
        rows = self.tables.rows
        if overdue := [row for row in rows["inbox"].values() if row["due_at"] <= now]:
            raise Violated(f"Inputs are left behind: {overdue[:3]}")
        for row in rows["enrollments"].values():
            if row["active"] != ((row["execution_id"],) in rows["executions_live"]):
                raise Violated(f"The enrollment and its execution disagree: {row}")
        world = self._world(now)
        answers = Answers(world.rows, list(self._events()), CATALOG)  # pyright: ignore[reportArgumentType]
        # Put off, because somebody held a record; or held, because the workflow is paused.
        later = {row["execution_id"] for table in ("inbox", "held") for row in rows[table].values()}
        for row in rows["executions_live"].values():
            if row["id"] not in later:
                self._waits_rightly(row, world, answers)

    def end(self, now: datetime) -> None:
        """Everything that was begun is finished, and everything that happened was handled."""
        self.rest(now)
        rows = self.tables.rows
        for table in ("inbox", "held", "timers", "subscriptions", "executions_live"):
            if rows[table]:
                raise Violated(f"{table} is not empty at the end: {list(rows[table].values())[:2]}")
        if late := [row for row in rows["effects"].values() if row["state"] != "done"]:
            raise Violated(f"An effect was never delivered: {late[0]}")
        self._all_matches_answered(now)
        self._figures_are_right()

    # ------------------------------------------------------------ each commit

    def _see_events(self, events: Iterable[Row]) -> None:
        for row in events:
            record = row["record_id"]
            if row["type"].partition(".")[2] in ("created", "updated", "deleted", "restored"):
                self.revisions[record] += 1
                if row["revision"] != self.revisions[record]:
                    raise Violated(f"{row['type']} has revision {row['revision']}, not {self.revisions[record]}.")
            for name, (old, new) in opened(row["changes"]).items():
                if row["revision"] > 1 and self.values.get((record, name)) != old and (record, name) in self.values:
                    raise Violated(f"{row['type']} says that {name} was {old}: {self.values[record, name]}")
                self.values[record, name] = new
                if name == "lead_score" and row["execution_id"] is None:
                    self.scores[record] += (new or 0) - (old or 0)

    def _see_steps(self, logged: Iterable[Row]) -> None:
        for row in logged:
            before = self.steps[row["execution_id"]]
            if row["seq"] != len(before):
                raise Violated(f"Visit {row['visit']} is number {row['seq']}, not {len(before)}.")
            if row["status"] == "completed" and any(
                each["visit"] == row["visit"] and each["status"] == "completed" for each in before
            ):
                raise Violated(f"{row['visit']} of {row['execution_id']} completed twice.")
            if row["type"] == "email.send" and row["status"] == "completed":
                key = f"{row['execution_id']}:{row['visit']}"
                if not self.deliveries[key]:
                    raise Violated(f"{key} completed without any delivery under its key.")
            before.append(row)
            for change in _changes(row):
                if change.get("field") == "lead_score":
                    self.scores[UUID(change["record"]["id"])] += change["new"] - change["old"]

    def _see_tasks(self, writes: Mapping[str, Mapping[Key, Row | None]], logged: Iterable[Row]) -> None:
        """A step's tasks exist exactly when it is logged."""
        told = {UUID(change["record"]["id"]) for row in logged for change in _changes(row) if change.get("created")}
        known = self.tables.rows["tasks"]
        made = {
            row["id"]
            for row in _there(writes.get("tasks"))
            if (row["id"],) not in known and row["execution_id"] is not None
        }
        if told != made:
            raise Violated(f"Tasks that were logged {sorted(map(str, told))} and made {sorted(map(str, made))} differ.")

    def _see_executions(self, of: Transaction) -> None:
        touched = dict.fromkeys(  # what ended first: in one pass a key may enter, end and enter again
            key for table in ("executions_done", "executions_live") for key in of.writes.get(table, ())
        )
        for key in touched:
            live, done = (self.tables.get(table, key, of) for table in ("executions_live", "executions_done"))
            before = self.tables.rows["executions_done"].get(key)
            if (live is None) is (done is None):
                raise Violated(f"Execution {key[0]} is {'neither live nor' if live is None else 'live and'} finished.")
            row = live or done or {}
            self._see_execution(row)
            if key not in self.tables.rows["executions_live"] and before is None:
                self._see_entry(row, of)
            if before is not None and before["status"] != "failed" and before["reason"] != "cancelled":
                raise Violated(f"Execution {key[0]} had ended as {before['status']}, and moved again.")
            if live is not None and opened(live["state"])["seq"] != len(self.steps[key[0]]):
                raise Violated(f"Execution {key[0]} does not know how many visits it has finished.")

    def _see_execution(self, row: Row) -> None:
        expected = STATUS_BY_REASON[row["reason"]] if "reason" in row else row["status"]
        if row["status"] != expected or ("reason" not in row and expected not in _LIVE):
            raise Violated(f"Execution {row['id']} is {row['status']} for the reason {row.get('reason')}.")
        start = row["event_id"], row["workflow_id"]
        if self.started.setdefault(start, row["id"]) != row["id"]:
            raise Violated(f"Event {start[0]} started two executions of one workflow.")

    def _see_entry(self, row: Row, of: Transaction) -> None:
        """One key enters `once` once, and `one_active` when no other is active."""
        key = row["workflow_id"], row["entry_key"]
        rule = plans()[key[0], row["version"]].settings.re_entry
        earlier = self.entered[key]
        active = [each for each in earlier if self.tables.get("executions_live", (each,), of) is not None]
        if row.get("reason") == "loop":
            return  # it only says that the chain stopped
        if (rule == "once" and earlier) or (rule == "one_active" and active):
            raise Violated(f"{key[1]} entered a workflow ({rule}) again.")
        earlier.append(row["id"])

    def _see_scores(self, contacts: Iterable[Row]) -> None:
        for row in contacts:
            if row["lead_score"] != self.scores[row["id"]]:
                raise Violated(f"A score is {row['lead_score']}; what was logged comes to {self.scores[row['id']]}.")

    def _see_effects(self, effects: Iterable[Row]) -> None:
        for row in effects:
            if self.keys.setdefault(row["id"], row["key"]) != row["key"]:
                raise Violated(f"An effect changed its key from {self.keys[row['id']]} to {row['key']}.")
            before = self.tables.rows["effects"].get((row["id"],))
            if before is None or before["state"] != "done" or row["attempts"] == 0:
                continue  # new, under way, or its step is retried
            if row["state"] != "done" or row["outcome"] != before["outcome"]:
                raise Violated(f"{row['key']} was done, and a late result changed it.")

    # ------------------------------------------------------------ at rest and at the end

    def _waits_rightly(self, row: Row, world: World, answers: Answers) -> None:
        execution = restore(shown(row))
        ctx = Context(execution, plans()[execution.workflow_id, execution.version], world)
        if not execution.tokens:
            raise Violated(f"Execution {execution.id} is live and stands nowhere.")
        if reason := planned_end(ctx):
            raise Violated(f"Execution {execution.id} of {ctx.plan.key} is live, although it is {reason}.")
        if ctx.plan.settings.max_age and (execution.id, AGE) not in self.tables.rows["timers"]:
            raise Violated(f"Execution {execution.id} of {ctx.plan.key} may grow as old as it likes.")
        for token in execution.tokens:
            wait = token.wait
            if wait is None or "news" in wait:
                raise Violated(f"Execution {execution.id} could go on at {token.visit}, and nobody moves it.")
            where = (execution.id, token.visit)
            if wait.get("until") and where not in self.tables.rows["timers"]:
                raise Violated(f"{ctx.plan.key}/{token.visit} waits for {wait['until']} without a timer.")
            if wait["kind"] == "effect" and not self._under_way(*where):
                raise Violated(f"{ctx.plan.key}/{token.visit} waits for an effect that is nowhere.")
            if wait["kind"] == "listen" and not isinstance(self._asked(ctx, token.at, wait, answers), Listen):
                raise Violated(f"{ctx.plan.key}/{token.visit} of {execution.id} missed what it waits for.")

    def _under_way(self, execution: UUID, visit: str) -> bool:
        effects = self.tables.rows["effects"].values()
        return any(
            (row["execution_id"], row["visit"]) == (execution, visit) and row["state"] != "done" for row in effects
        )

    def _asked(self, ctx: Context, at: str, wait: Mapping[str, Any], answers: Answers) -> Any:
        """What the step says when it is asked now."""
        node = ctx.plan.steps[at].node
        ctx.visit = at
        while True:
            try:
                return node.woken(ctx, "check", wait)
            except Need as need:
                if isinstance(need.query, Ref):
                    ctx.world.rows[need.query] = None
                else:
                    ctx.world.answers[need.query] = answers.of(need.query[2])[0]

    def _all_matches_answered(self, now: datetime) -> None:
        """Each event has, of each workflow that it matches, an execution or a refusal, and of no other."""
        rows = self.tables.rows
        answered = {(row["event_id"], row["workflow_id"]) for row in rows["misses"].values()} | set(self.started)
        world = self._world(now)
        changes: dict[UUID, list[tuple[int, Any]]] = defaultdict(list)
        for event in self._events():
            if event.record is not None:
                changes[event.record.id].insert(0, (event.revision, event.changes))
        spans = [trigger(span) for span in rows["workflow_spans"].values()]
        events = list(self._events())
        for event in events:
            later = (
                [each for revision, each in changes[event.record.id] if revision > event.revision]
                if event.record
                else []
            )
            row = world.rows.get(event.record) if event.record else None
            scope = EventScope(event, as_of(event.record.type, row, later) if event.record and row else None, world)
            for each in spans:
                listens = event.type in each.plan.trigger.listens and each.covers(event.occurred_at)
                if not listens:
                    continue
                matches, known = passes(each.plan, scope), (event.id, each.workflow_id) in answered
                if matches is not known:
                    how = "was not answered" if matches else "is no match, and was answered"
                    raise Violated(f"{event.type} ({dict(event.changes)}) for {each.plan.key} {how}.")

    def _figures_are_right(self) -> None:
        """Counters equal the history."""
        counted: Counter[tuple[UUID, int, str]] = Counter()
        for row in self.tables.rows["counters"].values():
            for name in ("started", "completed", "failed", "cancelled"):
                counted[row["workflow_id"], row["version"], name] += row[name]
        happened: Counter[tuple[UUID, int, str]] = Counter()
        for row in self.tables.rows["executions_done"].values():
            happened[row["workflow_id"], row["version"], "started"] += 1
            happened[row["workflow_id"], row["version"], row["status"]] += 1
        if +counted != +happened:
            raise Violated(f"Counters differ from the history: {+counted - happened} {happened - counted}")

    def _events(self) -> Iterator[Event]:
        rows = sorted(self.tables.rows["events"].values(), key=lambda row: (row["record_id"].bytes, row["revision"]))
        for row in rows:
            yield event_of(shown(row))

    def _world(self, now: datetime) -> World:
        """Every record as it is."""
        world = World(CATALOG, now, iter(()))
        for kind, table in TABLES.items():
            for (identity,), row in self.tables.rows[table.name].items():
                world.rows[Ref(kind, identity)] = row_of(kind, shown(row, *table.columns), CATALOG)
        return world


def _there(rows: Mapping[Key, Row | None] | None) -> Iterator[Row]:
    for row in (rows or {}).values():
        if row is not None:
            yield row


def _changes(step: Row) -> list[dict[str, Any]]:
    detail: dict[str, Any] = opened(step["detail"]) or {}
    return detail.get("changes", [])
