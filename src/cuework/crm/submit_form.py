"""Takes a submission: contact, submission, consent and events are true together, or nothing is.

The contact is found by email, case-folded, or made. A public form fills fields and never blanks one. A consent that
is ticked is a new yes, so it grants email consent also where that was denied before; the contact's history has its
words, the form and the time.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

import asyncpg

from cuework.base.errors import Invalid, Unavailable
from cuework.base.ids import new_id
from cuework.base.time import rfc3339
from cuework.crm.flush import flush
from cuework.crm.form_answers import Answers, read_answers
from cuework.crm.rows import load
from cuework.crm.uniqueness import email_key
from cuework.crm.write import new_world
from cuework.db.pool import Connection
from cuework.engine.catalog import Catalog
from cuework.engine.events import Cause, Ref
from cuework.engine.world import Row, World

_TRIES = 3
_FIND = """
select id from contacts where tenant_id = $1 and lower(email) = lower($2) and deleted_at is null
"""
_KEEP = """
insert into form_submissions (tenant_id, id, form_id, contact_id, answers, consents, ip, user_agent, submitted_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""


@dataclass(frozen=True, slots=True)
class Submission:
    """What came in and from where.

    Shape: strict refuses answers to questions that the form does not ask; under is where the answers stood.
    """

    sent: Mapping[str, Any]
    ip: str | None = None
    user_agent: str | None = None
    strict: bool = True
    under: str = ""


async def submit_form(
    connection: Connection, catalog: Catalog, form: Mapping[str, Any], submission: Submission
) -> UUID:
    """The submission is kept and its id returned; workflows that wait for the form begin.

    Errors: Invalid names the fields that are wrong; Unavailable if the contact changes hands all the time.
    """
    answers = read_answers(form, submission.sent, catalog, strict=submission.strict)
    if answers.problems:
        under = f"{submission.under}." if submission.under else ""
        problems = [replace(problem, path=under + problem.path) for problem in answers.problems]
        raise Invalid(f"{problems[0].path}: {problems[0].message}", problems)
    for _ in range(_TRIES):
        await connection.execute("savepoint before_submission")
        try:
            return await _write(connection, catalog, form, submission, answers)
        except (asyncpg.UniqueViolationError, asyncpg.DeadlockDetectedError):
            await connection.execute("rollback to savepoint before_submission")
    raise Unavailable("The form could not be taken right now. Please try again in a moment.")


async def _write(
    connection: Connection, catalog: Catalog, form: Mapping[str, Any], submission: Submission, answers: Answers
) -> UUID:
    ref, row = await _find(connection, catalog, answers.contact["email"])
    world, cause, submission_id = await new_world(connection, catalog), Cause("form", form["id"]), new_id()
    if row is None:
        values = {"source": form["name"], **answers.contact}
        row = world.create("contact", values, cause)
        ref = Ref("contact", row["id"])
        before = None
    else:
        world.rows[ref] = row
        before = row["email_consent"]
        email = answers.contact["email"]
        kept = row["email"] if email_key(row["email"]) == email_key(email) else email
        world.update(ref, {**answers.contact, "email": kept}, cause)
    _write_consents_down(world, ref, form, answers, before)
    _announce(world, ref, row, form, answers, submission_id)
    at = world.now
    await connection.execute(
        _KEEP,
        catalog.tenant_id,
        submission_id,
        form["id"],
        ref.id,
        answers.given,
        [{**consent, "given_at": rfc3339(at)} for consent in answers.consents],
        submission.ip,
        submission.user_agent,
        at,
    )
    await flush(connection, catalog.tenant_id, world)
    return submission_id


async def _find(connection: Connection, catalog: Catalog, email: str) -> tuple[Ref, Row | None]:
    identity = await connection.fetchval(_FIND, catalog.tenant_id, email)
    if identity is None:
        return Ref("contact", new_id()), None
    ref = Ref("contact", identity)
    row = (await load(connection, catalog.tenant_id, [ref], catalog))[ref]
    still = row is not None and row["deleted_at"] is None and email_key(row["email"] or "") == email_key(email)
    return ref, row if still else None


def _write_consents_down(world: World, ref: Ref, form: Mapping[str, Any], answers: Answers, before: str | None) -> None:
    """The contact's history has each consent in the words that were agreed to, and says if it was denied before."""
    again = " Email consent was denied before; this grants it again." if before == "denied" else ""
    for consent in answers.consents:
        agreed = f"Agreed in the form “{form['name']}” to: “{consent['text']}” (version {consent['version']})."
        row = {
            "id": world.new_id(),
            "type": "consent",
            "record_type": ref.type,
            "record_id": ref.id,
            "text": agreed + again,
            "actor_type": "form",
            "actor_id": form["id"],
            "occurred_at": world.now,
        }
        world.append("activities", row)


def _announce(world: World, ref: Ref, row: Row, form: Mapping[str, Any], answers: Answers, submission_id: UUID) -> None:
    data = {
        "form": answers.given,
        "form_id": form["id"],
        "form_key": form["key"],
        "form_name": form["name"],
        "submission_id": submission_id,
        "consents": answers.consents,
    }
    world.emit("form.submitted", ref, row, {}, Cause("form", form["id"]), data)
