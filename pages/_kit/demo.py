"""The demo course on the front page: an instructor starts it beside the server, and throws it away again."""

import socket
from urllib.parse import urlsplit

import streamlit as st

from classroom.demo.place import place
from classroom.desk import course_folder
from classroom.errors import ClassroomError
from classroom.people import Person
from classroom.roles import Role
from classroom.signin.local import INSTRUCTOR
from grading.companion import Companion
from pages._kit import beside
from pages._kit.words import plain

NAME = "demo"
LOOK_EVERY = 1.0  # seconds, while it is being made
MOST_LINES = 500  # that are kept
_lines: list[str] = []  # what it printed; the one-time link and PINs are in it, so it goes into no log


def offer(who: Person | None) -> None:
    """A button for whoever came in by the printed link; in the demo course itself a sentence for everybody."""
    if course_folder() == place().course:
        st.info("A course with made-up people: nothing here is real, and `fovea demo --forget` throws it away.")
    elif who is not None and who.key == INSTRUCTOR.key and who.role is Role.INSTRUCTOR and on_this_machine():
        _offered()


def on_this_machine() -> bool:
    """Whether only this machine reaches the server: the demo course's own port is opened for nobody else."""
    return st.get_option("server.address") in ("localhost", "127.0.0.1")


def address_of(lines: list[str]) -> str:
    """The one-time link that the demo course's server printed; empty until it serves.

    >>> address_of(["Making it", "Instructors sign in once at http://127.0.0.1:8600/sign-in/abc"])
    'http://127.0.0.1:8600/sign-in/abc'
    """
    return next((word for line in lines for word in line.split() if "/sign-in/" in word), "")


def other_name(host: str | None) -> str:
    """This machine under another name than the visitor's: cookies go by name, and theirs has to stay.

    >>> other_name("localhost"), other_name("127.0.0.1")
    ('127.0.0.1', 'localhost')
    """
    return "127.0.0.1" if host == "localhost" else "localhost"


def _offered() -> None:
    one = beside.running(NAME)
    if one is None:
        st.button("Try a course with made-up people", key="demo", on_click=_start)
        return

    def settled() -> bool:
        return bool(address_of(_lines) or one.trouble)

    moves = not settled()

    @st.fragment(run_every=LOOK_EVERY if moves else None)
    def progress() -> None:
        if beside.running(NAME) is not one or (moves and settled()):
            st.rerun()
        _shown(one)

    with st.container(border=True, key="demo-course"):
        progress()


def _shown(one: Companion) -> None:
    address = address_of(_lines)
    if one.trouble:
        st.error(f"The demo course ended. {plain(one.trouble)}", icon=":material/error:")
    elif address:
        start = urlsplit(address)
        st.markdown("**A course with made-up people runs beside yours.** Nothing of yours is touched by it.")
        with st.container(horizontal=True, key="demo-ways"):
            st.link_button("Come in as its instructor", address)
            st.link_button("Come in as a student", f"{start.scheme}://{start.netloc}/sign-in")
        for line in _lines:
            if line.startswith("Sign in as"):
                st.caption(plain(line))
        st.caption("The instructor's link works once; after that you are signed in there.")
    else:
        st.markdown(f"**Making a course with made-up people ...** {plain(_lines[-1]) if _lines else ''}")
    st.button("Stop it and throw it away", key="demo-forget", on_click=_forget)


def _start() -> None:
    if beside.running(NAME):
        return
    name = other_name(urlsplit(st.context.url or "").hostname)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    _lines.clear()
    command = (*beside.FOVEA, "demo", "--address", name, "--port", port)
    beside.keep(Companion(NAME, command, again=False, said=_hear))


def _hear(line: str) -> None:
    if len(_lines) < MOST_LINES:
        _lines.append(line)


def _forget() -> None:
    beside.end(NAME)
    try:
        place().forget()
    except (ClassroomError, OSError) as refusal:
        st.error(plain(str(refusal)))
