"""A thousand malformed uploads: each is taken for what it is or refused in a sentence, and none runs in a browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from classroom import work
from grading.errors import Refusal
from grading.service import Receipt
from pages._kit import course as kit
from tests.classroom.conftest import ADA
from tests.classroom.course import SmallCourse, small
from tests.course.malformed import EACH, KINDS, malformed
from tests.pages.test_assignments import page, said


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmallCourse]:
    with small(tmp_path, str(tmp_path / "ledger.db")) as opened:
        monkeypatch.setattr(kit, "desk", lambda: opened.desk)
        yield opened.published()


def test_they_are_a_thousand() -> None:
    assert len(KINDS) * EACH == 1000


@pytest.mark.parametrize("kind", KINDS)
def test_each_is_taken_or_refused_in_a_sentence(course: SmallCourse, kind: str) -> None:
    answers: list[Receipt | Refusal] = []
    for file, data in malformed(kind, course.answered()):
        try:
            answers.append(work.hand_in(course.desk, ADA, "ps", file=file, data=data))
        except Refusal as refusal:
            answers.append(refusal)
    for answer in answers:
        assert str(answer).strip()[-1] in ".?"
        assert len(str(answer)) < 1500
        assert isinstance(answer, Receipt) or answer.remedy
    kept = {seen.standing.hand_in.submission.sha256 for seen in work.history(course.desk, ADA, "ps")}
    assert kept == {answer.attempt.submission.sha256 for answer in answers if isinstance(answer, Receipt)}


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_the_page_answers_each_and_stands(course: SmallCourse, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    drawn = page(monkeypatch, ADA, set="ps", view="Hand in a file")
    for file, data in malformed(kind, course.answered()):
        if file.lower().endswith((".ipynb", ".zip")):  # the browser sends no others
            drawn.file_uploader[0].set_value((file, data, "application/json")).run()
            next(button for button in drawn.button if button.label == "Hand this file in").click().run()
            assert not drawn.exception
            assert drawn.error or "received on" in said(drawn)
