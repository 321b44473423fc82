"""The operators of conditions: which there are, which field types take them, and how they read in words.

Data only; what they do is in comparisons, and in SQL in crm.condition_sql.
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType

from cuework.engine.records import FieldType


class Op(StrEnum):
    """An operator, as definitions and filters spell it."""

    EQ = "eq"
    NEQ = "neq"
    GT = "gt"
    GTE = "gte"
    LT = "lt"
    LTE = "lte"
    BETWEEN = "between"
    IN = "in"
    NOT_IN = "not_in"
    CONTAINS = "contains"
    NOT_CONTAINS = "not_contains"
    STARTS_WITH = "starts_with"
    ENDS_WITH = "ends_with"
    MATCHES = "matches"
    KNOWN = "known"
    UNKNOWN = "unknown"
    ANY_OF = "any_of"
    ALL_OF = "all_of"
    NONE_OF = "none_of"
    BEFORE = "before"
    AFTER = "after"
    WITHIN_LAST = "within_last"
    WITHIN_NEXT = "within_next"
    CHANGED = "changed"
    CHANGED_TO = "changed_to"
    CHANGED_FROM = "changed_from"


class Family(StrEnum):
    """Field types that compare alike. ANY is a value whose type only the moment tells (form, trigger, steps)."""

    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    INSTANT = "date and time"
    BOOLEAN = "true or false"
    CHOICE = "choice"
    ID = "reference"
    LIST = "list"
    ANY = "any"


FAMILY: Mapping[FieldType, Family] = MappingProxyType(
    {
        FieldType.TEXT: Family.TEXT,
        FieldType.LONG_TEXT: Family.TEXT,
        FieldType.URL: Family.TEXT,
        FieldType.EMAIL: Family.TEXT,
        FieldType.PHONE: Family.TEXT,
        FieldType.NUMBER: Family.NUMBER,
        FieldType.INTEGER: Family.NUMBER,
        FieldType.REVISION: Family.NUMBER,
        FieldType.MONEY: Family.MONEY,
        FieldType.DATE: Family.DATE,
        FieldType.DATE_TIME: Family.INSTANT,
        FieldType.BOOLEAN: Family.BOOLEAN,
        FieldType.CHOICE: Family.CHOICE,
        FieldType.USER: Family.ID,
        FieldType.UUID: Family.ID,
        FieldType.MULTI_CHOICE: Family.LIST,
        FieldType.TAGS: Family.LIST,
    }
)

CHANGES = frozenset({Op.CHANGED, Op.CHANGED_TO, Op.CHANGED_FROM})
WITHOUT_VALUE = frozenset({Op.KNOWN, Op.UNKNOWN, Op.CHANGED})
NEGATIVE = frozenset({Op.NEQ, Op.NOT_IN, Op.NOT_CONTAINS, Op.NONE_OF})  # these include blanks
LISTS = frozenset({Op.IN, Op.NOT_IN, Op.ANY_OF, Op.ALL_OF, Op.NONE_OF})
SPANS = frozenset({Op.WITHIN_LAST, Op.WITHIN_NEXT})
SUBSTRINGS = frozenset({Op.CONTAINS, Op.NOT_CONTAINS, Op.STARTS_WITH, Op.ENDS_WITH})

_ALWAYS = frozenset({Op.KNOWN, Op.UNKNOWN}) | CHANGES
_EQUAL = frozenset({Op.EQ, Op.NEQ, Op.IN, Op.NOT_IN, Op.ANY_OF, Op.NONE_OF})
_ORDER = frozenset({Op.GT, Op.GTE, Op.LT, Op.LTE, Op.BETWEEN})
_TIME = frozenset({Op.EQ, Op.NEQ, Op.BEFORE, Op.AFTER}) | _ORDER | SPANS

ALLOWED: Mapping[Family, frozenset[Op]] = MappingProxyType(
    {
        Family.TEXT: _ALWAYS | _EQUAL | SUBSTRINGS | {Op.MATCHES},
        Family.NUMBER: _ALWAYS | _EQUAL | _ORDER,
        Family.MONEY: _ALWAYS | _EQUAL | _ORDER,
        Family.DATE: _ALWAYS | _TIME,
        Family.INSTANT: _ALWAYS | _TIME,
        Family.BOOLEAN: _ALWAYS | {Op.EQ, Op.NEQ},
        Family.CHOICE: _ALWAYS | _EQUAL,
        Family.ID: _ALWAYS | _EQUAL,
        Family.LIST: _ALWAYS | {Op.CONTAINS, Op.NOT_CONTAINS, Op.ANY_OF, Op.ALL_OF, Op.NONE_OF},
        Family.ANY: frozenset(Op),
    }
)

# Read after "and must"; {} is the value of the clause.
WORDS: Mapping[Op, str] = MappingProxyType(
    {
        Op.EQ: "be {}",
        Op.NEQ: "not be {}",
        Op.GT: "be more than {}",
        Op.GTE: "be at least {}",
        Op.LT: "be less than {}",
        Op.LTE: "be at most {}",
        Op.BETWEEN: "be between {}",
        Op.IN: "be one of {}",
        Op.NOT_IN: "be none of {}",
        Op.CONTAINS: "contain {}",
        Op.NOT_CONTAINS: "not contain {}",
        Op.STARTS_WITH: "start with {}",
        Op.ENDS_WITH: "end with {}",
        Op.MATCHES: "match {}",
        Op.KNOWN: "be known",
        Op.UNKNOWN: "be blank",
        Op.ANY_OF: "have any of {}",
        Op.ALL_OF: "have all of {}",
        Op.NONE_OF: "have none of {}",
        Op.BEFORE: "be before {}",
        Op.AFTER: "be after {}",
        Op.WITHIN_LAST: "be within the last {}",
        Op.WITHIN_NEXT: "be within the next {}",
        Op.CHANGED: "have changed",
        Op.CHANGED_TO: "have changed to {}",
        Op.CHANGED_FROM: "have changed from {}",
    }
)
