import numpy as np
import pytest
import scipy.signal
from sklearn.datasets import load_digits

from core.filters.examples import DIGIT, EXAMPLES
from core.filters.grids import read_words, values
from core.filters.walk import walk


def outcome(name, **changes):
    example = EXAMPLES[name]
    setting = {
        "manner": example.manner,
        "padding": example.padding,
        "stride": example.stride,
        "dilation": example.dilation,
        "output_padding": example.output_padding,
    }
    found = walk(values(read_words(example.image)), values(read_words(example.kernel)), **(setting | changes))
    return found.output


@pytest.mark.parametrize(
    "name", [pytest.param(name, id="-".join((*example.numbers, name))) for name, example in EXAMPLES.items()]
)
def test_comes_out_as_the_lecture_says(name):
    np.testing.assert_allclose(outcome(name), values(read_words(EXAMPLES[name].output)), atol=5e-4)


def test_at_stride_2_is_every_second_value_of_stride_1():
    # N41 from N42
    np.testing.assert_allclose(outcome("Plus filter at stride 2"), outcome("Plus filter at stride 1")[::2, ::2])


def test_returns_the_kernel_from_an_impulse_once_it_is_flipped():
    # N40
    kernel = values(read_words(EXAMPLES["Why convolution flips"].kernel))
    np.testing.assert_array_equal(outcome("Why convolution flips", manner="convolution")[1:4, 1:4], kernel)
    np.testing.assert_array_equal(outcome("Why convolution flips")[1:4, 1:4], np.rot90(kernel, 2))


def test_keeps_a_flat_image_flat_with_a_mirrored_border():
    # Q21
    np.testing.assert_allclose(outcome("A flat image and its border", padding="symmetric"), 6)


def test_doubles_exactly_with_one_output_padding():
    # N51
    assert outcome("Transposed, padding 1", output_padding=1).shape == (4, 4)


def test_halves_only_at_stride_2():
    # N52
    assert outcome("Stride 2 halves", stride=1).shape == (4, 4)


def test_finds_edges_on_a_real_digit_as_scipy_does():
    image = load_digits().images[0]
    np.testing.assert_array_equal(values(read_words(DIGIT)), image)
    sobel = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    np.testing.assert_array_equal(
        outcome("Edges of a handwritten zero"), scipy.signal.correlate2d(image, sobel, mode="valid")
    )
