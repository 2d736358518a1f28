"""Every filter against PyTorch in float32: 200 drawn cases each, the awkward ones among them.

Where PyTorch refuses a setting, ours must refuse it too.
"""

from collections import Counter
from dataclasses import dataclass

import numpy as np
import pytest
import scipy.signal
import torch

from core.errors import CoreError
from core.filters.correlate import convolve, correlate, correlate_fast
from core.filters.layer import conv_layer, made_of, stamped_by, transposed_layer
from core.filters.matrix import filter_matrix
from core.filters.padding import pad
from core.filters.pooling import average_pool, max_pool, max_positions
from core.filters.transposed import transposed, transposed_by_insertion
from core.filters.unpooling import bed_of_nails, max_unpool, nearest

CASES = 200
EDGES = ("kernel larger than input", "stride larger than kernel", "even kernel", "one pixel")


@dataclass(frozen=True)
class Case:
    image: np.ndarray  # float32, as all arrays here
    kernel: np.ndarray
    options: dict  # stride, padding, dilation
    extra: tuple[int, int]  # output padding
    volume: np.ndarray
    filters: np.ndarray
    biases: np.ndarray
    groups: int

    def edges(self):
        (h, w), (kh, kw), (sy, sx) = self.image.shape, self.kernel.shape, self.options["stride"]
        yield from ["kernel larger than input"] * (kh > h or kw > w)
        yield from ["stride larger than kernel"] * (sy > kh or sx > kw)
        yield from ["even kernel"] * (kh % 2 == 0 or kw % 2 == 0)
        yield from ["one pixel"] * (h == w == 1)


