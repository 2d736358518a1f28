"""The live class above a page: nothing while none is live, a bar while one is, and for staff the way to begin one."""

from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from classroom.live import lecture
from classroom.people import Person
from classroom.roles import Role
from pages._kit import course as kit
from pages._kit import guard, look
from pages._kit.bare import PROJECTED
from pages._kit.live import frame
from pages._kit.live.hub import Hub
from tests.classroom.conftest import ADA, IVA, TINA
from tests.classroom.course import SmallCourse, small

SHELL = Path(__file__).resolve().parents[2] / "pages/_kit/shell.py"
VERA = Person("vera", "Vera", Role.VISITOR)
PRESENT = "menu-present"
LAB, PROTECTED = "convolution", "gradebook"


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmallCourse]:
    """A small course behind the pages, with a hub that nobody looks after but the pages themselves."""
    with small(tmp_path, str(tmp_path / "ledger.db")) as opened:
        desk = opened.desk
        monkeypatch.setattr(kit, "desk", lambda: desk)
        monkeypatch.setattr(frame, "hub", Hub(lambda: (desk.lectures, desk.quizzes), frame.hub.titles))
        yield opened


@pytest.fixture
def live(course: SmallCourse) -> SmallCourse:
    """Tina holds a class."""
    lecture.present(course.desk, TINA)
    frame.hub.look()
    assert frame.hub.seen
    return course


@pytest.fixture
def drawn(course: SmallCourse, monkeypatch: pytest.MonkeyPatch) -> Callable[..., AppTest]:
    """A page as somebody sees it; none is the front page."""

    def draw(page: str = "", who: Person | None = None, **session: object) -> AppTest:
        monkeypatch.setattr(guard, "arrival", lambda: guard.Arrival(who))
        monkeypatch.setattr(kit, "member", lambda: who)
        found = AppTest.from_file(str(SHELL), default_timeout=60)
        for key, value in session.items():
            found.session_state[key] = value
        if page:
            found.switch_page(f"../{page}.py")
        return run(found)

    return draw


