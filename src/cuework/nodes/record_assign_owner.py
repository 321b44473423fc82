"""Action: give a record an owner."""

from pydantic import BaseModel, Field, PrivateAttr, model_validator

from cuework.engine.binder import Binder
from cuework.engine.context import Context
from cuework.engine.events import Ref
from cuework.engine.outcome import Done, Outcome, Skip, Update
from cuework.engine.world import Row
from cuework.nodes.assignment import NOBODY, Assignment, AssignTo, By, bind_assignment
from cuework.nodes.bound import keep
from cuework.nodes.hints import TeamKey, UserEmail
from cuework.nodes.record_action import RecordAction


class OwnerOutput(BaseModel):
    """Who owns the record now, and whether that is new."""

    owner_id: str
    email: str
    name: str
    changed: bool


class RecordAssignOwner(RecordAction):
    """The record has an owner: one user, or one of a team or of several users, in turn or by load.

    Round robin takes turns, one after another, also across restarts and at the same moment; everything that uses the
    same team shares its rotation. Load balanced takes the one with the fewest open deals (for contacts and companies:
    owned ones). Deactivated users get nothing; with nobody else to choose, the step is skipped and the owner stays.
    Happens exactly once.
    """

    type = "record.assign_owner"
    writes = (("contact", "owner_id", None), ("company", "owner_id", None), ("deal", "owner_id", None))
    title = "Assign an owner"
    group = "Records"
    icon = "user-check"
    kind = "lookup"
    sample = {"team": "sales", "by": "round_robin"}
    works_on = ("contact", "company", "deal")
    Output = OwnerOutput

    user: UserEmail | None = None
    team: TeamKey | None = None
    users: list[UserEmail] | None = Field(None, min_length=1, max_length=100)
    by: By | None = Field(None, description="How one of several is chosen; a team's turns are the default")
    keep_owner: bool = Field(False, description="Leave a record that has an active owner alone")

    _assignment: Assignment | None = PrivateAttr(None)

    @model_validator(mode="after")
    def _complete(self) -> "RecordAssignOwner":
        self._assign_to()
        return self

    def bind(self, binder: Binder) -> None:
        """The people exist."""
        super().bind(binder)
        found = bind_assignment(self._assign_to(), binder, "", "deal")
        keep(self, _assignment=found)

    def act(self, ctx: Context, ref: Ref, row: Row) -> Outcome:
        """The owner, chosen by load of this type of record."""
        owner = ctx.catalog.user_by_id.get(row["owner_id"]) if row["owner_id"] is not None else None
        if self.keep_owner and owner is not None and owner.active:
            output = {"owner_id": str(owner.id), "email": owner.email, "name": owner.name, "changed": False}
            return Done(output, why=f"{owner.name} owns it already.")
        assert self._assignment is not None
        chosen = self._assignment.choose(ctx, ref.type)
        if chosen.user is None:
            return Skip(chosen.missing or NOBODY, chosen.why)
        user = ctx.catalog.user_by_id[chosen.user]
        changed = row["owner_id"] != user.id
        output = {"owner_id": str(user.id), "email": user.email, "name": user.name, "changed": changed}
        return Done(output, (Update(ref, {"owner_id": user.id}),), why=chosen.why)

    def summary(self) -> str:
        """Who gets it."""
        return f"Assign to {self._assign_to().words()}{self.where()}"

    def _assign_to(self) -> AssignTo:
        several = self.team is not None or self.users is not None
        by = self.by or ("round_robin" if several else None)
        return AssignTo(user=self.user, team=self.team, users=self.users, owner=None, by=by)
