"""Work that is put aside: inputs that come again after a pause, quarantine for people, what a paused workflow holds.

An input that was put off is known by its own index, empty but for the moments when somebody holds a record: a pass
finds out for the price of looking into an empty index. What a paused workflow holds is a table of its own, so that
no pass ever looks through what waits.
"""

from alembic import op

from cuework.db.migrate import for_each_tenant, run_script

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Whatever is put aside says why, since when and by whom it was decided on."""
    run_script(op.get_bind(), _SCHEMA)
    for_each_tenant(op.get_bind(), "update workflows set paused_at = updated_at where status = 'paused'")


_SCHEMA = """
-- How often an input was put off because somebody held a record that it needs.
alter table inbox add column postponed smallint not null default 0;
create index inbox_postponed on inbox (tenant_id, lane) where postponed > 0;

-- state: held | discarded. A retried input leaves the table.
alter table quarantine
  add column revision bigint not null default 0,
  add column priority smallint not null default 0,
  add column attempts smallint not null default 0,
  add column workflow_id uuid,
  add column cause text not null default '',
  add column trace text,
  add column state text not null default 'held' check (state in ('held', 'discarded')),
  add column decided_at timestamptz,
  add column decided_by uuid,
  add column note text;
create index quarantine_at on quarantine (tenant_id, state, at, id);
create index quarantine_event on quarantine (tenant_id, event_id) where event_id is not null;
create index quarantine_execution on quarantine (tenant_id, execution_id) where execution_id is not null;

-- Since when its executions stay where they are; kept when it is archived, gone when it is resumed or published.
alter table workflows add column paused_at timestamptz;

-- Inputs of executions whose workflow is paused, as they came. visit is '' for an input that names none.
create table held (
  tenant_id uuid not null,
  workflow_id uuid not null,
  execution_id uuid not null,
  visit text not null,
  kind text not null,
  lane smallint not null,
  priority smallint not null default 0,
  payload jsonb,
  at timestamptz not null default clock_timestamp(),
  primary key (tenant_id, workflow_id, execution_id, visit, kind)
);
select cw_protect('held');
grant select, insert, update, delete on held to cuework_app;
"""
