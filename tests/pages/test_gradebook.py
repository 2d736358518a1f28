"""The gradebook as its visitors use it, without a browser: everybody at a glance, and what is decided there."""

import csv
import io
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from datetime import timedelta
from functools import partial
from pathlib import Path

import plotly.graph_objects as go
import pytest
from streamlit.testing.v1 import AppTest

from classroom.people import Person
from classroom.port import Checked
from classroom.staff.exporting import exports
from grading.service import may_see
from pages._kit import background
from pages._kit import course as kit
from pages._kit import lab as frame
from tests.classroom.conftest import ADA, BEN, IVA, TINA
from tests.classroom.course import MONDAY, SmallCourse, small
from tests.classroom.test_overview import judged, worked
from tests.classroom.test_similar import COPIED, LONG, OTHER
from tests.pages import boards
from tests.pages.figures import alts

Sign = Callable[[Person | None], None]
opened = partial(boards.opened, "gradebook")


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmallCourse]:
    """The small course behind the page; whoever is signed in is `course.who`."""
    with small(tmp_path, str(tmp_path / "ledger.db")) as found:
        monkeypatch.setattr(kit, "desk", lambda: found.desk)
        found.published(due=MONDAY + timedelta(days=7))
        yield found


@pytest.fixture
def sign_in(monkeypatch: pytest.MonkeyPatch) -> Sign:
    return lambda who: monkeypatch.setattr(kit, "member", lambda: who)


def text(page: AppTest) -> str:
    """All that is written, tables included."""
    return "\n".join(
        [each.value for kind in (page.markdown, page.caption, page.info, page.text, page.success) for each in kind]
        + [each.proto.body for each in page.get("html")]
    )


@pytest.mark.parametrize("who", [None, ADA], ids=["nobody", "student"])
def test_shows_nothing_to_who_may_not(course: SmallCourse, sign_in: Sign, who: Person | None) -> None:
    worked(course)
    sign_in(who)
    for address in ({}, {"assignment": "ps", "view": "Decide"}):
        page = opened(**address)
        assert len(page.error) == 1
        assert not page.selectbox
        assert "Ben" not in text(page)


def test_shows_the_whole_course_first(course: SmallCourse, sign_in: Sign) -> None:
    worked(course)
    sign_in(TINA)
    page = opened()
    assert "The most are 5 of 6." in alts(page)[0]
    assert 'Ada Lovelace</th><td class="words">Monday</td><td>5</td><td>5 of 6</td>' in text(page)
    assert not page.get("download_button")  # exports are the instructor's


def test_shows_an_assignment_by_student_and_by_question(course: SmallCourse, sign_in: Sign, monkeypatch) -> None:
    worked(course)
    course.desk.classroom.keep([Person("cyn", "Cyn Coder")])
    sign_in(TINA)
    monkeypatch.setattr(frame, "chart", lambda figure, *, key, alt, table=None: go.Figure(figure) and said.append(alt))
    said: list[str] = []
    page = opened(assignment="ps")
    assert {each.label: each.value for each in page.metric}["Handed in"] == "2 of 3"
    assert "The least is had in test-mean: 1.5 of 3 on average." in said[0]
    assert "Cyn Coder" in page.text[0].value
    page = opened(assignment="ps", view="Questions")
    assert "test-mean went worst: 1 of 2 have full points." in said[-1]
    assert page.code[0].value == "It gave 4, and 2 was expected."


def test_draws_no_empty_map_where_nobody_has_points(course: SmallCourse, sign_in: Sign) -> None:
    sign_in(IVA)
    page = opened()
    assert not page.exception
    assert "Nobody has points yet." in [each.value for each in page.info]
    assert not alts(page)


def test_names_nobody_where_students_look_on(course: SmallCourse, sign_in: Sign) -> None:
    worked(course)
    sign_in(TINA)
    for address in ({}, {"assignment": "ps"}, {"assignment": "ps", "view": "Queue"}):
        page = opened(screen="true", **address)
        assert not any(word in text(page) for word in ("Lovelace", "Bitdiddle"))


def test_says_what_to_do_where_there_is_nothing(course: SmallCourse, sign_in: Sign) -> None:
    sign_in(IVA)
    assert "Nothing is graded yet" in text(opened(assignment="ps"))
    assert "Nothing is graded yet" in text(opened(assignment="ps", view="Questions"))
    assert "Nothing of this assignment waits" in text(opened(assignment="ps", view="Queue"))
    assert "Nothing is handed in yet" in text(opened(assignment="ps", view="Decide"))
    for who in (ADA, BEN):
        course.desk.classroom.delete(who.key)
    assert "Nobody is on the roster" in text(opened(assignment="ps"))
    assert "Nobody is on the roster" in text(opened())


