"""What runs beside the server: the grader of its course, and a demo course if an instructor asked for one."""

import logging
import sys
from pathlib import Path

import streamlit as st

from grading.companion import Companion
from grading.configuration import current
from pages._kit.words import plain

ROOT = Path(__file__).resolve().parents[2]
FOVEA = (sys.executable, str(ROOT / "fovea.py"))

log = logging.getLogger("fovea")
_running: dict[str, Companion] = {}


def begin() -> None:
    """Keep a grader running, if this server is to."""
    from classroom.desk import course_folder

    if current().grader == "beside" and course_folder().is_dir():
        keep(Companion("grader", (*FOVEA, "grader", "--course", str(course_folder())), said=_repeat))


def keep(companion: Companion) -> Companion:
    """Start it, and end it with the server."""
    _running[companion.name] = companion
    companion.start()
    return companion


def running(name: str) -> Companion | None:
    """The one of this name, if it was ever started."""
    return _running.get(name)


def end(*names: str) -> None:
    """Let go of those named, or of all."""
    for name in names or tuple(_running):
        if companion := _running.pop(name, None):
            companion.stop()


def trouble() -> str:
    """Why our grader does not grade; empty if it does, or if this server keeps none."""
    grader = _running.get("grader")
    return grader.trouble if grader else ""


def notice(*, stalled: bool) -> None:
    """For instructors: nothing is graded just now, why, and what helps."""
    if why := trouble():
        st.warning(
            f"Nothing is graded just now. {plain(why)} `fovea doctor` says what this machine lacks. "
            "What is handed in is kept and waits.",
            icon=":material/error:",
        )
    elif stalled:
        st.warning(
            "Hand-ins wait and no grader is at work. Start one with `fovea grader`, or the app without `--no-grader`.",
            icon=":material/error:",
        )


def _repeat(line: str) -> None:
    log.warning("grader: %s", line)
