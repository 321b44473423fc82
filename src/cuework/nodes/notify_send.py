"""Action: tell users something inside the application."""

from pydantic import BaseModel, PrivateAttr

from cuework.engine.binder import Binder
from cuework.engine.context import Context
from cuework.engine.events import Ref
from cuework.engine.node import Step
from cuework.engine.outcome import Append, Done, Fail, Outcome, Skip
from cuework.engine.target import Target
from cuework.nodes.bound import keep
from cuework.nodes.hints import Line, On
from cuework.nodes.recipients import BoundRecipients, Recipients, bind_recipients
from cuework.nodes.texts import Write, maybe, refuse_blank, short, writer

MAX_TEXT = 2_000
EMPTY = "The text of the notification is empty."


class NotifyOutput(BaseModel):
    """How many users were told, who, and what."""

    count: int
    users: list[str]
    text: str


class NotifySend(Step):
    """Each active user of the recipients has a notification at the bell, which leads to the record.

    Happens exactly once. If nobody active is left to be told, the step is skipped.
    """

    type = "notify.send"
    title = "Notify"
    group = "Messages"
    icon = "bell"
    sample = {"to": {"team": "sales"}, "text": "{{ deal.name }} needs attention"}
    Output = NotifyOutput

    to: Recipients
    text: Line
    on: On = None
    link: Line | None = None

    _to: BoundRecipients = PrivateAttr()
    _text: Write = PrivateAttr()
    _link: Write | None = PrivateAttr(None)
    _target: Target | None = PrivateAttr(None)

    def bind(self, binder: Binder) -> None:
        """The people exist. A workflow without a record tells people without a record."""
        has_record = self.on is not None or binder.record_type is not None
        refuse_blank(self.text, binder, "text", EMPTY)
        keep(
            self,
            _to=bind_recipients(self.to, binder, "to"),
            _text=writer(self.text, "text"),
            _link=maybe(self.link, "link"),
            _target=binder.target(self.on, "on") if has_record else None,
        )

    def run(self, ctx: Context) -> Outcome:
        """One notification per user."""
        users = self._to.of(ctx)
        ref = self._target.resolve(ctx) if self._target is not None else None
        text = self._text(ctx).strip()[:MAX_TEXT]
        if not users:
            return Skip("no_recipient", f"There is nobody active to tell: {self.to.words()}.")
        if not text:
            return Fail("invalid_value", EMPTY)
        link = self._link(ctx).strip()[:MAX_TEXT] if self._link is not None else None
        changes = tuple(Append("notifications", _row(ctx, user.id, text, link, ref)) for user in users)
        return Done({"count": len(users), "users": [user.email for user in users], "text": text}, changes)

    def summary(self) -> str:
        """Whom, and what."""
        return f"Notify {self.to.words()}: “{short(self.text.source)}”"


def _row(ctx: Context, user: object, text: str, link: str | None, ref: Ref | None) -> dict[str, object]:
    return {
        "id": ctx.new_id(),
        "user_id": user,
        "text": text,
        "link": link or None,
        "record_type": ref.type if ref is not None else None,
        "record_id": ref.id if ref is not None else None,
        "execution_id": ctx.execution.id,
        "created_at": ctx.now,
    }
