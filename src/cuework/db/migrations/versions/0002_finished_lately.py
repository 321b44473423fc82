"""Executions that finished lately are found by time, for the live stream.

The history is appended in the order of finishing, so a block range index is next to nothing to keep: the
live stream reads its last ranges. A B-tree would cost every pass.
"""

from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """The history can be read from its end."""
    op.execute(
        "create index executions_done_finished on executions_done using brin (tenant_id, finished_at) "
        "with (pages_per_range = 16, autosummarize = on)"
    )
