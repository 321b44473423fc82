"""The workflows that simulations run: small, and between them they use what can go wrong.

Compiled once per process: plans are immutable.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any
from uuid import UUID

from cuework.engine.match import ActiveTrigger
from cuework.engine.plan import Plan, compile_plan
from cuework.nodes import discover
from cuework.testing.small_world import CATALOG
from cuework.workflows.text import parse

VERSIONS = 3  # of each workflow, alike but for their name

TEXTS: Mapping[str, str] = {
    "welcome": """
trigger: {type: contact.created}
steps:
  - {id: tag, type: contact.add_tag, tag: new}
  - {id: score, type: contact.add_score, points: 10}
  - {id: call, type: task.create, title: "Call {{ contact.first_name }}", assign_to: {team: sales, by: round_robin}}
  - {id: note, type: activity.log, text: "Welcomed {{ contact.first_name }}"}
  - id: mail
    type: email.send
    to: contact
    subject: Hello
    body: "Hello {{ contact.first_name }}"
    retry: {attempts: 3, first_after: 30 seconds}
  - id: hot
    type: flow.branch
    cases:
      - when: {all: [{field: contact.lead_score, op: gte, value: 20}]}
        steps: [{id: hot_tag, type: contact.add_tag, tag: hot}]
    otherwise: [{id: cold_tag, type: contact.add_tag, tag: cold}]
""",
    "restart": """
trigger: {type: contact.score_changed, crosses: 15, direction: either}
settings: {re_entry: restart}
steps:
  - {id: rest, type: flow.delay, for: 20 minutes}
  - {id: score, type: contact.add_score, points: 1}
""",
    "nurture": """
trigger: {type: contact.updated, fields: [{field: last_name}]}
settings: {re_entry: one_active}
steps:
  - id: enough
    type: flow.branch
    cases:
      - when: {all: [{field: contact.lead_score, op: gte, value: 30}]}
        steps: [{id: enough_stop, type: flow.stop}]
  - {id: rest, type: flow.delay, for: 1 hour}
  - {id: score, type: contact.add_score, points: 3}
""",
    "order": """
trigger: {type: contact.created}
settings: {re_entry: once, entry_key: "{{ contact.external_id[:7] }}"}
steps:
  - {id: tag, type: contact.add_tag, tag: ordered}
  - {id: score, type: contact.add_score, points: 5}
""",
    "deal": """
trigger:
  type: deal.created
  when: {all: [{field: deal.value, op: gt, value: {amount: "50", currency: EUR}}]}
steps:
  - {id: score, type: contact.add_score, on: deal.contact, points: 7}
  - {id: call, type: task.create, on: deal, title: "Call about {{ deal.name }}", priority: high}
  - id: called
    type: flow.wait_until
    event: task.completed
    of: call
    timeout: {after: 2 hours, steps: [{id: late, type: contact.add_tag, on: deal.contact, tag: late}]}
  - {id: done, type: contact.add_score, on: deal.contact, points: 2}
""",
    "answer": """
trigger: {type: deal.created}
steps:
  - id: heard
    type: flow.wait_until
    event: contact.updated
    of: deal.contact
    with: {fields: [{field: phone}, {field: source}]}
    timeout: {after: 1 day}
  - {id: name, type: deal.update, values: {name: "{{ deal.name }}!"}}
""",
    "ripe": """
trigger: {type: contact.created}
settings: {on_error: stop}
steps:
  - id: ripen
    type: flow.wait_until
    when: {all: [{field: contact.lead_score, op: gte, value: 25}]}
    timeout: {after: 6 hours, steps: [{id: green, type: contact.add_tag, tag: green}]}
  - id: mail
    type: email.send
    to: contact
    subject: Ripe
    body: Soon
    on_error: stop
    retry: {attempts: 2, first_after: 5 seconds}
  - {id: tag, type: contact.add_tag, tag: ripe}
""",
    "finished": """
trigger: {type: task.completed}
settings: {re_entry: every_event}
steps:
  - {id: score, type: contact.add_score, on: contact, points: 2}
""",
    "ping": """
trigger: {type: contact.updated, fields: [{field: job_title}]}
settings: {allow_self: true, re_entry: every_event}
steps: [{id: set, type: contact.update, values: {source: "{{ contact.job_title }}i"}}]
""",
    "pong": """
trigger: {type: contact.updated, fields: [{field: source}]}
settings: {allow_self: true, re_entry: every_event}
steps: [{id: set, type: contact.update, values: {job_title: "{{ contact.source }}o"}}]
""",
    "patience": """
trigger: {type: contact.updated, fields: [{field: last_name}]}
settings:
  goal: {all: [{field: contact.lead_score, op: gte, value: 20}]}
  exit: {all: [{field: contact.tags, op: any_of, value: [late]}]}
  suppress: {all: [{field: contact.email_consent, op: eq, value: denied}]}
  max_age: 3 hours
steps:
  - {id: rest, type: flow.delay, for: 100 minutes}
  - {id: mail, type: email.send, to: contact, subject: Still there, body: Hello}
  - {id: more, type: flow.delay, for: 1 hour}
  - {id: score, type: contact.add_score, points: 4}
  - {id: long, type: flow.delay, for: 5 hours}
""",
}
IDS: Mapping[str, UUID] = {
    key: UUID(f"0190f000-0000-7000-8000-{number:012d}") for number, key in enumerate(TEXTS, start=1)
}
KEYS_BY_ID: Mapping[UUID, str] = {identity: key for key, identity in IDS.items()}


@cache
def plans() -> Mapping[tuple[UUID, int], Plan]:
    """Every version of every workflow, ready to run."""
    return {(IDS[key], version): _plan(key, version) for key in TEXTS for version in range(1, VERSIONS + 1)}


def trigger(span: Mapping[str, Any]) -> ActiveTrigger:
    """The version of a stored span."""
    workflow, version = span["workflow_id"], span["version"]
    return ActiveTrigger(workflow, version, plans()[workflow, version], span["from_at"], span["to_at"])


def _plan(key: str, version: int) -> Plan:
    data, _ = parse(f"name: {key.title()} {version}\nkey: {key}{TEXTS[key]}")
    plan = compile_plan(data, discover(), CATALOG)
    plan.workflow_id, plan.version, plan.key = IDS[key], version, key
    return plan
