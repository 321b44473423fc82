"""Action: a deal is lost."""

from cuework.nodes.deal_status import DealStatus


class DealLose(DealStatus):
    """The deal is lost, and closed as of now. If it was lost already, nothing changes.

    Happens exactly once.
    """

    type = "deal.lose"
    writes = (("deal", "status", "=lost"),)
    title = "Lose deal"
    group = "Deals"
    icon = "circle-x"
    ends_as = "lost"
    sample = {"on": "deal"}
