"""Who an email goes to: a contact, the owner of something, or an address; and whether they want email.

An address that belongs to a contact is that contact, so that their consent counts however they are addressed.
"""

import re
from dataclasses import dataclass
from uuid import UUID

from cuework.engine.binder import Binder
from cuework.engine.context import Context
from cuework.engine.events import Ref
from cuework.engine.lookups import FindByField
from cuework.engine.outcome import Fail, Skip
from cuework.engine.target import Target
from cuework.engine.world import Row
from cuework.nodes.texts import Write, writer

_ADDRESS = re.compile(r"[^\s@<>,;]{1,64}@[^\s@<>,;]{1,190}\.[^\s@<>,;.]{2,63}")


@dataclass(frozen=True, slots=True)
class BoundRecipient:
    """One address, the contact behind it if there is one, and that contact's email consent."""

    address: str
    contact_id: UUID | None
    consent: str


@dataclass(frozen=True, slots=True)
class Recipient:
    """A bound `to`: a record, or an address."""

    words: str
    target: Target | None
    address: Write | None

    @property
    def of_contact(self) -> bool:
        """Whether a contact is meant, by name or by a template of theirs."""
        return self.target.type == "contact" if self.target is not None else "contact." in self.words

    def of(self, ctx: Context) -> BoundRecipient | Skip | Fail:
        """The recipient now, or why there is none. Errors: Need."""
        if self.address is not None:
            return _by_address(ctx, self.address(ctx).strip())
        ref = self.target.resolve(ctx) if self.target is not None else None
        row = ctx.row(ref)
        if ref is None or row is None:
            return Skip("no_recipient", f"There is no record behind “{self.words}”.")
        if ref.type == "contact":
            return _contact(ref, row)
        if ref.type == "user":
            return _by_user(row)
        return Fail("wrong_record", f"“{self.words}” is a {ref.type}, which has no email address.")


def bind_recipient(words: str, binder: Binder, path: str) -> Recipient:
    """The `to` of an email: words with an @ or a template are an address, others a record."""
    if "@" in words or "{{" in words or "{%" in words:
        template = binder.template(words, path)
        if template is not None and template.is_literal and not _ADDRESS.fullmatch(words.strip()):
            binder.problem(path, f"“{words}” is no email address.")
        return Recipient(words, None, writer(template, path) if template is not None else None)
    return Recipient(words, binder.target(words, path, types=("contact", "user")), None)


def _contact(ref: Ref, row: Row) -> BoundRecipient | Fail:
    address = row["email"]
    if not address:
        return Fail("no_address", "The contact has no email address.")
    return BoundRecipient(address, ref.id, row["email_consent"])


def _by_user(row: Row) -> BoundRecipient | Skip:
    if not row["active"]:
        return Skip("no_recipient", f"{row['email']} is not an active user.")
    return BoundRecipient(row["email"], None, "granted")


def _by_address(ctx: Context, address: str) -> BoundRecipient | Fail:
    if not address:
        return Fail("no_address", "The address is empty.")
    if not _ADDRESS.fullmatch(address):
        return Fail("no_address", f"“{address[:100]}” is no email address.")
    found: Ref | None = ctx.ask(FindByField("contact", "email", address))
    row = ctx.row(found)
    if found is None or row is None:
        return BoundRecipient(address, None, "unknown")
    return BoundRecipient(address, found.id, row["email_consent"])