def test_lists_what_is_undecided_with_a_way_to_mark_it(course: SmallCourse, sign_in: Sign) -> None:
    course.hand_in(ADA)
    judged(course, mean=None)
    sign_in(TINA)
    said = text(opened(assignment="ps", view="Queue"))
    assert "Why: the machine lost its memory" in said
    assert 'href="marking?hand_in=1&amp;question=test-mean"' in said
    assert 'href="gradebook?hand_in=1"' in said


def test_extends_and_takes_back(course: SmallCourse, sign_in: Sign) -> None:
    sign_in(IVA)
    page = opened(assignment="ps", view="Decide")
    page.selectbox(key="whom").set_value("ada")
    page.date_input(key="until-day").set_value(MONDAY.date() + timedelta(days=20)).run()
    page.button(key="extend").click().run()
    assert page.success[0].value == "Extended for Ada Lovelace."
    (given,) = course.desk.ledger.extensions()
    assert (given.student, given.until and given.until.day) == ("ada", 22)
    page.button(key="unextend").click().run()
    assert "No extension is in force." in text(page)
    page.date_input(key="until-day").set_value(MONDAY.date()).run()
    page.button(key="extend").click().run()
    assert "an extension ends later" in page.error[0].value


def test_hides_and_shows_results(course: SmallCourse, sign_in: Sign) -> None:
    sign_in(IVA)
    page = opened(assignment="ps", view="Decide")
    for seen in (False, True):
        page.button(key="release").click().run()
        assert may_see(course.desk.ledger, assignment="ps", student="ada") is seen


def test_releases_to_one_alone(course: SmallCourse, sign_in: Sign) -> None:
    sign_in(IVA)
    page = opened(assignment="ps", view="Decide")
    page.button(key="release").click().run()
    page.selectbox(key="release-whom").set_value("ada").run()
    page.button(key="release").click().run()
    assert page.success[0].value == "The results of Ada Lovelace are released."
    assert "Other than that, shown to: Ada Lovelace" in text(page)
    seen = {name: may_see(course.desk.ledger, assignment="ps", student=name) for name in ("ada", "ben")}
    assert seen == {"ada": True, "ben": False}
    page.selectbox(key="release-whom").set_value("").run()
    page.button(key="release").click().run()
    assert "Other than that" not in text(page)


def test_opens_a_hand_in(course: SmallCourse, sign_in: Sign) -> None:
    broken = "base64.b64encode(b'\\x89PNG\\r\\n\\x1a\\n').decode()"
    shown = f"{{'image/png': {broken}, 'text/html': '<script>x</script>'}}"
    code = f"def mean(xs): return 7\nimport base64\nfrom IPython.display import display\ndisplay({shown}, raw=True)"
    course.hand_in(BEN, mean=code, essay="# Big ![x](http://e.org) <script>x</script>")
    course.grade()
    course.hand_in(BEN)
    sign_in(TINA)
    assert 'href="gradebook?hand_in=1"' in text(opened(assignment="ps"))
    page = opened(hand_in="1")
    said = text(page)
    assert "Hand-in 1 of 2" in said
    assert 'href="gradebook?hand_in=2"' in said
    assert 'href="marking?hand_in=1&amp;question=test-mean"' in said
    assert "**test-mean**" in said
    assert code in [each.value for each in page.code]
    assert len(page.get("image")) == 1
    assert not any("script" in each.proto.body for each in page.get("html"))
    assert any(each.value.strip().startswith("**Big !&#91;x]") for each in page.markdown)
    page.get("button_group")[0].set_value("As handed in").run()
    assert not page.exception
    assert not page.get("image")  # what the student's own machine put out is another matter; here it put out nothing
    assert "It is not graded yet." in text(opened(hand_in="2"))


@pytest.mark.parametrize("address", ["99", "1", "abc", "9" * 40], ids=["unknown", "known", "word", "long"])
@pytest.mark.parametrize("who", [None, BEN], ids=["nobody", "student"])
def test_opens_nothing_for_a_student(course: SmallCourse, sign_in: Sign, who: Person | None, address: str) -> None:
    course.hand_in(BEN)
    sign_in(who)
    page = opened(hand_in=address)
    assert len(page.error) == 1
    assert not page.code


