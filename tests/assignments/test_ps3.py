"""What holds for PS3 alone: what its drawn cases contain, and that core recomputes the numbers in its text."""

import ast
from pathlib import Path

import numpy as np
import pytest

from assignments.figures import ps3 as figure
from assignments.referees import ps3
from core.filters.arithmetic import output_side, reach, transposed_side
from core.filters.correlate import correlate
from core.filters.examples import DIGIT
from core.filters.grids import read_words, values
from core.filters.pooling import max_pool
from core.filters.transposed import bilinear_kernel, transposed
from core.filters.unpooling import max_unpool
from core.nets.costs import parameters
from core.nets.layers import Conv
from core.segment.dense import dense_to_conv_keras, keras_to_torch
from core.segment.fcn import grid
from core.segment.stitch import shift_and_stitch, shifts
from tests.assignments.sets import referees, source

BOOK = {cell.id: cell.source for cell in source("ps3").cells}
LECTURE = np.array([[1.0, 2, 6, 3], [3, 5, 2, 1], [1, 2, 2, 1], [7, 3, 4, 8]])
ONE_TO_FOUR, TENT = np.array([[1.0, 2], [3, 4]]), bilinear_kernel(3)
TWO, DIGITS = np.array([[1.0, 2.0]]), np.array([[1.0, 10.0, 100.0]])
THREE = np.array([[4.0, 2, 4], [6, 4, 6], [2, 12, 2]])
PIXELS = np.array([[3.0, 1, 4, 1, 5], [9, 2, 6, 5, 3], [5, 8, 9, 7, 9], [3, 2, 3, 8, 4]])
LOOK, ROW, TENS = np.array([[1.0, 2], [3, -4]]), np.array([[1.0, 2, 4, 8, 16]]), np.array([[1.0, 10.0]])


def plainly(array):
    """As the cells write it: lists, whole numbers without a point."""
    return str([[int(value) if value == int(value) else float(value) for value in row] for row in array])


def spaced(row):
    """A row as the drawings have it."""
    return " ".join(f"{value:g}" for value in np.ravel(row))


def filters():
    return keras_to_torch(dense_to_conv_keras(np.arange(1.0, 9.0)[:, None], (2, 2, 2)))


def of_vgg16(side):
    return f"{parameters(Conv(4096, (side, side)), (512, side, side))[0]:,}"


def seen_by_dilated_layers():
    return [1 + sum(reach(3, dilation=d) - 1 for d in (1, 2, 4, 8)[:count]) for count in range(1, 5)]


