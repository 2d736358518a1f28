"""A student's function sees the hidden inputs. Whatever it does with them, no ruling carries them out."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from grading import referee as referees
from grading.referee import Group, case
from tests.grading.referee.drawing import SMALL, means, referee

SECRET = 73_190_264  # in every hidden input, and nowhere else


def secret(random):
    return case(np.full((2, 3), float(SECRET)) + random.integers(0, 9, size=(2, 1)))


def asked():
    groups = (
        Group("hidden edges", 1, cases=(case(np.full((1, 4), float(SECRET)), title=f"an edge of {SECRET}"),)),
        Group("hidden draws", 1, drawn=secret, count=3),
        Group("the example", 1, visible=True, cases=(case(SMALL, title="Two rows"),)),
    )
    return referee(groups=groups)


def raising(kind):
    def student(table):
        raise kind(f"got {table.tolist()}")

    return student


def named_error(table):
    raise type(f"Got{int(table.flat[0])}", (Exception,), {})(str(table))


def builtin_in_disguise(table):
    error = type("ValueError", (ValueError,), {"__name__": str(table)})
    error.__qualname__ = error.__name__ = f"Got{int(table.flat[0])}"
    raise error(str(table))


def remembering():
    seen = []

    def student(table):
        seen.append(table.copy())
        return str(seen)

    return student


def chained(table):
    try:
        raise KeyError(str(table))
    except KeyError as error:
        raise ValueError(str(table)) from error


STUDENTS = {
    "answers with its input": lambda table: table,
    "answers with a text": lambda table: str(table.tolist()),
    "answers with a shape": lambda table: np.broadcast_to(0.0, (int(table.flat[0]), 0)),
    "answers with a dict": lambda table: {int(table.flat[0]): table},
    "answers wrongly": lambda table: means(table) + 1,
    "raises ValueError": raising(ValueError),
    "raises AssertionError": raising(AssertionError),
    "raises an error of its own name": named_error,
    "raises an error in disguise": builtin_in_disguise,
    "raises a chain": chained,
    "took too long": raising(TimeoutError),
    "remembers all it saw": remembering(),
}


@pytest.mark.parametrize("student", STUDENTS.values(), ids=STUDENTS)
@pytest.mark.parametrize("seed", range(3))
def test_tells_no_hidden_number_whatever_the_student_does(student, seed, capsys):
    referees.set_seed(seed)
    asked()(student)
    ruling = referees.last_ruling()
    everything = repr(ruling) + capsys.readouterr().out
    assert not re.search(r"731902\d\d|7\.319", everything), everything
    assert ruling.points < ruling.out_of


answers = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just("INPUT"),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=6,
)


def filled(shape, table):
    if shape == "INPUT":
        return table
    if isinstance(shape, list):
        return [filled(part, table) for part in shape]
    if isinstance(shape, dict):
        return {key + str(table.flat[0]): filled(part, table) for key, part in shape.items()}
    return shape


@given(answers, st.sampled_from([None, ValueError, OSError, TimeoutError, ArithmeticError]))
def test_says_the_same_for_any_hidden_input_that_goes_wrong_in_the_same_way(answer, error):
    """Twins: the numbers change, the trouble does not, so the words must not."""

    def student(table):
        if error is not None:
            raise error(str(table))
        return filled(answer, table)

    def ruling(number):
        groups = (
            Group("hidden", 1, cases=(case(np.full((2, 3), number)), case(np.full((1, 3), number * 2)))),
            Group("the example", 1, visible=True, cases=(case(SMALL),)),
        )
        ruled = referee(groups=groups).rule(student)
        return ruled.seen, ruled.hint, ruled.points, ruled.groups

    assert ruling(float(SECRET)) == ruling(float(SECRET) * 3)
