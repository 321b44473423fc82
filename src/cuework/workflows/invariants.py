"""What must always hold in one tenant's data, as queries that find what breaks it.

Each query answers with offending rows only. They read one snapshot, so they may run on a live database.
Where history may have been dropped by retention, only what is retained is compared.
"""

from collections.abc import Mapping

# Parameter: $1 tenant. Each key is the promise, each query finds its exceptions.
INVARIANTS: Mapping[str, str] = {
    "an execution is live or finished, never both": """
        select id from executions_live l join executions_done d using (tenant_id, id) where tenant_id = $1""",
    "the visits of an execution are gapless": """
        select execution_id, count(*) as rows, max(seq) + 1 as expected from steps
        where tenant_id = $1 group by execution_id having count(*) <> max(seq) + 1""",
    "a live execution knows how many visits it has finished": """
        select l.id, (l.state ->> 'seq')::int as says, coalesce(s.visits, 0) as has from executions_live l
        left join (select execution_id, count(*) as visits from steps where tenant_id = $1 group by 1) s
          on s.execution_id = l.id
        where l.tenant_id = $1 and (l.state ->> 'seq')::int <> coalesce(s.visits, 0)""",
    "a step is completed once": """
        select execution_id, visit, count(*) from steps where tenant_id = $1 and status = 'completed'
        group by execution_id, visit having count(*) > 1""",
    "steps belong to an execution": """
        select distinct s.execution_id from steps s where s.tenant_id = $1
          and not exists (select from executions_live l where l.tenant_id = $1 and l.id = s.execution_id)
          and not exists (select from executions_done d where d.tenant_id = $1 and d.id = s.execution_id)""",
    "each task that a step logged exists once, and each task of an execution is logged": """
        with logged as (
          select s.execution_id, c.change #>> '{record,id}' as id from steps s
          cross join lateral jsonb_array_elements(s.detail -> 'changes') as c(change)
          where s.tenant_id = $1 and s.detail ? 'changes' and c.change ? 'created'
            and c.change #>> '{record,type}' = 'task')
        select coalesce(l.execution_id, t.execution_id) as execution_id, l.id as logged, t.id as made
        from logged l full join (select execution_id, id from tasks
          where tenant_id = $1 and execution_id is not null) t on t.id = l.id::uuid
        where l.id is null or t.id is null""",
    "each activity of an execution was logged by one of its steps": """
        select coalesce(a.execution_id, s.execution_id) as execution_id, a.made, s.logged
        from (select execution_id, count(*) as made from activities
              where tenant_id = $1 and execution_id is not null group by 1) a
        full join (select execution_id, count(*) as logged from steps
              where tenant_id = $1 and type = 'activity.log' and status = 'completed' group by 1) s
          on s.execution_id = a.execution_id
        where coalesce(a.made, 0) <> coalesce(s.logged, 0)""",
    "each logged change of a record has its event, and each event of an execution is logged": """
        with logged as (
          select s.execution_id, count(distinct (s.seq, c.change #>> '{record,id}')) as changes from steps s
          cross join lateral jsonb_array_elements(s.detail -> 'changes') as c(change)
          where s.tenant_id = $1 and s.detail ? 'changes' group by 1),
        made as (select execution_id, count(*) as events from events
          where tenant_id = $1 and execution_id is not null and type <> 'activity.logged' group by 1)
        select coalesce(l.execution_id, m.execution_id) as execution_id, l.changes, m.events
        from logged l full join made m on m.execution_id = l.execution_id
        where coalesce(l.changes, 0) <> coalesce(m.events, 0)""",
    "a record's events have gapless revisions, up to its own": """
        with told as (select record_id, count(distinct revision) as events, min(revision) as first,
            max(revision) as last from events
          where tenant_id = $1 and record_id is not null and record_type in ('contact', 'company', 'deal', 'task')
            and type ~ '\\.(created|updated|deleted|restored)$' group by 1),
        records as (select id, revision from contacts where tenant_id = $1
          union all select id, revision from companies where tenant_id = $1
          union all select id, revision from deals where tenant_id = $1
          union all select id, revision from tasks where tenant_id = $1)
        select r.id, r.revision, t.first, t.last, t.events from records r join told t on t.record_id = r.id
        where t.last <> r.revision or t.events <> t.last - t.first + 1""",
    "an input for an event has its event": """
        select i.id, i.event_id from inbox i where i.tenant_id = $1 and i.event_id is not null
          and not exists (select from events e where e.tenant_id = $1 and e.id = i.event_id)""",
    "an active enrollment has its live execution": """
        select e.workflow_id, e.entry_key, e.execution_id from enrollments e where e.tenant_id = $1 and e.active
          and not exists (select from executions_live l where l.tenant_id = $1 and l.id = e.execution_id)""",
    "a live execution that waits for a time has its timer": """
        select l.id, t.token ->> 'visit' as visit from executions_live l
        cross join lateral jsonb_array_elements(l.state -> 'tokens') as t(token)
        where l.tenant_id = $1 and t.token #>> '{wait,until}' is not null
          and not exists (select from timers x where x.tenant_id = $1 and x.execution_id = l.id
            and x.visit = t.token ->> 'visit')
          and not exists (select from inbox i where i.tenant_id = $1 and i.execution_id = l.id)
          and not exists (select from quarantine q where q.tenant_id = $1 and q.execution_id = l.id)
          and not exists (select from held h where h.tenant_id = $1 and h.workflow_id = l.workflow_id
            and h.execution_id = l.id)""",
    "a timer has its live execution": """
        select t.execution_id, t.visit from timers t where t.tenant_id = $1
          and not exists (select from executions_live l where l.tenant_id = $1 and l.id = t.execution_id)""",
    "a live execution that waits for an effect has it under way, or its result pending": """
        select l.id, t.token ->> 'visit' as visit from executions_live l
        cross join lateral jsonb_array_elements(l.state -> 'tokens') as t(token)
        where l.tenant_id = $1 and t.token #>> '{wait,kind}' = 'effect'
          and not exists (select from effects e where e.tenant_id = $1 and e.execution_id = l.id
            and e.visit = t.token ->> 'visit' and e.state <> 'done')
          and not exists (select from inbox i where i.tenant_id = $1 and i.execution_id = l.id)
          and not exists (select from quarantine q where q.tenant_id = $1 and q.execution_id = l.id)
          and not exists (select from held h where h.tenant_id = $1 and h.workflow_id = l.workflow_id
            and h.execution_id = l.id)""",
    "what is held waits for a live execution of a workflow that is paused or being resumed": """
        select h.execution_id, h.visit, h.kind from held h
        where h.tenant_id = $1 and (
          not exists (select from executions_live l where l.tenant_id = $1 and l.id = h.execution_id)
          or not exists (select from workflows w where w.tenant_id = $1 and w.id = h.workflow_id
              and w.paused_at is not null)
            and not exists (select from jobs j where j.tenant_id = $1 and j.kind = 'resume' and j.state = 'running'
              and j.request ->> 'workflow_id' = h.workflow_id::text))""",
    "a live execution stands or waits somewhere": """
        select id from executions_live where tenant_id = $1 and jsonb_array_length(state -> 'tokens') = 0""",
    "a message that was sent belongs to an effect that is done": """
        select m.id, m.state, e.state as effect from messages m join effects e on e.tenant_id = $1 and e.id = m.id
        where m.tenant_id = $1 and m.state = 'sent' and e.state <> 'done'""",
    "counters equal the history": """
        with history as (
          select workflow_id, version, count(*) as started, count(*) filter (where status = 'completed') as completed,
            count(*) filter (where status = 'failed') as failed,
            count(*) filter (where status = 'cancelled') as cancelled,
            count(*) filter (where status = 'completed' and has_errors) as with_errors
          from executions where tenant_id = $1 and not test group by 1, 2),
        counted as (
          select workflow_id, version, sum(started) as started, sum(completed) as completed, sum(failed) as failed,
            sum(cancelled) as cancelled, sum(with_errors) as with_errors
          from counters where tenant_id = $1 group by 1, 2)
        select coalesce(h.workflow_id, c.workflow_id) as workflow_id, coalesce(h.version, c.version) as version,
          h.started, c.started as counted_started, h.completed, c.completed as counted_completed,
          h.failed, c.failed as counted_failed, h.cancelled, c.cancelled as counted_cancelled
        from history h full join counted c on c.workflow_id = h.workflow_id and c.version = h.version
        where (coalesce(h.started, 0), coalesce(h.completed, 0), coalesce(h.failed, 0), coalesce(h.cancelled, 0),
            coalesce(h.with_errors, 0))
          <> (coalesce(c.started, 0), coalesce(c.completed, 0), coalesce(c.failed, 0), coalesce(c.cancelled, 0),
            coalesce(c.with_errors, 0))""",
}
