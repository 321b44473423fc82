"""`cuework workflow validate | apply | export`: workflows as YAML files, so that they can be kept with code."""

from pathlib import Path
from typing import Annotated
from uuid import UUID

import typer

from cuework.base.errors import Invalid, NotFound, Problem
from cuework.cli.database import tenant_of, with_pool
from cuework.cli.output import show, show_json, show_table, tell
from cuework.cli.parts import AsJson, Tenant
from cuework.crm.actor import system
from cuework.crm.catalog import load_catalog
from cuework.db import tenancy
from cuework.db.pool import Pool
from cuework.runtime.bell import ring_at_once
from cuework.workflows import applying, drafts, text
from cuework.workflows.cautions import cautions
from cuework.workflows.vocabulary import installed

Files = Annotated[list[Path], typer.Argument(help="YAML files", exists=True, dir_okay=False, readable=True)]


def register(app: typer.Typer) -> None:
    """The commands are part of the command line."""
    group = typer.Typer(help="Workflows as YAML files.", no_args_is_help=True)
    for name, command in (("validate", validate), ("apply", apply), ("export", export)):
        group.command(name)(command)
    app.add_typer(group, name="workflow")


def validate(files: Files, tenant: Tenant, as_json: AsJson = False) -> None:
    """Check files against a tenant's set-up; every problem is printed with its place."""

    async def act(pool: Pool) -> list[dict[str, object]]:
        tenant_id = await tenant_of(pool, tenant)
        async with tenancy.tenant_transaction(pool, tenant_id) as connection:
            catalog = await load_catalog(connection, tenant_id)
        found: list[dict[str, object]] = []
        for file in files:
            try:
                definition, marks = text.parse(_read(file))
                plan, wrong = drafts.check(definition, installed(), catalog)
                told = cautions(definition, plan, catalog) if plan is not None else wrong
                problems = [marks.locate(each) for each in told]
            except Invalid as error:
                problems = list(error.problems) or [Problem("", error.detail)]
            found += [{"file": str(file), **each.as_json(), "severity": each.severity} for each in problems]
        return found

    problems = with_pool(act)
    wrong = [each for each in problems if each["severity"] == "error"]
    if as_json:
        show_json(problems)
    else:
        for each in problems:
            show(_line(each))
        if not wrong:
            tell(f"{len(files)} valid.")
    if wrong:
        raise typer.Exit(1)


def apply(
    files: Files,
    tenant: Tenant,
    publish: Annotated[bool, typer.Option("--publish", help="Publish what changed")] = False,
    note: Annotated[str, typer.Option(help="The note of the new versions")] = "",
    as_json: AsJson = False,
) -> None:
    """Create or update workflows by their key: all the files, or none if one of them is wrong."""

    async def act(pool: Pool) -> list[dict[str, object]]:
        tenant_id: UUID = await tenant_of(pool, tenant)
        done: list[dict[str, object]] = []
        async with tenancy.tenant_transaction(pool, tenant_id) as connection:
            catalog = await load_catalog(connection, tenant_id)
            for file in files:
                try:
                    applied = await applying.apply(
                        connection, system(tenant_id), _read(file), installed(), catalog, published=publish, note=note
                    )
                except Invalid as error:
                    lines = [_line({"file": str(file), **problem.as_json()}) for problem in error.problems]
                    raise Invalid("\n".join(lines) or f"{file}: {error.detail}") from None
                done.append({"file": str(file), **applied.as_json()})
        async with pool.acquire() as connection:
            await ring_at_once(connection, tenant_id)
        return done

    done = with_pool(act)
    if as_json:
        show_json(done)
    else:
        show_table(done)


def export(
    tenant: Tenant,
    keys: Annotated[list[str] | None, typer.Argument(help="Keys of workflows; none: all")] = None,
    to: Annotated[Path | None, typer.Option(help="Directory to write KEY.yaml files to", file_okay=False)] = None,
) -> None:
    """Print workflows as YAML, or write a file for each."""

    async def act(pool: Pool) -> dict[str, str]:
        tenant_id = await tenant_of(pool, tenant)
        async with tenancy.tenant_transaction(pool, tenant_id) as connection:
            return await applying.export(connection, tenant_id, keys or [])

    found = with_pool(act)
    if missing := [key for key in keys or [] if key not in found]:
        raise NotFound(f"There is no workflow {missing[0]}.")
    if to is None:
        show("---\n".join(found.values()).rstrip("\n"))
        return
    to.mkdir(parents=True, exist_ok=True)
    for key, source in found.items():
        (to / f"{key}.yaml").write_text(source, "utf-8")
        tell(f"{to / key}.yaml")


def _read(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise Invalid(f"{file} is not UTF-8.") from error


def _line(problem: dict[str, object]) -> str:
    place = ":".join(str(problem[name]) for name in ("file", "line", "column") if name in problem)
    path = f"{problem['path']}: " if problem.get("path") else ""
    hint = f" ({problem['suggestion']})" if problem.get("suggestion") else ""
    kind = "warning: " if problem.get("severity") == "warning" else ""
    return f"{place}: {kind}{path}{problem['message']}{hint}"
