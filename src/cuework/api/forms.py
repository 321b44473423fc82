"""/forms: what forms ask, their submissions, and the public address that programs submit to."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Request, Response
from pydantic import Field, StringConstraints

from cuework.api.form_intake import accept, answers_of, find_form, not_too_often, page_path
from cuework.api.lists import Asked, Sortable, Source, fetch_page
from cuework.api.models import Answer, Body, Changes, Instant, Key, Name, Page
from cuework.api.parameters import ANY_QUERY
from cuework.api.revisions import IfMatch, show_revision
from cuework.api.roles import Role
from cuework.api.routing import Router, Tx, Who
from cuework.base import json
from cuework.base.patterns import FIELD_KEY
from cuework.crm import forms
from cuework.crm.catalog_cache import current_catalog

ROLES = {
    "list_forms": Role.VIEWER,
    "get_form": Role.VIEWER,
    "create_form": Role.MANAGER,
    "change_form": Role.MANAGER,
    "delete_form": Role.MANAGER,
    "list_submissions": Role.VIEWER,
    "submit_form": Role.PUBLIC,
}
router = Router("forms")

FieldKey = Annotated[str, StringConstraints(pattern=FIELD_KEY)]
ShortText = Annotated[str, StringConstraints(max_length=500, strip_whitespace=True)]
Option = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]


class FormField(Body):
    """A question. `maps_to` names the contact's field that the answer fills, custom ones as custom.<key>.

    A consent field has its `text`; ticked, it grants the contact's email consent.
    """

    key: FieldKey
    label: Annotated[str, StringConstraints(min_length=1, max_length=300, strip_whitespace=True)]
    type: Literal["text", "long_text", "email", "phone", "number", "choice", "checkbox", "consent"] = "text"
    required: bool = False
    options: Annotated[list[Option], Field(max_length=200)] = Field(default_factory=list)
    maps_to: Annotated[str, StringConstraints(max_length=80)] | None = None
    text: Annotated[str, StringConstraints(min_length=1, max_length=5_000, strip_whitespace=True)] | None = None
    help: ShortText | None = None


class FormSettings(Body):
    """How the hosted page looks and what it says afterwards."""

    title: ShortText | None = None
    intro: Annotated[str, StringConstraints(max_length=2_000, strip_whitespace=True)] | None = None
    button: Annotated[str, StringConstraints(min_length=1, max_length=60, strip_whitespace=True)] | None = None
    thank_you: Annotated[str, StringConstraints(max_length=2_000, strip_whitespace=True)] | None = None


Fields = Annotated[list[FormField], Field(max_length=60)]
COUNTED = 10_000
_CAME_IN = f"""
(select count(*) from (select from form_submissions s where s.tenant_id = forms.tenant_id and s.form_id = forms.id
  limit {COUNTED + 1}) counted) as submissions,
(select s.submitted_at from form_submissions s where s.tenant_id = forms.tenant_id and s.form_id = forms.id
  order by s.id desc limit 1) as last_submitted_at
"""


class NewForm(Body):
    """A form to open; without a key it gets one from its name."""

    key: Key | None = None
    name: Name
    fields: Fields
    settings: FormSettings = Field(default_factory=FormSettings)


class FormChanges(Changes):
    """What may change."""

    key: Key = ""
    name: Name = ""
    fields: Fields = Field(default_factory=list)
    settings: FormSettings = Field(default_factory=FormSettings)


class Form(Answer):
    """A form; `path` is its hosted page's, and `consent_version` counts changes of its consent texts."""

    id: UUID
    key: str
    name: str
    fields: list[FormField]
    settings: FormSettings
    consent_version: int
    path: str
    submissions: int | None = Field(None, description=f"How many came in, counted to {COUNTED:,}; in lists only")
    submissions_more: bool | None = Field(None, description="Whether there are more than were counted; in lists only")
    last_submitted_at: Instant | None = Field(None, description="When the latest came in; in lists only")
    revision: int
    created_at: Instant
    updated_at: Instant


class Consent(Answer):
    """What somebody agreed to: the field, its text and the form's consent version as they were, and when."""

    field: str
    text: str
    version: int
    given_at: Instant


class FormSubmission(Answer):
    """What somebody answered, and the consents given."""

    id: UUID
    form_id: UUID
    contact_id: UUID | None
    answers: Annotated[dict[str, Any], Field(description="Answers by field, as the form was then")]
    consents: list[Consent]
    submitted_at: Instant


@router.get("/forms", response_model=Page[Form])
async def list_forms(tx: Tx, who: Who, asked: Asked) -> dict[str, Any]:
    """A page of forms, by name."""
    slug = await _slug(tx, who)
    source = Source(
        f"{forms.FORMS.shown}, {_CAME_IN}",
        "forms where tenant_id = $1 and deleted_at is null",
        [who.tenant_id],
        {"name": Sortable("lower(name)", "text"), "created_at": Sortable("created_at", "timestamptz")},
        "name",
    )
    return await fetch_page(tx, asked, source, lambda row: _spelled(dict(row), slug))


