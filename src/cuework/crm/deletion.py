"""Before set-up is deleted, or a part of it: the workflows that use it are named, and nothing is deleted unless the
person says so again.

The refusal is in words; its field `override` is the parameter with which a program says so again.
"""

from cuework.base.errors import Conflict, Problem
from cuework.crm.actor import Actor
from cuework.db.pool import Connection
from cuework.workflows import references


async def refuse_if_used(
    connection: Connection, actor: Actor, kind: str, *keys: str, anyway: bool = False, part: str | None = None
) -> None:
    """Nothing happens if no workflow refers to it by any of the keys.

    Shape: part is what people call it, where it is a part of something that stays.
    Errors: Conflict names those that do, unless `anyway`.
    """
    found = [] if anyway else await references.using(connection, actor.tenant_id, kind, keys)
    if not found:
        return
    names = ", ".join(use.name for use in found[:5]) + (f" and {len(found) - 5} more" if len(found) > 5 else "")
    what = part or "it"
    fails, fail = ("fails", "fail") if part is None else ("does not work as it did", "do not work as they did")
    raise Conflict(
        f"{len(found)} workflows use {what}: {names}. Without it they {fail}, so change them first."
        if len(found) > 1
        else f"The workflow {names} uses {what}. Without it that {fails}, so change it first.",
        [Problem(f"workflows.{use.key}", f"{use.name} uses {what}") for use in found],
        override={"force": True},
        workflows=[{"id": use.id, "key": use.key, "name": use.name} for use in found],
    )
