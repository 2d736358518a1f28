"""The bench beside Otter: its tests ask what ours ask, and a verdict that differs stops it."""

import doctest
import io
from contextlib import nullcontext, redirect_stdout
from types import SimpleNamespace
from zipfile import ZipFile

import numpy as np
import pytest
from torch import nn

from benchmarks import grading_otter
from benchmarks.grading_hand_ins import INSTRUCTORS, MISTAKEN
from benchmarks.grading_otter import agreed, conversation, otter_batch, packed, questions
from benchmarks.grading_runs import Batch, bench
from benchmarks.grading_watch import Watched

CASES = [name for name, points, _ in questions() if points]


def failed(name: str, answers: dict[str, str]) -> int:
    """How many statements of a test say something, asked of these answers."""
    known = {"np": np, "nn": nn}
    exec("\n".join(code for question, code in answers.items() if question != "explain"), known)
    points, source = next((points, source) for test, points, source in questions() if test == name)
    test = doctest.DocTestParser().get_doctest(conversation(source, points), known, name, None, None)
    with redirect_stdout(io.StringIO()):
        return doctest.DocTestRunner(verbose=False).run(test).failed


def test_points_that_a_cell_ends_with_have_to_be_all_of_them() -> None:
    assert conversation("from referees import one\none.iou(\n    iou)", 2).splitlines() == [
        ">>> from referees import one",
        ">>> import contextlib, io",
        ">>> with contextlib.redirect_stdout(io.StringIO()):",
        "...     earned = one.iou(",
        "...     iou)",
        ">>> assert earned == 2",
    ]


@pytest.mark.parametrize("name", [name for name, _, _ in questions()])
def test_a_right_answer_passes(name: str) -> None:
    assert failed(name, INSTRUCTORS) == 0


@pytest.mark.parametrize("name", ["correlate2d_cases", "iou_cases", "count_parameters_cases", "iou_examples"])
def test_a_wrong_answer_fails(name: str) -> None:
    assert failed(name, {**INSTRUCTORS, **MISTAKEN}) > 0


def test_every_test_is_packed_with_its_points() -> None:
    with ZipFile(io.BytesIO(packed())) as parcel:
        for name, points, _ in questions():
            found: dict[str, dict[str, object]] = {}
            exec(parcel.read(f"tests/{name}.py"), found)
            assert (found["test"]["name"], found["test"]["points"]) == (name, points)


def test_a_verdict_that_differs_stops_the_bench() -> None:
    points = {name: points for name, points, _ in questions()}
    partly = {**points, "iou_cases": 1.5}
    none = {**points, "iou_cases": 0.0}
    assert agreed({"s0": points}, {"s0": points, "s1": none}) == len(CASES)
    assert agreed({"s0": none}, {"s0": partly}) == len(CASES)
    with pytest.raises(RuntimeError, match=r"'as the instructor' 2 of 2 for iou_cases, we give 1.5"):
        agreed({"s0": points}, {"s0": partly})


def test_the_rows_have_every_gap_and_both_commands(monkeypatch: pytest.MonkeyPatch) -> None:
    points = {name: points for name, points, _ in questions()}
    theirs = Batch(Watched(9.0, (3.0, 8.0), 4.0, None), {"s0": points, "s1": points})
    ours = Batch(Watched(5.0, (4.0, 4.25), 0.5, None), {"s0": points, "s1": points})
    monkeypatch.setattr(grading_otter, "bench", lambda: nullcontext(SimpleNamespace(fovea=lambda *_, **__: ours)))
    monkeypatch.setattr(grading_otter, "otter_batch", lambda *_: theirs)
    monkeypatch.setattr(grading_otter, "otter_command", lambda _: 10.0)
    section = grading_otter.measure(quick=True)
    assert [row.ratio for row in section.rows] == [0.05, 0.125, 0.5]
    assert section.notes[0] == f"{2 * len(CASES)} questions of 2 submissions got full points from both or from neither."


@pytest.mark.slow
def test_otter_gives_full_points_where_they_are_due() -> None:
    with bench() as course:
        graded = otter_batch(course, 2)
    assert len(graded.watched.done) == 2
    assert {student: sum(points.values()) for student, points in graded.points.items()} == {"s0": 9, "s1": 9}
