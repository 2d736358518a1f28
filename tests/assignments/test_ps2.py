"""What holds for PS2 alone: what its drawn cases contain, and that core recomputes the numbers in its text."""

import ast
from pathlib import Path

import numpy as np
import pytest

from assignments.figures.ps2 import coffee
from assignments.referees import ps2
from core.filters import examples
from core.filters.arithmetic import output_side
from core.filters.correlate import convolve, correlate
from core.filters.grids import read_words, values
from core.filters.layer import conv_layer
from core.filters.matrix import filter_matrix
from core.filters.padding import pad
from core.filters.pooling import average_pool, max_pool
from core.units.activations import leaky_relu, sigmoid, sigmoid_as_printed, tanh
from tests.assignments.sets import referees, source

ROOT = Path(__file__).resolve().parents[2]
BOOK = {cell.id: cell.source for cell in source("ps2").cells}
BLOCK, PLUS, LAPLACIAN = (values(read_words(text)) for text in (examples.BLOCK, examples.PLUS, examples.LAPLACIAN))
POOLED = np.array([[1.0, 2, 6, 3], [3, 5, 2, 1], [1, 2, 2, 1], [7, 3, 4, 8]])
LETTERS, SIGNAL = np.array([1000.0, 100.0, 10.0]), np.array([0.0, 1, 2, 3, 4, 0])
TWO_MAPS, SLICES = np.array([[[1.0, 2.0, 3.0]], [[10.0, 20.0, 30.0]]]), np.array([[[[1.0, 1.0]], [[0.0, 1.0]]]])
ROW, ENDS = np.array([[1.0, 2, 3, 4]]), np.array([[1.0, 0, 0, 0, 10]])


def whole(array):
    """As the cells write it: lists of whole numbers."""
    assert np.allclose(array, np.rint(array))
    return str(np.rint(array).astype(int).tolist())


def strided_as_matrix():
    matrix = filter_matrix(BLOCK.shape, PLUS, stride=2)
    rows, columns = matrix.shape
    return f"{rows} × {columns} = {matrix.size} entries", f"{np.count_nonzero(matrix)} are not 0"


WRITTEN = {
    "N41-strided": ("correlate2d-examples", whole(correlate(BLOCK, PLUS, stride=2))),
    "N42-at-stride-1": ("correlate2d-examples", whole(correlate(BLOCK, PLUS))),
    "zeros-around": ("correlate2d-examples", whole(correlate(ROW, ENDS, padding=(0, 2)))),
    "mirror-around": ("correlate2d-examples", whole(correlate(pad(ROW, (0, 2), "symmetric"), ENDS))),
    "mirror-at-stride-2": ("correlate2d-examples", whole(correlate(pad(ROW, (0, 2), "symmetric"), ENDS, stride=2))),
    "stamps": ("convolve2d-examples", whole(convolve(ROW[:, :2], np.array([[3.0, 4, 5]]), padding=(0, 2)))),
    "N41-in-a-layer": ("conv-layer-examples", whole(correlate(BLOCK, PLUS, stride=2))),
    "laplacian": ("conv-layer-examples", whole(correlate(BLOCK, LAPLACIAN, stride=2) + 1)),
    "two-maps": ("conv-layer-examples", whole(conv_layer(TWO_MAPS, SLICES, np.array([100.0])))),
    "padded-maps": ("conv-layer-examples", whole(conv_layer(TWO_MAPS, np.ones((1, 2, 3, 3)), padding=1))),
    "N54-stride-1": ("filter-matrix-examples", whole(filter_matrix((6,), LETTERS) @ SIGNAL)),
    "N54-padded": ("filter-matrix-examples", whole(filter_matrix((4,), LETTERS, padding=1) @ SIGNAL[1:5])),
    "N56-stride-2": ("filter-matrix-examples", whole(filter_matrix((6,), LETTERS, stride=2) @ SIGNAL)),
    "matrix": ("filter-matrix-examples", whole(filter_matrix((6,), np.arange(1.0, 4)))),
    "matrix-padded": ("filter-matrix-examples", whole(filter_matrix((4,), np.arange(1.0, 4), padding=1))),
    "N33-logistic": ("activation-text", f"{sigmoid(np.array(1.0)):.4f}"),
    "N33-as-printed": ("activation-text", f"{sigmoid_as_printed(np.array(1.0)):.4f}"),
    "N33-in-the-examples": ("activation-examples", f"[{sigmoid(np.array(1.0)):.4f}]"),
    "N34-leaky": ("activation-examples", f"[{leaky_relu(np.array(-2.0)):g}, 0, 3]"),
    "tanh-at-1": ("activation-examples", f"[{tanh(np.array(1.0)):.4f}]"),
    "logistic-at-minus-1": ("activation-examples", f"[{sigmoid(np.array(-1.0)):.4f}]"),
    "N46-largest": ("pool2d-examples", whole(max_pool(POOLED, 2))[1:-1]),
    "means": ("pool2d-text", "2.75  3".replace("2.75", f"{average_pool(POOLED, 2)[0, 0]:g}")),
    "overlapping": ("pool2d-examples", whole(max_pool(POOLED, 2, stride=1))),
    "N37-stride-1": ("pool2d-text", f"224\nrows become {output_side(224, 2)}"),
    "N43-entries": ("explain-text", strided_as_matrix()[0]),
    "N43-not-0": ("explain-text", strided_as_matrix()[1]),
    "matrix-of-an-image": (
        "filter-matrix-2d-examples",
        whole(filter_matrix((2, 3), np.array([[1.0, 2], [3, 4]]))),
    ),
}


