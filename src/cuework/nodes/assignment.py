"""Who gets something: a person, a team's queue, a record's owner, or one of several in turn.

In turn means round robin (a rotation that survives restarts, shared by everything that uses the same pool) or
load balanced (fewest open items). Only active users are chosen. Must not write: it answers who.
"""

from dataclasses import dataclass
from typing import Any, Literal, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator

from cuework.engine.binder import Binder
from cuework.engine.catalog import Catalog, User
from cuework.engine.context import Context
from cuework.engine.lookups import LeastLoaded, NextInRotation
from cuework.engine.target import Target
from cuework.nodes.hints import TeamKey, UserEmail, hint
from cuework.nodes.wording import record_words

By = Literal["round_robin", "load_balanced"]
INACTIVE, NOBODY = "user_inactive", "nobody_available"


class AssignTo(BaseModel):
    """One of user, team, users or owner; `by` chooses one person of a team or of several users."""

    model_config = ConfigDict(extra="forbid")

    user: UserEmail | None = Field(None, description="One person, by email")
    team: TeamKey | None = Field(None, description="The team's queue, or one of its members with `by`")
    users: list[UserEmail] | None = Field(None, min_length=1, max_length=100, description="Several people, in order")
    owner: str | None = Field(None, description="The owner of this record", json_schema_extra=hint("record"))
    by: By | None = Field(None, description="How one of several is chosen")

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        given = [name for name in ("user", "team", "users", "owner") if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError("say exactly one of user, team, users or owner")
        if self.by is not None and given[0] in ("user", "owner"):
            raise ValueError("`by` chooses among a team or several users; leave it out here")
        if given[0] == "users" and self.by is None:
            raise ValueError("several users need `by`: round_robin or load_balanced")
        return self

    def words(self) -> str:
        """Who, for summaries."""
        chosen = {"round_robin": ", in turn", "load_balanced": ", to who has least to do", None: ""}[self.by]
        if self.team is not None:
            return f"the team {self.team}{chosen}"
        if self.users is not None:
            return f"{' or '.join(self.users)}{chosen}"
        return self.user or f"the owner of {record_words(self.owner or 'the record')}"


@dataclass(frozen=True, slots=True)
class Chosen:
    """Who it is: a person, a team's queue, or both where a team's member was chosen; `why` says how.

    Shape: missing is the reason's code where nobody could be found, which is no error: people leave.
    """

    user: UUID | None
    team: UUID | None
    why: str
    missing: str | None = None


@dataclass(frozen=True, slots=True)
class Assignment:
    """An AssignTo joined to a tenant. `items` are what load is counted in: task, deal or contact."""

    items: str
    user: str | None = None
    team: str | None = None
    users: tuple[str, ...] = ()
    owner: Target | None = None
    by: str | None = None

    def choose(self, ctx: Context, items: str | None = None) -> Chosen:
        """The one who gets it, or why nobody does. Errors: Need."""
        catalog = ctx.catalog
        if self.owner is not None:
            return _owner(ctx, self.owner)
        if self.by is not None:
            return self._in_turn(ctx, items or self.items)
        if self.team is not None:
            team = catalog.team_by_key.get(self.team)
            if team is None:
                return Chosen(None, None, f"There is no team “{self.team}” any more.", NOBODY)
            return Chosen(None, team.id, f"It is in the queue of {team.name}.")
        user = catalog.user_by_email.get((self.user or "").casefold())
        if user is None or not user.active:
            return Chosen(None, None, f"{self.user} is not an active user, so nothing is assigned to them.", INACTIVE)
        return Chosen(user.id, None, f"It goes to {user.name}.")

    def _in_turn(self, ctx: Context, items: str) -> Chosen:
        catalog = ctx.catalog
        team = catalog.team_by_key.get(self.team) if self.team else None
        pool = f"team:{self.team}" if self.team else f"users:{','.join(self.users)}"
        members = _active(catalog, team.members if team else _ids(catalog, self.users))
        what = f"Team “{self.team}”" if self.team else "The list of users"
        queue = team.id if team else None
        nobody = Chosen(None, queue, f"{what} has no active member, so nobody is assigned.", NOBODY)
        if not members:
            return nobody
        if self.by == "round_robin":
            found, how = ctx.ask(NextInRotation(pool, members)), "whose turn it was"
        else:
            found, how = ctx.ask(LeastLoaded(pool, items, members)), f"who had the fewest open {items}s"
        if found is None:
            return nobody
        user = catalog.user_by_id[found]
        return Chosen(found, queue, f"It goes to {user.name}, {how}.")


def bind_assignment(assign: AssignTo | None, binder: Binder, path: str, items: str) -> Assignment | None:
    """The assignment, its people and team checked against the tenant."""
    if assign is None:
        return None
    owner = None
    if assign.team is not None:
        binder.team(assign.team, _at(path, "team"))
    if assign.user is not None:
        binder.user(assign.user, _at(path, "user"))
    for index, email in enumerate(assign.users or ()):
        binder.user(email, _at(path, f"users.{index}"))
    if assign.owner is not None:
        owner = binder.target(assign.owner, _at(path, "owner"), types=("contact", "company", "deal"))
    users = tuple(email.casefold() for email in assign.users or ())
    return Assignment(items, assign.user, assign.team, users, owner, assign.by)


def user_of(catalog: Catalog, chosen: Chosen) -> User | None:
    """The person who was chosen, None for a queue."""
    return catalog.user_by_id.get(chosen.user) if chosen.user else None


def _at(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _owner(ctx: Context, target: Target) -> Chosen:
    row = ctx.row(target.resolve(ctx))
    owner: Any = row.get("owner_id") if row else None
    user = ctx.catalog.user_by_id.get(owner) if owner is not None else None
    if user is None or not user.active:
        return Chosen(None, None, f"“{target.source}” has no active owner, so it is assigned to nobody.", NOBODY)
    return Chosen(user.id, None, f"It goes to {user.name}, who owns the {target.type or 'record'}.")


def _ids(catalog: Catalog, emails: tuple[str, ...]) -> tuple[UUID, ...]:
    return tuple(catalog.user_by_email[email].id for email in emails if email in catalog.user_by_email)


def _active(catalog: Catalog, members: tuple[UUID, ...]) -> tuple[UUID, ...]:
    users = catalog.user_by_id
    return tuple(each for each in members if each in users and users[each].active)
