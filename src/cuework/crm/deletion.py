"""Before set-up is deleted: the workflows that use it are named, and nothing is deleted unless the person
says so again.

The refusal is in words; its field `override` is the parameter with which a program says so again.
"""

from cuework.base.errors import Conflict, Problem
from cuework.crm.actor import Actor
from cuework.db.pool import Connection
from cuework.workflows import references


async def refuse_if_used(connection: Connection, actor: Actor, kind: str, *keys: str, anyway: bool = False) -> None:
    """Nothing happens if no workflow refers to it by any of the keys.

    Errors: Conflict names those that do, unless `anyway`.
    """
    found = [] if anyway else await references.using(connection, actor.tenant_id, kind, keys)
    if not found:
        return
    names = ", ".join(use.name for use in found[:5]) + (f" and {len(found) - 5} more" if len(found) > 5 else "")
    raise Conflict(
        f"{len(found)} workflows use it: {names}. Without it they fail, so change them first."
        if len(found) > 1
        else f"The workflow {names} uses it. Without it that fails, so change it first.",
        [Problem(f"workflows.{use.key}", f"{use.name} uses it") for use in found],
        override={"force": True},
        workflows=[{"id": use.id, "key": use.key, "name": use.name} for use in found],
    )
