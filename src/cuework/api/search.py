"""GET /search: what the search box offers."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import Query

from cuework.api.fixed_lists import AskedSlice, slice_page
from cuework.api.models import Answer, Page
from cuework.api.roles import Role
from cuework.api.routing import Router, Tx, Who
from cuework.crm import search

ROLES = {"search_all": Role.VIEWER}
router = Router("search")


class SearchHit(Answer):
    """Something that begins like the text; type is contact, company, deal or workflow."""

    type: str
    id: UUID
    title: str
    subtitle: str | None


@router.get("/search", response_model=Page[SearchHit])
async def search_all(
    tx: Tx, who: Who, asked: AskedSlice, q: Annotated[str, Query(max_length=200)] = ""
) -> dict[str, Any]:
    """A few contacts, companies, deals and workflows whose names or emails begin so."""
    hits = await search.search(tx, who.tenant_id, q)
    return slice_page(
        hits,
        asked,
        lambda hit: f"{hit['type']} {hit['id']}",
        {"type": lambda hit: hit["type"], "title": lambda hit: hit["title"]},
    )
