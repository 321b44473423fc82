"""Teams: users in rotation order, under a stable key that definitions refer to."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from cuework.base.errors import Invalid, Problem
from cuework.crm import setup
from cuework.crm.actor import Actor
from cuework.crm.deletion import refuse_if_used
from cuework.crm.setup import Table
from cuework.db.pool import Connection

TEAMS = Table(
    "teams",
    "team",
    """id, key, name, array(select m.user_id from team_members m where m.tenant_id = teams.tenant_id
      and m.team_id = teams.id order by m.position, m.user_id) as member_ids, revision, created_at, updated_at""",
)
_ADD = """
insert into team_members (tenant_id, team_id, user_id, position)
select $1, $2, m.id, m.position from unnest($3::uuid[]) with ordinality as m(id, position)
"""


async def create_team(
    connection: Connection, actor: Actor, values: Mapping[str, Any], members: Sequence[UUID]
) -> dict[str, Any]:
    """The team exists with these members in this order. Errors: Conflict, Invalid for an unknown member."""
    await _check_members(connection, actor.tenant_id, members)
    row = await setup.create(connection, actor, TEAMS, values)
    await connection.execute(_ADD, actor.tenant_id, row["id"], list(members))
    return row | {"member_ids": list(members)}


async def change_team(
    connection: Connection, actor: Actor, team_id: UUID, changes: Mapping[str, Any], *, expected: int | None
) -> dict[str, Any]:
    """The team has that name and, if `member_ids` is among the changes, those members in that order."""
    before = await setup.read(connection, actor.tenant_id, TEAMS, team_id, locked=True)
    setup.check_revision(expected, before["revision"])
    members = changes.get("member_ids")
    if members is not None and members != before["member_ids"]:
        await _check_members(connection, actor.tenant_id, members)
        await connection.execute(
            "delete from team_members where tenant_id = $1 and team_id = $2", actor.tenant_id, team_id
        )
        await connection.execute(_ADD, actor.tenant_id, team_id, members)
    elif all(before[name] == value for name, value in changes.items()):
        return before
    plain = {name: value for name, value in changes.items() if name != "member_ids"}
    return await setup.write(connection, actor, TEAMS, before, plain)


async def delete_team(
    connection: Connection, actor: Actor, team_id: UUID, *, anyway: bool, expected: int | None = None
) -> None:
    """The team is gone; its tasks are nobody's queue. Errors: Conflict names the workflows that use it."""
    before = await setup.read(connection, actor.tenant_id, TEAMS, team_id, locked=True, expected=expected)
    await refuse_if_used(connection, actor, "team", before["key"], anyway=anyway)
    await setup.remove(connection, actor, TEAMS, before)


async def _check_members(connection: Connection, tenant_id: UUID, members: Sequence[UUID]) -> None:
    if len(set(members)) != len(members):
        raise Invalid("A member is named twice.", [Problem("member_ids", "has somebody twice")])
    known = await connection.fetch(
        "select id from users where tenant_id = $1 and id = any($2::uuid[])", tenant_id, list(members)
    )
    missing = set(members) - {row["id"] for row in known}
    if missing:
        problems = [
            Problem(f"member_ids.{n}", f"there is no user {member}")
            for n, member in enumerate(members)
            if member in missing
        ]
        raise Invalid("Some members are no users.", problems)
