"""`cuework secrets`: a new key for credentials, and everything sealed with it."""

from typing import Annotated, Any

import typer

from cuework.base.errors import Unavailable
from cuework.base.settings import settings
from cuework.channels.secrets import KEY_FILE, Keyring, new_key
from cuework.cli.database import with_pool
from cuework.cli.output import show, show_json, tell
from cuework.crm.sealing import BATCH, TABLES, Sealing, seal_again
from cuework.db.pool import Pool


def register(app: typer.Typer) -> None:
    """The commands are part of the command line."""
    group = typer.Typer(help="Change the key that seals credentials.", no_args_is_help=True)
    group.command("key")(print_key)
    group.command("rotate")(rotate)
    app.add_typer(group, name="secrets")


def print_key() -> None:
    """Print a new random key; nothing takes it by itself."""
    show(new_key())


def rotate(
    batch: Annotated[int, typer.Option(min=1, max=10_000, help="Rows in one transaction")] = BATCH,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON")] = False,
) -> int:
    """Seal every credential with the current key, the first one: exit 0 when no older key is needed any more.

    Safe to stop and to repeat, and while Cuework serves. 1 if some are left.
    """
    keyring = _keyring()
    done = with_pool(lambda pool: _rotate(pool, keyring, batch))
    left = any(sealing.left for sealing in done.values())
    if as_json:
        show_json({"key_id": keyring.current_id, **{table: _as_json(sealing) for table, sealing in done.items()}})
        return 1 if left else 0
    for table, sealing in done.items():
        tell(
            f"{table}: {sealing.resealed:,} sealed again, {sealing.already:,} had the current key already, "
            f"{sealing.left:,} left"
        )
        for row_id, key_id in sealing.unreadable.items():
            tell(f"  cannot be opened: {row_id}, sealed with key {key_id}")
    tell(_WHAT_NOW[left])
    return 1 if left else 0


_WHAT_NOW = {
    False: "Everything is sealed with the current key. Older ones may go; backups of before still need them.",
    True: "Older keys are still needed. Add what is missing after the current key, see that every process has "
    "the current one first, and repeat; or enter those credentials again.",
}


async def _rotate(pool: Pool, keyring: Keyring, batch: int) -> dict[str, Sealing]:
    done = {table: Sealing() for table in TABLES}
    for row in await pool.fetch("select tenant_id from tenant_directory order by tenant_id"):
        for table, sealing in (await seal_again(pool, row["tenant_id"], keyring, batch=batch)).items():
            done[table].add(sealing)
    return done


def _keyring() -> Keyring:
    """The keys there are; none is made here, because it would open nothing."""
    chosen = settings()
    if chosen.secret_key is None and not (chosen.data / KEY_FILE).exists():
        raise Unavailable(
            f"There is no key: neither CUEWORK_SECRET_KEY nor {chosen.data.absolute() / KEY_FILE}. "
            "Name the data directory with CUEWORK_DATA, or the keys with CUEWORK_SECRET_KEY."
        )
    return Keyring.load(chosen, chosen.data)


def _as_json(sealing: Sealing) -> dict[str, Any]:
    return {
        "resealed": sealing.resealed,
        "already": sealing.already,
        "left": sealing.left,
        "unreadable": [{"id": row_id, "key_id": key_id} for row_id, key_id in sealing.unreadable.items()],
    }
