"""Hooks may require a signature, and attempts to sign in are counted for all processes together.

The attempts are of nobody yet: their names are digests, so that what people type into a field for emails is not
kept. The table is not logged: after a crash everybody begins anew, and no attempt waits for the disk.
"""

from alembic import op

from cuework.db.migrate import run_script

revision = "0005"
down_revision = "0004"

_SCHEMA = """
alter table hooks
  add column signature text not null default 'none' check (signature in ('none', 'standard', 'header')),
  add column signature_header text,
  add column secret bytea,
  add column secret_key_id text,
  add column previous_secret_until timestamptz,
  add check ((signature = 'header') = (signature_header is not null)),
  add check ((signature = 'none') = (secret is null)),
  add check ((secret is null) = (secret_key_id is null));

create unlogged table sign_in_attempts (
  name bytea primary key,
  full_at timestamptz not null
);
create index sign_in_attempts_over on sign_in_attempts (full_at);
grant select, insert, update, delete on sign_in_attempts to cuework_app;
"""


def upgrade() -> None:
    """Hooks of before require no signature."""
    run_script(op.get_bind(), _SCHEMA)
