"""Trying out: cells run in a living session, the examples are asked, and nothing on the page is older than it looks."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from grading.course import Course
from grading.errors import GradingError
from grading.grader import CourseGrader
from grading.practice import MOST_PRINTED, Busy, Practice, Tried
from tests.grading import small_course


@pytest.fixture(scope="module")
def grader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CourseGrader]:
    folder = small_course.write(
        tmp_path_factory.mktemp("course"), settings="[limits]\ncell_seconds = 1", tests={"mean": "# Further cases"}
    )
    with CourseGrader(Course.open(folder)) as grader:
        yield grader


@pytest.fixture
def practice(grader: CourseGrader) -> Iterator[Practice]:
    practice = Practice(grader)
    yield practice
    practice.close()


def tried(practice: Practice, cell: str, *, who: str = "ada", check: bool = False, **answers: str) -> Tried:
    return practice.run(who, "ps", "ps", answers, cell, check=check)


def printed(found: Tried) -> str:
    return "".join(output.get("text", "") for output in found.outputs)


def test_runs_a_cell_and_says_what_it_put_out(practice: Practice) -> None:
    found = tried(practice, "double", double="print('hello')\n7 * 6")
    assert (printed(found), found.failed, found.examples) == ("hello\n", False, ())
    assert [output["data"]["text/plain"] for output in found.outputs if "data" in output] == ["42"]


def test_asks_the_examples_and_never_what_is_hidden(practice: Practice) -> None:
    wrong = tried(practice, "double", double="def double(x): return x + 3", check=True)
    assert [(one.cell, one.passed) for one in wrong.examples] == [("test-double", False)]
    assert "double(2) == 4" in wrong.examples[0].seen
    known_by_heart = tried(practice, "double", double="def double(x): return 4", check=True)
    assert [one.passed for one in known_by_heart.examples] == [True]  # the hidden test would tell


@pytest.mark.parametrize(("right", "passed"), [("2 * x", True), ("x + 3", False)], ids=["right", "wrong"])
def test_shows_what_a_function_prints_while_an_example_asks_it(practice: Practice, right: str, passed: bool) -> None:
    """And nothing of a hidden case: its argument is never seen, let alone printed."""
    (example,) = tried(
        practice, "double", double=f"def double(x):\n    print('asked', x)\n    return {right}", check=True
    ).examples
    assert (example.passed, example.printed) == (passed, "asked 2\n")


def test_cuts_what_a_function_prints_without_end(practice: Practice) -> None:
    loud = "def double(x):\n    print('a' * 60_000)\n    return 2 * x"
    (example,) = tried(practice, "double", double=loud, check=True).examples
    assert example.passed
    assert example.printed == f"{'a' * MOST_PRINTED}\n... and {60_001 - MOST_PRINTED:,} letters more"


def test_shows_what_is_printed_by_an_example_in_the_students_process(tmp_path: Path) -> None:
    folder = small_course.write(tmp_path, settings='in_process = ["test-double"]')
    with CourseGrader(Course.open(folder)) as grader:
        practice = Practice(grader)
        (example,) = tried(
            practice, "double", double="def double(x):\n    print(x)\n    return 2 * x", check=True
        ).examples
        practice.close()
    assert (example.passed, example.printed) == (True, "2\n")


def test_asks_nothing_where_students_have_only_a_comment(practice: Practice) -> None:
    assert tried(practice, "mean", mean="def mean(xs): return 0", check=True).examples == ()


def test_runs_what_changed_above_before_the_cell(practice: Practice) -> None:
    use = "print(double(4))\ndef mean(xs): return 0"
    assert printed(tried(practice, "mean", double="def double(x): return 2 * x", mean=use)) == "8\n"
    assert printed(tried(practice, "mean", double="def double(x): return 3 * x", mean=use)) == "12\n"
    counted = "print('ran')\ndef double(x): return x"
    assert printed(tried(practice, "double", double=counted)) == "ran\n"
    assert tried(practice, "mean", double=counted, mean=use).above == ()


def test_names_the_cells_above_that_failed(practice: Practice) -> None:
    found = tried(practice, "mean", double="1 / 0", mean="def mean(xs): return 0")
    assert (found.above, found.failed) == (("double",), False)


def test_keeps_what_ran_between_two_runs_and_between_two_students(practice: Practice) -> None:
    tried(practice, "mean", mean="secret = 7")
    assert printed(tried(practice, "mean", mean="print(secret)")) == "7\n"
    other = tried(practice, "mean", who="ben", mean="print(secret)")
    assert other.failed
    assert other.outputs[0]["ename"] == "NameError"


def test_goes_on_after_a_cell_that_ends_its_process_or_never_ends(practice: Practice) -> None:
    tried(practice, "mean", mean="kept = 5")
    died = tried(practice, "mean", mean="import os; os._exit(3)")
    assert (died.failed, died.outputs[0]["ename"]) == (True, "Stopped")
    endless = tried(practice, "mean", mean="while True: pass")
    assert endless.failed
    assert printed(tried(practice, "mean", mean="print(kept)")) == "5\n"


def test_can_be_stopped(practice: Practice) -> None:
    practice.warm("ps")
    tried(practice, "mean", mean="pass")
    ended: list[Tried] = []
    slow = threading.Thread(
        target=lambda: ended.append(tried(practice, "mean", mean="import time\nfor _ in range(300): time.sleep(0.1)"))
    )
    slow.start()
    time.sleep(0.5)
    practice.stop("ada", "ps", "ps")
    slow.join(20)
    assert ended[0].failed
    assert ended[0].outputs[-1]["ename"] == "KeyboardInterrupt"


def test_begins_anew_when_asked(practice: Practice) -> None:
    tried(practice, "mean", mean="kept = 5")
    practice.start_over("ada", "ps", "ps")
    assert tried(practice, "mean", mean="print(kept)").failed


def test_ends_the_sessions_that_are_too_many_and_nobody_notices(grader: CourseGrader) -> None:
    practice = Practice(grader, most=1)
    above = "def double(x): return 2 * x"
    for who in ("ada", "ben", "ada"):
        assert printed(tried(practice, "mean", who=who, double=above, mean="print(double(1))")) == "2\n"
        assert len(practice._trials) == 1
    practice.close()
    assert practice._trials == {}


def test_lets_a_session_rest_only_so_long(grader: CourseGrader) -> None:
    practice = Practice(grader, idle=0.0)
    tried(practice, "mean", mean="pass")
    assert practice._trials == {}


def test_says_so_when_no_turn_comes(grader: CourseGrader) -> None:
    practice = Practice(grader, at_once=1)
    with practice._turns, pytest.raises(Busy, match="try again"):
        practice.run("ada", "ps", "ps", {}, "mean", patience=0.01)
    practice.close()


@pytest.mark.parametrize("cell", ["title", "test-double", "nothing", ""])
def test_refuses_what_is_no_cell_to_run(practice: Practice, cell: str) -> None:
    with pytest.raises(GradingError, match="no such cell"):
        tried(practice, cell)


def test_a_locked_cell_cannot_be_replaced(practice: Practice) -> None:
    found = practice.run("ada", "ps", "ps", {"test-double": "print('mine')", "double": "x = 1"}, "double", check=True)
    assert [one.passed for one in found.examples] == [False]
