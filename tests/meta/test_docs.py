"""The docs say what the code is: settings, commands, node types, codes and paths are named, examples compile."""

import re
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
import typer
from ruamel.yaml import YAML

from cuework.api.application import openapi_document
from cuework.base.settings import Settings
from cuework.cli import command_line
from cuework.engine.execution import STATUS_BY_REASON
from cuework.nodes import discover
from cuework.testing.small_world import CATALOG
from cuework.workflows.explain_words import REFUSALS
from cuework.workflows.text import check

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "cuework"
PAGES = sorted(
    [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "examples" / "README.md", *ROOT.glob("docs/**/*.md")]
)
# Files that pages name though they are not in the project: what is meant not to be, or what readers make.
NOT_HERE = {"uv.lock", "call-fair-leads.yaml"}
GENERATED = ROOT / "docs" / "nodes.md"  # its own test compares it with the nodes
TYPES = discover()

# Words that we gave up, and the ones to use: see docs/glossary.md.
GIVEN_UP = {
    r"\bworkspaces?\b": "tenant",
    r"\bdead[- ]letters?\b": "quarantine",
    r"\bside[- ]effects?\b": "effect",
    r"\benroll?s?ement\b": "enrollment",
    r"\benrol(ment|s|led)?\b": "enroll",
    r"\b(workflow|automation) (runs|instances)\b": "executions",
    r"\b(seamless|blazing|cutting-edge|world-class|effortless)": "a fact",
}
# No page may name a machine's paths or a registry.
NEVER = re.compile(r"(?<![\w.])/(work|root|home|tmp)/|localhost:\d+|pypi\.org|registry\.npmjs|index-url", re.IGNORECASE)


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def text_of(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def prose_of(page: Path) -> str:
    """The page without code."""
    return re.sub(r"`[^`\n]*`", "", re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL))


# ------------------------------------------------------------ the code, named in the docs


def test_every_setting_is_in_the_table_with_its_default_and_meaning() -> None:
    rows = {row[0]: row[1:] for row in table_rows(text_of("docs/operations.md")) if row[0].startswith("CUEWORK_")}
    assert set(rows) == {f"CUEWORK_{name.upper()}" for name in Settings.model_fields}
    for name, field in Settings.model_fields.items():
        default, meaning = rows[f"CUEWORK_{name.upper()}"]
        assert default == ("" if field.default in (None, "") else str(field.default)), name
        assert (field.description or "").startswith(meaning), name


def test_every_other_variable_that_the_code_reads_is_in_the_docs() -> None:
    pages = "".join(page.read_text("utf-8") for page in PAGES)
    places = [*SOURCE.rglob("*.py"), *ROOT.glob("tests/**/*.py"), *ROOT.glob("bench/*.py")]
    read = {found for place in places for found in re.findall(r"\bCUEWORK_[A-Z_]+\b", place.read_text("utf-8"))}
    private = {"CUEWORK_UV", "CUEWORK_TEST_SESSION"}  # what ./dev and the test processes tell each other
    missing = {name for name in read - private if name not in pages and not name.endswith("_")}
    assert not missing


def test_every_command_is_in_the_docs() -> None:
    pages = "".join(page.read_text("utf-8") for page in PAGES)
    missing = [command for command in commands() if f"cuework {command}" not in pages]
    assert not missing


def test_every_node_type_is_in_the_manual() -> None:
    manual = GENERATED.read_text("utf-8")
    missing = [kind for kind in (*TYPES.triggers, *TYPES.steps) if f"### `{kind}`" not in manual]
    assert not missing


def test_every_reason_is_in_the_docs() -> None:
    page = text_of("docs/semantics.md")
    spelled = re.compile(r'\b(?:(?:Skip|Fail|Skipped|Failed|Held)\(\s*|code": |code, what = )"([a-z_]+)"')
    said = {code for place in SOURCE.rglob("*.py") for code in spelled.findall(place.read_text("utf-8"))}
    assert {"no_consent", "invalid_value", "unreachable"} <= said, "the search finds nothing any more"
    missing = {code for code in said | set(STATUS_BY_REASON) | set(REFUSALS) if f"`{code}`" not in page}
    assert not missing


def test_every_family_of_paths_is_in_the_docs_and_no_other() -> None:
    page = text_of("docs/api.md")
    paths = openapi_document()["paths"]
    families = {re.sub(r"^(/api/v1)?(/[a-z0-9-]+).*", r"\2", path) for path in paths}
    missing = {family for family in families if not re.search(rf"[`.]{family}\b", page)}
    assert not missing
    resources = page[page.index("## Resources") : page.index("## Publishing")]
    told = {family for row in table_rows(resources) for family in re.findall(r"^/[a-z-]+|(?<=`, `)/[a-z-]+", row[0])}
    assert told <= families | {"/f"}


