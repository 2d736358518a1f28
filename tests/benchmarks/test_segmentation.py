"""The bench of segmentation metrics: the same masks for all, and goals that can fail."""

import numpy as np
import pytest

from benchmarks import segmentation
from benchmarks.segmentation import BYTES, CLASSES, LONG, Ours, Program, ScikitLearn, Taken, compared, drawn, run
from core.measure.segmentation import IGNORED


class Slow(Ours):
    """Counts everything ten times over, and once wrong."""

    def update(self, truth, answer) -> None:
        for _ in range(10):
            super().update(truth, answer)
        super().update(truth, truth)


def test_draws_the_same_masks_every_time_as_its_docstring_says() -> None:
    truth, answer = drawn(3, 64)
    assert all(np.array_equal(*pair) for pair in zip((truth, answer), drawn(3, 64), strict=True))
    known = truth != IGNORED
    assert 1 - known.mean() == pytest.approx(0.03, abs=0.01)
    assert (truth == answer)[known].mean() == pytest.approx(0.8 + 0.2 / CLASSES, abs=0.02)


@pytest.mark.parametrize("form", [BYTES, LONG])
def test_meters_agree_whatever_the_form(form) -> None:
    truth, answer = drawn(2, 48)
    ours, theirs = Ours(), ScikitLearn()
    assert run(ours, truth, answer, form) > 0
    run(theirs, truth, answer, form)
    assert np.array_equal(ours.counts, theirs.counts)
    assert ours.scores() == theirs.scores()


@pytest.mark.parametrize(("seconds", "holds"), [(2.1, True), (1.9, False)])
def test_fails_when_another_program_is_too_fast(seconds: float, holds: bool) -> None:
    other = Program("another", "numpy", Ours, 4, goal=1 / 2)
    row = compared(other, Taken([1.0], ()), Taken([seconds], ()), 10)
    assert row.holds is holds
    assert row.what == "Counting 10 masks beside another, scaled from 3"


def test_measures_every_program_in_both_forms(monkeypatch: pytest.MonkeyPatch) -> None:
    everybody = (
        Program("ten times", "numpy", Slow, 2, 1 / 2),
        Program("its table", "scikit-learn", Ours, 1),
    )
    monkeypatch.setattr(segmentation, "PROGRAMS", everybody)
    monkeypatch.setattr(segmentation, "SIDE", 96)
    section = segmentation.measure(quick=True)
    assert [len(row.ours.values) for row in section.rows] == [1, 1, 1]
    assert section.rows[1].holds
    slow, same = section.notes
    assert slow.startswith("ten times: ")
    assert "scores differ by 0 at most" not in slow
    assert same.endswith("scores differ by 0 at most.")
