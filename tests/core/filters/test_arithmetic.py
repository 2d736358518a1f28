import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import ShapeError
from core.filters.arithmetic import output_shape, output_side, reach, same_margins, same_padding, transposed_side

SIDES = st.integers(1, 20)
SMALL = st.integers(1, 5)
PADS = st.integers(0, 4)


@settings(deadline=None)
@given(SIDES, SMALL, SMALL, PADS, SMALL)
def test_counts_what_torch_returns_and_refuses_what_torch_refuses(side, kernel, stride, padding, dilation):
    image, weights = torch.zeros(1, 1, side), torch.zeros(1, 1, kernel)
    if reach(kernel, dilation=dilation) > side + 2 * padding:
        with pytest.raises(ShapeError, match="would"):
            output_side(side, kernel, stride=stride, padding=padding, dilation=dilation)
        with pytest.raises(RuntimeError):
            torch.nn.functional.conv1d(image, weights, stride=stride, padding=padding, dilation=dilation)
        return
    twin = torch.nn.functional.conv1d(image, weights, stride=stride, padding=padding, dilation=dilation)
    assert output_side(side, kernel, stride=stride, padding=padding, dilation=dilation) == twin.shape[2]


@settings(deadline=None)
@given(SIDES, SMALL, SMALL, PADS, SMALL)
def test_names_a_kernel_and_a_padding_that_do_fit(side, kernel, stride, padding, dilation):
    try:
        output_side(side, kernel, stride=stride, padding=padding, dilation=dilation)
    except ShapeError as error:
        words = str(error).replace(":", " ").split()
        at_most = int(words[words.index("most") + 1])
        at_least = int(words[words.index("least") + 1])
        output_side(side, at_most, stride=stride, padding=padding, dilation=dilation)
        output_side(side, kernel, stride=stride, padding=at_least, dilation=dilation)
        with pytest.raises(ShapeError):
            output_side(side, at_most + 1, stride=stride, padding=padding, dilation=dilation)
        with pytest.raises(ShapeError):
            output_side(side, kernel, stride=stride, padding=at_least - 1, dilation=dilation)


@settings(deadline=None)
@given(st.integers(1, 12), SMALL, SMALL, PADS, PADS, SMALL)
def test_counts_transposed_outputs_as_torch_does(side, kernel, stride, padding, extra, dilation):
    image, weights = torch.zeros(1, 1, side), torch.zeros(1, 1, kernel)
    options = {"stride": stride, "padding": padding, "output_padding": extra, "dilation": dilation}
    try:
        twin = torch.nn.functional.conv_transpose1d(image, weights, **options).shape[2]
    except RuntimeError:
        twin = 0
    if twin:
        assert transposed_side(side, kernel, **options) == twin
    else:
        with pytest.raises(ShapeError):
            transposed_side(side, kernel, **options)


@settings(deadline=None)
@given(SIDES, SMALL, SMALL, PADS, SMALL)
def test_is_undone_by_the_transposed_size_for_one_output_padding(side, kernel, stride, padding, dilation):
    if reach(kernel, dilation=dilation) > side + 2 * padding:
        return
    shrunk = output_side(side, kernel, stride=stride, padding=padding, dilation=dilation)
    dropped = (side + 2 * padding - reach(kernel, dilation=dilation)) % stride
    back = transposed_side(shrunk, kernel, stride=stride, padding=padding, output_padding=dropped, dilation=dilation)
    assert back == side


