import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from grading.referee import EXACT, RefereeError, Tolerance
from grading.referee.compare import compare

NEAR = Tolerance(1e-4, 1e-6, because="float32")
GRID = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])


@pytest.mark.parametrize(
    ("expected", "answer"),
    [
        pytest.param(55, 55.0, id="a float that is a whole number"),
        pytest.param(55, np.int32(55), id="a numpy integer"),
        pytest.param(55, np.array(55), id="an array without axes"),
        pytest.param(55, torch.tensor(55), id="a tensor without axes"),
        pytest.param(2**70, 2**70, id="beyond any float"),
        pytest.param(0.5, np.float32(0.5), id="a numpy number"),
        pytest.param(1.0, 1, id="an int for a float"),
        pytest.param(0.0, -0.0, id="minus zero"),
        pytest.param(float("nan"), np.nan, id="NaN where NaN belongs"),
        pytest.param(float("inf"), np.inf, id="infinity where it belongs"),
        pytest.param(True, np.bool_(True), id="a numpy truth value"),
        pytest.param(None, None, id="nothing where nothing belongs"),
        pytest.param("cat", "cat", id="a word"),
        pytest.param(GRID, GRID.tolist(), id="nested lists"),
        pytest.param(GRID, tuple(map(tuple, GRID)), id="nested tuples of numpy numbers"),
        pytest.param(GRID, [GRID[0], GRID[1].tolist()], id="a list of an array and a list"),
        pytest.param(GRID, GRID.astype(np.float32), id="float32"),
        pytest.param(GRID, GRID.astype(np.int64), id="whole numbers"),
        pytest.param(GRID, np.asfortranarray(GRID), id="another order in memory"),
        pytest.param(GRID, np.repeat(GRID, 2, axis=1)[:, ::2], id="a view with gaps"),
        pytest.param(GRID, GRID[::-1][::-1], id="a view turned twice"),
        pytest.param(np.zeros((0, 4)), [], id="an empty list for no boxes"),
        pytest.param(np.array([np.nan, 1.0]), [np.nan, 1.0], id="NaN in its place"),
        pytest.param((5, 3), [5, 3], id="a list for a tuple"),
        pytest.param((5, 3), np.array([5, 3]), id="an array for a tuple"),
        pytest.param((5, 3), torch.Size([5, 3]), id="a torch size"),
        pytest.param({"a": 1.0, "b": (1, 2)}, {"b": [1, 2], "a": np.float32(1)}, id="a dict in another order"),
        pytest.param(torch.tensor([1.0, 2.0]), torch.tensor([1.0, 2.0], dtype=torch.float64), id="a double tensor"),
        pytest.param(torch.tensor([1.0]), torch.tensor([1.0], requires_grad=True), id="a tensor with a gradient"),
        pytest.param(torch.tensor([1.0]), torch.tensor([1.0], dtype=torch.bfloat16), id="bfloat16"),
        pytest.param(torch.ones(2, 3), torch.ones(3, 2).T, id="a transposed view"),
    ],
)
def test_accepts_another_style(expected, answer):
    assert compare(expected, answer, EXACT) == "right"


