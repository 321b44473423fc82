"""/pipelines, with their deal stages in order."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Response
from pydantic import Field

from cuework.api.lists import BY_NAME, AskedWhole, Sortable, fetch_page, set_up_source
from cuework.api.models import Answer, Body, Changes, Instant, Key, Name, Page, Position
from cuework.api.revisions import IfMatch, shown
from cuework.api.roles import Role
from cuework.api.routing import Router, Tx, Who
from cuework.crm import pipelines, setup
from cuework.crm.pipelines import PIPELINES, StageValues

ROLES = {
    "list_pipelines": Role.VIEWER,
    "get_pipeline": Role.VIEWER,
    "create_pipeline": Role.ADMIN,
    "change_pipeline": Role.ADMIN,
    "delete_pipeline": Role.ADMIN,
}
router = Router("pipelines")
# By position, then by name, as one text: a list is sorted by one column, and ties are broken by the id.
_SORTABLE = {"position": Sortable("lpad(position::text, 10, '0') || lower(name)", "text"), **BY_NAME}


class Stage(Answer):
    """A deal stage."""

    id: UUID
    key: str
    name: str
    probability: int


class Pipeline(Answer):
    """Stages that deals move through."""

    id: UUID
    key: str
    name: str
    position: int
    is_default: bool
    stages: list[Stage]
    revision: int
    created_at: Instant
    updated_at: Instant


class NewStage(Body):
    """A stage as it shall be; its key is what definitions refer to."""

    key: Key
    name: Name
    probability: Annotated[int, Field(ge=0, le=100, description="Percent")] = 0


Stages = Annotated[list[NewStage], Field(min_length=1, max_length=100)]


class NewPipeline(Body):
    """A pipeline to make."""

    key: Key
    name: Name
    position: Position = 0
    is_default: bool = False
    stages: Stages


class PipelineChanges(Changes):
    """What may change; `stages` is all stages in order, told apart by their keys."""

    name: Name = ""
    position: Position = 0
    is_default: bool = False
    stages: Stages | None = None


@router.get("/pipelines", response_model=Page[Pipeline])
async def list_pipelines(tx: Tx, who: Who, asked: AskedWhole) -> dict[str, Any]:
    """Every pipeline in order."""
    return await fetch_page(tx, asked, set_up_source(PIPELINES, who.tenant_id, _SORTABLE, "position"))


@router.post("/pipelines", status_code=201)
async def create_pipeline(response: Response, tx: Tx, who: Who, body: NewPipeline) -> Pipeline:
    """The pipeline exists."""
    values = body.model_dump(exclude={"stages"})
    return shown(response, Pipeline, await pipelines.create_pipeline(tx, who, values, _stages(body.stages)))


@router.get("/pipelines/{pipeline_id}")
async def get_pipeline(response: Response, tx: Tx, who: Who, pipeline_id: UUID) -> Pipeline:
    """One pipeline."""
    return shown(response, Pipeline, await setup.read(tx, who.tenant_id, PIPELINES, pipeline_id))


@router.patch("/pipelines/{pipeline_id}")
async def change_pipeline(
    response: Response,
    tx: Tx,
    who: Who,
    pipeline_id: UUID,
    body: PipelineChanges,
    expected: IfMatch,
    force: bool = False,
) -> Pipeline:
    """The pipeline has these values and, if sent, exactly these stages."""
    changes = {name: value for name, value in body.sent().items() if name != "stages"}
    row = await pipelines.change_pipeline(
        tx,
        who,
        pipeline_id,
        changes,
        stages=None if body.stages is None else _stages(body.stages),
        expected=expected,
        anyway=force,
    )
    return shown(response, Pipeline, row)


@router.delete("/pipelines/{pipeline_id}", status_code=204)
async def delete_pipeline(tx: Tx, who: Who, pipeline_id: UUID, expected: IfMatch, force: bool = False) -> None:
    """The pipeline is gone; refused while deals are in it or, unless forced, workflows use it."""
    await pipelines.delete_pipeline(tx, who, pipeline_id, anyway=force, expected=expected)


def _stages(wanted: list[NewStage]) -> list[StageValues]:
    return [StageValues(stage.key, stage.name, stage.probability) for stage in wanted]
