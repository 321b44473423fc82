"""The trigger of a published version whose own trigger names what is not there any more: no event starts it.

Its executions go on, and somebody may enroll a record by hand. Must not be among the types that people choose from.
"""

from typing import ClassVar

from cuework.engine.node import Trigger


class NeverStarts(Trigger):
    """Nothing starts it."""

    type: ClassVar[str] = "unavailable"
    title: ClassVar[str] = "Unavailable"
    group: ClassVar[str] = "none"
    icon: ClassVar[str] = "ban"