@pytest.mark.parametrize(
    ("expected", "answer", "kind"),
    [
        pytest.param(55, 54, "wrong values", id="off by one"),
        pytest.param(55, 55.5, "wrong values", id="a fraction"),
        pytest.param(2**70, 2**70 + 1, "wrong values", id="off by one beyond any float"),
        pytest.param(2**53 + 1, float(2**53), "wrong values", id="rounded by a float"),
        pytest.param(1, True, "wrong type", id="a truth value for a number"),
        pytest.param(True, 1, "wrong type", id="a number for a truth value"),
        pytest.param(1, "1", "wrong type", id="text for a number"),
        pytest.param(1, 1 + 0j, "wrong type", id="a complex number"),
        pytest.param(1, [1], "wrong shape", id="a list for a number"),
        pytest.param(1, np.array([1]), "wrong shape", id="an array for a number"),
        pytest.param(1, None, "no answer", id="nothing"),
        pytest.param(GRID, None, "no answer", id="nothing for an array"),
        pytest.param(0.5, float("nan"), "not a number", id="NaN"),
        pytest.param(0.5, -np.inf, "not a number", id="infinity"),
        pytest.param(0.5, 10**400, "wrong values", id="larger than any float"),
        pytest.param(float("nan"), 0.0, "wrong values", id="a number for NaN"),
        pytest.param(float("inf"), float("-inf"), "wrong values", id="the other infinity"),
        pytest.param(float("inf"), 1e300, "wrong values", id="large for infinite"),
        pytest.param(GRID, GRID.T, "wrong shape", id="transposed"),
        pytest.param(GRID, GRID[None], "wrong shape", id="one axis too many"),
        pytest.param(GRID, 1.0, "wrong shape", id="a number for an array"),
        pytest.param(GRID, [[1, 2, 3], [4, 5]], "wrong shape", id="rows of different lengths"),
        pytest.param(GRID, GRID > 3, "wrong type", id="truth values for numbers"),
        pytest.param(GRID > 3, GRID, "wrong type", id="numbers for truth values"),
        pytest.param(GRID, GRID.astype(str), "wrong type", id="an array of texts"),
        pytest.param(GRID, GRID.astype(object), "wrong type", id="an array of objects"),
        pytest.param(GRID, GRID + 0j, "wrong type", id="complex numbers"),
        pytest.param(GRID, {1: 2}, "wrong type", id="a dict for an array"),
        pytest.param(GRID, torch.from_numpy(GRID), "wrong type", id="a tensor where an array was asked"),
        pytest.param(torch.from_numpy(GRID), GRID, "wrong type", id="an array where a tensor was asked"),
        pytest.param(torch.ones(2), torch.ones(2).to_sparse(), "wrong type", id="a sparse tensor"),
        pytest.param(np.array([1.0, np.nan]), [np.nan, np.nan], "not a number", id="one NaN too many"),
        pytest.param(np.zeros((0, 4)), np.zeros((0, 3)), "wrong shape", id="nothing, of another width"),
        pytest.param((5, 3), (3, 5), "wrong values", id="the wrong order"),
        pytest.param((5, 3), (5, 3, 1), "wrong shape", id="one too many"),
        pytest.param((5, 3), 5, "wrong shape", id="one number for two"),
        pytest.param((5, 3), "53", "wrong type", id="text for a pair"),
        pytest.param({"a": 1}, {"a": 2}, "wrong values", id="another value under a key"),
        pytest.param({"a": 1}, {"b": 1}, "wrong values", id="another key"),
        pytest.param({"a": 1}, [1], "wrong type", id="a list for a dict"),
        pytest.param("cat", "dog", "wrong values", id="another word"),
        pytest.param("cat", 3, "wrong type", id="a number for a word"),
        pytest.param(None, 0, "wrong type", id="something for nothing"),
    ],
)
def test_rejects_and_names_the_kind(expected, answer, kind):
    assert compare(expected, answer, EXACT) == kind


def test_takes_either_library_where_that_is_declared():
    assert compare(GRID, torch.from_numpy(GRID), EXACT, torch_or_numpy=True) == "right"
    assert compare(torch.from_numpy(GRID), GRID, EXACT, torch_or_numpy=True) == "right"
    assert compare(torch.from_numpy(GRID), GRID.tolist(), EXACT, torch_or_numpy=True) == "right"


def test_survives_a_list_that_holds_itself():
    endless = []
    endless.append(endless)
    assert compare(GRID, endless, EXACT) == "wrong type"


def test_asks_an_answer_nothing_that_it_could_lie_about():
    class Agreeable(float):
        def __eq__(self, other):
            return True

        def __sub__(self, other):
            return 0.0

        __rsub__ = __sub__
        __hash__ = None

    class Word(str):
        __slots__ = ()

        def __eq__(self, other):
            return True

        __hash__ = str.__hash__

    class Everything:
        def __eq__(self, other):
            return True

        __hash__ = None

    assert compare(0.5, Agreeable(0.7), EXACT) == "wrong values"
    assert compare("cat", Word("dog"), EXACT) == "wrong values"
    assert compare(0.5, Everything(), EXACT) == "wrong type"
    assert compare(GRID, Everything(), EXACT) == "wrong type"


@given(st.floats(-1e6, 1e6), st.floats(0, 1e-3), st.floats(1e-6, 1e-3))
def test_ends_where_the_tolerance_ends(expected, relative, absolute):
    tolerance = Tolerance(relative, absolute, because="a test")
    room = absolute + relative * abs(expected)
    inside, outside = expected + room * 0.999, expected + room * 1.001
    assert compare(expected, inside, tolerance) == "right"
    assert compare(expected, outside, tolerance) == "wrong values"
    assert compare(np.array([0.0, expected]), np.array([0.0, outside]), tolerance) == "wrong values"


@given(arrays.arrays(np.float64, arrays.array_shapes(max_side=4), elements=st.floats(-1e3, 1e3)))
def test_finds_an_array_equal_to_itself_in_every_style(expected):
    for answer in (expected.copy(order="F"), expected.tolist(), expected[..., None][..., 0], expected + 0.0):
        assert compare(expected, answer, EXACT) == "right"
    assert compare(expected, expected.astype(np.float32), NEAR) == "right"
    assert compare(torch.from_numpy(expected), torch.from_numpy(expected).double(), EXACT) == "right"


def test_refuses_to_guess_what_it_cannot_compare():
    with pytest.raises(RefereeError, match="set"):
        compare({1, 2}, {1, 2}, EXACT)


@pytest.mark.parametrize("wrong", [{"relative": -1.0}, {"absolute": -1.0}, {"because": ""}])
def test_wants_a_tolerance_that_can_be_explained(wrong):
    with pytest.raises(ValueError, match="tolerance"):
        Tolerance(**({"relative": 0.0, "absolute": 0.0, "because": "a test"} | wrong))
