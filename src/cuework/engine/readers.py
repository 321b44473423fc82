"""What a person, the API or a template may give for a typed field, and the value that is kept.

    text, long_text   str without NUL or half characters, text on one line and trimmed; blank is None
    number, integer   int or float; numeric text is read; of integers no more than the field takes
    money             Money; a plain number is in the tenant's currency
    date, date_time   date; aware UTC datetime (text without a zone is in the tenant's)
    boolean           bool; yes and no, true and false are read
    choice            one of the options; multi_choice and tags: a list without doubles (commas are read)
    user              the UUID of a user, given by id or email
    url, email, phone checked text; a phone keeps its digits and a leading +

Every reader raises ValueError with a sentence; nothing here decides whether a field may be left out.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from math import isfinite
from re import compile as pattern
from typing import Any, TypeAlias
from urllib.parse import urlsplit
from uuid import UUID

from cuework.base.time import LAST_YEAR, taken
from cuework.engine.catalog import Catalog
from cuework.engine.folding import fold
from cuework.engine.money import Money, from_json, from_words, money
from cuework.engine.records import Field, FieldType, nearest
from cuework.engine.schedule import from_local

MAX_TEXT = 500
MAX_LONG_TEXT = 50_000
MAX_URL = 2_000
MAX_EMAIL = 254
MAX_DOMAIN = 253
MAX_TAGS = 200
MAX_TAG = 100
MAX_NUMBER = 10**15
MAX_INTEGER = 2**31 - 1
FIRST_DAY_YEAR = 1000  # of days, and of instants to compare with; those that are kept begin later: base.time

_BAD_CHARACTER = pattern("[\x00\ud800-\udfff]")
_NUMBER = pattern(r"[+-]?[0-9]{1,30}(\.[0-9]{1,30})?([eE][+-]?[0-9]{1,3})?")
_EMAIL = pattern(r"[^\s@<>()\[\],;:\\\"]{1,64}@[^\s@<>()\[\],;:\\\"/]{1,190}\.[^\s@<>()\[\],;:\\\"/.]{2,63}")
_DOMAIN_START = pattern(r"[\w-]+(\.[\w-]+)+([/:?#].*)?")
_DOMAIN = pattern(r"[^\W_]([\w-]{0,61}[^\W_])?(\.[^\W_]([\w-]{0,61}[^\W_])?)+")
_PHONE_NOISE = pattern(r"[\s().\-/‐–\u00a0]+")
_PHONE = pattern(r"\+?[0-9]{3,20}")
_WORDS = {
    "true": True,
    "yes": True,
    "1": True,
    "on": True,
    "false": False,
    "no": False,
    "0": False,
    "off": False,
}


class Refused(ValueError):
    """The value does not fit; `suggestion` is what was probably meant."""

    def __init__(self, message: str, suggestion: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.suggestion = suggestion


_Reader: TypeAlias = Callable[[Field, Any, Catalog], Any]


def read(field: Field, value: Any, catalog: Catalog) -> Any:
    """The value that a field keeps; None for a blank. Errors: Refused says what is wrong with it."""
    if value is None or (isinstance(value, str) and not value.strip()) or value == []:
        return [] if field.type in (FieldType.TAGS, FieldType.MULTI_CHOICE) else None
    try:
        return _READERS[field.type](field, value, catalog)
    except Refused:
        raise
    except (ValueError, OverflowError) as error:
        raise Refused(f"{str(error)[:200]}.") from None


def as_stored(value: Any) -> Any:
    """A kept value as a custom field stores it in JSON."""
    if isinstance(value, Money):
        return value.as_json()
    if isinstance(value, datetime):
        return instant_text(value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def instant_text(at: datetime) -> str:
    """An instant as custom fields keep it: UTC to the millisecond, so that texts sort as instants do."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def read_text(value: Any, limit: int = MAX_TEXT) -> str:
    """A text that can be stored and is not too long. Errors: Refused."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float, UUID, Money)):
        raise Refused(f"This is text, not {_kind(value)}.")
    text = str(value)
    if _BAD_CHARACTER.search(text):
        raise Refused("The text has a character that cannot be kept (NUL or half of a surrogate pair).")
    if len(text) > limit:
        raise Refused(f"The text has {len(text):,} characters; at most {limit:,} fit.")
    return text


def one_line(text: str) -> str:
    """The text on one line and trimmed: line breaks, with the blanks around them, are one blank."""
    return " ".join(filter(None, (line.strip() for line in text.splitlines())))


def read_domain(value: Any) -> str:
    """A domain as companies keep it, also of a web address: lower case, without www. Errors: Refused."""
    text = read_text(value, MAX_URL).strip().lower()
    host = text.partition("://")[2] if "://" in text else text
    host = host.partition("/")[0].partition("?")[0].partition("#")[0]
    host = host.partition(":")[0].removesuffix(".")
    if not _DOMAIN.fullmatch(host) or len(host) > MAX_DOMAIN:
        raise Refused(f"{text[:80]!r} is no domain.", "example.com")
    return host.removeprefix("www.") if host.count(".") > 1 else host


def read_number(value: Any) -> int | float:
    """A finite number; whole ones are int. Errors: Refused."""
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        value = Decimal(value.strip())
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        raise Refused(f"This is a number, not {_kind(value)}.")
    huge = isinstance(value, int) and abs(value) > MAX_NUMBER  # some are too large to be asked whether they are finite
    if huge or not isfinite(value) or abs(value) > MAX_NUMBER:
        raise Refused("The number is too large to be kept exactly.")
    return int(value) if value == int(value) else float(value)


def read_money(value: Any, currency: str) -> Money:
    """Money of its API spelling, of "12.50 EUR" or "€12.50", or of a number in that currency. Errors: Refused."""
    try:
        return _money(value, currency)
    except ValueError as error:
        raise Refused(f"{str(error).removesuffix('.')}.", '{"amount": "1200.00", "currency": "EUR"}') from None


def read_date(value: Any, catalog: Catalog) -> date:
    """A day; of an instant, the tenant's local one. Errors: Refused."""
    if isinstance(value, str) and len(value.strip()) == len("2026-03-01"):
        return _in_range(_parsed(date.fromisoformat, value.strip()))
    if isinstance(value, date) and not isinstance(value, datetime):
        return _in_range(value)
    return read_instant(value, catalog).astimezone(catalog.zone).date()


