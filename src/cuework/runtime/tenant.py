"""What a worker keeps in memory of its tenants: catalogue, trigger index, and plans, all of one epoch."""

import os
from collections import OrderedDict
from uuid import UUID

import structlog

from cuework.crm.catalog import load_catalog
from cuework.db.pool import Connection
from cuework.engine.catalog import Catalog
from cuework.engine.match import TriggerIndex
from cuework.engine.plan import Plan
from cuework.engine.registry import NodeTypes
from cuework.engine.world import World
from cuework.workflows.definitions import load_plans, load_triggers

log = structlog.get_logger()

_MOST_KNOWN = 5_000  # a tenant with a few small workflows takes some 40 kB

# Whether executions of any version ever published may wait for events; workflows that are paused; those of which
# something is still held, because they are paused or being resumed; versions whose executions an event may end.
_STATE = """
select exists (select from workflow_versions v where v.tenant_id = $1 and v.subscribes) as subscribed,
  array(select w.id from workflows w where w.tenant_id = $1 and w.paused_at is not null) as paused,
  array(select w.id from workflows w
    where w.tenant_id = $1 and exists (select from held h where h.tenant_id = $1 and h.workflow_id = w.id)) as held,
  array(select v.workflow_id from workflow_versions v where v.tenant_id = $1 and v.watched
    order by v.workflow_id, v.version) as watched,
  array(select v.version from workflow_versions v where v.tenant_id = $1 and v.watched
    order by v.workflow_id, v.version) as versions
"""


class Tenant:
    """One tenant's definitions as of an epoch; `load` brings them up to date under a lane's lock."""

    def __init__(self, identity: UUID, types: NodeTypes) -> None:
        self.id = identity
        self.types = types
        self.epoch = -1
        self.batch_limit: int | None = None  # smaller after a batch failed, until batches succeed again
        self.catalog: Catalog = Catalog(identity)
        self.index = TriggerIndex(())
        self.plans: dict[tuple[UUID, int], Plan] = {}
        self.subscribed = False
        self.paused: frozenset[UUID] = frozenset()  # workflows whose executions stay where they are
        self.holding: frozenset[UUID] = frozenset()  # those, and workflows of which something is held still
        self.watched: frozenset[tuple[UUID, int]] = frozenset()  # versions, each ever published, with planned ends
        self.known_tags: set[str] = set()  # of the list as the catalogue is; see `remember_tags`

    async def load(self, connection: Connection, epoch: int) -> None:
        """Catalogue and triggers are those of the epoch or a later one.

        Cost: three queries; compiling what is new, or everything where the catalogue is another one.

        Passes of one process share this object: it changes at once, and not back to what was read before another
        pass loaded newer definitions, or that one would match its events against the older ones.

        Compiling comes last. Thousands of versions take longer than PostgreSQL lets a transaction say nothing: the
        session may be gone by then, but what was compiled stays, and the next pass finds it.
        """
        before = self.epoch
        catalog = await load_catalog(connection, self.id)
        same = catalog.epoch == self.catalog.epoch
        known = self.plans if same else None
        (state,) = await connection.fetch(_STATE, self.id)
        triggers = await load_triggers(connection, self.id, catalog, self.types, known=known)
        plans = {(trigger.workflow_id, trigger.version): trigger.plan for trigger in triggers}
        if before != self.epoch > epoch:
            return
        self.catalog, self.index, self.plans = catalog, TriggerIndex(triggers), plans
        self.known_tags = self.known_tags if same else set()  # somebody may have taken some off the list
        self.paused = frozenset(state["paused"])
        self.holding = self.paused.union(state["held"])
        self.watched = frozenset(zip(state["watched"], state["versions"], strict=True))
        self.subscribed, self.epoch = state["subscribed"], epoch
        log.debug("definitions.loaded", tenant=str(self.id), epoch=epoch, triggers=len(triggers))

    def remember_tags(self, world: World) -> None:
        """Tags that a committed pass knows are stored need not be stored again while the list is as it was."""
        if world.catalog.epoch == self.catalog.epoch:
            self.known_tags = world.known_tags

    def hears(self, event_type: str) -> bool:
        """Whether an event of that type may start anything, or matter to an execution."""
        return self.subscribed or bool(self.watched) or self.index.listens(event_type)

    def draw(self) -> int:
        """48 random bits, so that ids made by different passes hardly ever meet."""
        return int.from_bytes(os.urandom(6), "big")

    async def need_plans(self, connection: Connection, wanted: set[tuple[UUID, int]]) -> None:
        """Plans of parked versions are there, or None stands for one that cannot be loaded any more."""
        while missing := wanted - self.plans.keys():
            catalog = self.catalog
            loaded = await load_plans(connection, self.id, catalog, self.types, missing)
            if self.catalog is catalog:  # else another pass loaded a newer one meanwhile, and these are of the old
                self.plans |= loaded


class Tenants:
    """The tenants that one process knows; those least used are forgotten, and read anew when their turn comes."""

    def __init__(self, types: NodeTypes, *, most: int = _MOST_KNOWN) -> None:
        self._types = types
        self._most = most
        self._known: OrderedDict[UUID, Tenant] = OrderedDict()

    def of(self, identity: UUID) -> Tenant:
        """The tenant, with what is known of it."""
        tenant = self._known.get(identity)
        if tenant is None:
            tenant = self._known[identity] = Tenant(identity, self._types)
        self._known.move_to_end(identity)
        if len(self._known) > self._most:
            self._known.popitem(last=False)
        return tenant
