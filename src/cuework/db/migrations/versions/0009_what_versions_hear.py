"""Versions say whether events may reach their executions, so that passes know when to look for such.

Which they are cannot be told from those that start something now: executions outlive the versions they are on, and
those that people start by hand listen to nothing. What was published before is told from its definition.
"""

from alembic import op

from cuework.db.migrate import run_script

revision = "0009"
down_revision = "0008"

_SCHEMA = """
alter table workflow_versions
  add column subscribes boolean not null
    generated always as (jsonb_path_exists(definition, '$.** ? (@.type == "flow.wait_until")')) stored,
  add column watched boolean not null
    generated always as (coalesce((definition -> 'settings') ?| array['goal', 'exit', 'suppress'], false)) stored;
alter table workflow_versions
  alter column subscribes drop expression,
  alter column watched drop expression;
create index workflow_versions_subscribe on workflow_versions (tenant_id) where subscribes;
create index workflow_versions_watched on workflow_versions (tenant_id, workflow_id, version) where watched;
"""


def upgrade() -> None:
    """`subscribes`: its steps may wait for events; `watched`: its settings may end executions at events."""
    run_script(op.get_bind(), _SCHEMA)