def read_instant(value: Any, catalog: Catalog) -> datetime:
    """An instant in UTC; a day is its beginning in the tenant's zone. Errors: Refused."""
    if isinstance(value, str):
        value = _parsed(datetime.fromisoformat, value.strip())
    if isinstance(value, datetime):
        _in_range(value)
        at = value if value.tzinfo else from_local(value.date(), value.time(), catalog.zone)
        return at.astimezone(UTC)
    if isinstance(value, date):
        return from_local(_in_range(value), time(), catalog.zone)
    raise Refused(f"This is a date and time such as 2026-03-01T09:00:00Z, not {_kind(value)}.")


def read_user(value: Any, catalog: Catalog) -> UUID:
    """The id of a user given by id or email. Errors: Refused names the nearest email."""
    identity = _uuid(value)
    if identity is not None and identity in catalog.user_by_id:
        return identity
    user = catalog.user_by_email.get(value.strip().casefold()) if isinstance(value, str) else None
    if user is None:
        raise Refused(f"There is no user {str(value)[:80]!r}.", nearest(str(value)[:80], catalog.user_by_email))
    return user.id


def read_uuid(value: Any) -> UUID:
    """An id. Errors: Refused."""
    identity = _uuid(value)
    if identity is None:
        raise Refused(f"{str(value)[:80]!r} is no id.")
    return identity


def read_choice(value: Any, choices: tuple[str, ...], *, gone: bool = False) -> str:
    """One of the choices, whatever its case; `gone` takes any other as it is. Errors: Refused names the nearest."""
    text = read_text(value).strip()
    found = text if text in choices else next((known for known in choices if fold(known) == fold(text)), None)
    if found is None and gone:
        return text
    if found is None:
        known = ", ".join(choices[:20]) or "there is none yet"
        raise Refused(f"{text[:80]!r} is none of the choices ({known}).", nearest(text[:80], choices))
    return found


def read_boolean(value: Any) -> bool:
    """Yes or no. Errors: Refused."""
    found = value if isinstance(value, bool) else _WORDS.get(value.strip().lower()) if isinstance(value, str) else None
    if found is None:
        raise Refused(f"This is true or false, not {_kind(value)}.")
    return found


def read_email(value: Any) -> str:
    """An address, its case kept. Errors: Refused."""
    text = read_text(value, MAX_EMAIL).strip()
    if not _EMAIL.fullmatch(text) or ".." in text:
        raise Refused(f"{text[:80]!r} is no email address.")
    return text


def read_phone(value: Any) -> str:
    """A phone number's digits with a leading + if it has one. Errors: Refused."""
    text = _PHONE_NOISE.sub("", read_text(value))
    text = "+" + text[2:] if text.startswith("00") else text
    if not _PHONE.fullmatch(text):
        raise Refused(f"{str(value)[:80]!r} is no phone number.")
    return text


