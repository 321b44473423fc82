"""Versions say whether events of a record may end their executions, so that passes know whose to look at.

A generated column: what is stored already says so too, and nobody can forget it.
"""

from alembic import op

from cuework.db.migrate import run_script

revision = "0009"
down_revision = "0008"

_SCHEMA = """
alter table workflow_versions add column watched boolean not null
  generated always as (coalesce((definition -> 'settings') ?| array['goal', 'exit', 'suppress'], false)) stored;
create index workflow_versions_watched on workflow_versions (tenant_id, workflow_id, version) where watched;
"""


def upgrade() -> None:
    """Versions of before with a suppression are watched from now on."""
    run_script(op.get_bind(), _SCHEMA)
