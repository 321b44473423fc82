"""/teams, with their members in rotation order."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Response
from pydantic import Field

from cuework.api.lists import AskedWhole, fetch_page, set_up_source
from cuework.api.models import Answer, Body, Changes, Instant, Key, Name, Page
from cuework.api.revisions import IfMatch, shown
from cuework.api.roles import Role
from cuework.api.routing import Router, Tx, Who
from cuework.crm import setup, teams
from cuework.crm.teams import TEAMS

ROLES = {
    "list_teams": Role.VIEWER,
    "get_team": Role.VIEWER,
    "create_team": Role.ADMIN,
    "change_team": Role.ADMIN,
    "delete_team": Role.ADMIN,
}
router = Router("teams")
Members = Annotated[list[UUID], Field(max_length=1_000, description="Users, in rotation order")]


class Team(Answer):
    """Users who share a queue."""

    id: UUID
    key: str
    name: str
    member_ids: list[UUID]
    revision: int
    created_at: Instant
    updated_at: Instant


class NewTeam(Body):
    """A team to make; definitions refer to its key."""

    key: Key
    name: Name
    member_ids: Members = Field(default_factory=list)


class TeamChanges(Changes):
    """What may change; `member_ids` replaces all members."""

    name: Name = ""
    member_ids: Members = Field(default_factory=list)


@router.get("/teams", response_model=Page[Team])
async def list_teams(tx: Tx, who: Who, asked: AskedWhole) -> dict[str, Any]:
    """Every team, by name."""
    return await fetch_page(tx, asked, set_up_source(TEAMS, who.tenant_id))


@router.post("/teams", status_code=201)
async def create_team(response: Response, tx: Tx, who: Who, body: NewTeam) -> Team:
    """The team exists."""
    values = {"key": body.key, "name": body.name}
    return shown(response, Team, await teams.create_team(tx, who, values, body.member_ids))


@router.get("/teams/{team_id}")
async def get_team(response: Response, tx: Tx, who: Who, team_id: UUID) -> Team:
    """One team."""
    return shown(response, Team, await setup.read(tx, who.tenant_id, TEAMS, team_id))


@router.patch("/teams/{team_id}")
async def change_team(
    response: Response, tx: Tx, who: Who, team_id: UUID, body: TeamChanges, expected: IfMatch
) -> Team:
    """The team has these values."""
    return shown(response, Team, await teams.change_team(tx, who, team_id, body.sent(), expected=expected))


@router.delete("/teams/{team_id}", status_code=204)
async def delete_team(tx: Tx, who: Who, team_id: UUID, expected: IfMatch, force: bool = False) -> None:
    """The team is gone; refused while workflows use it, unless forced."""
    await teams.delete_team(tx, who, team_id, anyway=force, expected=expected)
