"""The live class above every page: a bar to follow by, what is asked, and for staff what they hold the class with.

The shell draws it; no lab has a line about it. While no class is live nothing of it is sent to anybody.
"""

import asyncio
import signal
import threading
from collections.abc import Callable
from types import FrameType

import streamlit as st

from classroom.live.lecture import Presenting
from classroom.people import Person
from classroom.permissions import may
from pages._kit import course, people
from pages._kit.bare import PROJECTED, projected
from pages._kit.component import component
from pages._kit.discovery import open_to_all
from pages._kit.guard import Arrival
from pages._kit.live import holding, quiz_panel
from pages._kit.live.hub import Hub
from pages._kit.turns import turns

WAITING, JOINING = "live", "Class"  # the page on which a class is waited for, and its view that does
PRESENTING = "_presenting"  # in the session: what the presenting tab proves itself by
MODE = "_live-mode"  # in the session: what the tab does in the class
BAR = component(
    "live",
    html='<div class="live" role="region" aria-label="Live class" hidden><span role="status"></span>'
    '<button class="join" type="button" hidden>Follow</button>'
    '<button class="leave" type="button" hidden>Step out</button>'
    '<button class="spot" type="button" aria-pressed="false" hidden>Spotlight</button></div>',
)

PLACE = "<style>.st-key-live { order: 0; }</style>"  # says nothing; among styles and notices each takes one place

hub = Hub(people.live_memory, lambda: {lab.name: lab.title for lab in open_to_all()}, lambda: turns.asked)


def begin(warm: threading.Event) -> None:
    """Look after the live class beside the server, as soon as that is warm."""

    def run() -> None:
        warm.wait()
        hub.run()

    threading.Thread(target=run, name="live class", daemon=True).start()
    _let_go_at_the_end(asyncio.get_running_loop())


def _let_go_at_the_end(loop: asyncio.AbstractEventLoop) -> None:
    """A server that is asked to end waits for its streams, so they are told as soon as it is asked."""

    def heard(earlier: Callable[[int, FrameType | None], object]) -> Callable[[int, FrameType | None], None]:
        def end(sign: int, at: FrameType | None) -> None:
            loop.call_soon_threadsafe(hub.end)
            earlier(sign, at)

        return end

    if threading.current_thread() is threading.main_thread():
        for sign in (signal.SIGINT, signal.SIGTERM):
            if callable(earlier := signal.getsignal(sign)):
                signal.signal(sign, heard(earlier))


def above(came: Arrival, page: str) -> None:
    """The class above the page of this name."""
    if hub.seen or PRESENTING in st.session_state or page == WAITING:
        waits = page == WAITING and st.query_params.get("view", JOINING) == JOINING
        with st.container(key="live"):
            _live(came.person, waits, page == WAITING)
        for _ in range(
            quiz_panel.NOTICES
        ):  # drawn alone, the fragment puts its own here, and not over the page's styles
            st.html(PLACE)
    else:
        st.session_state.pop(MODE, None)


@st.fragment
def _live(who: Person | None, waits: bool, at_home: bool) -> None:
    own = st.session_state.get(PRESENTING)
    told = BAR(
        key="_live-bar",  # what begins like this outlives a page: the script says nothing twice
        data={"wait": waits, **(_known(own) if own else {})},
        default={"mode": "none", "quiz": ""},
        on_mode_change=_changed,
        on_quiz_change=_changed,
    )
    before, st.session_state[MODE] = st.session_state.get(MODE), told.mode
    if before != told.mode and (at_home or "present" in (before, told.mode)):  # menu and page depend on it
        st.rerun()
    if who and told.mode == "present" and may(who, "present"):
        holding.show(course.desk(), who, here=True)
    elif told.quiz:
        quiz_panel.show(course.desk(), who)
    elif projected():  # somebody else presents by now
        st.session_state.pop(PROJECTED)
        st.rerun()


def _known(own: Presenting) -> dict[str, object]:
    """What makes a tab the presenting one."""
    return {"word": own.word, "mark": own.mark, "lecture": own.lecture.id, "revision": own.lecture.revision}


def _changed() -> None:
    """The panels below the bar are drawn anew."""


def offer_to_present(who: Person | None, page: str) -> None:
    """For staff, on a lab: the button that makes this tab the one that the class follows."""
    if may(who, "present") and not presents() and page in hub.titles():
        st.button("Present", key="menu-present", type="tertiary", on_click=present, args=(who,))


def presents() -> bool:
    """Whether this tab is, as far as it has told, the one that presents."""
    return st.session_state.get(MODE) == "present"


def led() -> bool:
    """Whether the class may have brought this tab here: it follows, or presents and is steered from elsewhere."""
    return st.session_state.get(MODE) in ("follow", "present")


def present(who: Person | None) -> None:
    """Lead the class from this tab from now on."""
    from classroom.live import lecture

    with course.speaking():
        st.session_state[PRESENTING] = lecture.present(course.desk(), who)
        st.session_state[MODE] = "present"
        hub.poke()
