"""Temporary tables through which many rows travel are emptied by what reads them, not at each commit.

Emptying at the commit cut some thirty files each time, a twentieth of a pass. Rows that were read leave dead space,
which is given back when there is much of it.
"""

from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """`cw_trim` gives a temporary table's space back once it is more than four megabytes."""
    op.execute("""
        create function cw_trim(staged text) returns void language plpgsql set search_path = pg_temp as $$
        begin
          if pg_relation_size(staged::regclass) > 4194304 then
            execute format('truncate %I', staged);
          end if;
        end $$""")
