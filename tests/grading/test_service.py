"""The use cases: hand in, regrade, preview, mark, release. What graders do with the queue is in test_serving."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from grading.errors import GradingError, Refusal
from grading.ledger.policy import Late, Rules
from grading.ledger.port import LedgerBusy
from grading.ledger.records import Extension
from grading.ledger.sql import open_ledger
from grading.records import Outcome
from grading.service import changes, grades, may_see, preview, release, standing_of
from tests.grading.desk import Course, in_a_process, lock
from tests.grading.ledger.hand_ins import MONDAY, outcome, score


@pytest.fixture
def course(tmp_path: Path) -> Iterator[Course]:
    ledger = open_ledger(tmp_path / "ledger.db", patience=0.2)
    yield Course(ledger)
    ledger.close()


# -- handing in


def test_a_receipt_tells_all_that_a_student_needs_to_keep(course: Course) -> None:
    course.hand_in("bob")
    course.rules = Rules(due=MONDAY, attempts=3)
    receipt = course.hand_in(data=b"q1=2", check=lambda file, data: ["Cell 3 was put back."])
    assert (receipt.new, receipt.attempt.number, receipt.place, receipt.left, receipt.days_late) == (True, 1, 1, 2, 1)
    assert receipt.notes == ("Cell 3 was put back.",)
    digest = sha256(b"q1=2").hexdigest()
    assert str(receipt) == (
        f"Hand-in 1 for ps1, received on Monday, 02 March 2026, 09:00:02 (UTC). Its fingerprint (SHA-256) is {digest}."
    )
    assert receipt.attempt.seed == 7
    assert course.ledger.content(digest) == b"q1=2"


def test_a_double_click_gives_the_same_receipt_and_costs_nothing(course: Course) -> None:
    course.rules = Rules(attempts=1, cool_down=timedelta(hours=1))
    first = course.hand_in()
    again = course.hand_in()
    assert again.attempt == first.attempt
    assert (first.new, again.new) == (True, False)
    assert str(again).startswith("You had handed in exactly this file already.")
    assert len(course.ledger.attempts()) == 1


def test_a_refused_notebook_leaves_the_earlier_attempts_alone(course: Course) -> None:
    first = course.hand_in()

    def refuse(file: str, data: bytes) -> Sequence[str]:
        raise Refusal("The answer is there twice.", remedy="Delete one.", file=file, cell="iou")

    with pytest.raises(Refusal, match=r"ps1.ipynb, cell iou"):
        course.hand_in(data=b"q1=2", check=refuse)
    assert course.ledger.attempts() == (first.attempt,)


def test_the_rules_are_asked_before_the_notebook_is_opened(course: Course) -> None:
    course.hand_in()
    course.rules = Rules(attempts=1)
    opened = []
    with pytest.raises(Refusal, match="used your attempt"):
        course.hand_in(data=b"q1=2", check=lambda file, data: opened.append(file) or ())
    assert opened == []


def test_an_extension_opens_the_door_again(course: Course) -> None:
    course.rules = Rules(due=MONDAY, closes=MONDAY, attempts=0)
    with pytest.raises(Refusal, match="closed"):
        course.hand_in()
    course.ledger.extend(Extension("ps1", "ada", "prof", MONDAY, until=MONDAY + timedelta(days=2), attempts=1))
    receipt = course.hand_in()
    assert (receipt.left, receipt.days_late) == (0, 0)
    with pytest.raises(Refusal):
        course.hand_in("bob")


# -- regrading


def test_a_regrade_appends_and_the_newest_outcome_stands(course: Course) -> None:
    for student in ("ada", "bob"):
        course.hand_in(student)
        course.grade()
    assert len(course.regrade(student="ada")) == 1
    course.grade(lambda *_, file: outcome(score("q1", 2.0), score("q2", 3.0, 3.0)))
    ada, bob = standing_of(course.ledger, assignment="ps1")
    assert (ada.points, bob.points) == (5.0, 3.0)
    assert [result.outcome.points for result in course.ledger.results(student="ada")] == [3.0, 5.0]


def test_a_regrade_of_one_question_moves_no_other(course: Course) -> None:
    course.hand_in(data=b"q1=1 q2=2")
    course.grade()
    course.regrade(question="q1")
    course.grade(lambda *_, file: outcome(score("q1", 2.0), score("q2", 0.0, 3.0), score("essay", None, 5.0)))
    (ada,) = standing_of(course.ledger)
    assert {entry.question: entry.points for entry in ada.entries} == {"q1": 2.0, "q2": 2.0, "essay": None}


def test_a_regrade_that_comes_to_nothing_takes_nothing_away(course: Course) -> None:
    course.hand_in()
    course.grade()
    course.regrade()
    course.grade(lambda *_, file: replace(outcome(score("q1", 0.0)), verdict="undecided"))
    (ada,) = standing_of(course.ledger)
    assert ada.points == 3.0


def test_a_preview_tells_whose_marks_would_change_and_records_nothing(course: Course) -> None:
    for student, data in (("ada", b"q1=1 q2=2"), ("bob", b"q1=2 q2=2"), ("cy", b"q1=0 q2=1")):
        course.hand_in(student, data)
        course.grade()
    course.mark("q1", 2.0, hand_in=3)  # a person's mark: no test changes it
    course.hand_in("dan")  # not graded yet: nothing to compare

    def kinder(data: bytes, assignment: str, seed: int, *, file: str) -> Outcome:
        return in_a_process(data.replace(b"q1=1", b"q1=2").replace(b"q1=0", b"q1=2"), assignment, seed, file=file)

    found = list(preview(course.ledger, kinder, assignment="ps1", clock=course.clock))
    assert [(change.before.hand_in.submission.student, change.questions, change.gained) for change in found] == [
        ("ada", ("q1",), 1.0)
    ]
    assert list(preview(course.ledger, kinder, assignment="ps1", question="q2", clock=course.clock)) == []
    assert len(course.ledger.results()) == 3
    assert changes(course.ledger, assignment="ps1") == ()


def test_changes_tell_what_a_regrade_did(course: Course) -> None:
    for student in ("ada", "bob"):
        course.hand_in(student)
        course.grade()
    course.regrade()
    course.grade(lambda *_, file: outcome(score("q1", 0.0), score("q2", 2.0, 3.0), score("essay", None, 5.0)))
    course.grade()
    (change,) = changes(course.ledger, assignment="ps1")
    assert (change.questions, change.gained, change.before.points) == (("q1",), -1.0, 3.0)


def test_a_regrade_of_nothing_says_so(course: Course) -> None:
    course.hand_in()
    with pytest.raises(GradingError, match="Nothing was handed in for ps1 by bob"):
        course.regrade(student="bob")


# -- people


def test_a_persons_mark_stands_above_the_machines_and_survives_regrading(course: Course) -> None:
    course.hand_in()
    course.grade()
    course.mark("essay", 4.0, comment="clear")
    course.mark("q1", 2.0)
    course.regrade()
    course.grade(lambda *_, file: outcome(score("q1", 0.0), score("q2", 0.0, 3.0), score("essay", None, 5.0)))
    (ada,) = standing_of(course.ledger)
    assert [(entry.question, entry.points, entry.state, entry.by, entry.comment) for entry in ada.entries] == [
        ("q1", 2.0, "full", "eve", ""),
        ("q2", 0.0, "none", "", ""),
        ("essay", 4.0, "part", "eve", "clear"),
    ]
    assert (ada.points, ada.out_of, ada.to_mark, ada.undecided) == (6.0, 10.0, (), False)


def test_a_mark_without_points_gives_the_question_back_to_the_machine(course: Course) -> None:
    course.hand_in()
    course.grade()
    course.mark("q1", 2.0)
    course.mark("q1", None, comment="I was wrong")
    (entry, *_rest) = standing_of(course.ledger)[0].entries
    assert (entry.points, entry.comment, entry.by) == (1.0, "I was wrong", "")


def test_a_person_can_decide_what_the_machine_could_not(course: Course) -> None:
    course.hand_in(data=b"this is no list of points")
    for _ in range(4):
        course.grade()
        course.now += timedelta(hours=1)
    assert standing_of(course.ledger)[0].undecided
    course.mark("q1", 2.0)
    course.mark("q2", 0.0)
    (ada,) = standing_of(course.ledger)
    assert (ada.undecided, ada.points, ada.to_mark) == (False, 2.0, ("essay",))


@pytest.mark.parametrize(
    ("question", "points", "says"),
    [
        ("q9", 1.0, "has no question q9. It has: q1, q2, essay"),
        ("q1", 2.5, "Question q1 offers 2 points, and 2.5 are more"),
        ("q1", -1.0, "from 0 on, not -1"),
        ("q1", float("nan"), "from 0 on, not nan"),
    ],
)
def test_a_mark_that_cannot_be_meant_is_refused_in_a_sentence(
    course: Course, question: str, points: float, says: str
) -> None:
    course.hand_in()
    course.grade()
    with pytest.raises(GradingError, match=says):
        course.mark(question, points)
    assert course.ledger.marks() == ()


def test_more_than_a_question_offers_is_given_on_purpose_only(course: Course) -> None:
    course.hand_in()
    course.grade()
    course.mark("q1", 2.5, beyond=True)
    assert standing_of(course.ledger)[0].points == 4.5


def test_a_mark_for_no_hand_in_is_refused(course: Course) -> None:
    with pytest.raises(GradingError, match="no hand-in 8"):
        course.mark("q1", 1.0, hand_in=8)


def test_what_students_see_is_what_was_said_last(course: Course) -> None:
    def sees(student: str, habit: bool) -> bool:
        return may_see(course.ledger, assignment="ps1", student=student, unless_said=habit)

    assert (sees("ada", True), sees("ada", False)) == (True, False)
    release(course.ledger, assignment="ps1", by="prof", clock=course.clock)
    release(course.ledger, assignment="ps1", by="prof", clock=course.clock, student="ada", visible=False)
    release(course.ledger, assignment="ps2", by="prof", clock=course.clock, visible=False)
    assert (sees("ada", True), sees("bob", False)) == (False, True)
    release(course.ledger, assignment="ps1", by="prof", clock=course.clock)
    assert sees("ada", False)


def test_grades_follow_the_rules_and_the_extensions(course: Course) -> None:
    for student, data in (("ada", b"q1=2 q2=3"), ("bob", b"q1=1 q2=0"), ("bob", b"q1=2 q2=3"), ("cy", b"q1=2 q2=3")):
        course.hand_in(student, data)
        course.grade()
    rules = Rules(due=MONDAY + timedelta(seconds=2), late=Late(per_day=0.5))
    until = MONDAY + timedelta(hours=1)
    course.ledger.extend(Extension("ps1", "cy", "prof", MONDAY, until=until))
    ada, bob, cy = grades(course.ledger, assignment="ps1", rules_for=lambda _: rules)
    assert [(one.student, one.points, one.taken, one.days_late, one.hand_ins) for one in (ada, bob, cy)] == [
        ("ada", 5.0, 0.0, 0, 1),
        ("bob", 2.5, 2.5, 1, 2),
        ("cy", 5.0, 0.0, 0, 1),
    ]
    last = replace(rules, counts="last", late=Late(per_day=1.0))
    (only_bob,) = grades(course.ledger, assignment="ps1", rules_for=lambda _: last, student="bob")
    assert (only_bob.points, only_bob.standing.hand_in.number) == (0.0, 2)


def test_what_is_not_graded_yet_has_no_points_not_zero(course: Course) -> None:
    course.hand_in()
    (ada,) = grades(course.ledger, assignment="ps1", rules_for=lambda _: Rules())
    assert (ada.points, ada.standing.undecided) == (None, True)


def test_a_busy_ledger_is_the_callers_to_show(course: Course) -> None:
    held = lock(course.ledger)
    with pytest.raises(LedgerBusy, match="please try again"):
        course.hand_in()
    held.close()
