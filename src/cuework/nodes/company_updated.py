"""Trigger: fields of a company change."""

from cuework.nodes.field_changes import RecordUpdated


class CompanyUpdated(RecordUpdated):
    """Starts when a company changes: any field, or one of those named, from and to given values.

    One save of several fields is one change. A write that changes nothing starts nothing. The filter is tested on
    the values that the company had right after this change.
    """

    type = "company.updated"
    title = "Company updated"
    group = "Companies"
    icon = "pen-line"
    listens = ("company.updated",)
    record_type = "company"
    sample = {"fields": [{"field": "domain"}]}
