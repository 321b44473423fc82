"""Contacts: people."""

from cuework.api.records import add_record_routes
from cuework.api.routing import Router

router = Router("contacts")
ROLES = add_record_routes(router, "contact")