def test_opens_a_hand_in_without_the_name(course: SmallCourse, sign_in: Sign) -> None:
    course.hand_in(BEN)
    course.hand_in(BEN, essay="More.")
    sign_in(TINA)
    said = text(opened(hand_in="1", screen="true"))
    assert "Bitdiddle" not in said
    assert 'href="gradebook?hand_in=2&amp;screen=true"' in said


def test_shows_who_is_stuck(course: SmallCourse, sign_in: Sign) -> None:
    sign_in(TINA)
    assert "Nobody looks stuck" in text(opened(assignment="ps", view="Who is stuck"))
    for who in (ADA, BEN):
        for _ in range(3):
            check = Checked("mean", "failed", "It *gave* 4.", course.now)
            course.desk.classroom.note_check(who.key, "ps", check)
    page = opened(assignment="ps", view="Who is stuck")
    assert {each.label: each.value for each in page.metric}["The same again"] == "2"
    assert page.code[0].value == "It *gave* 4."
    assert "Ada Lovelace: 3 checks" in text(page)
    assert "Lovelace" not in text(opened(assignment="ps", view="Who is stuck", screen="true"))
    assert "Lovelace" not in text(opened(assignment="ps", view="Who is stuck", section="Friday"))
    course.now += timedelta(hours=2)
    assert "Nobody looks stuck" in text(opened(assignment="ps", view="Who is stuck"))
    assert "Ada Lovelace" in text(opened(assignment="ps", view="Who is stuck", span="day"))


def test_compares_solutions_without_names_until_they_are_asked_for(course: SmallCourse, sign_in: Sign) -> None:
    course.hand_in(ADA, mean=LONG)
    course.hand_in(BEN, mean=COPIED.replace("my own", "<script>"))
    sign_in(TINA)
    assert "for instructors" in text(opened(assignment="ps", view="Similar solutions"))
    sign_in(IVA)
    page = opened(assignment="ps", view="Similar solutions")
    assert "a reason to read both, not a finding" in text(page)
    assert "<td>100%</td>" in text(page)
    page.selectbox(key="pair").select_index(0).run()
    assert not page.exception
    said = text(page)
    assert '<li class="same"><b>1</b>def mean(values):</li>' in said
    assert "# &lt;script&gt;" in said
    assert not any(word in said for word in ("Lovelace", "Bitdiddle", "plagiar", "<script"))
    page.toggle(key="named").set_value(True).run()
    assert {"Ada Lovelace", "Ben Bitdiddle"} <= {each.value for each in page.text}
    page.toggle(key="screen").set_value(True).run()
    assert not any(word in text(page) for word in ("Lovelace", "Bitdiddle"))
    course.hand_in(BEN, mean=OTHER)
    assert "No two solutions" in text(opened(assignment="ps", view="Similar solutions"))


def test_previews_a_regrade_and_asks_for_it(course: SmallCourse, sign_in: Sign, monkeypatch) -> None:
    monkeypatch.setattr(background, "one_thread", nullcontext)  # it would bring torch, which nothing here needs
    course.hand_in(BEN)
    judged(course, mean=0.0)
    sign_in(IVA)
    page = opened(assignment="ps", view="Decide")
    page.button(key="preview").click().run()
    assert page.session_state["_job-regrade"].wait(60)
    page.run()
    assert "**1** hand-ins would gain points, **0** would lose some" in text(page)
    assert 'Ben Bitdiddle</th><td>1</td><td>2</td><td>5</td><td>+3</td><td class="words">test-mean</td>' in text(page)
    assert len(course.desk.ledger.attempts()) == 1
    page.button(key="regrade").click().run()
    assert "Say why" in page.error[0].value
    page.text_input(key="again-why").set_value("The test was wrong.").run()
    page.button(key="regrade").click().run()
    assert [each.reason for each in course.desk.ledger.attempts()] == ["", "The test was wrong."]


def test_exports_what_it_shows(course: SmallCourse, sign_in: Sign) -> None:
    worked(course)
    sign_in(IVA)
    page = opened(assignment="ps", view="Decide", format="Canvas", pseudonyms="true")
    assert not page.exception
    (button,) = page.get("download_button")
    assert button.proto.label == "Export"
    rows = list(csv.DictReader(io.StringIO(exports(course.desk, IVA, "canvas", ["ps"])[1])))
    assert {row["Student"]: row["ps"] for row in rows[1:]} == {"Bitdiddle, Ben": "2", "Lovelace, Ada": "5"}
