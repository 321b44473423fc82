"""Flow: end the execution."""

from pydantic import PrivateAttr

from cuework.engine.binder import Binder
from cuework.engine.context import Context
from cuework.engine.node import Step
from cuework.engine.outcome import Outcome, Stop
from cuework.nodes.bound import keep
from cuework.nodes.hints import Line
from cuework.nodes.texts import Write, beginning, maybe, short


class FlowStop(Step):
    """The execution has ended as planned, with this reason; nothing after it runs. It counts as completed."""

    type = "flow.stop"
    title = "Stop"
    group = "Flow"
    icon = "circle-stop"
    kind = "flow"
    ends = True
    sample = {"reason": "Not a customer we serve"}

    reason: Line | None = None

    _reason: Write | None = PrivateAttr(None)

    def bind(self, binder: Binder) -> None:
        """The reason is ready to be written."""
        keep(self, _reason=maybe(self.reason, "reason"))

    def run(self, ctx: Context) -> Outcome:
        """The end, with its reason."""
        reason = self._reason(ctx).strip() if self._reason is not None else ""
        return Stop(why=beginning(reason) or "A stop step ended it.")

    def summary(self) -> str:
        """The reason."""
        return f"Stop: {short(self.reason.source)}" if self.reason is not None else "Stop"
