"""Action: set fields of a deal."""

from cuework.nodes.record_update import RecordUpdate


class DealUpdate(RecordUpdate):
    """The deal's fields have these values. Its stage and status have steps of their own.

    Happens exactly once. A value that is there already changes nothing and sets nothing off. A template whose result
    does not fit the field fails the step and writes nothing.
    """

    type = "deal.update"
    title = "Update deal"
    group = "Deals"
    icon = "pencil"
    sample = {"values": {"name": "{{ deal.name }} (qualified)"}}
    works_on = ("deal",)
    updates = "deal"
    not_here = {
        "stage_id": "deal.move_stage",
        "pipeline_id": "deal.move_stage",
        "status": "deal.win or deal.lose",
    }
