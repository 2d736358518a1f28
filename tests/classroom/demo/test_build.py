"""The demo course as it is made: real hand-ins in the real sandbox, every mark computed, nothing of ours touched."""

import itertools
from datetime import UTC, datetime
from pathlib import Path

import pytest

from classroom import assignments, editor
from classroom.demo import build
from classroom.demo.answers import Answers
from classroom.demo.build import ROOT, copy_course, entrances, make
from classroom.demo.people import students
from classroom.demo.place import Place
from classroom.demo.plan import SETS, Planned, events
from classroom.desk import open_desk
from classroom.overview import overview
from classroom.signin.local import INSTRUCTOR, LocalSignIn
from grading.course import Course
from grading.grader import CourseGrader
from grading.notebooks.fill import filled

NOW = datetime.now(UTC).replace(hour=12)
FEW = Planned("warmup", SETS[0].answers, opened=-6, due=2, share=0.7, drafts=1.0)


def test_every_answer_has_its_cell(tmp_path: Path) -> None:
    copy_course(ROOT / "assignments", tmp_path / "course")
    course = Course.open(tmp_path / "course")
    for planned in SETS:
        (master,) = course.assignment(planned.name).masters
        asked = {cell.grade_id for cell in master.cells if cell.is_answer}
        assert set(planned.answers) <= asked
        assert planned.name == "ps2" or set(planned.answers) == asked


@pytest.mark.slow
def test_a_small_one_is_graded_by_the_grader(tmp_path: Path) -> None:
    where, heard = Place(tmp_path / "demo"), list[str]()
    make(where, heard.append, count=4, sets=[FEW], now=NOW)
    expected = events(FEW, students(4), NOW)
    assert where.ready
    assert heard[-1].startswith("Warm-up: counting and boxes: ")
    desk = open_desk(where.course, str(where.database))
    try:
        results = desk.ledger.results(assignment="warmup")
        handed = desk.ledger.hand_ins(assignment="warmup")
        assert 0 < len(results) == len(handed) <= sum(not one.typed for one in expected)
        assert desk.ledger.queue(now=NOW).waiting == 0
        assert desk.ledger.marks() == ()
        for result in results:
            assert result.worker == "demo"
            assert result.outcome.seconds > 0
            assert result.outcome.isolation.layers
            assert 0 < (result.at - result.attempt.submission.at).total_seconds() < 120
        found = overview(desk, INSTRUCTOR, "warmup")
        assert {row.state for row in found.rows} & {"to mark", "graded"}
        assert {row.state for row in found.rows} >= {"begun"}
        typed = next(one for one in expected if one.typed)
        written = [cell.typed for cell in editor.cells(desk, typed.student, "warmup") if cell.begun]
        assert written == list(typed.answers.values())
        stages = {card.name: card.stage for card in assignments.cards(desk, students(1)[0])}
        assert stages == {"warmup": "open"}
        door = LocalSignIn(lambda: desk.classroom)
        one = entrances(where, count=1)[0]
        assert door.person(door.enter(code=one.code, who=one.name, pin=one.pin, address="here")) == students(1)[0]
    finally:
        desk.close()


def test_without_a_sandbox_nothing_is_graded_and_it_says_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Refused:
        refuses = ("No namespaces here.",)

    monkeypatch.setattr("grading.sandbox.selftest.examine", lambda: Refused())
    where, heard = Place(tmp_path / "demo"), list[str]()
    make(where, heard.append, count=2, sets=[FEW], now=NOW)
    assert any("No namespaces here. `fovea doctor`" in line for line in heard)
    assert not any("graded." in line for line in heard[2:])
    desk = open_desk(where.course, str(where.database))
    try:
        assert desk.ledger.results() == ()
        assert desk.ledger.queue(now=NOW).waiting == len(desk.ledger.hand_ins())
    finally:
        desk.close()


def test_what_breaks_half_way_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise OSError("the disk is full")

    where = Place(tmp_path / "demo")
    monkeypatch.setattr(build, "_grader", lambda *_: None)
    with monkeypatch.context() as patch:
        patch.setattr(build, "_happens", broken)
        with pytest.raises(OSError, match="full"):
            make(where, lambda _: None, count=1, sets=[FEW], now=NOW)
    assert not where.ready
    make(where, lambda _: None, count=1, sets=[], now=NOW)
    assert where.ready


def ways(answers: Answers, right: bool) -> list[str]:
    return list(answers.right if right else answers.wrong)


@pytest.mark.slow
@pytest.mark.parametrize("planned", SETS, ids=lambda planned: planned.name)
def test_the_right_answers_earn_everything_and_the_wrong_ones_less(tmp_path: Path, planned: Planned) -> None:
    copy_course(ROOT / "assignments", tmp_path / "course")
    course = Course.open(tmp_path / "course")
    (master,) = course.assignment(planned.name).masters
    ids = {cell.grade_id: cell.id for cell in master.cells}
    code = {cell: each for cell, each in planned.answers.items() if each.wrong}
    with CourseGrader(course) as grader:
        for right in (True, False):
            columns = itertools.zip_longest(*(ways(each, right) for each in code.values()))
            for column in columns:
                texts = {
                    cell: text or code[cell].right[0] for cell, text in zip(code, column, strict=True)
                }  # where there are fewer ways, a right one
                data = filled(master, {ids[cell]: text for cell, text in texts.items()})
                outcome = grader(data, planned.name, 1, file=f"{planned.name}.ipynb")
                scores = {score.question: score for score in outcome.scores}
                for cell, text in zip(code, column, strict=True):
                    score = scores[f"{cell}_cases"]
                    if right:
                        assert score.points == score.out_of, (cell, text, score.seen)
                    elif text:
                        assert (score.points or 0) < score.out_of, (cell, text)
