"""The lecture's three lines of Keras: what is wrong with them, and that nothing typed is ever run."""

import pytest

from core.errors import CoreError
from core.segment.transplant import LECTURE, SECOND, THIRD, run

SMALL = {"volume": (3, 2, 4), "units": 5}


def test_the_lecture_s_lines_fail_twice():
    assert "takes 2 positional arguments but 3 were given" in run(*LECTURE, **SMALL).error
    repaired = run(LECTURE[0], "model2.layers[7].set_weights([w7, b7])", **SMALL)
    assert repaired.line == 3
    assert "(3, 2, 4, 5) is not compatible with provided shape (24, 5)" in repaired.error


def test_exactly_one_program_is_right():
    right = [(second, third) for second in SECOND for third in THIRD if run(second, third, **SMALL).right]
    assert right == [("w7 = w7.reshape(20, 20, 10, 256)", "model2.layers[7].set_weights([w7, b7])")]


def test_a_right_shape_can_hold_wrong_places():
    found = run("w7 = w7.T.reshape(20, 20, 10, 256)", "model2.layers[7].set_weights([w7, b7])", **SMALL)
    assert found.line is None
    assert found.apart > 0.1


def test_runs_nothing_that_somebody_types():
    with pytest.raises(CoreError, match="not among those"):
        run("__import__('os').system('true')", LECTURE[1])
