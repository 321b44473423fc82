"""Action: send an email."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field, PrivateAttr

from cuework.base.html_text import text_of
from cuework.engine.binder import Binder
from cuework.engine.context import Context
from cuework.engine.node import Step
from cuework.engine.outcome import Done, Effect, Fail, Outcome, Skip
from cuework.nodes.bound import keep
from cuework.nodes.email_recipient import BoundRecipient, Recipient, bind_recipient
from cuework.nodes.hints import Line, hint
from cuework.nodes.texts import Write, maybe, short, writer
from cuework.nodes.wording import record_words

MAX_SUBJECT = 500
_TAG = re.compile(r"<[a-zA-Z!/][^<>]*>")
_BREAKS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")


class EmailOutput(BaseModel):
    """The message as the mail server took it."""

    message_id: str | None = None
    recipient: str
    answer: str | None = None
    sent_at: datetime | None = None


class EmailSend(Step):
    """The mail server has taken the message; contact and step show it with its text, recipient and state.

    Delivered at least once: if the process dies between the server's answer and its note, the message is sent again
    with the same Message-ID, which most mailboxes show once. A contact whose email consent is denied gets nothing:
    the step is skipped as `no_consent`, also when their address is written out. HTML gets a text version, which is
    kept with it, and what templates print into it is escaped.
    """

    type = "email.send"
    title = "Send an email"
    group = "Messages"
    icon = "mail"
    kind = "effect"
    sample = {"to": "contact", "subject": "Thank you, {{ contact.first_name }}", "body": "We will call you tomorrow."}
    Output = EmailOutput
    unlogged = ("body",)  # the message has it

    to: str = Field(
        "contact",
        min_length=1,
        max_length=2000,
        description="contact, owner, another record, or an address",
        json_schema_extra=hint("email_recipient"),
    )
    subject: Line
    body: Annotated[str, Field(min_length=1, max_length=100_000, json_schema_extra=hint("email_body", multiline=True))]
    format: Literal["auto", "html", "text"] = Field("auto", description="auto: HTML if there are tags in it")
    from_name: Line | None = None
    reply_to: Line | None = None
    connection: Annotated[str, Field(json_schema_extra=hint("connection", type="smtp"))] | None = Field(
        None, description="Empty: the first SMTP connection"
    )

    _to: Recipient = PrivateAttr()
    _subject: Write = PrivateAttr()
    _body: Write = PrivateAttr()
    _from_name: Write | None = PrivateAttr(None)
    _reply_to: Write | None = PrivateAttr(None)
    _connection: UUID | None = PrivateAttr(None)
    _sender: str = PrivateAttr("")
    _sender_name: str = PrivateAttr("")
    _html: bool = PrivateAttr(False)

    def bind(self, binder: Binder) -> None:
        """There is a connection to send with, and every text is compiled."""
        connection = binder.connection("smtp", self.connection, "connection")
        config: Mapping[str, Any] = connection.config if connection is not None else {}
        html = self.format == "html" or (self.format == "auto" and _TAG.search(self.body) is not None)
        keep(
            self,
            _to=bind_recipient(self.to, binder, "to"),
            _subject=writer(self.subject, "subject"),
            _body=_body_writer(self.body, binder, html=html),
            _from_name=maybe(self.from_name, "from_name"),
            _reply_to=maybe(self.reply_to, "reply_to"),
            _connection=connection.id if connection is not None else None,
            _html=html,
            _sender=str(config.get("from_email") or ""),
            _sender_name=str(config.get("from_name") or ""),
        )

    def run(self, ctx: Context) -> Outcome:
        """The message, rendered, unless its recipient must not get it."""
        recipient = self._to.of(ctx)
        if not isinstance(recipient, BoundRecipient):
            return recipient
        shown = {"to": recipient.address, "subject": _one_line(self._subject(ctx))[:MAX_SUBJECT]}
        if recipient.consent == "denied":
            why = f"{recipient.address} does not want email (consent denied)."
            return Skip("no_consent", why, shown)
        request = self._request(ctx, shown)
        if not request["html"] and not request["text"]:
            return Fail("invalid_value", "The body of the email is empty.", input=shown)
        return Effect("email", self._connection, request, self._message(recipient, request), shown)

    def woken(self, ctx: Context, news: str, visit_data: Mapping[str, Any]) -> Outcome:
        """What the mail server said."""
        return Done({**visit_data, "sent_at": ctx.now.isoformat()})

    def needs_consent(self) -> str | None:
        """Contacts are asked; users and addresses that somebody wrote down are not."""
        return "email_consent" if self._to.of_contact else None

    def summary(self) -> str:
        """Whom, and the subject."""
        return f"Email {self._whom()}: “{short(self.subject.source)}”"

    def _whom(self) -> str:
        return short(self.to) if "@" in self.to or "{" in self.to else record_words(self.to)

    def _request(self, ctx: Context, shown: Mapping[str, str]) -> dict[str, Any]:
        body = self._body(ctx)
        name = self._from_name(ctx) if self._from_name is not None else ""
        reply_to = self._reply_to(ctx).strip() if self._reply_to is not None else ""
        request: dict[str, Any] = {"to": shown["to"], "subject": shown["subject"]}
        request |= {"html": body, "text": text_of(body).strip()} if self._html else {"html": "", "text": body}
        return request | {"from_name": _one_line(name)[:200] or None, "reply_to": reply_to or None}

    def _message(self, recipient: BoundRecipient, request: Mapping[str, Any]) -> dict[str, Any]:
        name = request["from_name"] or self._sender_name
        return {
            "contact_id": recipient.contact_id,
            "sender": f"{name} <{self._sender}>" if name else self._sender,
            "recipient": recipient.address,
            "reply_to": request["reply_to"],
            "subject": request["subject"],
            "body_html": request["html"] or None,
            "body_text": request["text"],
        }


def _body_writer(text: str, binder: Binder, *, html: bool) -> Write:
    """What writes the body, compiled only now that it is known whether it is HTML."""
    template = binder.template(text, "body", html=html)
    return writer(template) if template is not None else lambda ctx: text


def _one_line(text: str) -> str:
    """The text without line breaks: a header has one line, whatever a variable holds."""
    return _BREAKS.sub(" ", text).strip()
