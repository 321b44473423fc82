"""GET /workflows/{id}/explain: why a record entered or did not, where it is, and when it moves next."""

from typing import Any
from uuid import UUID

from cuework.api.explain_models import Explanation
from cuework.api.references import RecordKind
from cuework.api.roles import Role
from cuework.api.routing import Router, Tx, Who
from cuework.crm.catalog_cache import current_catalog
from cuework.engine.events import Ref
from cuework.workflows.explain import explain
from cuework.workflows.vocabulary import installed

ROLES = {"explain_workflow": Role.VIEWER}
router = Router("workflows")


@router.get("/workflows/{workflow_id}/explain", response_model=Explanation)
async def explain_workflow(
    tx: Tx,
    who: Who,
    workflow_id: UUID,
    record_type: RecordKind,
    record_id: UUID,
) -> dict[str, Any]:
    """The answer in sentences, and its parts: executions, and what became of the record's latest events."""
    catalog = await current_catalog(tx, who.tenant_id)
    return await explain(tx, installed(), catalog, workflow_id, Ref(record_type, record_id))
