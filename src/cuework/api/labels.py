"""/lifecycle-stages and /tags: the words that contacts carry."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, Field, StringConstraints

from cuework.api.lists import Asked, AskedWhole, Sortable, Source, fetch_page
from cuework.api.models import Answer, Body, Changes, Instant, Key, Name, Page, Position
from cuework.api.roles import Role
from cuework.api.routing import Router, Tx, Who
from cuework.base.patterns import COLOR
from cuework.crm import labels
from cuework.crm.bulk_write import Workflows
from cuework.engine.readers import one_line
from cuework.workflows import tag_changes

ROLES = {
    "list_lifecycle_stages": Role.VIEWER,
    "create_lifecycle_stage": Role.ADMIN,
    "change_lifecycle_stage": Role.ADMIN,
    "delete_lifecycle_stage": Role.ADMIN,
    "list_tags": Role.VIEWER,
    "create_tag": Role.MEMBER,
    "change_tag": Role.MANAGER,
    "merge_tag": Role.MANAGER,
    "delete_tag": Role.MANAGER,
}
router = Router("labels")
TagName = Annotated[
    str, StringConstraints(min_length=1, max_length=100, strip_whitespace=True), AfterValidator(one_line)
]


Color = Annotated[str, Field(pattern=COLOR)] | None
Starts = Annotated[
    Literal["none", "bulk"],
    Field(description="What the contacts' changes start: nothing, or workflows at bulk priority"),
]


class LifecycleStage(Answer):
    """Where a contact stands; contacts hold the key."""

    key: str
    name: str
    position: int


class NewLifecycleStage(Body):
    """A stage to add; without a position it is the last."""

    key: Key
    name: Name
    position: Position | None = None


class LifecycleStageChanges(Body):
    """What may change."""

    name: Name | None = None
    position: Position | None = None


class Tag(Answer):
    """A tag that is offered."""

    name: str
    color: str | None
    created_at: Instant


class ChangedTag(Tag):
    """The tag that is there now, and how many contacts carry it instead of the old one; `job_id` does the others."""

    contacts: int
    job_id: UUID | None


class NewTag(Body):
    """A tag to offer."""

    name: TagName
    color: Color = None


class TagChanges(Changes):
    """What may change. A new name is that of all contacts who carry the tag."""

    name: TagName = ""
    color: Color = None
    workflows: Starts = "none"


class Merge(Body):
    """The other tag that contacts carry from now on."""

    into: TagName
    workflows: Starts = "none"


@router.get("/lifecycle-stages", response_model=Page[LifecycleStage])
async def list_lifecycle_stages(tx: Tx, who: Who, asked: AskedWhole) -> dict[str, Any]:
    """Every stage in order."""
    sortable = {"position": Sortable("position", "integer"), "name": Sortable("lower(name)", "text")}
    stages = "lifecycle_stages where tenant_id = $1"
    key = Sortable("key", "text")
    return await fetch_page(
        tx, asked, Source("key, name, position", stages, [who.tenant_id], sortable, "position", key)
    )


@router.post("/lifecycle-stages", status_code=201)
async def create_lifecycle_stage(tx: Tx, who: Who, body: NewLifecycleStage) -> LifecycleStage:
    """Contacts can be in that stage."""
    row = await labels.create_lifecycle_stage(tx, who, key=body.key, name=body.name, position=body.position)
    return LifecycleStage(**row)


@router.patch("/lifecycle-stages/{key}")
async def change_lifecycle_stage(tx: Tx, who: Who, key: str, body: LifecycleStageChanges) -> LifecycleStage:
    """The stage has that name and place."""
    return LifecycleStage(**await labels.change_lifecycle_stage(tx, who, key, body.sent()))


@router.delete("/lifecycle-stages/{key}", status_code=204)
async def delete_lifecycle_stage(tx: Tx, who: Who, key: str, force: bool = False) -> None:
    """The stage is gone; refused while contacts are in it or, unless forced, workflows use it."""
    await labels.delete_lifecycle_stage(tx, who, key, anyway=force)


@router.get("/tags", response_model=Page[Tag])
async def list_tags(tx: Tx, who: Who, asked: Asked) -> dict[str, Any]:
    """Every tag, by name."""
    name = Sortable("name", "text")
    sortable = {"name": name, "created_at": Sortable("created_at", "timestamptz")}
    source = Source("name, color, created_at", "tags where tenant_id = $1", [who.tenant_id], sortable, "name", name)
    return await fetch_page(tx, asked, source)


@router.post("/tags", status_code=201)
async def create_tag(tx: Tx, who: Who, body: NewTag) -> Tag:
    """The tag is offered."""
    return Tag(**await labels.create_tag(tx, who, body.name, body.color))


@router.patch("/tags/{name:path}")
async def change_tag(tx: Tx, who: Who, name: str, body: TagChanges, force: bool = False) -> ChangedTag:
    """The tag has these values, and its new name for all contacts who carry it; many of them follow by a job.

    That starts no workflow unless `workflows` says so. Refused for a name that another tag has, which merges, and,
    unless forced, while workflows name the old one: their definitions stay as they are.
    """
    changes = body.sent()
    workflows = Workflows(changes.pop("workflows", "none"))
    return _changed(await tag_changes.change(tx, who, name, changes, workflows=workflows, anyway=force))


@router.post("/tags/{name:path}/merge")
async def merge_tag(tx: Tx, who: Who, name: str, body: Merge, force: bool = False) -> ChangedTag:
    """Contacts who carried the tag carry the other one, once, and the tag is gone; otherwise as a new name."""
    workflows = Workflows(body.workflows)
    return _changed(await tag_changes.merge(tx, who, name, body.into, workflows=workflows, anyway=force))


@router.delete("/tags/{name:path}", status_code=204)
async def delete_tag(tx: Tx, who: Who, name: str, force: bool = False) -> None:
    """The tag is offered no more; refused while contacts carry it or, unless forced, workflows use it."""
    await labels.delete_tag(tx, who, name, anyway=force)


def _changed(changed: tag_changes.Changed) -> ChangedTag:
    return ChangedTag(**changed.tag, contacts=changed.contacts, job_id=changed.job_id)
