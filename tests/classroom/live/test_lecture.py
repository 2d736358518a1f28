"""Holding a lecture: who may, what a take-over leaves the tab before, and that a browser may say anything at all."""

import json
import math
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classroom.desk import Desk
from classroom.errors import ClassroomError, NotAllowed
from classroom.live import lecture
from classroom.live.port import Place
from classroom.people import Person
from classroom.roles import Role
from pages._kit.discovery import discover, open_to_all
from tests.classroom.conftest import ADA, IVA, TINA
from tests.classroom.course import SmallCourse

VERA = Person("vera", "Vera", Role.VISITOR)
LABS = {"convolution", "layer"}
HERE = {"page": "convolution", "query": "stride=3", "spot": None}
SPOT = {"key": "stride", "x": 0.5, "y": 0.25}
SERVICES: dict[str, Callable[[Desk, Person | None], object]] = {
    "present": lecture.present,
    "live": lecture.live,
    "end": lecture.end,
    "audience": lecture.audience,
    "follow_plan": lambda desk, who: lecture.follow_plan(desk, who, 1),
    "go": lambda desk, who: lecture.go(desk, who, Place("layer")),
    "at_step": lambda desk, who: lecture.at_step(desk, who, 2),
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=12,
)
SHARES = st.floats() | st.booleans() | st.integers() | st.sampled_from([10**400, -(10**400), "0.5", None])
KEYS = st.text(max_size=8) | st.from_regex(r"[a-z_-]{1,12}", fullmatch=True) | JSON
SPOTS = st.fixed_dictionaries({"key": KEYS, "x": SHARES, "y": SHARES})


def moves(course: SmallCourse, word: str, **said: object) -> bool:
    return lecture.move(course.desk.lectures, word, {**HERE, **said}, LABS)


@pytest.mark.parametrize("who", [None, VERA, ADA], ids=["nobody", "a visitor", "a student"])
@pytest.mark.parametrize("service", SERVICES)
def test_only_staff_hold_a_class(course: SmallCourse, service: str, who: Person | None) -> None:
    before = course.desk.lectures.lectures()
    with pytest.raises(NotAllowed):
        SERVICES[service](course.desk, who)
    assert course.desk.lectures.lectures() == before


@pytest.mark.parametrize("who", [TINA, IVA], ids=["an assistant", "an instructor"])
@pytest.mark.parametrize("service", SERVICES)
def test_all_staff_hold_a_class(course: SmallCourse, service: str, who: Person) -> None:
    SERVICES[service](course.desk, who)


def test_begins_a_lecture_where_none_is_live(course: SmallCourse) -> None:
    lecture.end(course.desk, IVA)
    begun = lecture.present(course.desk, IVA)
    assert course.desk.lectures.live() == begun.lecture
    assert (begun.lecture.by, begun.lecture.began, begun.lecture.place) == (IVA.key, course.now, Place())
    assert lecture.mark_of(begun.lecture) == begun.mark


def test_neither_the_word_nor_enough_of_its_digest_is_kept_in_the_open(course: SmallCourse) -> None:
    begun = lecture.present(course.desk, IVA)
    assert begun.word not in str(begun.lecture)
    assert len(begun.mark) < len(lecture.digest(begun.word)) == 64
    assert not moves(course, begun.lecture.word)  # who read the database cannot lead by what stands there
    assert not moves(course, begun.mark)


def test_leads_the_class_by_the_word_and_says_who_did(course: SmallCourse) -> None:
    begun = lecture.present(course.desk, IVA)
    assert moves(course, begun.word, spot=SPOT)
    now = lecture.live(course.desk, TINA)
    assert now is not None
    assert (now.place.address, json.loads(now.place.spot)) == ("convolution?stride=3", SPOT)
    assert (now.source, now.revision) == (begun.mark, begun.lecture.revision + 1)


def test_who_takes_over_leads_and_the_tab_before_no_longer(course: SmallCourse) -> None:
    first = lecture.present(course.desk, IVA)
    assert moves(course, first.word)
    second = lecture.present(course.desk, TINA)
    assert (second.lecture.id, second.lecture.by) == (first.lecture.id, TINA.key)
    assert not moves(course, first.word, query="stride=4")
    assert second.lecture.place.query == "stride=3"  # it goes on where the class was
    assert second.lecture == lecture.live(course.desk, IVA)
    assert moves(course, second.word, query="stride=5")
    assert len(course.desk.lectures.lectures()) == 1


def test_two_tabs_of_one_person_take_over_from_each_other(course: SmallCourse) -> None:
    first, second = lecture.present(course.desk, IVA), lecture.present(course.desk, IVA)
    assert first.mark != second.mark
    assert (moves(course, first.word), moves(course, second.word)) == (False, True)


def test_after_the_end_nothing_moves(course: SmallCourse) -> None:
    begun = lecture.present(course.desk, IVA)
    lecture.end(course.desk, TINA)
    assert lecture.live(course.desk, IVA) is None
    assert not moves(course, begun.word)
    lecture.end(course.desk, IVA)
    for service in ("follow_plan", "go", "at_step"):
        with pytest.raises(ClassroomError, match=lecture.NO_LECTURE):
            SERVICES[service](course.desk, IVA)
    again = lecture.present(course.desk, IVA)
    assert again.lecture.id != begun.lecture.id
    assert not moves(course, begun.word)


