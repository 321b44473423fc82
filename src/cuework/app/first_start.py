"""What the first start on an empty database makes: the demo tenant, or one tenant with its owner."""

import importlib
from dataclasses import dataclass
from types import ModuleType

from cuework.api.state import AppState
from cuework.crm.actor import Role, system
from cuework.crm.people import NewUser, create_user
from cuework.crm.tenants import NewTenant, create_tenant
from cuework.db import tenancy
from cuework.db.pool import Pool

_DEMO = "cuework.demo"


@dataclass(frozen=True, slots=True)
class SignIn:
    """How the owner signs in; said once."""

    email: str
    password: str


async def prepare_first_start(state: AppState, *, demo: bool) -> SignIn | None:
    """There is a tenant to sign in to; None if there was one before."""
    if await state.pool.fetchval("select exists (select from tenant_directory)"):
        return None
    shipped = _demo() if demo else None
    if shipped is None:
        return await _make_owner(state.pool)
    made = await shipped.install(state.pool)
    return None if made is None else SignIn(made.email, made.password)


async def _make_owner(pool: Pool) -> SignIn:
    email = "owner@cuework.test"
    tenant_id = await create_tenant(pool, NewTenant("Cuework", "main"))
    async with tenancy.tenant_transaction(pool, tenant_id) as connection:
        owner = NewUser(email, "Owner", Role.OWNER)
        _, password = await create_user(connection, system(tenant_id), owner)
    return SignIn(email, password or "")


def _demo() -> ModuleType | None:
    try:
        return importlib.import_module(_DEMO)
    except ModuleNotFoundError as error:
        if error.name == _DEMO:
            return None
        raise
