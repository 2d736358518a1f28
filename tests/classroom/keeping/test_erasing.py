"""Deleting somebody: it is said what goes and what stays, then it is so, in every file of the course."""

from collections.abc import Iterator
from pathlib import Path

import pytest

import fovea
from classroom import marking, members, overview
from classroom.errors import ClassroomError, NotAllowed
from classroom.keeping import erasing
from classroom.port import Draft
from classroom.staff import regrading, similar
from grading.gradebook import rebuild, write_autograded
from grading.ledger.port import WasErased
from grading.ledger.records import Mark
from grading.records import Score
from tests.classroom.conftest import ADA, BEN, IVA, TINA
from tests.classroom.course import SmallCourse, small
from tests.grading.ledger.hand_ins import outcome, score

ESSAY = "what-only-ben-wrote-in-his-essay"
SAID = "a-comment-that-names-benjamin"


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmallCourse]:
    with small(tmp_path, str(tmp_path / "course/ledger.sqlite")) as opened:
        opened.published()
        yield opened


def worked(course: SmallCourse) -> int:
    receipt = course.hand_in(BEN, essay=ESSAY)
    assert course.grade() == "graded"
    course.desk.ledger.mark(Mark(receipt.attempt.hand_in, "essay", 2.0, SAID, TINA.key, course.now))
    course.desk.classroom.save("ben", "ps", Draft("essay", ESSAY, course.now))
    return receipt.attempt.hand_in


def found_in(folder: Path, *words: str) -> set[str]:
    return {
        path.name
        for path in folder.rglob("*")
        if path.is_file() and any(word.encode() in path.read_bytes() for word in words)
    }


def test_says_what_goes_and_what_stays(course: SmallCourse) -> None:
    course.hand_in(ADA)
    course.grade()
    course.hand_in(BEN)  # the same bytes
    worked(course)
    course.hand_in(BEN)
    said = erasing.farewell(course.desk, IVA, "ben")
    assert any("3 hand-ins" in sentence for sentence in said.goes)
    assert any("1 comment of markers" in sentence for sentence in said.goes)
    assert any("gradings in the queue" in sentence or "1 grading in the queue" in sentence for sentence in said.goes)
    assert any("somebody else handed in just the same" in sentence for sentence in said.stays)
    assert erasing.farewell(course.desk, IVA, "tina").goes == (
        "Name, addresses, numbers, PIN, sign-ins, drafts and answers in class.",
    )


def test_only_instructors_are_told(course: SmallCourse) -> None:
    for who in (None, ADA, BEN, TINA):
        with pytest.raises(NotAllowed):
            erasing.farewell(course.desk, who, "ben")


def test_knows_nobody_by_a_made_up_key(course: SmallCourse) -> None:
    with pytest.raises(ClassroomError, match="no such member"):
        erasing.farewell(course.desk, IVA, "nobody")


def test_takes_the_work_out_of_every_file_and_leaves_the_points(course: SmallCourse) -> None:
    folder = course.desk.shelf.folder
    hand_in = worked(course)
    before = overview.overview(course.desk, IVA, "ps")
    rebuild(course.desk.ledger, course.desk.shelf.course(), folder / "gradebook.db", people={}, clock=course.desk.clock)
    assert write_autograded(course.desk.ledger, course.desk.shelf.course(), folder / "autograded") == 1
    words = (ESSAY, SAID, "Bitdiddle")
    assert {"gradebook.db", "ps.ipynb"} <= found_in(folder, *words)
    assert members.forget(course.desk, IVA, "ben") == ()
    assert found_in(folder, *words) == set()
    after = overview.overview(course.desk, IVA, "ps")
    kept = [[row.points for row in one.rows if row.student == "ben"] for one in (before, after)]
    assert kept == [[7.0], [7.0]]
    with pytest.raises(WasErased):
        regrading.regrade(course.desk, IVA, "ps", student="ben", reason="a test was wrong")
    assert list(regrading.preview(course.desk, IVA, "ps")) == []
    assert similar.similar(course.desk, IVA, "ps").people == 0
    assert course.desk.ledger.marks(hand_in=hand_in)[0].points == 2.0
    assert write_autograded(course.desk.ledger, course.desk.shelf.course(), folder / "autograded") == 0


def test_nobody_is_asked_to_mark_what_is_gone(course: SmallCourse) -> None:
    ledger = course.desk.ledger
    hand_ins = []
    for who in (BEN, ADA):
        hand_ins.append(course.hand_in(who, essay=ESSAY).attempt.hand_in)
        claimed = ledger.claim("g1", now=course.now, seconds=60)
        assert claimed is not None
        lost = Score("test-double", None, 2.0, "undecided")
        ledger.record(claimed, outcome(lost, score("essay", None, 1.0)), now=course.now)
    assert len(regrading.undecided(course.desk, TINA)) == 2
    members.forget(course.desk, IVA, "ben")
    waiting = marking.next_answer(course.desk, TINA, "ps", "essay")
    assert waiting is not None
    assert waiting.hand_in == hand_ins[1]
    assert marking.next_answer(course.desk, TINA, "ps", "essay", after=hand_ins[1]) == waiting
    assert marking.pile(course.desk, TINA, "ps", "essay").left == 1
    assert [one.student for one in regrading.undecided(course.desk, TINA)] == ["ada"]


def test_says_what_is_left_to_do(course: SmallCourse, monkeypatch: pytest.MonkeyPatch) -> None:
    worked(course)
    monkeypatch.setattr(type(course.desk.ledger), "scrub", lambda _: False)
    (sentence,) = members.forget(course.desk, IVA, "ben")
    assert "`fovea tidy`" in sentence
    assert course.desk.classroom.person("ben") is None


def test_tidies_from_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("FOVEA_LEDGER", raising=False)
    with small(tmp_path, str(tmp_path / "course/ledger.sqlite")):
        pass
    assert fovea.main(["tidy", "--course", str(tmp_path / "course")]) == 0
    assert "gone from the files" in capsys.readouterr().out