@router.post("/forms", status_code=201, response_model=Form)
async def create_form(response: Response, tx: Tx, who: Who, body: NewForm) -> dict[str, Any]:
    """The form is open at its hosted page."""
    row = await forms.create_form(tx, who, _plain(body))
    show_revision(response, row["revision"])
    return _spelled(row, await _slug(tx, who))


@router.get("/forms/{id}", response_model=Form)
async def get_form(id: UUID, response: Response, tx: Tx, who: Who) -> dict[str, Any]:  # noqa: A002
    """One form."""
    row = await forms.read_form(tx, who.tenant_id, id)
    show_revision(response, row["revision"])
    return _spelled(row, await _slug(tx, who))


@router.patch("/forms/{id}", response_model=Form)
async def change_form(
    id: UUID,  # noqa: A002
    response: Response,
    tx: Tx,
    who: Who,
    body: FormChanges,
    expected: IfMatch,
    force: bool = False,
) -> dict[str, Any]:
    """The form has these values; another consent text is another consent version.

    409 names the workflows that read a field which is left out, or use the old key, unless `force`.
    """
    row = await forms.change_form(tx, who, id, _plain(body), expected=expected, anyway=force)
    show_revision(response, row["revision"])
    return _spelled(row, await _slug(tx, who))


@router.delete("/forms/{id}", status_code=204)
async def delete_form(id: UUID, tx: Tx, who: Who, expected: IfMatch, force: bool = False) -> None:  # noqa: A002
    """The form is closed. 409 names the workflows that use it, unless `force`."""
    await forms.delete_form(tx, who, id, anyway=force, expected=expected)


@router.get("/forms/{id}/submissions", response_model=Page[FormSubmission])
async def list_submissions(id: UUID, tx: Tx, who: Who, asked: Asked) -> dict[str, Any]:  # noqa: A002
    """A page of what came in, the latest first."""
    await forms.read_form(tx, who.tenant_id, id)
    source = Source(
        "id, form_id, contact_id, answers, consents, submitted_at",
        "form_submissions where tenant_id = $1 and form_id = $2",
        [who.tenant_id, id],
        {"id": Sortable("id", "uuid")},
        "-id",
    )
    return await fetch_page(tx, asked, source)


class Received(Answer):
    """The answers were taken; `message` is what the form says afterwards."""

    status: Literal["received"]
    submission_id: UUID
    message: str


_ANSWERS: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            kind: {"schema": {"type": "object", "additionalProperties": True, "description": "Answers by field"}}
            for kind in ("application/json", "application/x-www-form-urlencoded")
        },
    }
}


# Analytics write their own parameters into the addresses that a website's forms are sent to: no reason to lose answers.
@router.post("/forms/{id}/submit", status_code=201, response_model=Received, openapi_extra=_ANSWERS | ANY_QUERY)
async def submit_form(id: UUID, request: Request) -> Response:  # noqa: A002
    """The answers are taken: a JSON object or a urlencoded form of answers by field. Needs no sign-in."""
    not_too_often(request, str(id))
    tenant_id = await find_form(request, id)
    return await accept(request, tenant_id, id, await answers_of(request), _received)


def _received(submission_id: UUID, form: Mapping[str, Any]) -> Response:
    thanks = form["settings"].get("thank_you") or "Thank you."
    body = {"status": "received", "submission_id": submission_id, "message": thanks}
    return Response(json.dumps(body), 201, media_type="application/json")


async def _slug(tx: Tx, who: Who) -> str:
    return (await current_catalog(tx, who.tenant_id)).slug


def _plain(body: NewForm | FormChanges) -> dict[str, Any]:
    """The sent values as they are kept: fields whole, settings without blanks."""
    sent = {name: getattr(body, name) for name in body.model_fields_set}
    if "fields" in sent:
        sent["fields"] = [_plain_field(field) for field in body.fields]
    if "settings" in sent:
        sent["settings"] = body.settings.model_dump(exclude_none=True)
    return sent


def _plain_field(field: FormField) -> dict[str, Any]:
    plain = field.model_dump(exclude_none=True)
    if field.type == "email" and "maps_to" not in field.model_fields_set:
        plain["maps_to"] = "email"
    return plain


def _spelled(row: dict[str, Any], slug: str) -> dict[str, Any]:
    shown = {**row, "path": page_path(slug, row["key"])}
    if "submissions" in row:
        shown |= {"submissions": min(row["submissions"], COUNTED), "submissions_more": row["submissions"] > COUNTED}
    return shown
