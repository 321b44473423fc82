"""The patterns of short texts that are checked at the edges, each with its words for who wrote another.

A pattern goes into the schemas as it is; base.misfits says the words. Must not check anything itself.
"""

WORD = r"^[a-z][a-z0-9_]{0,39}$"
FIELD_KEY = r"^[a-z][a-z0-9_]{0,62}$"
KEY = r"^[a-z0-9](?:[a-z0-9_-]{0,62})$"
WORKFLOW_KEY = r"^[a-z0-9][a-z0-9-]{0,79}$"
CLOCK = r"^([01]\d|2[0-3]):[0-5]\d$"
CLOCK_OR_END = r"^([01]\d|2[0-3]):[0-5]\d$|^24:00$"
CURRENCY = r"^[A-Z]{3}$"
COLOR = r"^#[0-9a-fA-F]{6}$"
HEADER_NAME = r"^[A-Za-z0-9-]{1,80}$"

WORDS = {
    WORD: "must begin with a letter and have only a-z, 0-9 and _, 40 at most",
    FIELD_KEY: "must begin with a letter and have only a-z, 0-9 and _, 63 at most",
    KEY: "must begin with a letter or digit and have only a-z, 0-9, _ and -, 63 at most",
    WORKFLOW_KEY: "must begin with a letter or digit and have only a-z, 0-9 and -, 80 at most",
    CLOCK: "must be a time of day such as 09:00",
    CLOCK_OR_END: "must be a time of day such as 09:00, or 24:00",
    CURRENCY: "must be a currency such as EUR",
    COLOR: "must be a color such as #1a2b3c",
    HEADER_NAME: "must be the name of a header: letters, digits and -, 80 at most",
}
"""What goes on after the name of a value that does not fit."""
