"""/f/{tenant}/{key}: the hosted page of a form. Plain HTML of the server: it works without JavaScript.

Its style is one constant block whose hash the page's own content policy names; nothing else may run or load.
"""

import base64
import hashlib
from collections.abc import Mapping
from importlib.resources import files
from typing import Any
from uuid import UUID

from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from minijinja import Environment

from cuework.api.form_intake import Sent, accept, answers_of, not_too_often, page_path
from cuework.api.parameters import ANY_QUERY
from cuework.api.problems import as_cuework_error
from cuework.api.roles import Role
from cuework.api.routing import Handler, Router, TenantRoute, open_transaction
from cuework.api.state import state_of
from cuework.base.errors import CueworkError, Invalid, NotFound, Unavailable
from cuework.crm import forms
from cuework.crm.catalog_cache import current_catalog
from cuework.crm.form_answers import HONEYPOT
from cuework.crm.tenants import find_tenant

ROLES = {"show_form": Role.PUBLIC, "send_form": Role.PUBLIC, "show_thanks": Role.PUBLIC}


class PageRoute(TenantRoute):
    """Who asks is a person with a browser: whatever cannot be done is said on a page."""

    def get_route_handler(self) -> Handler:
        """The handler, with pages for failures of it and of what is before it, such as a body that is too large."""
        answered = super().get_route_handler()

        async def answer(request: Request) -> Response:
            try:
                return await answered(request)
            except Exception as error:  # noqa: BLE001 - as the envelope does, but on a page
                return _failed(as_cuework_error(request, error))

        return answer


router = Router("form pages", prefix="", route_class=PageRoute, include_in_schema=True)
# Links to a form carry what campaigns and mail programs add to them (utm_source, fbclid, ...), so any query is taken.

_PAGE: dict[str, Any] = {"content": {"text/html": {"schema": {"type": "string"}}}}
_REFUSED: dict[int | str, dict[str, Any]] = {
    "4XX": {
        "description": "A page that says what is wrong",
        **_PAGE,
    }
}
_SENT: dict[int | str, dict[str, Any]] = {303: {"description": "To the thanks"}, **_REFUSED}

_PAGES = files("cuework.api") / "pages"
_STYLE = (_PAGES / "form.css").read_text("utf-8").strip()
_TEMPLATES = Environment(
    templates={
        name: (_PAGES / name).read_text("utf-8")
        for name in ("form.html", "thanks.html", "gone.html", "refused.html", "frame.html")
    }
)
_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
_POLICY = (
    f"default-src 'none'; style-src 'sha256-{_HASH}'; img-src 'self' data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
_INPUTS = {"text": "text", "email": "email", "phone": "tel", "number": "text"}
_COMPLETIONS = {
    "email": "email",
    "phone": "tel",
    "first_name": "given-name",
    "last_name": "family-name",
    "job_title": "organization-title",
    "country": "country-name",
    "language": "language",
}


@router.get("/f/{tenant}/{key}", response_class=HTMLResponse, responses=_REFUSED, openapi_extra=ANY_QUERY)
async def show_form(request: Request, tenant: str, key: str) -> Response:
    """The form as a page."""
    found = await _find(request, tenant, key)
    return _gone() if found is None else _page(tenant, *found[1:], {}, {})


@router.post("/f/{tenant}/{key}", status_code=303, response_class=Response, responses=_SENT, openapi_extra=ANY_QUERY)
async def send_form(request: Request, tenant: str, key: str) -> Response:
    """The answers are taken and the browser goes on to the thanks; or the page again, with what is wrong."""
    found = await _find(request, tenant, key)
    if found is None:
        return _gone()
    tenant_id, name, form = found
    thanks = Response(
        status_code=303, headers={"Location": f"{page_path(tenant, key)}/thanks", "Cache-Control": "no-store"}
    )
    values: Mapping[str, Any] = {}
    try:
        not_too_often(request, str(form["id"]))
        values = (await answers_of(request)).answers
        return await accept(request, tenant_id, key, Sent(values), lambda _id, _form: thanks)
    except Invalid as error:
        wrong = {problem.path: problem.message for problem in error.problems}
        return _page(tenant, name, form, values, wrong, status=error.status, notice=None if wrong else error.detail)
    except CueworkError as error:
        return _page(tenant, name, form, values, {}, status=error.status, notice=error.detail)


@router.get("/f/{tenant}/{key}/thanks", response_class=HTMLResponse, responses=_REFUSED, openapi_extra=ANY_QUERY)
async def show_thanks(request: Request, tenant: str, key: str) -> Response:
    """What the form says afterwards."""
    found = await _find(request, tenant, key)
    if found is None:
        return _gone()
    _, name, form = found
    settings = form["settings"]
    return _html(
        "thanks.html",
        tenant_name=name,
        title=_title(form),
        text=settings.get("thank_you"),
        again=page_path(tenant, key),
    )


async def _find(request: Request, tenant: str, key: str) -> tuple[UUID, str, Mapping[str, Any]] | None:
    """The form with its tenant's id and name."""
    if "\0" in tenant + key:
        return None
    tenant_id = await find_tenant(state_of(request).pool, tenant)
    if tenant_id is None:
        return None
    async with open_transaction(request, tenant_id) as connection:
        try:
            form = await forms.read_form_by_key(connection, tenant_id, key)
        except NotFound:
            return None
        return tenant_id, (await current_catalog(connection, tenant_id)).name, form


def _page(
    tenant: str,
    tenant_name: str,
    form: Mapping[str, Any],
    values: Mapping[str, Any],
    wrong: Mapping[str, str],
    *,
    status: int = 200,
    notice: str | None = None,
) -> Response:
    shown = [_field(field, values, wrong) for field in form["fields"]]
    settings: Mapping[str, Any] = form["settings"]
    return _html(
        "form.html",
        status,
        tenant_name=tenant_name,
        title=_title(form),
        intro=settings.get("intro"),
        button=settings.get("button") or "Send",
        action=page_path(tenant, form["key"]),
        fields=shown,
        wrong=[field for field in shown if field["error"]],
        notice=notice,
        honeypot=HONEYPOT,
    )


def _field(field: Mapping[str, Any], values: Mapping[str, Any], wrong: Mapping[str, str]) -> dict[str, Any]:
    value = values.get(field["key"])
    return {
        **field,
        "value": value if isinstance(value, str) else "",
        "checked": value is not None and field["type"] in ("checkbox", "consent"),
        "error": wrong.get(field["key"]),
        "needed": field.get("required") or field.get("maps_to") == "email",
        "input": _INPUTS.get(field["type"]),
        "autocomplete": _COMPLETIONS.get(field.get("maps_to") or "", "off"),
    }


def _title(form: Mapping[str, Any]) -> str:
    return form["settings"].get("title") or form["name"]


def _gone() -> Response:
    return _html("gone.html", 404, tenant_name="", title="This form is not here")


def _failed(error: CueworkError) -> Response:
    status: int = error.extra.get("status", error.status)  # pyright: ignore[reportAssignmentType]
    page = _html("refused.html", status, tenant_name="", title="That did not work", text=error.detail)
    if status == Unavailable.status:
        page.headers["Retry-After"] = "1"
    return page


def _html(template: str, status: int = 200, **context: Any) -> Response:
    page = _TEMPLATES.render_template(template, style=_STYLE, **context)
    headers = {"Content-Security-Policy": _POLICY, "Cache-Control": "no-store"}
    return Response(page, status, headers, "text/html")
