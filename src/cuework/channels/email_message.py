"""An email as a step asks for it, and the message that goes over the wire.

Pure but for the Date header. The Message-ID is made from the effect's key, so that a repeated delivery is the
same message to every server and mailbox that looks.
"""

import re
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP as WIRE
from email.utils import format_datetime
from hashlib import sha256
from typing import Annotated, Literal

import idna
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from cuework.base.html_text import text_of
from cuework.base.time import utc_now
from cuework.channels.addresses import spelled_host

_CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")
_ADDRESS = re.compile(r"^[^\s@<>()\[\],;:\"\\\x00-\x1f\x7f]{1,64}@[^\s@<>()\[\],;:\"\\\x00-\x1f\x7f]{1,253}$")


def _address(text: str) -> str:
    address = text.strip()
    if not _ADDRESS.match(address):
        raise ValueError(f"{address[:100]!r} is no email address")
    return address


def _one_line(text: str) -> str:
    if _CONTROL.search(text):
        raise ValueError("it has a line break or another control character")
    return text.encode("utf-8", "replace").decode().strip()


EmailAddress = Annotated[str, StringConstraints(max_length=320), AfterValidator(_address)]
OneLine = Annotated[str, StringConstraints(max_length=998), AfterValidator(_one_line)]


class SmtpConfig(BaseModel):
    """The configuration of an smtp connection."""

    model_config = ConfigDict(extra="forbid")

    host: Annotated[str, StringConstraints(min_length=1, max_length=253), AfterValidator(spelled_host)]
    port: int = Field(default=587, ge=1, le=65535)
    security: Literal["tls", "starttls", "none"] = "starttls"
    username: OneLine | None = None
    from_email: EmailAddress
    from_name: OneLine | None = None
    sandbox: bool = False  # messages are rendered and kept for people to see, and never leave

    def credential(self) -> str | None:
        """The name of the credential it signs in with, if it does."""
        return "password" if self.username else None

    def destination(self) -> tuple[str, str, int]:
        """Whom the credential goes to, and how well hidden on the way: security, host and port."""
        return self.security, self.host, self.port


class SmtpSecret(BaseModel):
    """The credential of an smtp connection."""

    model_config = ConfigDict(extra="forbid", hide_input_in_errors=True)

    password: Annotated[str, StringConstraints(max_length=8_000)] = Field(default="", repr=False)


class EmailRequest(BaseModel):
    """The rendered request of an `email.send` step. Without `text` the text is derived from the HTML."""

    to: EmailAddress
    subject: OneLine = ""
    html: str = Field(default="", max_length=2_000_000)
    text: str | None = Field(default=None, max_length=2_000_000)
    from_name: OneLine | None = None
    reply_to: EmailAddress | None = None


def compose(request: EmailRequest, config: SmtpConfig, key: str) -> EmailMessage:
    """The message: text and HTML, with the Message-ID of its key. Errors: ValueError for an address no header takes."""
    message = EmailMessage(policy=WIRE)
    try:
        message["From"] = _mailbox(request.from_name or config.from_name or "", config.from_email)
        message["To"] = _mailbox("", request.to)
        if request.reply_to:
            message["Reply-To"] = _mailbox("", request.reply_to)
    except HeaderParseError as error:
        raise ValueError(f"An address cannot be used: {error}") from None
    message["Subject"] = request.subject
    message["Message-ID"] = message_id(key, config.from_email)
    message["Date"] = format_datetime(utc_now())
    html = _storable(request.html)
    message.set_content(_storable(request.text) if request.text is not None else text_of(html))
    if html:
        message.add_alternative(html, subtype="html")
    return message


def message_id(key: str, from_email: str) -> str:
    """The Message-ID that stands for that key: the same however often and from whichever process it is sent."""
    return f"<{sha256(key.encode()).hexdigest()[:32]}@{_domain(from_email)}>"


def envelope_address(address: str) -> str:
    """The address with its domain in ASCII, as servers without SMTPUTF8 need it."""
    return f"{address.rpartition('@')[0]}@{_domain(address)}"


def _mailbox(name: str, address: str) -> Address:
    local_part, _, domain = envelope_address(address).rpartition("@")
    return Address(display_name=name, username=local_part, domain=domain)  # addr_spec= takes ASCII only


def _domain(address: str) -> str:
    domain = address.rpartition("@")[2].lower()
    if domain.isascii():
        return domain
    try:
        return idna.encode(domain, uts46=True).decode()
    except idna.IDNAError:
        raise ValueError(f"{domain[:100]!r} is no domain name") from None


def _storable(text: str) -> str:
    return text.replace("\x00", "").encode("utf-8", "replace").decode()
