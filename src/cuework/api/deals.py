"""Deals: chances to sell, in the stages of a pipeline."""

from cuework.api.records import add_record_routes
from cuework.api.routing import Router

router = Router("deals")
ROLES = add_record_routes(router, "deal")