@pytest.mark.parametrize(
    ("side", "kernel", "stride", "padding", "expected"),
    [
        pytest.param(224, 2, 2, 0, 112, id="N36-pooling-halves"),
        pytest.param(224, 2, 1, 0, 223, id="N37-stride-1-pooling-does-not-keep-the-size"),
        pytest.param(28, 3, 1, 1, 28, id="N38-kernel-3"),
        pytest.param(28, 5, 1, 2, 28, id="N38-kernel-5"),
        pytest.param(28, 7, 1, 3, 28, id="N38-kernel-7"),
        pytest.param(7, 3, 2, 0, 3, id="N41-stride-2"),
        pytest.param(7, 3, 1, 0, 5, id="N42-stride-1"),
        pytest.param(4, 3, 1, 1, 4, id="N52-stride-1"),
        pytest.param(4, 3, 2, 1, 2, id="N52-stride-2"),
        pytest.param(6, 3, 1, 0, 4, id="N54-four-rows"),
        pytest.param(6, 3, 2, 0, 2, id="N56-two-rows"),
        pytest.param(227, 11, 4, 0, 55, id="alexnet-conv1"),
    ],
)
def test_gives_the_sizes_of_the_lectures(side, kernel, stride, padding, expected):
    assert output_side(side, kernel, stride=stride, padding=padding) == expected


@pytest.mark.parametrize(
    ("side", "kernel", "options", "expected"),
    [
        pytest.param(2, 3, {}, 4, id="N49-stride-1"),
        pytest.param(2, 3, {"stride": 2}, 5, id="N50-stride-2"),
        pytest.param(2, 3, {"stride": 2, "padding": 1, "output_padding": 1}, 4, id="N50-cropped-to-twice-the-input"),
        pytest.param(2, 3, {"stride": 2, "padding": 1}, 3, id="N51-is-not-4"),
        pytest.param(2, 3, {"stride": 2, "padding": 1, "output_padding": 1}, 4, id="N51-with-output-padding"),
        pytest.param(3, 3, {"stride": 2, "padding": 1}, 5, id="N44-bilinear"),
    ],
)
def test_gives_the_transposed_sizes_of_the_lectures(side, kernel, options, expected):
    assert transposed_side(side, kernel, **options) == expected


@pytest.mark.parametrize("kernel", [1, 3, 5, 7, 11])
@pytest.mark.parametrize("dilation", [1, 2, 3])
def test_keeps_the_size_with_same_padding(kernel, dilation):
    padding = same_padding(kernel, dilation=dilation)
    assert output_side(40, kernel, padding=padding, dilation=dilation) == 40


def test_finds_no_same_padding_for_an_even_window_unless_its_span_is_odd():
    with pytest.raises(ShapeError, match="no middle"):
        same_padding(4)
    assert same_padding(2, dilation=2) == 1


def test_explains_a_kernel_that_does_not_fit():
    with pytest.raises(ShapeError) as caught:
        output_side(5, 5, padding=1, dilation=2)
    assert str(caught.value) == (
        "a kernel side of 5 with dilation 2 spans 9 pixels and does not fit into 7 pixels "
        "(5 and twice the padding of 1): a kernel side of at most 4 or a padding of at least 2 would"
    )


@pytest.mark.parametrize("wrong", [{"stride": 0}, {"padding": -1}, {"dilation": 0}])
def test_refuses_a_meaningless_setting_by_name(wrong):
    with pytest.raises(ShapeError, match=next(iter(wrong))):
        output_side(5, 3, **wrong)


def test_treats_the_two_directions_apart():
    shape = output_shape((7, 12), (3, 5), stride=(1, 2), padding=(0, 2), dilation=(2, 1))
    twin = torch.nn.functional.conv2d(
        torch.zeros(1, 1, 7, 12), torch.zeros(1, 1, 3, 5), stride=(1, 2), padding=(0, 2), dilation=(2, 1)
    )
    assert shape == tuple(twin.shape[2:])
    assert np.prod(shape) == twin.numel()


@settings(deadline=None)
@given(SIDES, SMALL, SMALL)
def test_keeps_a_stop_for_every_stride_begun_with_same_margins(side, window, stride):
    before, after = same_margins(side, window, stride=stride)
    stops = -(-side // stride)
    assert after - before in (0, 1)
    assert (side + before + after - window) // stride + 1 == stops
