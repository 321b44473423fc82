"""Trigger: a deal is won."""

from cuework.nodes.deal_closed import DealClosed


class DealWon(DealClosed):
    """Starts when a deal is won, also when it is created as won. One that is reopened and won again starts again.

    Whether the same deal may enter again is the workflow's `re_entry`.
    """

    type = "deal.won"
    starts_on = ("deal", "status", "=won")
    title = "Deal won"
    icon = "trophy"
    ends_as = "won"
    sample = {"pipeline": "new-business"}
