"""The bench that grades: whom it compares, what it counts, what it reads."""

import json
import sqlite3
import sys
import time
from contextlib import closing
from itertools import pairwise
from pathlib import Path

import pytest

from benchmarks.grading import Found, agreed, notes, rows
from benchmarks.grading_hand_ins import KINDS, class_of, kind_of, lay_flat, lay_submitted, notebook
from benchmarks.grading_runs import COURSE, Batch, _bar, bench, environment, gradebook_points, result_points
from benchmarks.grading_service import arrivals, waits
from benchmarks.grading_watch import Watched, counted, tree_cpu, watch
from grading.notebooks.folder import find
from grading.records import Isolation, Outcome, Score

SOURCE = (COURSE / "source/warmup/warmup.ipynb").read_bytes()
POINTS = {  # what the machine gives; a person's question waits where it was answered
    "as the instructor": 9,
    "step by step": 9,
    "forgetful": 7.75,
    "vectorised": 9,
    "crashing": 3,
    "mistaken": 4,
    "half done": 4,
    "not begun": 0,
}


def sources(content: bytes) -> dict[str, str]:
    cells = json.loads(content)["cells"]
    marked = [(cell["metadata"].get("nbgrader", {}).get("grade_id"), cell["source"]) for cell in cells]
    return {name: "".join(source) for name, source in marked if name}


# -- the class


def test_writes_the_answers_and_nothing_else() -> None:
    before, after = sources(SOURCE), sources(notebook(SOURCE, {"iou": "def iou(a, b):\n    return 1\n"}))
    assert after.pop("iou") == "def iou(a, b):\n    return 1\n"
    assert before.pop("iou") != "def iou(a, b):\n    return 1\n"
    assert after == before


def test_refuses_an_answer_to_no_question() -> None:
    with pytest.raises(ValueError, match="no cell to answer iuo"):
        notebook(SOURCE, {"iuo": "pass"})


def test_never_answers_a_test_cell() -> None:
    with pytest.raises(ValueError, match="no cell to answer iou_cases"):
        notebook(SOURCE, {"iou_cases": "pass"})


def test_a_class_takes_turns_and_sorts_in_that_order() -> None:
    students = class_of(20, SOURCE)
    assert sorted(students) == list(students)
    assert [kind_of(student) for student in students] == [list(KINDS)[number % 8] for number in range(20)]
    assert students["s03"] == students["s11"]
    assert len(set(students.values())) == len(KINDS) == 8


def test_both_sides_get_the_same_bytes(tmp_path: Path) -> None:
    students = class_of(9, SOURCE)
    lay_submitted(students, tmp_path / "course", "warmup")
    flat = lay_flat(students, tmp_path / "flat")
    for folder in (flat, tmp_path / "course"):
        found = find(folder, "warmup")
        assert {one.student: one.notebooks[0].read_bytes() for one in found} == students


# -- what is counted


@pytest.mark.parametrize(("results", "count"), [(2, 1), (4, 3), (8, 7), (9, 8), (10, 8), (41, 40), (1000, 992)])
def test_counts_whole_turns_and_never_the_first(results: int, count: int) -> None:
    assert counted(results) == count


def test_one_result_has_no_pace() -> None:
    with pytest.raises(ValueError, match="at least, got 1"):
        counted(1)


def test_the_pace_leaves_out_the_start() -> None:
    done = (9.0, *(10.0 + number / 2 for number in range(9)))  # the last 8 of 10 are half a second apart
    assert Batch(Watched(15.0, done, 4.0, None), {}).steady == 0.5
    assert Batch(Watched(15.0, done, 4.0, None), {}).cpu == 0.5


def test_reads_the_last_step_of_the_bar() -> None:
    assert _bar("warmup: 0hand-in [00:00, ?hand-in/s]") == 0
    assert _bar("\rwarmup:  10%|#  | 1/40 [00:05<03:20, 5s/hand-in]\rwarmup:  30%|## | 12/40 [00:07<00:01]") == 12


# -- watching


def script(*lines: str) -> list[str]:
    return [sys.executable, "-c", "\n".join(("import os, subprocess, sys, time", *lines))]


