"""The server's log: Streamlit's and uvicorn's loggers, which each write by themselves, go one way with ours."""

import logging

import streamlit.logger

from grading import logs

# uvicorn complains of a visit that was answered with a page instead of a socket, which is what we mean to do.
NO_COMPLAINT = "ASGI callable returned without completing handshake."


def begin() -> None:
    """Take over; also the loggers that Streamlit will only make."""
    streamlit.logger.setup_formatter = _ours
    logs.begin()
    streamlit.logger.update_formatter()
    for name in ("uvicorn", "uvicorn.error", "uvicorn.access"):  # each request would be a line, with its address
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger("uvicorn.error").addFilter(lambda record: record.getMessage() != NO_COMPLAINT)


def _ours(logger: logging.Logger) -> None:
    logs.through_root(logger)
    logger.propagate = True