def read_url(value: Any) -> str:
    """A web address; https is added where it is left out. Errors: Refused."""
    text = read_text(value, MAX_URL).strip()
    if "://" not in text and _DOMAIN_START.fullmatch(text):
        text = f"https://{text}"
    parts = urlsplit(text)
    spaced = any(character.isspace() or ord(character) < 32 for character in text)
    if parts.scheme not in ("http", "https") or not parts.hostname or spaced:
        raise Refused(f"{text[:80]!r} is no web address.", "https://example.com")
    return text


def read_words(value: Any) -> list[str]:
    """A list of short texts without doubles; text is split at its commas. Errors: Refused."""
    if isinstance(value, str):
        value = value.split(",")
    if not isinstance(value, (list, tuple, set, frozenset)):
        raise Refused(f"This is a list of texts, not {_kind(value)}.")
    words = {fold(word): word for word in (one_line(read_text(each, MAX_TAG)) for each in value) if word}  # pyright: ignore[reportUnknownVariableType]
    if len(words) > MAX_TAGS:
        raise Refused(f"These are {len(words)} entries; at most {MAX_TAGS} fit.")
    return list(words.values())


def _money(value: Any, currency: str) -> Money:
    if isinstance(value, Money):
        return value
    if isinstance(value, Mapping):
        return from_json(value)  # pyright: ignore[reportUnknownArgumentType]
    if isinstance(value, str):
        amount, _, code = value.strip().replace("\u00a0", " ").partition(" ")
        return from_words(value) or money(amount, code.strip() or currency)
    return money(str(read_number(value)), currency)


def _integer(field: Field, value: Any, catalog: Catalog) -> int:
    number = read_number(value)
    most = field.most or MAX_INTEGER
    if isinstance(number, float) or abs(number) > most:
        raise Refused(f"This is a whole number from -{most:,} to {most:,}.")
    return number


def _multi_choice(field: Field, value: Any, catalog: Catalog) -> list[str]:
    chosen = {read_choice(word, field.choices or ()) for word in read_words(value)}
    return [option for option in field.choices or () if option in chosen]


def _choice(field: Field, value: Any, catalog: Catalog) -> str:
    return read_choice(value, field.choices or ())


def _parsed(parse: Callable[[str], Any], text: str) -> Any:
    try:
        return parse(text)
    except ValueError:
        raise Refused(f"{text[:80]!r} is no date.", "2026-03-01 or 2026-03-01T09:00:00Z") from None


def _in_range(day: Any) -> Any:
    if not FIRST_DAY_YEAR <= day.year <= LAST_YEAR:
        raise Refused(f"The year {day.year} is outside {FIRST_DAY_YEAR} to {LAST_YEAR}.")
    return day


def _kept_instant(field: Field, value: Any, catalog: Catalog) -> datetime:
    at = read_instant(value, catalog)
    try:
        return taken(at)
    except ValueError as error:
        raise Refused(f"A time {error}.") from None


def _uuid(value: Any) -> UUID | None:
    if isinstance(value, UUID):
        return value
    try:
        return UUID(value.strip()) if isinstance(value, str) else None
    except ValueError:
        return None


def _kind(value: Any) -> str:
    if isinstance(value, str):
        return repr(value[:80])
    names = {bool: "true or false", int: "a number", float: "a number", list: "a list", dict: "an object"}
    return names.get(type(value), "that")  # pyright: ignore[reportUnknownArgumentType]


_READERS: Mapping[FieldType, _Reader] = {
    FieldType.TEXT: lambda field, value, catalog: one_line(read_text(value)),
    FieldType.LONG_TEXT: lambda field, value, catalog: read_text(value, MAX_LONG_TEXT),
    FieldType.NUMBER: lambda field, value, catalog: read_number(value),
    FieldType.MONEY: lambda field, value, catalog: read_money(value, catalog.currency),
    FieldType.DATE: lambda field, value, catalog: read_date(value, catalog),
    FieldType.DATE_TIME: _kept_instant,
    FieldType.BOOLEAN: lambda field, value, catalog: read_boolean(value),
    FieldType.CHOICE: _choice,
    FieldType.MULTI_CHOICE: _multi_choice,
    FieldType.USER: lambda field, value, catalog: read_user(value, catalog),
    FieldType.URL: lambda field, value, catalog: read_url(value),
    FieldType.EMAIL: lambda field, value, catalog: read_email(value),
    FieldType.PHONE: lambda field, value, catalog: read_phone(value),
    FieldType.UUID: lambda field, value, catalog: read_uuid(value),
    FieldType.INTEGER: _integer,
    FieldType.TAGS: lambda field, value, catalog: read_words(value),
    FieldType.REVISION: _integer,
}
