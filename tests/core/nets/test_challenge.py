"""Filling in a layer table: what is right, and which mistake a wrong number comes from."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.nets.challenge import answer, asks, judge
from core.nets.table import parse
from core.nets.trace import Row, trace
from core.nets.zoo import names, network


def row(text: str, *, input: str = "1x32x32") -> Row:
    """The row of one layer on an input of that size."""
    drawn = parse(f"input {input}\n{text}")
    return trace(drawn).rows[-1]


def lenet(name: str) -> Row:
    return next(row for row in trace(network("lenet5")).rows if row.name == name)


@pytest.mark.parametrize("name", names())
@pytest.mark.parametrize("column", ["output", "parameters", "receptive field"])
def test_takes_every_number_of_the_zoo_for_right(name: str, column) -> None:
    wrong = [row.name for row in trace(network(name)).rows if not judge(row, column, answer(row, column)).right]
    assert wrong == []


@pytest.mark.parametrize(
    ("layer", "count"),
    [("conv1", 156), ("pool1", 0), ("conv2", 2416), ("flatten1", 0), ("dense1", 48120), ("dense3", 850)],
)
def test_takes_the_blanks_of_lecture_c_as_filled_in(layer: str, count: int) -> None:  # Q23
    assert judge(lenet(layer), "parameters", (count,)).right


@pytest.mark.parametrize(
    ("made", "typed", "word"),
    [
        pytest.param(lenet("conv2"), 416, "as deep as its input: 6 maps", id="N11-forgotten-depth"),
        pytest.param(lenet("conv2"), 400, "as deep as its input, 6 maps, and has a bias", id="depth-and-bias"),
        pytest.param(lenet("conv2"), 2400, "biases are missing: one for every filter, 16", id="forgotten-bias"),
        pytest.param(lenet("conv2"), 2401, "not one for the layer", id="one-bias"),
        pytest.param(lenet("conv2"), 4800, "belongs to a filter, not to a weight", id="bias-per-weight"),
        pytest.param(lenet("conv2"), 2406, "on the way out", id="bias-per-input-map"),
        pytest.param(lenet("conv2"), 2496, "not for every pair", id="bias-per-pair"),
        pytest.param(lenet("conv2"), 151, "one filter. There are 16", id="one-filter"),
        pytest.param(lenet("conv2"), 496, "two sides", id="one-side-of-the-kernel"),
        pytest.param(lenet("conv2"), 1600, "number of values that come out", id="outputs-counted"),
        pytest.param(lenet("conv1"), 122_304, "weights are shared", id="E22-nothing-shared"),
        pytest.param(lenet("conv1"), 4_821_600, "dense layer", id="N07-counted-as-dense"),
        pytest.param(row("conv 4 3 no bias"), 40, "told to have no bias", id="bias-where-none-is"),
        pytest.param(row("conv 4 3 groups 2", input="6x8x8"), 220, "2 groups", id="groups-forgotten"),
        pytest.param(lenet("dense1"), 3120, "counted 25 inputs", id="dense-on-one-channel"),
        pytest.param(lenet("dense1"), 48000, "biases are missing: one for every unit, 120", id="dense-bias"),
        pytest.param(lenet("dense1"), 520, "multiply, do not add", id="dense-added"),
        pytest.param(lenet("pool1"), 4, "no weights", id="pooling-counted"),
    ],
)
def test_names_the_mistake_in_a_count(made: Row, typed: int, word: str) -> None:
    verdict = judge(made, "parameters", (typed,))
    assert not verdict.right
    assert word in verdict.hint


STRIDED = row("conv 8 3 stride 2 pad 1", input="3x9x9")  # 8x5x5
OBLONG = row("conv 8 3x1", input="3x9x6")  # 8x7x6


@pytest.mark.parametrize(
    ("made", "typed", "word"),
    [
        pytest.param(lenet("conv1"), (6, 32, 32), "the map shrinks", id="not-shrunk"),
        pytest.param(lenet("conv1"), (6, 27, 27), "One is missing", id="one-missing"),
        pytest.param(lenet("conv1"), (1, 28, 28), "6 filters, 6 maps", id="maps-of-the-input"),
        pytest.param(lenet("conv2"), (96, 10, 10), "sums over all its input maps", id="maps-multiplied"),
        pytest.param(lenet("conv1"), (28, 6, 28), "order", id="order-of-the-sides"),
        pytest.param(lenet("conv1"), (28, 28), "maps are missing", id="no-maps"),
        pytest.param(STRIDED, (8, 9, 9), "stride is forgotten", id="forgotten-stride"),
        pytest.param(STRIDED, (8, 4, 4), "One is missing", id="strided-one-missing"),
        pytest.param(row("conv 8 5 stride 1 pad 2"), (8, 28, 28), "padding is forgotten", id="forgotten-padding"),
        pytest.param(row("conv 8 5 pad 2"), (8, 30, 30), "both ends", id="padding-on-one-end"),
        pytest.param(row("maxpool 3 stride 2"), (1, 16, 16), "round down", id="rounded-up"),
        pytest.param(row("conv 8 3 dilation 2"), (8, 30, 30), "dilation is forgotten", id="forgotten-dilation"),
        pytest.param(OBLONG, (8, 6, 7), "Height comes before width", id="height-and-width"),
        pytest.param(lenet("flatten1"), (16, 5, 5), "multiply its sides", id="not-flattened"),
        pytest.param(lenet("flatten1"), (25,), "one map", id="one-map-flattened"),
        pytest.param(lenet("dense1"), (400,), "one value for every unit", id="dense-input"),
        pytest.param(lenet("dense1"), (1, 2, 3), "a vector", id="a-volume-for-a-vector"),
    ],
)
def test_names_the_mistake_in_a_shape(made: Row, typed: tuple[int, ...], word: str) -> None:
    verdict = judge(made, "output", typed)
    assert not verdict.right
    assert word in verdict.hint


def test_takes_the_order_of_keras_and_says_so() -> None:
    verdict = judge(lenet("conv1"), "output", (28, 28, 6))
    assert verdict.right
    assert "Keras" in verdict.hint


@pytest.mark.parametrize(
    ("made", "typed", "word"),
    [
        pytest.param(lenet("conv2"), 10, "every step counts 2", id="jump-forgotten"),
        pytest.param(lenet("conv2"), 16, "its side less 1", id="whole-window-added"),
        pytest.param(lenet("conv2"), 5, "window on the map below", id="window-only"),
        pytest.param(lenet("conv2"), 30, "do not multiply", id="fields-multiplied"),
        pytest.param(STRIDED, 5, "own stride", id="own-stride"),
        pytest.param(lenet("pool1"), 5, "layer below", id="unchanged"),
        pytest.param(row("conv 8 3 dilation 2"), 3, "dilation", id="dilation-forgotten"),
    ],
)
def test_names_the_mistake_in_a_field(made: Row, typed: int, word: str) -> None:
    verdict = judge(made, "receptive field", (typed,))
    assert not verdict.right
    assert word in verdict.hint


def test_takes_one_side_for_a_square_field() -> None:
    assert judge(lenet("conv2"), "receptive field", (14,)).right
    assert judge(lenet("conv2"), "receptive field", (14, 14)).right
    assert not judge(lenet("conv2"), "receptive field", (14, 15)).right


def test_asks_about_fields_only_where_a_window_widens_them() -> None:
    asked = [row.name for row in trace(network("lenet5")).rows if asks(row, "receptive field")]
    assert asked == ["conv1", "pool1", "conv2", "pool2"]


@settings(deadline=None, max_examples=200)
@given(
    typed=st.lists(st.integers(0, 10**12), min_size=0, max_size=4).map(tuple),
    column=st.sampled_from(["output", "parameters", "receptive field"]),
    place=st.integers(0, 14),
    name=st.sampled_from(["lenet5", "alexnet-two-streams"]),
)
def test_has_a_word_for_every_wrong_answer(typed: tuple[int, ...], column, place: int, name: str) -> None:
    made = trace(network(name)).rows[place % len(network(name).layers)]
    verdict = judge(made, column, typed)
    assert verdict.right or verdict.hint
