"""What goes to the log: for people, or a line of JSON for each event; without secrets in either.

Whoever logs takes care themselves. This is the second look, for what a library's message or an exception brings along.
"""

import json
import logging
import re
import sys
import threading
from datetime import UTC, datetime
from types import TracebackType

from grading.configuration import current

GONE = "***"
_NAMES = (
    r"pin|password|passwd|secret|token|cookie|(?:client|cookie)_secret|(?:access|id|refresh)_token|code_verifier|"
    r"api_key|fovea_session|fovea_place|_streamlit_\w+"
)
_SECRETS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"\[parameters: .*?\](?=\s*(?:\n|\Z|\())", re.DOTALL), f"[parameters: {GONE}]"),  # SQLAlchemy's
    (re.compile(r"(?<=/sign-in/)(?!with/)[\w-]{8,}"), GONE),
    (re.compile(r"(?i)\b(bearer|basic) +[\w.~+/=-]{8,}"), rf"\1 {GONE}"),
    (re.compile(r"(?<=://)([^\s/:@]*):[^\s/@]+@"), rf"\1:{GONE}@"),
    (re.compile(rf"(?i)\b({_NAMES})([\"']?\s*[=:]\s*[\"']?)[^\s\"'&,;}})\]]+"), rf"\1\2{GONE}"),
)


def clean(text: str) -> str:
    """The text without what opens a door.

    >>> clean("GET /sign-in/4IxUmbqAxOhR8EmC38 with {'pin': '8271'} at postgresql://fovea:x@db/course")
    "GET /sign-in/*** with {'pin': '***'} at postgresql://fovea:***@db/course"
    """
    for pattern, instead in _SECRETS:
        text = pattern.sub(instead, text)
    return text


class Plain(logging.Formatter):
    """A line for people, and the traceback below it."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def format(self, record: logging.LogRecord) -> str:
        """The event as text."""
        return clean(super().format(record))


class JsonLines(logging.Formatter):
    """A line of JSON: time, level, logger, process, message; reference and traceback where there are any."""

    def format(self, record: logging.LogRecord) -> str:
        """The event as a line."""
        told: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "process": record.process,
            "message": clean(record.getMessage()),
        }
        if reference := getattr(record, "reference", ""):
            told["reference"] = reference
        if record.exc_info:
            told["traceback"] = clean(self.formatException(record.exc_info))
        return json.dumps(told)


def begin() -> None:
    """Let all that this process logs go to its standard error, in the form that was asked for."""
    as_json = current().logs == "json"
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines() if as_json else Plain())
    logging.getLogger().handlers[:] = [handler]
    for logger in logging.root.manager.loggerDict.values():
        if isinstance(logger, logging.Logger):
            through_root(logger)
    if as_json:
        logging.captureWarnings(True)
        sys.excepthook = _uncaught
        threading.excepthook = _uncaught_in_thread


def through_root(logger: logging.Logger) -> None:
    """What a library's logger would write by itself goes the way of all others."""
    for handler in tuple(logger.handlers):
        if type(handler) is logging.StreamHandler:
            logger.removeHandler(handler)
            logger.propagate = True


def _uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    logging.getLogger("fovea").critical("ended by an error", exc_info=(kind, error, trace))


def _uncaught_in_thread(told: threading.ExceptHookArgs) -> None:
    if told.exc_value is not None and not isinstance(told.exc_value, SystemExit):
        where = told.thread.name if told.thread else "unknown"
        trace = (told.exc_type, told.exc_value, told.exc_traceback)
        logging.getLogger("fovea").error("a thread ended by an error: %s", where, exc_info=trace)
