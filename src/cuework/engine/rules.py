"""What follows from a write, per record type: defaults of new records and fields that move together.

A deal's stage brings its pipeline and keys, winning closes it, finishing a task says when. Pure.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from cuework.engine.catalog import Catalog

Values = Mapping[str, Any]

_CONTACT: dict[str, Any] = dict.fromkeys(
    (
        *("external_id", "first_name", "last_name", "email", "phone", "job_title", "company_id", "owner_id"),
        *("lifecycle_stage", "source", "timezone", "language", "country"),
    )
)
_COMPANY: dict[str, Any] = dict.fromkeys(("external_id", "domain", "phone", "owner_id"))
_DEAL: dict[str, Any] = dict.fromkeys(
    ("value", "pipeline_id", "stage_id", "pipeline", "stage", "contact_id", "company_id", "owner_id", "closed_at")
)
_TASK: dict[str, Any] = dict.fromkeys(
    ("description", "assignee_id", "team_id", "due_at", "contact_id", "company_id", "deal_id", "execution_id")
)


def initial(kind: str, values: Values, catalog: Catalog, now: datetime) -> dict[str, Any]:
    """A whole new row: the type's defaults, the values, and what follows from them."""
    row = _BLANK_ROWS[kind](catalog)
    if kind not in _CUSTOMISED:
        row["custom"] = {}
        row.update(settle(kind, row, values, catalog, now))
        return row
    custom: dict[str, Any] = dict(values.get("custom") or {})
    plain: dict[str, Any] = {}
    for name, value in values.items():
        if name.startswith("custom."):
            if value is not None:
                custom[name[7:]] = value
        elif name != "custom":
            plain[name] = value
    row["custom"] = custom
    row.update(settle(kind, row, plain, catalog, now))
    return row


def settle(kind: str, row: Mapping[str, Any], values: Values, catalog: Catalog, now: datetime) -> Values:
    """The values plus what follows from them for this row."""
    follow = _FOLLOW.get(kind)
    return values if follow is None else follow(row, values, catalog, now)


def _contact(catalog: Catalog) -> dict[str, Any]:
    return {**_CONTACT, "lead_score": 0, "tags": [], "email_consent": "unknown", "deleted_at": None}


def _company(catalog: Catalog) -> dict[str, Any]:
    return {**_COMPANY, "name": "", "deleted_at": None}


def _deal(catalog: Catalog) -> dict[str, Any]:
    row = {**_DEAL, "name": "", "status": "open", "deleted_at": None}
    pipeline = catalog.default_pipeline
    if pipeline and pipeline.stages:
        row |= {"pipeline_id": pipeline.id, "pipeline": pipeline.key}
        row |= {"stage_id": pipeline.stages[0].id, "stage": pipeline.stages[0].key}
    return row


def _task(catalog: Catalog) -> dict[str, Any]:
    return {**_TASK, "title": "", "priority": "normal", "status": "open", "completed_at": None, "deleted_at": None}


def _follow_contact(row: Mapping[str, Any], values: Values, catalog: Catalog, now: datetime) -> Values:
    if "tags" in values:
        return {**values, "tags": list(dict.fromkeys(values["tags"] or []))}
    return values


def _follow_deal(row: Mapping[str, Any], values: Values, catalog: Catalog, now: datetime) -> Values:
    settled = dict(values)
    _place(row, settled, catalog)
    status = settled.get("status", row.get("status"))
    if status != row.get("status") and "closed_at" not in settled:
        settled["closed_at"] = now if status in ("won", "lost") else None
    return settled


def _place(row: Mapping[str, Any], settled: dict[str, Any], catalog: Catalog) -> None:
    """Pipeline and stage agree, by id and by key; a new pipeline without a stage begins at its first."""
    if settled.get("stage_id") is not None and settled["stage_id"] in catalog.stage_by_id:
        pipeline, stage = catalog.stage_by_id[settled["stage_id"]]
    elif settled.get("pipeline_id") not in (None, row.get("pipeline_id")):
        pipeline = next((p for p in catalog.pipelines if p.id == settled["pipeline_id"]), None)
        if pipeline is None or not pipeline.stages:
            return
        stage = pipeline.stages[0]
    else:
        return
    settled |= {"pipeline_id": pipeline.id, "pipeline": pipeline.key, "stage_id": stage.id, "stage": stage.key}


def _follow_task(row: Mapping[str, Any], values: Values, catalog: Catalog, now: datetime) -> Values:
    status = values.get("status", row.get("status"))
    if status == row.get("status"):
        return values
    return {**values, "completed_at": now if status == "done" else None}


_CUSTOMISED = frozenset({"contact", "company", "deal"})  # whose types may have custom fields
_BLANK_ROWS: dict[str, Callable[[Catalog], dict[str, Any]]] = {
    "contact": _contact,
    "company": _company,
    "deal": _deal,
    "task": _task,
}
_FOLLOW: dict[str, Callable[[Mapping[str, Any], Values, Catalog, datetime], Values]] = {
    "contact": _follow_contact,
    "deal": _follow_deal,
    "task": _follow_task,
}
