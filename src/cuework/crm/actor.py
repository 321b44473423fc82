"""Who does something: a person, an API key, a visitor of a public page, or the system itself.

Every write names an actor, so that events, activities and the audit log can say who it was.
Must not know how the actor proved who it is.
"""

from dataclasses import dataclass
from enum import IntEnum
from uuid import UUID


class Role(IntEnum):
    """What somebody may do; each role may do all that the lower ones may. PUBLIC is anybody at all."""

    PUBLIC = 0
    VIEWER = 1
    MEMBER = 2
    MANAGER = 3
    ADMIN = 4
    OWNER = 5

    @classmethod
    def named(cls, name: str, /) -> "Role":
        """The role of that name. Errors: KeyError for a name that is none."""
        return cls[name.upper()]

    @property
    def spelled(self) -> str:
        """The name as the API and the database spell it."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks, in which tenant, with which role.

    Shape: type is user, api_key, public or system; id is the user's or the key's.
    """

    type: str
    id: UUID | None
    name: str
    role: Role
    tenant_id: UUID
    email: str | None = None
    session_id: UUID | None = None
    csrf_token: str | None = None
    ip: str | None = None
    user_agent: str | None = None

    @property
    def user_id(self) -> UUID | None:
        """The person, where it is one."""
        return self.id if self.type == "user" else None


def system(tenant_id: UUID, /) -> Actor:
    """The actor of what Cuework does by itself or an operator does at its command line."""
    return Actor("system", None, "Cuework", Role.OWNER, tenant_id)
