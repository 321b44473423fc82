"""The roles, and the one table of who may call which operation.

Every router module declares its rows as `ROLES = {"operation_id": Role.MEMBER, ...}` beside its routes; the
application collects them when it is made and refuses to start if an operation has no row.
"""

from cuework.base.errors import Forbidden
from cuework.crm.actor import Actor, Role

__all__ = ["Role", "check_role"]


def check_role(actor: Actor, operation: str, needed: Role, /) -> None:
    """Nothing happens if the actor's role is enough. Errors: Forbidden names both roles."""
    if actor.role < needed:
        raise Forbidden(
            f"This needs the role {needed.spelled} or higher; you have {actor.role.spelled}.",
            operation=operation,
            needed_role=needed.spelled,
        )
