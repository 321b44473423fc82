"""What the summaries of nodes say of records and events: "the deal's contact", "the task is completed".

Words only, for people; nothing is looked up, so that a definition that does not fit a tenant has words all the same.
"""

from collections.abc import Mapping

_VERBS = {
    "created": "is created",
    "updated": "changes",
    "completed": "is completed",
    "won": "is won",
    "lost": "is lost",
    "matches": "begins to match",
    "stage_changed": "changes its stage",
    "score_changed": "changes its score",
    "restored": "is restored",
}
_EVENTS = {"form.submitted": "a form is submitted", "webhook.received": "a hook is called"}


def record_words(path: str | Mapping[str, str]) -> str:
    """The record that a path leads to, as a sentence names it."""
    if not isinstance(path, str):
        return f"the {path.get('type', 'record')} with a given id"
    head, *rest = path.split(".")
    if head == "steps" and rest:
        return f"what “{rest[0]}” found or made"
    return f"the {head}{''.join(f'’s {each}' for each in rest)}"


def event_words(event_type: str, of: str | None = None) -> str:
    """What happens with such an event, in the present tense: "the task of “call” is completed"."""
    subject, _, what = event_type.partition(".")
    if event_type in _EVENTS:
        return _EVENTS[event_type]
    whose = "" if of in (None, subject) else f" of “{str(of).removeprefix('steps.')}”"
    return f"the {subject}{whose} {_VERBS.get(what) or what.replace('_', ' ')}"
