"""The grader as the service uses it: settings that change what is judged, and what every grade is stamped with."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest

from grading.check import check
from grading.course import Course
from grading.errors import Refusal, SandboxError
from grading.grader import CourseGrader, Grader
from grading.notebooks.folder import File, HandIn
from grading.records import Outcome
from tests.grading.small_course import ANSWERS, answered, write


@pytest.fixture(scope="module")
def grader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grader]:
    with Grader(Course.open(write(tmp_path_factory.mktemp("course"))), "ps") as running:
        yield running


def graded(grader: Grader, **answers: str) -> Outcome:
    return grader.grade(HandIn("ada", (File("ps.ipynb", answered(grader, **answers)),)), seed=3)


def points(outcome: Outcome) -> dict[str, float | None]:
    return {score.question: score.points for score in outcome.scores}


def test_a_right_notebook_gets_everything_but_what_a_person_marks(grader: Grader) -> None:
    outcome = graded(grader)
    assert points(outcome) == {"test-double": 2.0, "test-mean": 3.0, "essay": None}
    assert (outcome.verdict, outcome.to_mark, outcome.stopped_by) == ("passed", True, "")
    assert {"seccomp", "no new privileges"} <= set(outcome.isolation.layers)
    assert outcome.seed == 3


def test_the_same_seed_gives_the_same_verdict(grader: Grader) -> None:
    assert points(graded(grader)) == points(graded(grader))


def test_what_was_seen_is_said_for_visible_tests_only(grader: Grader) -> None:
    outcome = graded(
        grader, double="def double(x): return x + 2 if x == 1.5 else 3 * x", mean="def mean(xs): return 2.0"
    )
    seen = {score.question: score.seen for score in outcome.scores}
    assert "assert double(2) == 4" in seen["test-double"]
    assert seen["test-mean"] == "A hidden test did not pass."


def test_the_executed_notebook_is_a_notebook_and_the_students_copy_hides_the_tests(grader: Grader) -> None:
    outcome = graded(grader)
    for data in (outcome.executed, outcome.feedback):
        nbformat.validate(nbformat.reads(data.decode(), as_version=4))
    assert b"BEGIN HIDDEN TESTS" in outcome.executed
    assert b"BEGIN HIDDEN TESTS" not in outcome.feedback


def test_prints_after_a_hidden_test_come_from_a_run_without_it(grader: Grader) -> None:
    keeps = "kept = []\ndef double(x):\n    kept.append(x)\n    return 2 * x"
    outcome = graded(grader, double=keeps, mean="print('kept', kept)\n" + ANSWERS["mean"])
    assert "kept [2]" in text_of(outcome.feedback)
    assert "1234.5" not in text_of(outcome.feedback)
    assert "1234.5" in text_of(outcome.executed)
    assert points(outcome)["test-mean"] == 3.0


def text_of(notebook: bytes) -> str:
    cells = json.loads(notebook)["cells"]
    return "".join(output.get("text", "") for cell in cells for output in cell.get("outputs", ()))


def test_a_forbidden_shortcut_is_named(tmp_path: Path) -> None:
    course = Course.open(write(tmp_path, settings='forbidden = ["statistics.fmean"]', referee=True))
    with Grader(course, "ps") as grader:
        outcome = graded(grader, mean="import statistics\ndef mean(xs): return statistics.fmean(xs)")
        assert points(outcome)["test-mean"] == 0.0
        assert any("fmean" in score.seen + score.hint for score in outcome.scores)
        assert points(graded(grader))["test-mean"] == 3.0


def test_a_test_in_the_students_process_is_marked_and_canaries_watch_it(tmp_path: Path) -> None:
    course = Course.open(write(tmp_path, settings='in_process = ["test-mean"]'))
    with Grader(course, "ps") as grader:
        honest = next(score for score in graded(grader).scores if score.question == "test-mean")
        assert (honest.points, honest.integrity) == (3.0, "in-process")
        silenced = "import builtins\nget_ipython().run_cell = lambda *a, **k: None\ndef mean(xs): return 0"
        lying = next(score for score in graded(grader, mean=silenced).scores if score.question == "test-mean")
        assert lying.points in (None, 0.0)


def test_it_refuses_where_the_machine_is_too_weak_unless_the_course_trusts_its_students(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import grading.engine.engine as engine
    from grading.sandbox.selftest import examine

    monkeypatch.setattr(engine, "examine", lambda **words: weaker(examine(**words)))

    def weaker(found):  # type: ignore[no-untyped-def]
        refusing = replace(found.standing, refuses=("This machine cannot hide files from a submission.",))
        return replace(found, standing=refusing)

    with Grader(Course.open(write(tmp_path / "a")), "ps") as grader, pytest.raises(SandboxError, match="hide files"):
        graded(grader)
    trusting = Course.open(write(tmp_path / "b", settings="trust_students = true"))
    with Grader(trusting, "ps") as grader:
        isolation = graded(grader).isolation
    assert isolation.trusted
    assert "This machine cannot hide files from a submission." in isolation.warnings


def test_a_solution_that_fails_its_own_test_is_found_and_stamped(tmp_path: Path) -> None:
    course = Course.open(write(tmp_path, solution={"double": "def double(x): return 3 * x"}))
    assert [(one.question, one.serious) for one in check(course, "ps")] == [("test-double", True)]
    with Grader(course, "ps") as grader:
        assert any("own solution" in warning for warning in graded(grader).isolation.warnings)


def test_check_finds_what_a_second_process_cannot_do(tmp_path: Path) -> None:
    test = "xs = [1.0]\nmean(xs)\nimport __main__\nfrom unittest.mock import patch\nwith patch('builtins.sum', lambda xs: 0):\n    assert mean([1]) == 0"
    course = Course.open(
        write(tmp_path, solution={"mean": "def mean(xs): return sum(xs) / len(xs)"}, tests={"mean": test})
    )
    serious = [one for one in check(course, "ps") if one.serious]
    assert [one.question for one in serious] == ["test-mean"]
    assert "in_process" in serious[0].says


def test_a_zip_with_one_notebook_is_a_hand_in(tmp_path: Path) -> None:
    import io
    import zipfile

    with CourseGrader(Course.open(write(tmp_path))) as course:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr("my work/ps.ipynb", answered(course.of("ps")))
        assert course.check("ps", "my work.zip", packed.getvalue()) == ()
        assert course(packed.getvalue(), "ps", 1, file="my work.zip").verdict == "passed"
        with pytest.raises(Refusal):
            course.check("ps", "ps.ipynb", b"%PDF-1.7")
