"""A pass reads the epoch of definitions as it is once its lanes are locked, not as it was when it asked for them."""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """A volatile function takes a snapshot of its own, after the locks of the statement that calls it."""
    op.execute("""
        create function cw_definitions_epoch(tenant uuid) returns bigint language plpgsql volatile as $$
        begin return (select definitions_epoch from tenants where tenant_id = tenant); end $$""")
