"""Trigger: fields of a deal change."""

from cuework.nodes.field_changes import RecordUpdated


class DealUpdated(RecordUpdated):
    """Starts when a deal changes: any field, or one of those named, from and to given values.

    One save of several fields is one change. A write that changes nothing starts nothing. The filter is tested on
    the values that the deal had right after this change.
    """

    type = "deal.updated"
    title = "Deal updated"
    group = "Deals"
    icon = "pen-line"
    listens = ("deal.updated",)
    record_type = "deal"
    sample = {"fields": [{"field": "owner_id"}]}