def test_every_decision_has_its_four_parts() -> None:
    decisions = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [page.name[:4] for page in decisions] == [f"{number:04}" for number in range(1, len(decisions) + 1)]
    for page in decisions:
        found = re.findall(r"^## (.+)$", page.read_text("utf-8"), re.MULTILINE)
        assert found == ["Context", "Decision", "Consequences", "Alternatives"], page.name


# ------------------------------------------------------------ the docs, true of the code


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_links_lead_somewhere(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)
    links = re.findall(r"\]\(([^)\s]+)\)", text) + re.findall(r'(?:src|srcset|href)="([^"]+)"', text)
    broken = [link for link in links if not leads_somewhere(page, link)]
    assert not broken


@pytest.mark.parametrize("page", [page for page in PAGES if page != GENERATED], ids=named)
def test_files_that_are_named_exist(page: Path) -> None:
    quoted = re.findall(r"`([\w./-]+\.(?:py|sql|md|yaml|toml|lock|json|tsx?))`", page.read_text("utf-8"))
    missing = [name for name in quoted if not (name in NOT_HERE or name.startswith("/") or exists_somewhere(name))]
    assert not missing


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_words_are_those_of_the_glossary(page: Path) -> None:
    prose = prose_of(page)
    if page.name == "glossary.md":
        prose = "\n".join(line.rsplit("|", 2)[0] for line in prose.splitlines())  # without the last column
    used = {
        found[0]: word for given_up, word in GIVEN_UP.items() for found in re.finditer(given_up, prose, re.IGNORECASE)
    }
    assert not used


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_a_page_names_no_machine_and_no_registry(page: Path) -> None:
    assert not NEVER.search(page.read_text("utf-8"))


def examples() -> Iterator[Any]:
    for page in PAGES:
        if page == GENERATED:
            continue
        blocks = re.findall(r"^ *```yaml\n(.*?)^ *```", page.read_text("utf-8"), re.DOTALL | re.MULTILINE)
        for number, block in enumerate(blocks, start=1):
            yield pytest.param(dedent(block), id=f"{page.name}-{number}")


@pytest.mark.parametrize("block", list(examples()))
def test_an_example_compiles(block: str) -> None:
    assert check(whole(block), TYPES, CATALOG).name


# ------------------------------------------------------------ how the pages are read


def table_rows(text: str) -> list[list[str]]:
    """Every row of every table, its cells without their marks."""
    lines = [line for line in text.splitlines() if line.startswith("|") and not line.startswith("|---")]
    return [[cell.strip().replace("`", "") for cell in line.strip("|").split("|")] for line in lines]


def commands() -> list[str]:
    """Every command with its group, as people type it."""
    group: Any = typer.main.get_command(command_line())
    found: list[str] = []
    for name, command in group.commands.items():
        inner = getattr(command, "commands", None)
        found += [f"{name} {each}" for each in inner] if inner else [name]
    return found


def leads_somewhere(page: Path, link: str) -> bool:
    """Whether a file of the project is there, with the heading if one is named. Other sites are not asked."""
    if link.startswith(("http://", "https://", "mailto:")):
        return True
    path, _, heading = link.partition("#")
    target = (page.parent / path).resolve() if path else page
    if not target.exists():
        return False
    if not heading:
        return True
    titles = re.findall(r"^#+ (.+)$", target.read_text("utf-8"), re.MULTILINE)
    return heading in {re.sub(r"[^\w\s-]", "", title.lower()).strip().replace(" ", "-") for title in titles}


def exists_somewhere(name: str) -> bool:
    """In the project, or in the package, whose rooms the docs name without their root."""
    tests = [place for place in (ROOT / "tests").iterdir() if place.is_dir()]
    return any((base / name).exists() for base in (ROOT, SOURCE, ROOT / "docs", *tests))


def whole(block: str) -> str:
    """The block as a definition: a part of one gets what is missing around it."""
    data: Any = YAML(typ="safe").load(block)  # pyright: ignore[reportUnknownMemberType]
    if isinstance(data, list):
        return f"name: x\ntrigger: {{type: deal.created}}\nsteps:\n{indented(block, 2)}"
    if "steps" in data and "trigger" in data:
        return block
    if "trigger" in data:
        return f"name: x\n{block}\nsteps: []"
    if "settings" in data:
        return f"name: x\ntrigger: {{type: contact.created}}\n{block}\nsteps: []"
    if "type" in data:
        return f"name: x\ntrigger: {{type: deal.created}}\nsteps:\n  -\n{indented(block, 4)}"
    return f"name: x\ntrigger:\n  type: deal.updated\n  when:\n{indented(block, 4)}\nsteps: []"


def indented(text: str, by: int) -> str:
    return "\n".join(" " * by + line for line in text.splitlines())
