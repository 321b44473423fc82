"""The events that a step may wait for: those of triggers that are about a record's own changes.

A trigger's declaration says which events it listens to and which of them it means; waiting uses both.
"""

from functools import cache

from cuework.engine.node import Trigger
from cuework.nodes.company_updated import CompanyUpdated
from cuework.nodes.contact_score_changed import ContactScoreChanged
from cuework.nodes.contact_stage_changed import ContactStageChanged
from cuework.nodes.contact_updated import ContactUpdated
from cuework.nodes.deal_lost import DealLost
from cuework.nodes.deal_stage_changed import DealStageChanged
from cuework.nodes.deal_updated import DealUpdated
from cuework.nodes.deal_won import DealWon
from cuework.nodes.form_submitted import FormSubmitted
from cuework.nodes.task_completed import TaskCompleted

_AWAITED: tuple[type[Trigger], ...] = (
    *(ContactUpdated, ContactStageChanged, ContactScoreChanged, CompanyUpdated),
    *(DealUpdated, DealStageChanged, DealWon, DealLost, TaskCompleted, FormSubmitted),
)


@cache
def awaited() -> dict[str, type[Trigger]]:
    """Trigger types by name."""
    return {node.type: node for node in _AWAITED}
