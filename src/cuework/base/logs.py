"""How processes log: one line per event with its ids, for people or as JSON, on standard error.

Logs hold ids and never personal data or secrets; a traceback shows code and messages, never values of variables.
A warning that is repeated word for word, as by everything that waits for a database, is told every ten seconds.
"""

import logging
import sys
import time
from collections.abc import Callable

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from cuework.base.settings import Settings

_LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}


def configure_logs(settings: Settings, /) -> None:
    """This process logs as the settings say; other libraries' warnings come out the same way."""
    level = _LEVELS.get(settings.log_level.lower(), logging.INFO)
    common: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
    ]
    stamp = structlog.processors.TimeStamper(fmt="iso", utc=True)
    repeated = Repeated()
    structlog.configure(
        processors=[*common, _seldom(repeated), stamp, *_renderers(as_json=settings.log_json)],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=_to_standard_error,
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[structlog.stdlib.add_logger_name, *common, stamp],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                *_renderers(as_json=settings.log_json),
            ],
        )
    )
    handler.addFilter(_seldom_and_brief(repeated))
    logging.root.handlers[:] = [handler]
    logging.root.setLevel(max(level, logging.WARNING))


def log_to_standard_error() -> None:
    """Until logs are configured, what is logged stays out of the data that a command prints."""
    structlog.configure(logger_factory=_to_standard_error, cache_logger_on_first_use=False)


def _to_standard_error(*_names: object) -> structlog.PrintLogger:
    return structlog.PrintLogger(sys.stderr)


def _renderers(*, as_json: bool) -> list[Processor]:
    if as_json:
        tracebacks = structlog.processors.ExceptionRenderer(
            structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
        )
        return [tracebacks, structlog.processors.JSONRenderer()]
    plain = structlog.dev.plain_traceback
    return [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain)]


class Repeated:
    """Texts that were told lately. One is told again after ten seconds, with how often it was kept back meanwhile."""

    EVERY_S = 10.0
    MOST = 200  # texts that are remembered

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._told: dict[str, tuple[float, int]] = {}

    def kept_back(self, text: str) -> int | None:
        """How often the text was kept back since it was told; None if it is to be kept back now."""
        now = self._clock()
        at, count = self._told.get(text, (now - self.EVERY_S, 0))
        if now - at < self.EVERY_S:
            self._told[text] = (at, count + 1)
            return None
        if len(self._told) >= self.MOST:
            del self._told[next(iter(self._told))]
        self._told[text] = (now, 0)
        return count


def _seldom(repeated: Repeated) -> Processor:
    def processor(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
        if event.get("level") != "warning":
            return event
        count = repeated.kept_back(repr(sorted(event.items(), key=str)))
        if count is None:
            raise structlog.DropEvent
        return {**event, "repeated": count} if count else event

    return processor


def _seldom_and_brief(repeated: Repeated) -> Callable[[logging.LogRecord], bool]:
    """For what libraries log: the traceback of what they go on after says no more than its last line."""

    def passes(record: logging.LogRecord) -> bool:
        if record.levelno != logging.WARNING:
            return True
        if record.exc_info and record.exc_info[1] is not None:
            error = record.exc_info[1]
            record.msg, record.args = f"{record.getMessage()}: {type(error).__name__}: {error}", None
            record.exc_info = record.exc_text = None
        return repeated.kept_back(record.getMessage()) is not None

    return passes
