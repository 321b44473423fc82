"""Contacts and deals are found by the beginnings of their names and emails, whatever the database's collation."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Prefixes are looked up in an index."""
    op.execute(
        "create index contacts_name on contacts (tenant_id, "
        "lower(coalesce(first_name, '') || ' ' || coalesce(last_name, '')) text_pattern_ops)"
    )
    op.execute("create index contacts_last_name on contacts (tenant_id, lower(last_name) text_pattern_ops)")
    op.execute("create index contacts_email_prefix on contacts (tenant_id, lower(email) text_pattern_ops)")
    op.execute("create index deals_name on deals (tenant_id, lower(name) text_pattern_ops)")
