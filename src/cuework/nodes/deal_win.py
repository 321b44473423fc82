"""Action: a deal is won."""

from cuework.nodes.deal_status import DealStatus


class DealWin(DealStatus):
    """The deal is won, and closed as of now. If it was won already, nothing changes.

    Happens exactly once.
    """

    type = "deal.win"
    writes = (("deal", "status", "=won"),)
    title = "Win deal"
    group = "Deals"
    icon = "trophy"
    ends_as = "won"
    sample = {"on": "deal"}
