"""The foundation: tenants, CRM records, workflows, and the engine's store, all under forced row-level security."""

from importlib.resources import files

from alembic import op

from cuework.db.migrate import run_script

revision = "0001"
down_revision = None


def upgrade() -> None:
    """The whole store exists; see the SQL for its rules."""
    script = files("cuework.db.migrations").joinpath("sql/0001_foundation.sql").read_text("utf-8")
    run_script(op.get_bind(), script)
