"""The bench of the problem sets, on the shortest of them."""

import pytest

from benchmarks import sets
from benchmarks.serve import ROOT
from grading.course import Course


@pytest.mark.slow
def test_times_hand_ins_that_earn_all_but_the_first():
    found = sets.graded(Course.open(ROOT / "assignments"), "warmup", rounds=2)
    assert len(found) == 2
    assert all(0 < seconds < 60 for seconds in found)