def drawn(seed):
    random = np.random.default_rng(seed)

    def numbers(*shape):
        return random.normal(size=shape).astype(np.float32)

    size = (1, 1) if seed % 10 == 0 else tuple(random.integers(1, 7, 2))
    kernel = tuple(random.integers(1, 6, 2))
    options = {
        "stride": tuple(map(int, random.integers(1, 5, 2))),
        "padding": tuple(map(int, random.integers(0, 4, 2))),
        "dilation": tuple(map(int, random.integers(1, 3, 2))),
    }
    groups = int(random.integers(1, 4))
    maps, filters = groups * int(random.integers(1, 3)), groups * int(random.integers(1, 3))
    extra = tuple(
        int(random.integers(0, max(s, d))) for s, d in zip(options["stride"], options["dilation"], strict=True)
    )
    return Case(
        numbers(*size),
        numbers(*kernel),
        options,
        extra,
        numbers(maps, *size),
        numbers(filters, maps // groups, *kernel),
        numbers(filters),
        groups,
    )


MANY = [drawn(seed) for seed in range(600)]  # some of them impossible
ALL = MANY[:CASES]


def torch_image(image):
    return torch.from_numpy(np.ascontiguousarray(image))[None, None]


def torch_conv(case):
    return torch.nn.functional.conv2d(torch_image(case.image), torch_image(case.kernel), **case.options)[0, 0]


def torch_transposed(case):
    options = {**case.options, "output_padding": case.extra}
    return torch.nn.functional.conv_transpose2d(torch_image(case.image), torch_image(case.kernel), **options)[0, 0]


def by_matrix(case):
    matrix = filter_matrix(case.image.shape, case.kernel, **case.options)
    return (matrix @ case.image.ravel()).reshape(correlate_fast(case.image, case.kernel, **case.options).shape)


def by_insertion(case):
    spans = [d * (k - 1) for k, d in zip(case.kernel.shape, case.options["dilation"], strict=True)]
    how = (
        transposed_by_insertion
        if all(p <= s for p, s in zip(case.options["padding"], spans, strict=True))
        else transposed
    )
    return how(case.image, case.kernel, output_padding=case.extra, **case.options)  # insertion cannot crop into pixels


def pooled(case):
    half = tuple(min(p, k // 2) for p, k in zip(case.options["padding"], case.kernel.shape, strict=True))
    return {"stride": case.options["stride"], "padding": half}


def torch_pool(case, how):
    return how(torch_image(case.image), case.kernel.shape, **pooled(case))[0, 0]


def mean_of_present(case):
    return average_pool(case.image, case.kernel.shape, count_padding=False, **pooled(case))


def torch_mean_of_present(image, window, **options):
    return torch.nn.functional.avg_pool2d(image, window, count_include_pad=False, **options)


def torch_layer(case):
    tensors = [torch.from_numpy(each) for each in (case.filters, case.biases)]
    return torch.nn.functional.conv2d(
        torch.from_numpy(case.volume)[None], *tensors, **case.options, groups=case.groups
    )[0]


def back(case):
    """The filters the other way round, and a bias for each map that comes out."""
    filters = np.ascontiguousarray(case.filters.reshape(case.groups, -1, *case.filters.shape[1:]).swapaxes(1, 2))
    filters = filters.reshape(-1, filters.shape[2], *case.kernel.shape)  # (C, N / groups, kh, kw)
    return filters, np.resize(case.biases, filters.shape[1] * case.groups)


def torch_layer_back(case):
    options = {**case.options, "output_padding": case.extra, "groups": case.groups}
    tensors = [torch.from_numpy(np.ascontiguousarray(each)) for each in back(case)]
    return torch.nn.functional.conv_transpose2d(torch.from_numpy(case.volume)[None], *tensors, **options)[0]


def value_by_value(case):
    whole = conv_layer(case.volume, case.filters, case.biases, **case.options, groups=case.groups)
    parts = np.empty(whole.shape)
    for place in np.ndindex(*whole.shape):
        products = made_of(place, case.volume, case.filters, **case.options, groups=case.groups)
        parts[place] = case.biases[place[0]] + sum(each.value * each.factor for each in products)
    return parts


def value_by_value_back(case):
    filters, biases = back(case)
    options = {**case.options, "output_padding": case.extra, "groups": case.groups}
    whole = transposed_layer(case.volume, filters, biases, **options)
    parts = np.empty(whole.shape)
    for place in np.ndindex(*whole.shape):
        products = stamped_by(place, case.volume, filters, **options)
        parts[place] = biases[place[0]] + sum(each.value * each.factor for each in products)
    return parts


TWINS = {
    "correlate": (lambda case: correlate(case.image, case.kernel, **case.options), torch_conv),
    "correlate_fast": (lambda case: correlate_fast(case.image, case.kernel, **case.options), torch_conv),
    "convolve": (lambda case: convolve(case.image, case.kernel[::-1, ::-1], **case.options), torch_conv),
    "filter_matrix": (by_matrix, torch_conv),
    "transposed": (
        lambda case: transposed(case.image, case.kernel, output_padding=case.extra, **case.options),
        torch_transposed,
    ),
    "transposed_by_insertion": (by_insertion, torch_transposed),
    "max_pool": (
        lambda case: max_pool(case.image, case.kernel.shape, **pooled(case)),
        lambda case: torch_pool(case, torch.nn.functional.max_pool2d),
    ),
    "average_pool": (
        lambda case: average_pool(case.image, case.kernel.shape, **pooled(case)),
        lambda case: torch_pool(case, torch.nn.functional.avg_pool2d),
    ),
    "average_pool over the pixels there are": (mean_of_present, lambda case: torch_pool(case, torch_mean_of_present)),
    "conv_layer": (
        lambda case: conv_layer(case.volume, case.filters, case.biases, **case.options, groups=case.groups),
        torch_layer,
    ),
    "made_of": (value_by_value, torch_layer),
    "transposed_layer": (
        lambda case: transposed_layer(
            case.volume, *back(case), **case.options, output_padding=case.extra, groups=case.groups
        ),
        torch_layer_back,
    ),
    "stamped_by": (value_by_value_back, torch_layer_back),
}


@pytest.mark.parametrize("name", TWINS)
def test_agrees_with_torch_on_200_drawn_cases(name):
    ours, twin = TWINS[name]
    answered, met = 0, Counter()
    for seed, case in enumerate(MANY):
        try:
            expected = twin(case).numpy()
        except RuntimeError:
            expected = np.empty(0)
        if not expected.size:  # with groups PyTorch returns nothing where without them it refuses
            with pytest.raises(CoreError):
                ours(case)
            continue
        np.testing.assert_allclose(ours(case), expected, rtol=1e-5, atol=1e-5, err_msg=f"seed {seed}")
        answered, met = answered + 1, met + Counter(case.edges())
        if answered == CASES:
            break
    assert answered == CASES
    assert all(met[edge] >= 8 for edge in EDGES), met


@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("window", [1, 2, 3, 4])
def test_pads_to_the_same_size_as_a_lopsided_border_does(window, stride):
    for seed in range(20):
        image = np.random.default_rng(seed).normal(size=(1 + seed % 7, 1 + seed % 5)).astype(np.float32)
        rows, columns = (-(-side // stride) for side in image.shape)
        added = [
            max(0, (stops - 1) * stride + window - side)
            for stops, side in zip((rows, columns), image.shape, strict=True)
        ]
        border = (added[1] // 2, added[1] - added[1] // 2, added[0] // 2, added[0] - added[0] // 2)
        padded = torch.nn.functional.pad(torch_image(image), border, value=-torch.inf)
        expected = torch.nn.functional.max_pool2d(padded, window, stride)[0, 0]
        found = max_pool(image, window, stride=stride, padding="same")
        assert found.shape == (rows, columns)
        np.testing.assert_allclose(found, expected, atol=1e-5)
        zeros = torch.nn.functional.pad(torch_image(image), border)
        np.testing.assert_allclose(
            average_pool(image, window, stride=stride, padding="same"),
            torch.nn.functional.avg_pool2d(zeros, window, stride)[0, 0],
            atol=1e-5,
        )
        ones = torch.nn.functional.pad(torch.ones_like(torch_image(image)), border)
        there = torch.nn.functional.avg_pool2d(zeros, window, stride) / torch.nn.functional.avg_pool2d(
            ones, window, stride
        )
        np.testing.assert_allclose(
            average_pool(image, window, stride=stride, padding="same", count_padding=False), there[0, 0], atol=1e-5
        )


def test_unpools_200_drawn_maps_as_torch_does():
    for seed, case in enumerate(ALL):
        factor = 1 + seed % 4
        grown = torch.nn.functional.interpolate(torch_image(case.image), scale_factor=factor, mode="nearest")
        np.testing.assert_array_equal(nearest(case.image, factor), grown[0, 0])
        nails = torch.nn.functional.conv_transpose2d(
            torch_image(case.image),
            torch.eye(factor)[:1, :1].reshape(1, 1, 1, 1),
            stride=factor,
            output_padding=factor - 1,
        )
        np.testing.assert_array_equal(bed_of_nails(case.image, factor), nails[0, 0])
        tall = np.tile(case.image, (factor, factor))
        small, where = torch.nn.functional.max_pool2d(torch_image(tall), factor, return_indices=True)
        back_up = torch.nn.functional.max_unpool2d(small, where, factor, output_size=tall.shape)[0, 0]
        mine = max_unpool(max_pool(tall, factor), max_positions(tall, factor), tall.shape)
        np.testing.assert_array_equal(mine, back_up)


def test_convolves_200_drawn_images_as_scipy_does():
    for case in ALL:
        for mode, padding in (("valid", (0, 0)), ("full", (case.kernel.shape[0] - 1, case.kernel.shape[1] - 1))):
            fits = all(n + 2 * p >= k for n, p, k in zip(case.image.shape, padding, case.kernel.shape, strict=True))
            if fits:
                expected = scipy.signal.convolve2d(case.image, case.kernel, mode=mode)
                np.testing.assert_allclose(convolve(case.image, case.kernel, padding=padding), expected, atol=1e-5)


@pytest.mark.parametrize(("filling", "theirs"), [("symmetric", "symm"), ("zeros", "fill")])
def test_pads_200_drawn_images_as_scipy_does(filling, theirs):
    for case in ALL:
        kernel = np.random.default_rng(int(case.image.size)).normal(size=(3, 3)).astype(np.float32)
        expected = scipy.signal.correlate2d(case.image, kernel, mode="same", boundary=theirs)
        np.testing.assert_allclose(correlate(pad(case.image, 1, filling), kernel), expected, atol=1e-5)


def test_reflects_200_drawn_images_as_torch_does():
    for case in ALL:
        amount = tuple(min(p, side - 1) for p, side in zip(case.options["padding"], case.image.shape, strict=True))
        border = (amount[1], amount[1], amount[0], amount[0])
        expected = torch.nn.functional.pad(torch_image(case.image), border, mode="reflect")[0, 0]
        np.testing.assert_array_equal(pad(case.image, amount, "reflect"), expected)
