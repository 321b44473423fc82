"""Whom a step tells something: users, by name, by team, or as owners of records. Only active ones. Pure."""

from dataclasses import dataclass
from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from cuework.engine.binder import Binder
from cuework.engine.catalog import User
from cuework.engine.context import Context
from cuework.engine.target import Target
from cuework.nodes.hints import TeamKey, UserEmail, hint
from cuework.nodes.wording import record_words


class Recipients(BaseModel):
    """One of user, users, team or owner."""

    model_config = ConfigDict(extra="forbid")

    user: UserEmail | None = Field(None, description="One person, by email")
    users: list[UserEmail] | None = Field(None, min_length=1, max_length=100)
    team: TeamKey | None = Field(None, description="Every member")
    owner: str | None = Field(None, description="The owner of this record", json_schema_extra=hint("record"))

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        given = [name for name in ("user", "users", "team", "owner") if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError("say exactly one of user, users, team or owner")
        return self

    def words(self) -> str:
        """Who, for summaries."""
        if self.team is not None:
            return f"the team {self.team}"
        if self.owner is not None:
            return f"the owner of {record_words(self.owner)}"
        return self.user or ", ".join(self.users or ())


@dataclass(frozen=True, slots=True)
class BoundRecipients:
    """Recipients joined to a tenant."""

    emails: tuple[str, ...]
    team: str | None
    owner: Target | None

    def of(self, ctx: Context) -> list[User]:
        """The active users, each once; a warning names who is left out. Errors: Need."""
        catalog = ctx.catalog
        found: list[User | None] = []
        if self.team is not None:
            team = catalog.team_by_key.get(self.team)
            found = [catalog.user_by_id.get(member) for member in team.members] if team else []
            return [user for user in found if user is not None and user.active]
        if self.owner is not None:
            row = ctx.row(self.owner.resolve(ctx))
            owner = catalog.user_by_id.get(row["owner_id"]) if row and row.get("owner_id") is not None else None
            return [owner] if owner is not None and owner.active else []
        users = [catalog.user_by_email.get(email) for email in self.emails]
        left_out = [email for email, user in zip(self.emails, users, strict=True) if user is None or not user.active]
        ctx.warn(*(f"{email} is not an active user and is not told." for email in left_out))
        return [user for user in users if user is not None and user.active]


def bind_recipients(to: Recipients, binder: Binder, path: str) -> BoundRecipients:
    """The recipients checked against the tenant."""
    emails = [to.user] if to.user is not None else to.users or []
    for index, email in enumerate(emails):
        binder.user(email, f"{path}.user" if to.user is not None else f"{path}.users.{index}")
    if to.team is not None:
        binder.team(to.team, f"{path}.team")
    owned = ("contact", "company", "deal")
    owner = binder.target(to.owner, f"{path}.owner", types=owned) if to.owner is not None else None
    return BoundRecipients(tuple(dict.fromkeys(email.casefold() for email in emails)), to.team, owner)