@pytest.mark.parametrize(("cell", "text"), WRITTEN.values(), ids=WRITTEN)
def test_says_what_core_computes(cell, text):
    def plain(words):
        return " ".join(words.split())

    assert plain(text) in plain(BOOK[cell])


def drawn(question, title, count=200):
    """The arguments of many cases of a group, and what should come back."""
    referee = getattr(ps2, question)
    group = next(group for group in referee.groups if group.title == title)
    random = np.random.default_rng(0)
    cases = [group.drawn(random) for _ in range(count)]
    return [(case.arguments, referee.reference(*case.arguments)) for case in cases]


@pytest.mark.parametrize(
    "referee", [each for each in referees("ps2") if each.name != "activation"], ids=lambda r: r.name
)
def test_draws_no_square_by_which_rows_could_pass_for_columns(referee):
    random = np.random.default_rng(1)
    for group in referee.groups:
        allowed = 1 if group.title == "square kernels" else 0
        for case in [group.drawn(random) for _ in range(50)] if group.drawn else ():
            shapes = [each.shape[-2:] for each in case.arguments if isinstance(each, np.ndarray) and each.ndim > 1]
            assert sum(rows == columns for rows, columns in shapes) == allowed


STRIDED = {  # the group, and where its cases say how long the side is, how wide the window, and how far a step
    "correlate2d": (
        "without padding, larger strides",
        lambda image, kernel, stride, _: (*image.shape[1:], kernel.shape[1], stride),
    ),
    "conv_layer": (
        "larger strides",
        lambda volume, filters, _, stride, __: (volume.shape[2], filters.shape[3], stride),
    ),
    "filter_matrix": ("larger strides", lambda kernel, n, stride, _: (n, len(kernel), stride)),
    "pool2d": ("other strides", lambda volume, size, stride, _: (volume.shape[2], size, stride)),
}


@pytest.mark.parametrize("question", STRIDED)
def test_draws_strides_after_which_something_is_left_over_and_some_after_which_nothing_is(question):
    title, measured = STRIDED[question]
    sizes = [measured(*arguments) for arguments, _ in drawn(question, title)]
    assert {(side - window) % stride > 0 for side, window, stride in sizes} == {True, False}
    assert all(stride > 1 or question == "pool2d" for _, _, stride in sizes)


def test_mirrors_more_than_the_border_pixel_everywhere():
    for (image, kernel, stride, padding), output in drawn("correlate2d", "a mirror around the image"):
        assert (stride, padding) == (1, "symmetric")
        assert max(kernel.shape) >= 5
        assert output.shape == image.shape


def test_pads_with_both_fillings_where_it_also_strides():
    cases = drawn("correlate2d", "padding and larger strides together")
    assert {arguments[3] for arguments, _ in cases} == {"same", "symmetric"}


def test_draws_layers_with_another_number_of_filters_than_maps_and_biases_that_show():
    for title in ("several maps and filters", "larger strides", "padding", "padding and larger strides together"):
        for (volume, filters, biases, *_), _ in drawn("conv_layer", title, count=50):
            assert filters.shape[1] == len(volume) != len(filters) == len(biases)
            assert np.abs(biases).min() >= 1


def test_draws_pooling_of_both_kinds_and_leaves_windows_out():
    modes = [arguments[3] for arguments, _ in drawn("pool2d", "other strides")]
    assert 60 < modes.count("max") < 140
    for arguments, _ in drawn("pool2d", "largest values, windows side by side"):
        assert any(side % arguments[1] for side in arguments[0].shape[1:])
    assert all(output.max() < 0 for _, output in drawn("pool2d", "maps with negative numbers only"))


def test_draws_leaky_slopes_of_both_kinds():
    given = [len(arguments) for arguments, _ in drawn("activation", "leaky ReLU")]
    assert 30 < given.count(2) < 90
    assert {np.asarray(arguments[0]).ndim for arguments, _ in drawn("activation", "leaky ReLU")} == {1, 2, 3}


def test_shows_the_photo_that_the_figure_shows():
    rows = BOOK["explore"].partition('text = """\n')[2].partition('\n"""')[0].split()
    digits = np.array([[int(grey, 16) for grey in row] for row in rows])
    assert digits.tolist() == np.rint(15 * coffee(64, 48)).astype(int).tolist()


def test_leads_to_labs_whose_settings_are_there():
    led = [text for id, text in BOOK.items() if id.startswith("explore-") and id != "explore-text"]
    calls = [node for text in led for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Call)]
    assert len(calls) == len(led) == 3
    for call in calls:
        name = call.args[0].value
        page = (ROOT / f"pages/{name}.py").read_text(encoding="utf-8")
        known = (ROOT / f"pages/_parts/{name}/figures.py").read_text(encoding="utf-8")
        for setting in call.keywords:
            assert f'key="{setting.arg}"' in page
            if setting.arg.endswith("example"):
                assert setting.value.value in examples.EXAMPLES or f'"{setting.value.value}": ' in known