def lines(said: str) -> int:
    return said.count("done")


def test_sees_results_as_they_come_and_the_work_of_children(tmp_path: Path) -> None:
    work = "sum(range(3_000_000))"
    command = script(
        "for _ in range(3):",
        f"    subprocess.run([sys.executable, '-c', '{work}'])",
        "    print('done', file=sys.stderr)",
        "    time.sleep(0.2)",
    )
    seen = watch(command, folder=tmp_path, environment=environment(tmp_path), counts=lines, expected=3, memory=True)
    assert len(seen.done) == 3
    assert all(later - earlier >= 0.2 for earlier, later in pairwise(seen.done))
    assert seen.done[-1] < seen.seconds
    assert 0.01 < seen.cpu < seen.seconds
    assert seen.peak is None or seen.peak > 1e6


def test_a_failure_shows_what_was_said_but_no_folder(tmp_path: Path) -> None:
    command = script("sys.exit(f'cannot open {os.getcwd()}/x')")
    with pytest.raises(RuntimeError, match="ended with 1 after 0 of 2") as caught:
        watch(command, folder=tmp_path, environment=environment(tmp_path), counts=lines, expected=2)
    assert "cannot open .../x" in str(caught.value)
    assert str(tmp_path) not in str(caught.value)


def test_too_few_results_are_a_failure(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="ended with 0 after 1 of 2"):
        watch(
            script("sys.exit(print('done', file=sys.stderr))"),
            folder=tmp_path,
            environment=environment(tmp_path),
            counts=lines,
            expected=2,
        )


def test_who_has_ended_took_nothing() -> None:
    assert tree_cpu(2**22 + 1) == 0


# -- what is read


def test_reads_nbgraders_database(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "gradebook.db")) as connection:
        connection.executescript("""
            CREATE TABLE base_cell (id, name);
            CREATE TABLE submitted_assignment (id, student_id);
            CREATE TABLE submitted_notebook (id, assignment_id);
            CREATE TABLE grade (cell_id, notebook_id, auto_score);
            INSERT INTO base_cell VALUES ('c1', 'iou'), ('c2', 'explain');
            INSERT INTO submitted_assignment VALUES ('a1', 's0'), ('a2', 's1');
            INSERT INTO submitted_notebook VALUES ('n1', 'a1'), ('n2', 'a2');
            INSERT INTO grade VALUES ('c1', 'n1', 1.5), ('c2', 'n1', NULL), ('c1', 'n2', 0);
        """)
    assert gradebook_points(tmp_path / "gradebook.db") == {"s0": {"iou": 1.5, "explain": None}, "s1": {"iou": 0}}


LOCKED = {"layers": ["seccomp"], "warnings": [], "trusted": False}


def test_reads_results_that_were_made_in_isolation() -> None:
    entry = {"isolation": LOCKED, "questions": {"iou": {"points": 1.5}, "explain": {"points": None}}}
    assert result_points({"s0": entry}) == {"s0": {"iou": 1.5, "explain": None}}


@pytest.mark.parametrize("isolation", [None, {**LOCKED, "trusted": True}, {**LOCKED, "layers": []}])
def test_refuses_results_without_isolation(isolation: object) -> None:
    with pytest.raises(RuntimeError, match="s0 was not graded in isolation"):
        result_points({"s0": {"isolation": isolation, "questions": {}}})


# -- the table


def batch(students: int, *, pace: float, start: float = 4.0, peak: int | None = None, **points: float) -> Batch:
    done = tuple(start + pace * number for number in range(students))
    given = {f"s{number:04d}": {"iou": points.get(kind_of(f"s{number}"), 2.0)} for number in range(students)}
    cpu = pace * counted(students) if students > 1 else 0.0
    return Batch(Watched(done[-1] + 0.5, done, cpu, peak), given)


def outcome(points: float = 2.0) -> Outcome:
    return Outcome("passed", (Score("iou", points, 2.0, "full"),), 0.2, isolation=Isolation(("seccomp",)))