@pytest.fixture
def bar_says(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """What the script of the bar tells the server, which AppTest does not run."""
    return lambda mode: monkeypatch.setattr(frame, "BAR", lambda **_: SimpleNamespace(mode=mode, quiz=""))


def run(found: AppTest) -> AppTest:
    found.run()
    assert not found.exception
    return found


def everything(found: AppTest) -> list[str]:
    """All elements that are sent to the browser, as they are sent."""
    waiting, sent = [*found._tree.children.values()], list[str]()
    while waiting:
        node = waiting.pop(0)
        sent.append(str(getattr(node, "proto", "")))
        waiting += getattr(node, "children", {}).values()
    return sent


def bars(found: AppTest) -> list[str]:
    return [sent for sent in everything(found) if 'component_name: "fovea-live"' in sent]


def keys(found: AppTest) -> list[str]:
    return [str(button.key) for button in found.button]


@pytest.mark.parametrize("page", ["", LAB, PROTECTED], ids=["the front page", "a lab", "a protected page"])
def test_while_no_class_is_live_nothing_of_it_is_sent(
    drawn: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch, page: str
) -> None:
    sent = everything(drawn(page))
    assert not [each for each in sent if "fovea-live" in each or "live-bar" in each]
    monkeypatch.setattr(frame, "above", lambda *_: None)
    monkeypatch.setattr(look, "offer_to_present", lambda *_: None)
    assert len(everything(drawn(page))) == len(sent)


@pytest.mark.parametrize("page", ["", LAB, PROTECTED], ids=["the front page", "a lab", "a protected page"])
@pytest.mark.parametrize("who", [None, ADA, IVA], ids=["nobody", "a student", "an instructor"])
def test_while_a_class_is_live_every_page_has_its_bar(
    live: SmallCourse, drawn: Callable[..., AppTest], who: Person | None, page: str
) -> None:
    (bar,) = bars(drawn(page, who))
    assert '"wait": false' in bar.replace("\\", "")


@pytest.mark.parametrize("who", [None, ADA, IVA], ids=["nobody", "a student", "an instructor"])
def test_no_page_tells_the_word_to_anybody_else(
    live: SmallCourse, drawn: Callable[..., AppTest], who: Person | None
) -> None:
    presenting = lecture.present(live.desk, TINA)
    frame.hub.look()
    sent = "\n".join(everything(drawn(LAB, who)))
    assert presenting.word not in sent
    assert presenting.lecture.word not in sent
    assert '"word"' not in bars(drawn(LAB, who))[0].replace("\\", "").partition("js_content")[0]


def test_where_a_class_is_waited_for_there_is_a_bar_before_one_is_live(drawn: Callable[..., AppTest]) -> None:
    (bar,) = bars(drawn(frame.WAITING, ADA))
    assert '"wait": true' in bar.replace("\\", "")


@pytest.mark.parametrize(
    ("who", "page", "offered"),
    [
        (IVA, LAB, True),
        (TINA, LAB, True),
        (ADA, LAB, False),
        (VERA, LAB, False),
        (None, LAB, False),
        (IVA, "", False),
        (IVA, PROTECTED, False),
        (IVA, frame.WAITING, False),
    ],
    ids=lambda value: value.key if isinstance(value, Person) else str(value) or "front",
)
def test_staff_are_offered_to_present_labs_and_nothing_else(
    drawn: Callable[..., AppTest], who: Person | None, page: str, offered: bool
) -> None:
    assert (PRESENT in keys(drawn(page, who))) == offered


def test_presents_from_a_lab(course: SmallCourse, drawn: Callable[..., AppTest]) -> None:
    iva = drawn(LAB, IVA)
    iva.button(key=PRESENT).click()
    run(iva)
    now = course.desk.lectures.live()
    assert now is not None
    assert now.by == IVA.key
    (bar,) = bars(iva)
    assert f'"mark": "{lecture.mark_of(now)}"' in bar.replace("\\", "")
    assert len(bars(run(iva))) == 1


def test_who_presents_is_not_offered_to_until_somebody_else_does(
    live: SmallCourse, drawn: Callable[..., AppTest], bar_says: Callable[..., None]
) -> None:
    bar_says("present")
    iva = drawn(LAB, IVA)
    assert PRESENT not in keys(run(iva))
    bar_says("follow")
    run(iva)
    assert PRESENT in keys(run(iva))


@pytest.mark.parametrize("who", [None, VERA, ADA], ids=["nobody", "a visitor", "a student"])
def test_who_is_no_staff_holds_nothing_whatever_their_browser_says(
    live: SmallCourse, drawn: Callable[..., AppTest], bar_says: Callable[..., None], who: Person | None
) -> None:
    bar_says("present")
    assert not [key for key in keys(drawn(LAB, who)) if "live" in key]
    assert "_live-end" in keys(drawn(LAB, IVA))


def test_takes_over_a_class_that_is_live(live: SmallCourse, drawn: Callable[..., AppTest]) -> None:
    before = live.desk.lectures.live()
    iva = drawn(LAB, IVA)
    iva.button(key=PRESENT).click()
    run(iva)
    now = live.desk.lectures.live()
    assert before is not None
    assert now is not None
    assert (now.id, now.by) == (before.id, IVA.key)
    assert lecture.mark_of(now) != lecture.mark_of(before)


def test_a_slide_has_no_bar_and_no_menu(
    live: SmallCourse, drawn: Callable[..., AppTest], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(type(st.context), "is_embedded", property(lambda _: True))
    iva = drawn(LAB, IVA)
    assert bars(iva) == []
    assert PRESENT not in keys(iva)
    assert "menu" not in "".join(keys(iva))


def test_on_a_projector_only_title_controls_and_figure_remain(
    live: SmallCourse, drawn: Callable[..., AppTest], bar_says: Callable[..., None]
) -> None:
    bar_says("present")
    bare, whole = drawn(LAB, IVA, **{PROJECTED: True}), drawn(LAB, IVA)
    kept = everything(bare)
    assert [title.value for title in bare.title] == [title.value for title in whole.title]
    assert [(one.key, one.value) for one in bare.slider] == [(one.key, one.value) for one in whole.slider]
    assert len(bare.get("plotly_chart")) == len(whole.get("plotly_chart"))
    assert (len(bare.header), len(whole.header) > 0) == (0, True)
    assert not [sent for sent in kept if "prediction-box" in sent or "-menu" in sent]
    assert [sent for sent in everything(whole) if "prediction-box" in sent]
    assert [sent for sent in kept if "font-size: 22px" in sent]
    assert not [sent for sent in everything(whole) if "font-size: 22px" in sent]


def test_a_projector_whose_class_somebody_else_took_becomes_a_page_again(
    live: SmallCourse, drawn: Callable[..., AppTest]
) -> None:
    bare = drawn(LAB, IVA, **{PROJECTED: True})
    assert bare.header or run(bare).header