UNPOOLED = max_unpool(ONE_TO_FOUR, np.array([[[1, 1], [0, 2]], [[3, 0], [3, 3]]]), (4, 4))
STITCHED = shift_and_stitch(lambda image: correlate(image, LOOK, stride=2), PIXELS, 2, window=2)
WRITTEN = {
    "N46-largest": ("max-pool-with-indices-examples", plainly(max_pool(LECTURE, 2))),
    "N46-places": ("max-pool-with-indices-examples", plainly(ps3.max_pool_with_indices.reference(LECTURE, 2)[1])),
    "N47-back": ("max-unpool-examples", plainly(UNPOOLED)),
    "N47-drawn": ("max-unpool-text", spaced(UNPOOLED[1])),
    "N49-stride-1": ("transposed-conv2d-text", spaced(transposed(TWO, DIGITS))),
    "N50-stride-2": ("transposed-conv2d-text", spaced(transposed(TWO, DIGITS, stride=2))),
    "N50-cropped": ("transposed-conv2d-text", f"[{spaced(transposed(TWO, DIGITS, stride=2)[:, 1:-1])}]"),
    "output-padding": (
        "transposed-conv2d-text",
        f"[{spaced(transposed(TWO, DIGITS, stride=2, padding=(0, 1), output_padding=(0, 1)))}]",
    ),
    "N49-in-the-examples": ("transposed-conv2d-examples", plainly(transposed(TWO, DIGITS))),
    "N50-in-the-examples": ("transposed-conv2d-examples", plainly(transposed(TWO, DIGITS, stride=2))),
    "N44-tent": ("transposed-conv2d-examples", plainly(transposed(THREE, TENT, stride=2, padding=1))),
    "N51-three": ("transposed-conv2d-examples", plainly(transposed(ONE_TO_FOUR, TENT, stride=2, padding=1))),
    "N51-four": (
        "transposed-conv2d-examples",
        plainly(transposed(ONE_TO_FOUR, TENT, stride=2, padding=1, output_padding=1)),
    ),
    "twofold": ("bilinear-kernel-text", " ".join(f"{2 * value:g}" for value in bilinear_kernel(4)[1] / 1.5)),
    "three-stamps": (
        "bilinear-kernel-text",
        spaced(transposed(np.ones((1, 3)), bilinear_kernel(4)[1:2] / 0.75, stride=(1, 2))),
    ),
    "drawn-filters": ("dense-to-conv-examples", str(filters().astype(int).tolist())),
    "N114-shape": ("dense-to-conv-examples", "(256, 10, 20, 20)"),
    "N116-parameters": ("dense-to-conv-text", of_vgg16(7)),
    "N116-as-printed": ("dense-to-conv-text", of_vgg16(1)),
    "stitched": ("shift-and-stitch-examples", plainly(STITCHED)),
    "N60-shifts": ("explain-text", f"{len(list(shifts(32))):,}"),
    "N115-grid": ("explain-text", f"{grid(224, 32)}×{grid(224, 32)}"),
    "dilated": ("dilated-correlate-text", spaced(correlate(ROW, TENS, dilation=2))),
    "undilated": ("dilated-correlate-text", spaced(correlate(ROW, TENS))),
    "dilated-2d": ("dilated-correlate-examples", plainly(correlate(LECTURE, ONE_TO_FOUR, dilation=2))),
    "N67-dilations": ("dilated-correlate-text", "see {}, {}, {} and {} pixels".format(*seen_by_dilated_layers())),
}


@pytest.mark.parametrize(("cell", "text"), WRITTEN.values(), ids=WRITTEN)
def test_says_what_core_computes(cell, text):
    def plain(words):
        return " ".join(words.split()).replace("[ ", "[").replace("( ", "(").replace(" ]", "]")

    assert plain(text) in plain(BOOK[cell])


