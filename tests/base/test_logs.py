"""What processes write to their logs: one line an event, nothing twice in a row, never the values of variables."""

import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import structlog

from cuework.base.logs import Repeated, configure_logs
from cuework.base.settings import settings

FORMS = pytest.mark.parametrize("as_json", [False, True], ids=["for people", "as JSON"])


@contextmanager
def logging_to_stderr(*, as_json: bool) -> Iterator[None]:
    """As in a process of Cuework; afterwards as it was."""
    root, before = logging.getLogger(), structlog.get_config()
    handlers, level = root.handlers[:], root.level
    configure_logs(settings().model_copy(update={"log_json": as_json}))
    yield
    structlog.configure(**before)
    root.handlers[:] = handlers
    root.setLevel(level)


@FORMS
def test_a_warning_is_not_repeated_word_for_word(capsys: pytest.CaptureFixture[str], *, as_json: bool) -> None:
    with logging_to_stderr(as_json=as_json):
        log = structlog.get_logger()
        for _ in range(3):
            log.warning("bell.lost", error="ConnectionRefusedError")
        log.warning("bell.lost", error="TimeoutError")
        log.info("started")
        log.info("started")
    lines = capsys.readouterr().err.splitlines()
    assert ["bell.lost" in line for line in lines] == [True, True, False, False]


@FORMS
def test_a_librarys_warning_is_one_line_with_its_cause(capsys: pytest.CaptureFixture[str], *, as_json: bool) -> None:
    with logging_to_stderr(as_json=as_json):
        for _ in range(3):
            try:
                raise ConnectionRefusedError("nobody there")
            except ConnectionRefusedError:
                logging.getLogger("asyncpg.pool").warning("Failed to restore %s", "the pool", exc_info=True)
    [line] = capsys.readouterr().err.splitlines()
    assert "Failed to restore the pool: ConnectionRefusedError: nobody there" in line
    assert "asyncpg.pool" in line


@FORMS
def test_a_traceback_shows_code_and_never_the_values_of_variables(
    capsys: pytest.CaptureFixture[str], *, as_json: bool
) -> None:
    def call(password: str) -> None:
        raise ValueError(f"{len(password)} letters are too few")

    with logging_to_stderr(as_json=as_json):
        try:
            call("hunter" + "2")
        except ValueError:
            structlog.get_logger().exception("sign-in.failed")
            logging.getLogger("asyncio").exception("Task died")
    told = capsys.readouterr().err
    assert told.count("7 letters are too few") == 2
    assert "test_logs.py" in told
    assert "hunter2" not in told


def test_lines_as_json_are_json(capsys: pytest.CaptureFixture[str]) -> None:
    with logging_to_stderr(as_json=True):
        structlog.get_logger().warning("said", lane=3)
        logging.getLogger("uvicorn").warning("said too")
    ours, theirs = (json.loads(line) | {"timestamp": ""} for line in capsys.readouterr().err.splitlines())
    assert ours == {"event": "said", "lane": 3, "level": "warning", "timestamp": ""}
    assert theirs == {"event": "said too", "logger": "uvicorn", "level": "warning", "timestamp": ""}


def test_what_was_kept_back_is_counted_when_it_is_told_again() -> None:
    now = [0.0]
    repeated = Repeated(lambda: now[0])
    assert [repeated.kept_back("away") for _ in range(4)] == [0, None, None, None]
    now[0] = 10.0
    assert repeated.kept_back("away") == 3
    assert repeated.kept_back("another") == 0


def test_texts_that_are_remembered_stay_few() -> None:
    repeated = Repeated(lambda: 0.0)
    for number in range(3 * Repeated.MOST):
        repeated.kept_back(f"about {number}")
    assert repeated.kept_back("about 0") == 0, "long forgotten"
    assert repeated.kept_back(f"about {3 * Repeated.MOST - 1}") is None
