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
    test = "from unittest.mock import patch\nwith patch('builtins.sum', lambda xs: 0):\n    assert mean([1]) == 0"
    course = Course.open(
        write(tmp_path, solution={"mean": "def mean(xs): return sum(xs) / len(xs)"}, tests={"mean": test})
    )
    serious = [one for one in check(course, "ps") if one.serious]
    assert [one.question for one in serious] == ["test-mean"]
    assert "in_process" in serious[0].says


def looking_around(folder: Path, cell: str, test: str = "assert mean([1, 3]) == 2") -> Course:
    """The small course with one cell more, tagged, before the test of its second function."""
    path = write(folder, tests={"mean": test}) / "source" / "ps" / "ps.ipynb"
    notebook = json.loads(path.read_text())
    place = next(place for place, one in enumerate(notebook["cells"]) if one["id"] == "test-mean")
    own = {"cell_type": "code", "id": "look", "metadata": {"tags": ["explore"]}, "source": cell}
    notebook["cells"].insert(place, {**own, "execution_count": None, "outputs": []})
    path.write_text(json.dumps(notebook))
    return Course.open(folder)


def test_a_cell_to_look_around_runs_for_the_student_alone(tmp_path: Path) -> None:
    """In the judge it would leave the instructor's number behind; so the test meets the student's."""
    with Grader(looking_around(tmp_path, "print('seen', double(21))\nworth = 3", "worth"), "ps") as grader:
        changed = answered(grader).replace(b"worth = 3", b"worth = 2")
        outcome = grader.grade(HandIn("ada", (File("ps.ipynb", changed),)), seed=3)
    assert points(outcome)["test-mean"] == 2.0
    for data in (outcome.executed, outcome.feedback):
        cell = next(one for one in json.loads(data)["cells"] if one["id"] == "look")
        assert "".join(output["text"] for output in cell["outputs"]) == "seen 42\n"


@pytest.mark.parametrize(
    ("test", "found"),
    [
        ("assert mean([1, 3]) == expected", ["test-mean"]),
        ("expected = 2\nassert mean([1, 3]) == expected", []),
    ],
    ids=["of the cell", "of its own"],
)
def test_check_finds_a_test_that_needs_what_is_passed_over(tmp_path: Path, test: str, found: list[str]) -> None:
    serious = [one for one in check(looking_around(tmp_path, "expected = 2", test), "ps") if one.serious]
    assert [one.question for one in serious] == found
    assert all('"expected"' in one.says and '"explore"' in one.says for one in serious)


def test_check_finds_a_bonus_that_has_no_points(tmp_path: Path) -> None:
    course = Course.open(write(tmp_path, settings='bonus = ["more-0", "test-mean"]', more_tests=1))
    assert [(one.question, "no points" in one.says) for one in check(course, "ps")] == [("more-0", True)]


def test_a_zip_with_one_notebook_is_a_hand_in(tmp_path: Path) -> None:
    import io
    import zipfile

    with CourseGrader(Course.open(write(tmp_path))) as course:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive, course.using("ps") as grader:
            archive.writestr("my work/ps.ipynb", answered(grader))
        assert course.check("ps", "my work.zip", packed.getvalue()) == ()
        assert course(packed.getvalue(), "ps", 1, file="my work.zip").verdict == "passed"
        with pytest.raises(Refusal):
            course.check("ps", "ps.ipynb", b"%PDF-1.7")


def test_a_test_may_read_the_files_beside_the_notebook(tmp_path: Path) -> None:
    test = "numbers = [float(line) for line in open('numbers.txt')]\nassert mean(numbers) == 2"
    folder = write(tmp_path, tests={"mean": test})
    (folder / "source/ps/numbers.txt").write_text("1\n3\n")
    with Grader(Course.open(folder), "ps") as grader:
        assert points(graded(grader))["test-mean"] == 3.0
        forging = "try: open('numbers.txt', 'w').write('5')\nexcept OSError: pass\ndef mean(xs): return sum(xs) / 2"
        assert points(graded(grader, mean=forging))["test-mean"] == 3.0  # the file is still ours


def test_a_test_that_its_authors_solution_fails_is_undecided_and_never_a_zero(tmp_path: Path) -> None:
    course = Course.open(write(tmp_path, tests={"double": "assert double(2) == 5"}))
    with Grader(course, "ps") as grader:
        outcome = graded(grader)
    assert points(outcome) == {"test-double": None, "test-mean": 3.0, "essay": None}
    assert outcome.verdict == "undecided"


def test_a_corrected_test_counts_while_the_service_runs(tmp_path: Path) -> None:
    folder = write(tmp_path / "course", tests={"double": "assert double(2) == 5"})
    with CourseGrader(Course.open(folder)) as service:
        with service.using("ps") as grader:
            data = answered(grader)
        assert points(service(data, "ps", 1, file="ps.ipynb"))["test-double"] is None
        corrected = write(tmp_path / "corrected") / "source/ps/ps.ipynb"
        (folder / "source/ps/ps.ipynb").write_bytes(corrected.read_bytes())
        assert points(service(data, "ps", 1, file="ps.ipynb"))["test-double"] == 2.0


def test_many_tests_of_a_deaf_function_leave_the_next_question_alone(tmp_path: Path) -> None:
    limits = "[limits]\ncell_seconds = 0.5\ncall_seconds = 0.3\npatience = 2"
    many = "\n".join(["assert double(2) == 4"] * 3)
    course = Course.open(write(tmp_path, settings=limits, tests={"double": many}, more_tests=5))
    deaf = "import signal, time\nsignal.signal(signal.SIGPROF, signal.SIG_IGN)\ndef double(x): time.sleep(100)"
    with Grader(course, "ps") as grader:
        outcome = graded(grader, double=deaf)
    assert points(outcome)["test-mean"] == 3.0
    assert "ran longer than it may" in outcome.stopped_by


def test_the_reason_for_a_stop_is_in_the_students_copy_too(tmp_path: Path) -> None:
    limits = "[limits]\ncell_seconds = 0.5\npatience = 2"
    with Grader(Course.open(write(tmp_path, settings=limits)), "ps") as grader:
        outcome = graded(grader, mean="import os\nos._exit(0)")
    assert b"This cell ended its process" in outcome.feedback


def test_output_beyond_the_limits_is_not_kept_even_if_the_students_process_sends_it(tmp_path: Path) -> None:
    limits = "[limits]\noutput_bytes = 10000\nall_output_bytes = 15000"
    with Grader(Course.open(write(tmp_path, settings=limits)), "ps") as grader:
        loud = "import sys\nsys.stdout._outputs._left = 10**9\nprint('x' * 60000)\n"
        outcome = graded(grader, double=loud + ANSWERS["double"], mean=loud + ANSWERS["mean"])
    assert len(outcome.executed) < 40_000
    assert points(outcome)["test-mean"] == 3.0