def test_says_sizes_that_core_computes():
    """N51: 3 and not 4; an output padding makes it 4. N52 and its neighbour: two sizes become one."""
    assert transposed_side(2, 3, stride=2, padding=1) == 3
    assert transposed_side(2, 3, stride=2, padding=1, output_padding=1) == 4
    assert output_side(3, 3, stride=2, padding=1) == output_side(4, 3, stride=2, padding=1) == 2
    assert [transposed_side(20, 2 * f - f % 2, stride=f, padding=f // 2) for f in (1, 2, 3, 4, 5)] == [
        20,
        40,
        60,
        80,
        100,
    ]
    assert (output_side(9, 3, dilation=2), output_side(12, 4, dilation=2)) == (5, 6)


def drawn(question, title, count=200):
    """Many cases of a group, and what should come back."""
    referee = getattr(ps3, question)
    group = next(group for group in referee.groups if group.title == title)
    random = np.random.default_rng(0)
    cases = [group.drawn(random) for _ in range(count)]
    return [(case.arguments, referee.reference(*case.fresh())) for case in cases]


def test_draws_no_square_by_which_rows_could_pass_for_columns():
    for referee in referees("ps3"):
        random = np.random.default_rng(1)
        for group in referee.groups:
            for case in [group.drawn(random) for _ in range(50)] if group.drawn else ():
                image = next((each for each in case.arguments if isinstance(each, np.ndarray)), None)
                assert image is None or image.shape[0] != image.shape[1], (referee.name, group.title)


def test_pools_images_with_something_left_over_and_images_without():
    for title, fits in (("windows that fit evenly", True), ("rows and columns left over", False)):
        for (image, size), _ in drawn("max_pool_with_indices", title):
            rest = [side % size for side in image.shape]
            assert (rest == [0, 0]) if fits else all(rest)
            assert image.min() > 0
            assert len(np.unique(image)) == image.size
        for (stored, _, shape), _ in drawn("max_unpool", title):
            rest = [side % count for side, count in zip(shape, stored.shape, strict=True)]
            assert (rest == [0, 0]) if fits else any(rest)


def test_pools_windows_in_which_the_first_of_equals_is_not_the_last():
    cases = drawn("max_pool_with_indices", "equal values")
    last = ps3.pooling.last_of_equals
    assert np.mean([(last(*arguments)[1] != places).any() for arguments, (_, places) in cases]) > 0.9
    assert all(found.max() < 0 for _, (found, _) in drawn("max_pool_with_indices", "negative numbers only"))


def test_stamps_with_and_without_overlap_and_crops_by_less_and_by_more_than_output_padding():
    gaps = [stride > min(kernel.shape) for (_, kernel, stride), _ in drawn("transposed_conv2d", "larger strides")]
    assert 0.1 < np.mean(gaps) < 0.9
    more = [padding - extra for (_, _, _, padding, extra), _ in drawn("transposed_conv2d", "with output padding")]
    assert min(more) < 0 < max(more)
    assert {len(arguments) for arguments, _ in drawn("transposed_conv2d", "cropped")} == {4}


def test_reshapes_volumes_of_which_all_sides_differ():
    for (weights, volume), filters in drawn("dense_to_conv", "several maps and outputs"):
        assert len({*volume, weights.shape[1]}) == 4
        assert filters.shape == (weights.shape[1], volume[2], *volume[:2])


def test_stitches_maps_of_one_size_and_of_several():
    for title, fits in (("maps of one size", True), ("maps of several sizes", False)):
        for (net, image, factor, window), whole in drawn("shift_and_stitch", title, count=40):
            assert whole.shape == (image.shape[0] - window + 1, image.shape[1] - window + 1)
            assert all((side % factor == 0) is fits for side in whole.shape)
            assert net.__self__.factor == factor


def test_stitches_what_one_pass_without_the_stride_gives():
    """N59, and what the text says of it."""
    for (net, image, _, _), whole in drawn("shift_and_stitch", "maps of several sizes", count=20):
        np.testing.assert_allclose(whole, correlate(image, net.__self__.weights))


def test_lets_a_net_be_asked_for_every_shift_once_and_no_more():
    case = next(group for group in ps3.shift_and_stitch.groups if group.visible).cases[1]
    net, image, factor, _ = case.fresh()
    for r, c in shifts(factor):
        net(image[r:, c:])
    with pytest.raises(RuntimeError, match="no more than 4 shifts"):
        net(image)
    again = case.fresh()[0]
    assert again(image).shape == (2, 2)
    assert repr(again) == repr(case.arguments[0])


def test_shows_the_handwritten_zero_of_the_lab():
    written = "".join(ast.literal_eval(line.split("= ", 1)[1]) for line in BOOK["explore"].splitlines()[1:3])
    assert written == DIGIT
    assert values(read_words(written)).shape == (8, 8)


def test_opens_with_a_figure_on_which_every_digit_has_a_spot_of_its_own():
    from scipy.ndimage import label

    image, coarse, smooth, full = figure.heats()
    count = len(figure.canvas("test", figure.NUMBER, side=figure.SIDE).labels)
    assert [each.shape for each in (image, coarse, smooth, full)] == [(56, 56), (11, 11), (44, 44), (41, 41)]
    assert label(full > 0.5)[1] == count
    np.testing.assert_allclose(full[:: figure.STEP, :: figure.STEP], coarse, atol=1e-6)


def test_leads_to_labs_whose_settings_are_there():
    from pages._parts.upsampling.examples import EXAMPLES

    calls = [
        node
        for cell in source("ps3").cells
        if cell.cell_type == "code"
        for node in ast.walk(ast.parse(cell.source))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "lab"
    ]
    assert [call.args[0].value for call in calls] == ["upsampling", "heat_map", "shift_and_stitch"]
    for call in calls:
        page = call.args[0].value
        files = [Path("pages", f"{page}.py"), Path("pages/_kit/lab.py"), *Path("pages/_parts", page).glob("*.py")]
        code = "".join(file.read_text(encoding="utf-8") for file in files)
        for setting in call.keywords:
            assert f'key="{setting.arg}"' in code
            assert not isinstance(setting.value.value, str) or f'"{setting.value.value}"' in code
    assert calls[0].keywords[0].value.value in EXAMPLES
