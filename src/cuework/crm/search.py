"""Finds records and workflows by how their names begin, for the search box. Every look-up goes by an index."""

from typing import Any
from uuid import UUID

from cuework.db.pool import Connection

MOST_PER_KIND = 6

# Each part is limited by itself, so that a common first letter does not read a table.
_SEARCH = """
(select 'contact' as type, id, trim(coalesce(first_name, '') || ' ' || coalesce(last_name, '')) as title,
  email as subtitle
from contacts where tenant_id = $1 and deleted_at is null
  and lower(coalesce(first_name, '') || ' ' || coalesce(last_name, '')) like $2 limit $4)
union
(select 'contact', id, trim(coalesce(first_name, '') || ' ' || coalesce(last_name, '')), email
from contacts where tenant_id = $1 and deleted_at is null and lower(last_name) like $2 limit $4)
union
(select 'contact', id, trim(coalesce(first_name, '') || ' ' || coalesce(last_name, '')), email
from contacts where tenant_id = $1 and deleted_at is null and lower(email) like $2 limit $4)
union
(select 'company', id, name, domain
from companies where tenant_id = $1 and deleted_at is null and lower(name) like $2 limit $4)
union
(select 'company', id, name, domain
from companies where tenant_id = $1 and deleted_at is null and lower(domain) = $3 limit $4)
union
(select 'deal', id, name, status
from deals where tenant_id = $1 and deleted_at is null and lower(name) like $2 limit $4)
union
(select 'workflow', id, name, status from workflows
where tenant_id = $1 and status <> 'archived' and (lower(name) like $2 or lower(name) like '% ' || $2) limit $4)
order by type, title, id
"""


async def search(connection: Connection, tenant_id: UUID, text: str) -> list[dict[str, Any]]:
    """What begins like the text: a few contacts, companies, deals and workflows, as type, id, title, subtitle."""
    words = " ".join(text.lower().split())
    if not words:
        return []
    rows = await connection.fetch(_SEARCH, tenant_id, _prefix(words), words, MOST_PER_KIND)
    return [_hit(row) for row in rows]


def _hit(row: Any) -> dict[str, Any]:
    title = row["title"] or row["subtitle"] or f"A {row['type']} without a name"
    return {"type": row["type"], "id": row["id"], "title": title, "subtitle": row["subtitle"]}


def _prefix(words: str) -> str:
    """The words as a pattern that matches what begins so; what has a meaning in patterns loses it."""
    for special in ("\\", "%", "_"):
        words = words.replace(special, f"\\{special}")
    return f"{words}%"