def found(*, two: float = 0.1, large: float = 0.2, points: float = 2.0, peak: int | None = 800_000_000) -> Found:
    return Found(
        theirs=[batch(10, pace=4.0)],
        ours={1: [batch(41, pace=0.2)], 2: [batch(41, pace=two)]},
        small=[batch(10, pace=0.2)],
        large=batch(1000, pace=large),
        their_single=[batch(1, pace=1.0)],
        single=[batch(1, pace=1.0)],
        their_memory=batch(3, pace=4.0, peak=900_000_000),
        memory={1: batch(8, pace=0.2, peak=peak), 2: batch(16, pace=0.2, peak=peak)},
        waits={f"s{number:02d}": number / 20 for number in range(1, 61)},
        outcomes={f"s{number:02d}": outcome(points) for number in range(60)},
    )


def test_the_rows_have_the_goals_of_the_issue() -> None:
    table = {row.what: row for row in rows(found())}
    assert [what for what, row in table.items() if row.goals] == [
        "A submission in a running batch, 1 worker",
        "A submission in a running batch, 2 workers",
        "From 10 to 1,000 submissions: a submission in a running batch",
        "Hand-in to verdict, the service with 2 workers",
    ]
    assert all(row.holds for row in table.values() if row.goals)
    assert table["A submission in a running batch, 1 worker"].ratio == pytest.approx(1 / 20)
    assert table["Memory per worker, 1 worker"].ours.values == (800,)
    assert table["Memory per worker, 2 workers"].ours.values == (400,)
    assert table["Whole command, 10 submissions, 1 worker"].theirs.values == (40.5,)


@pytest.mark.parametrize(
    ("measured", "missed"),
    [
        (found(two=0.12), "A submission in a running batch, 2 workers"),
        (found(large=0.24), "From 10 to 1,000 submissions: a submission in a running batch"),
    ],
)
def test_a_missed_goal_is_shown_as_missed(measured: Found, missed: str) -> None:
    assert [row.what for row in rows(measured) if row.holds is False] == [missed]


def test_memory_that_cannot_be_read_has_no_row() -> None:
    assert not any("Memory" in row.what for row in rows(found(peak=None)))


def test_the_notes_say_how_many_times_and_which_layers() -> None:
    said = " ".join(notes(found()))
    assert "20 times with 1 worker (goal 20) and 40 times with 2 workers (goal 35)" in said
    assert "Layers in force with every result of ours: seccomp." in said


def test_agreement_is_per_kind() -> None:
    assert agreed(found()) == {kind: {"iou": 2.0} for kind in KINDS}


def test_different_points_stop_the_bench() -> None:
    with pytest.raises(RuntimeError, match=r"'as the instructor' \(s00\) differ: iou 1.5 and 2.0"):
        agreed(found(points=1.5))


# -- the service


def test_arrivals_are_random_ordered_and_about_as_many_as_asked() -> None:
    times = arrivals(60, 30.0, seed=1)
    assert list(times) == sorted(times)
    assert len(set(times)) == 60
    assert 15 < times[-1] < 60
    assert times != arrivals(60, 30.0, seed=2)


# -- with graders


@pytest.mark.slow
def test_our_command_gives_every_kind_what_it_deserves() -> None:
    with bench() as course:
        began = time.perf_counter()
        graded = course.fovea(9, workers=2)
        assert 0 < graded.steady < graded.seconds <= time.perf_counter() - began
        assert graded.cpu > 0
        earned = {student: sum(p or 0 for p in points.values()) for student, points in graded.points.items()}
        assert earned == {student: POINTS[kind_of(student)] for student in earned}
        took, outcomes = waits(course.folder, course.released, students=3, seconds=1.0, workers=1)
        assert set(took) == {"s0", "s1", "s2"}
        assert all(wait > 0 for wait in took.values())
        assert [outcome.points for outcome in outcomes.values()] == [9, 9, 7.75]


@pytest.mark.slow
def test_nbgrader_gives_the_same_points() -> None:
    with bench() as course:
        theirs, ours = course.nbgrader(8), course.fovea(8, workers=1)
    assert len(theirs.watched.done) == 8
    assert theirs.points == ours.points
