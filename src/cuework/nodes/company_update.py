"""Action: set fields of a company."""

from cuework.nodes.record_update import RecordUpdate


class CompanyUpdate(RecordUpdate):
    """The company's fields have these values.

    Happens exactly once. A value that is there already changes nothing and sets nothing off. A template whose result
    does not fit the field fails the step and writes nothing.
    """

    type = "company.update"
    title = "Update company"
    group = "Companies"
    icon = "pencil"
    sample = {"values": {"phone": "+49 30 123456"}}
    works_on = ("company",)
    updates = "company"
