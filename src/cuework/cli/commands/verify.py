"""`cuework verify`: proves the promises on the live database, tenant by tenant."""

from typing import Annotated, Any
from uuid import UUID

import typer

from cuework.cli.database import tenant_of, with_pool
from cuework.cli.output import show_json, tell
from cuework.db.pool import Pool
from cuework.workflows.verify import Verdict, verify_tenant


def register(app: typer.Typer) -> None:
    """The command is part of the command line."""
    app.command("verify")(verify)


def verify(
    tenant: Annotated[str | None, typer.Option(help="Only this tenant, by slug")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON")] = False,
) -> int:
    """Check every promise on the data as it is now: exit 0 when all hold, 1 when one does not."""
    found = with_pool(lambda pool: _verify(pool, tenant))
    if as_json:
        show_json([{"tenant": slug, **verdict.as_json()} for slug, verdict in found])
    else:
        for slug, verdict in found:
            _tell(slug, verdict)
    return 0 if all(verdict.clean for _, verdict in found) else 1


async def _verify(pool: Pool, slug: str | None) -> list[tuple[str, Verdict]]:
    if slug is not None:
        tenants: list[tuple[str, UUID]] = [(slug, await tenant_of(pool, slug))]
    else:
        rows: list[Any] = await pool.fetch("select slug, tenant_id from tenant_directory order by slug")
        tenants = [(row["slug"], row["tenant_id"]) for row in rows]
    return [(name, await verify_tenant(pool, tenant_id)) for name, tenant_id in tenants]


def _tell(slug: str, verdict: Verdict) -> None:
    figures = ", ".join(f"{count:,} {what}" for what, count in verdict.figures.items())
    tell(f"{slug}: {'clean' if verdict.clean else 'BROKEN'} ({figures})")
    for promise, rows in verdict.broken.items():
        tell(f"  broken: {promise}")
        for row in rows:
            tell("    " + ", ".join(f"{name}={value}" for name, value in row.items()))
