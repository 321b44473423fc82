"""Trigger: a deal is lost."""

from cuework.nodes.deal_closed import DealClosed


class DealLost(DealClosed):
    """Starts when a deal is lost, also when it is created as lost. One that is reopened and lost again starts again.

    Whether the same deal may enter again is the workflow's `re_entry`.
    """

    type = "deal.lost"
    starts_on = ("deal", "status", "=lost")
    title = "Deal lost"
    icon = "circle-x"
    ends_as = "lost"
    sample = {"pipeline": "new-business"}
