"""The set-up of tenants as this process last read it, for requests that only use it.

A change of set-up raises the tenant's epoch in its own transaction, so one small query says whether what
is kept still holds. Transactions that change set-up must call load_catalog instead: what they read may
yet be rolled back.
"""

from collections import OrderedDict
from uuid import UUID

from cuework.crm.catalog import load_catalog
from cuework.db.pool import Connection
from cuework.engine.catalog import Catalog

_REMEMBERED = 500
_kept: OrderedDict[UUID, Catalog] = OrderedDict()


async def current_catalog(connection: Connection, tenant_id: UUID, /) -> Catalog:
    """The tenant's set-up now. Errors: LookupError if there is no such tenant. Cost: one query, rarely three."""
    epoch = await connection.fetchval("select catalog_epoch from tenants where tenant_id = $1", tenant_id)
    kept = _kept.get(tenant_id)
    if kept is not None and kept.epoch == epoch:
        _kept.move_to_end(tenant_id)
        return kept
    catalog = await load_catalog(connection, tenant_id)
    _kept[tenant_id] = catalog
    if len(_kept) > _REMEMBERED:
        _kept.popitem(last=False)
    return catalog
