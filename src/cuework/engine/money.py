"""Money is minor units plus a currency; the API spells it `{"amount": "1200.00", "currency": "EUR"}`.

People read "€1,200" and "€1,200.50", on pages and in texts alike: the web application writes the same.
This file does no arithmetic in floats and knows no rates: those come in as an argument.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from re import compile as pattern
from typing import Any

# ISO 4217 currencies whose minor unit is not a hundredth.
_NO_DIGITS = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_THREE_DIGITS = "BHD IQD JOD KWD LYD OMR TND"
_FOUR_DIGITS = "CLF UYW"
_DIGITS = {
    code: digits for codes, digits in ((_NO_DIGITS, 0), (_THREE_DIGITS, 3), (_FOUR_DIGITS, 4)) for code in codes.split()
}
# Signs that name one currency and no other; the rest go by their code, "CHF 5".
_SIGNS = {
    "AUD": "A$",
    "BRL": "R$",
    "CAD": "CA$",
    "CNY": "CN¥",
    "EUR": "€",
    "GBP": "£",
    "HKD": "HK$",
    "ILS": "₪",
    "INR": "₹",
    "JPY": "¥",
    "KRW": "₩",
    "MXN": "MX$",
    "NZD": "NZ$",
    "PHP": "₱",
    "TWD": "NT$",
    "USD": "$",
    "VND": "₫",
}
_CURRENCIES = {sign: code for code, sign in _SIGNS.items()}
_WORDS = pattern(r"(-?)([^\s\d.,+-]+)\s?(\d{1,3}(?:,\d{3})*(?:\.\d+)?|\d+(?:\.\d+)?)")
_CODE = pattern("[A-Z]{3}")
_AMOUNT = pattern(r"[+-]?[0-9]{1,19}(\.[0-9]{1,8})?")
MAX_MINOR = 2**63 - 1  # what the store's bigint holds


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in a currency. Units: `minor` counts the currency's smallest unit, cents for EUR."""

    minor: int
    currency: str

    @property
    def amount(self) -> Decimal:
        """The amount in whole units, with exactly the currency's digits."""
        return Decimal(self.minor).scaleb(-minor_digits(self.currency))

    def as_json(self) -> dict[str, str]:
        """The spelling of the API."""
        return {"amount": f"{self.amount:f}", "currency": self.currency}

    @property
    def words(self) -> str:
        """As people read it, "€1,200": the cents only where there are some."""
        amount = abs(self.amount)
        figures = f"{amount:,.0f}" if amount == amount.to_integral_value() else f"{amount:,f}"
        sign = _SIGNS.get(self.currency, f"{self.currency}\u00a0")
        return f"{'-' if self.minor < 0 else ''}{sign}{figures}"

    def __str__(self) -> str:
        return f"{self.amount:f} {self.currency}"


def minor_digits(currency: str, /) -> int:
    """How many decimal places amounts of the currency have."""
    return _DIGITS.get(currency, 2)


def money(amount: Decimal | int | str, currency: str, /) -> Money:
    """The exact money of an amount in whole units.

    Errors: ValueError says in words what is wrong: no number, too many decimals, too large, no currency code.
    """
    code = currency.upper()
    if not _CODE.fullmatch(code):
        raise ValueError(f"{currency!r} is no currency code of three letters, such as EUR")
    if isinstance(amount, str) and not _AMOUNT.fullmatch(amount):
        raise ValueError(f"{amount[:80]!r} is no amount, such as 1200.00")
    exact = Decimal(amount)
    if not exact.is_finite() or exact.adjusted() > 30:
        raise ValueError(f"{amount} is no amount that can be kept")
    minor = exact.scaleb(minor_digits(code))
    if minor != minor.to_integral_value():
        raise ValueError(f"{amount} has more decimals than {code} has ({minor_digits(code)})")
    if abs(minor) > MAX_MINOR:
        raise ValueError(f"{amount} is larger than can be kept")
    return Money(int(minor), code)


def from_json(value: Mapping[str, Any], /) -> Money:
    """The money of its API spelling; the amount may also be a number. Errors: ValueError as `money`."""
    unknown = set(value) - {"amount", "currency"}
    if unknown:
        raise ValueError(f"money has an amount and a currency, not {min(unknown)!r}")
    amount, currency = value.get("amount"), value.get("currency")
    if isinstance(amount, bool) or not isinstance(amount, (str, int, float, Decimal)):
        raise ValueError('the amount must be text such as "1200.00"')  # noqa: TRY004 -- one error for bad data
    if not isinstance(currency, str):
        raise ValueError("the currency is missing: three letters such as EUR")  # noqa: TRY004
    return money(str(amount) if isinstance(amount, float) else amount, currency)


def from_words(text: str, /) -> Money | None:
    """The money of its spelling for people, such as "€1,200.50" or "CHF 5"; None if the text is none."""
    found = _WORDS.fullmatch(text.strip())
    if found is None:
        return None
    minus, sign, amount = found.groups()
    code = _CURRENCIES.get(sign, sign)
    return money(f"{minus}{amount.replace(',', '')}", code) if _CODE.fullmatch(code) else None


def stored(value: Any, /) -> Money | None:
    """The money kept as JSON in a custom field, or None if that is no money any more."""
    if not isinstance(value, Mapping):
        return None
    try:
        return from_json(value)  # pyright: ignore[reportUnknownArgumentType]
    except ValueError:
        return None


def converted(value: Money, currency: str, rates: Mapping[str, Decimal], base: str) -> Money | None:
    """The money in another currency, or None without a rate.

    Units: `rates` gives the value of one unit of a currency in the `base` currency; the base itself is one.
    """
    if value.currency == currency:
        return value
    ratio = _ratio(value.currency, currency, rates, base)
    if ratio is None:
        return None
    exact = value.amount * ratio
    minor = exact.scaleb(minor_digits(currency)).to_integral_value(ROUND_HALF_EVEN)
    return Money(int(minor), currency)


def _ratio(source: str, target: str, rates: Mapping[str, Decimal], base: str) -> Decimal | None:
    one = Decimal(1)
    of_source = one if source == base else rates.get(source)
    of_target = one if target == base else rates.get(target)
    if not of_source or not of_target:
        return None
    return of_source / of_target