def test_a_step_of_the_plan_leads_the_presenting_tab_as_well(course: SmallCourse) -> None:
    begun = lecture.present(course.desk, IVA)
    lecture.follow_plan(course.desk, IVA, 7)
    assert moves(course, begun.word, spot=SPOT)
    lecture.go(course.desk, TINA, Place("layer", "units=3"), step=2)
    now = lecture.live(course.desk, IVA)
    assert now is not None
    assert (now.place, now.source, now.plan, now.step) == (Place("layer", "units=3"), "", 7, 2)
    lecture.go(course.desk, TINA, Place("convolution"))
    lecture.at_step(course.desk, IVA, 3)
    now = lecture.live(course.desk, IVA)
    assert now is not None
    assert (now.place, now.plan, now.step) == (Place("convolution"), 7, 3)


def test_counts_the_pages_that_listened_lately(course: SmallCourse) -> None:
    course.desk.lectures.listen("one", 70, course.now)
    course.desk.lectures.listen("two", 50, course.now - lecture.FRESH * 2)
    assert lecture.audience(course.desk, IVA) == 70


@pytest.mark.parametrize("page", [page.name for page in discover() if page not in open_to_all()])
def test_leads_nobody_to_a_page_that_is_not_open_to_all(page: str) -> None:
    with pytest.raises(ClassroomError, match="Only labs"):
        lecture.read_place({"page": page}, {lab.name for lab in open_to_all()})


REFUSED: dict[str, dict[str, object]] = {
    "an unknown page": {"page": "nowhere"},
    "the front page": {"page": ""},
    "an address elsewhere": {"page": "//evil.example"},
    "a page that is a list": {"page": ["convolution"]},
    "a page that is a mapping": {"page": {"convolution": 1}},
    "no page": {"page": None},
    "a query that is a number": {"query": 3},
    "no query": {"query": None},
    "an overlong query": {"query": "a" * (lecture.LONGEST + 1)},
    "a query with a line break": {"query": "a=1\r\nb"},
    "a query with a zero byte": {"query": "a=\0"},
    "a query with half a letter": {"query": "a=\ud800"},
    "a spot that is a text": {"spot": "stride"},
    "a spot that is nested deeply": {"spot": {"key": "a", "x": 0, "y": [[[[{}]]]]}},
    "a spot with more in it": {"spot": {**SPOT, "z": 1}},
    "a spot with less in it": {"spot": {"key": "a", "x": 0}},
    "a spot by a selector": {"spot": {**SPOT, "key": "a] , body"}},
    "a spot by an overlong key": {"spot": {**SPOT, "key": "a" * 101}},
    "a spot by a key with a line break": {"spot": {**SPOT, "key": "a\n"}},
    "a spot by no key": {"spot": {**SPOT, "key": None}},
}  # fmt: skip
COORDINATES = {
    "nan": math.nan, "infinite": math.inf, "minus infinite": -math.inf, "true": True, "a text": "0.5", "none": None,
    "below": -0.01, "above": 1.01, "huge": 10**400, "hugely negative": -(10**400), "a list": [0.5],
}  # fmt: skip


@pytest.mark.parametrize("case", REFUSED)
def test_refuses_a_place_that_cannot_be(case: str) -> None:
    with pytest.raises(ClassroomError):
        lecture.read_place({**HERE, **REFUSED[case]}, LABS)


@pytest.mark.parametrize("axis", ["x", "y"])
@pytest.mark.parametrize("case", COORDINATES)
def test_refuses_a_point_outside_its_element(case: str, axis: str) -> None:
    with pytest.raises(ClassroomError, match="shares of its width"):
        lecture.read_spot({**SPOT, axis: COORDINATES[case]})


@pytest.mark.parametrize("spot", [SPOT, {"key": "", "x": 0, "y": 1}, {"key": "a-B_9", "x": 1.0, "y": 0.0}])
def test_reads_a_spot_as_it_was_said(spot: dict[str, object]) -> None:
    assert json.loads(lecture.read_spot(spot)) == spot


def test_reads_the_longest_setting_there_may_be() -> None:
    query = "a" * lecture.LONGEST
    assert lecture.read_place({**HERE, "query": query}, LABS) == Place("convolution", query)


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(("page", "query", "spot"), JSON)))
def test_whatever_is_said_is_a_place_or_a_refusal(said: dict[str, object]) -> None:
    try:
        place = lecture.read_place(said, LABS)
    except ClassroomError:
        return
    assert place.page in LABS


@given(st.text() | JSON, JSON | SPOTS)
def test_whatever_is_said_of_a_lab_is_a_place_or_a_refusal(query: object, spot: object) -> None:
    try:
        place = lecture.read_place({"page": "layer", "query": query, "spot": spot}, LABS)
    except ClassroomError:
        return
    assert (place.page, place.query) == ("layer", query)
    assert place.query.isprintable()


@given(SPOTS | JSON)
def test_whatever_is_pointed_at_is_a_spot_or_a_refusal(said: object) -> None:
    try:
        read = json.loads(lecture.read_spot(said))
    except ClassroomError:
        return
    assert read == said
    assert 0 <= read["x"] <= 1
    assert 0 <= read["y"] <= 1


@given(st.text())
def test_whatever_is_said_as_a_word_has_a_digest(word: str) -> None:
    assert len(lecture.digest(word)) == 64


def test_even_half_a_letter_is_no_word(course: SmallCourse) -> None:
    assert not moves(course, "\ud800")
