"""The queue's order is an index for those only who ask for it: looking inputs up by their ids has one way, their key.

Where most tenants are small, PostgreSQL takes each for small, and preferred to read all inputs of a tenant in the
queue's order over looking up those that a pass had chosen, which took a large tenant's passes longer the more it had.
"""

from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """Taking inputs names attempts, which are never negative; removing them by their ids does not."""
    op.execute("drop index inbox_claim")
    op.execute(
        "create index inbox_claim on inbox (tenant_id, priority, due_at, revision) include (lane, attempts)"
        " where attempts >= 0"
    )
