"""How processes log: one line per event with its ids, for people or as JSON, on standard error.

Logs hold ids and never personal data or secrets; a traceback shows code and messages, never values of variables.
"""

import logging
import sys

import structlog
from structlog.typing import Processor

from cuework.base.settings import Settings

_LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}


def configure_logs(settings: Settings, /) -> None:
    """This process logs as the settings say; other libraries' warnings come out the same way."""
    level = _LEVELS.get(settings.log_level.lower(), logging.INFO)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            *_renderers(as_json=settings.log_json),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=_to_standard_error,
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(
        level=max(level, logging.WARNING), stream=sys.stderr, format="%(levelname)s %(name)s %(message)s", force=True
    )


def log_to_standard_error() -> None:
    """Until logs are configured, what is logged stays out of the data that a command prints."""
    structlog.configure(logger_factory=_to_standard_error, cache_logger_on_first_use=False)


def _to_standard_error(*_names: object) -> structlog.PrintLogger:
    return structlog.PrintLogger(sys.stderr)


def _renderers(*, as_json: bool) -> list[Processor]:
    if as_json:
        return [structlog.processors.dict_tracebacks, structlog.processors.JSONRenderer()]
    plain = structlog.dev.plain_traceback
    return [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain)]
