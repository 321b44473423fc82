"""Companies: organisations."""

from cuework.api.records import add_record_routes
from cuework.api.routing import Router

router = Router("companies")
ROLES = add_record_routes(router, "company")
