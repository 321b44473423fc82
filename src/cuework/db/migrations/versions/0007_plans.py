"""Passes cost the same whatever a tenant has already: indexes that leave the planner one way, and fresh statistics.

An index of the events that ended in their id could be taken for the primary key while PostgreSQL knew nothing of a
tenant, and then each look-up read all of the tenant's events.
"""

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """The queue's index holds the whole order in which inputs are taken; events of a record are found by revision;
    workers can have the statistics of the busiest tables made anew, which else waits for the autovacuum."""
    op.execute("drop index inbox_claim")
    op.execute("create index inbox_claim on inbox (tenant_id, priority, due_at, revision) include (lane, attempts)")
    op.execute("drop index events_record")
    op.execute("create index events_record on events (tenant_id, record_id, revision)")
    op.execute(_ANALYZE)
    op.execute("revoke execute on function cw_analyze() from public")
    op.execute("grant execute on function cw_analyze() to cuework_app")


# Those that have grown fourfold since their last statistics, by a small sample: the sizes are what matters.
_ANALYZE = """
create function cw_analyze() returns integer
  language plpgsql security definer set search_path = public, pg_temp set default_statistics_target = 10 as $$
declare
  grown regclass;
  made integer := 0;
begin
  for grown in
    select c.oid from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where n.nspname = 'public' and c.relkind = 'r'
      and pg_relation_size(c.oid) / current_setting('block_size')::integer > 4 * greatest(c.relpages, 10)
  loop
    execute format('analyze (skip_locked) %s', grown);
    made := made + 1;
  end loop;
  return made;
end $$
"""
