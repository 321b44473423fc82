"""`cuework workflow`: files go in and out by key, all of them or none."""

import asyncio
import json
import subprocess
from pathlib import Path

from tests.cli.command import cuework

from cuework.db.pool import Role, connect
from cuework.runtime.bell import Channel

GOOD = """\
# kept as it is
name: Tag newcomers
key: tag-newcomers
trigger: {type: contact.created}
steps:
  - {id: tag, type: contact.add_tag, tag: new}
"""
WRONG = GOOD.replace("contact.add_tag", "contact.add_tagg")


def _cuework(database_url: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return cuework(*arguments, CUEWORK_DATABASE_URL=database_url)


def test_files_are_applied_by_key_published_and_exported_as_they_were(database_url: str, tmp_path: Path) -> None:
    assert _cuework(database_url, "tenant", "create", "Acme").returncode == 0
    file = tmp_path / "a.yaml"
    file.write_text(GOOD)
    first = _cuework(database_url, "workflow", "apply", str(file), "--tenant", "acme", "--publish", "--json")
    assert first.returncode == 0, first.stderr
    [done] = json.loads(first.stdout)
    assert (done["key"], done["change"], done["version"]) == ("tag-newcomers", "created", 1)
    [again] = json.loads(
        _cuework(database_url, "workflow", "apply", str(file), "--tenant", "acme", "--publish", "--json").stdout
    )
    assert (again["id"], again["change"], again["version"]) == (done["id"], "unchanged", None)
    exported = _cuework(database_url, "workflow", "export", "--tenant", "acme", "tag-newcomers")
    assert exported.stdout == GOOD
    assert _cuework(database_url, "workflow", "export", "--tenant", "acme", "nothing").returncode == 1


async def test_workers_and_pages_hear_of_what_was_published_from_a_file(database_url: str, tmp_path: Path) -> None:
    assert _cuework(database_url, "tenant", "create", "Acme").returncode == 0
    file = tmp_path / "a.yaml"
    file.write_text(GOOD)
    heard: asyncio.Queue[str] = asyncio.Queue()
    listener = await connect(database_url, Role.APP, name="test")
    for channel in Channel:
        await listener.add_listener(channel.value, lambda _, __, name, ___: heard.put_nowait(str(name)))
    done = await asyncio.to_thread(
        _cuework, database_url, "workflow", "apply", str(file), "--tenant", "acme", "--publish"
    )
    assert done.returncode == 0, done.stderr
    async with asyncio.timeout(100):
        assert {await heard.get(), await heard.get()} == {channel.value for channel in Channel}
    await listener.close()


def test_a_wrong_file_is_told_with_its_line_and_keeps_the_others_out(database_url: str, tmp_path: Path) -> None:
    assert _cuework(database_url, "tenant", "create", "Acme").returncode == 0
    good, wrong = tmp_path / "good.yaml", tmp_path / "wrong.yaml"
    good.write_text(GOOD)
    wrong.write_text(WRONG)
    checked = _cuework(database_url, "workflow", "validate", str(good), str(wrong), "--tenant", "acme")
    assert checked.returncode == 1
    [line] = checked.stdout.splitlines()
    assert line.startswith(f"{wrong}:6:")
    assert "(contact.add_tag)" in line
    applied = _cuework(database_url, "workflow", "apply", str(good), str(wrong), "--tenant", "acme")
    assert (applied.returncode, applied.stdout) == (1, "")
    assert f"{wrong}:6:" in applied.stderr
    assert _cuework(database_url, "workflow", "export", "--tenant", "acme").stdout.strip() == ""
