"""Effective receptive field: how much each pixel counts, not only whether it does (beyond lectures A and C).

The pixels in the middle of a receptive field reach the neuron along many paths, those at its rim along few. So the
influence is a bump: as layers are stacked, its width grows like the square root of their number, the field like the
number itself.
Source: Luo, Li, Urtasun and Zemel, "Understanding the Effective Receptive Field in Deep CNNs", NeurIPS 2016.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from core.errors import CoreError, LimitError, ShapeError
from core.nets.evidence import refuse_large
from core.nets.layers import Conv, Dense, GlobalPool, Layer, Operation, Pool
from core.nets.receptive import Patch, views
from core.nets.stack import Step, steps
from core.types import Floats, Heatmap, Pair, pair

if TYPE_CHECKING:
    from torch import Generator, Tensor

WIDTH = 8  # maps in every volume of the random networks
MOST_WORK = 20_000_000_000  # multiplications of all forward passes together


def shares(layers: Sequence[Layer], image: int | Pair, neuron: Pair) -> tuple[tuple[Floats, Floats], ...]:
    """How the influence on a neuron spreads over every volume, from the image up, if every weight were the same.

    Rows and columns apart, (H,) and (W,) for each volume: the influence at (row, column) is their product.
    Start with 1 at the neuron and hand it down; each window of k taps hands k equal parts on. The parts that fall
    into the padding are lost. Without strides this is the convolution of the windows with one another.

    >>> from core.nets.stack import parse_stack
    >>> shares(parse_stack("conv 3, conv 3"), 5, (0, 0))[0][1] * 9
    array([1., 2., 3., 2., 1.])
    """
    views(layers, image)[-1].patch(neuron)  # refuses a neuron off the map
    taken = steps(layers, image)
    sides = [pair(image), *(step.sides for step in taken)]
    found = [(np.eye(sides[-1][0])[neuron[0]], np.eye(sides[-1][1])[neuron[1]])]
    for step, below in zip(reversed(taken), reversed(sides[:-1]), strict=True):
        handed = []
        for window, share, side in zip((step.rows, step.columns), found[-1], below, strict=True):
            part, from_ = np.zeros(side), np.flatnonzero(share)
            for tap in range(window.kernel):
                to = from_ * window.stride - window.padding + tap * window.dilation
                inside = (to >= 0) & (to < side)
                part[to[inside]] += share[from_[inside]] / window.kernel
            handed.append(part)
        found.append((handed[0], handed[1]))
    return tuple(reversed(found))


def uniform_field(layers: Sequence[Layer], image: int | Pair, neuron: Pair) -> Heatmap:
    """The share of every pixel in what moves a neuron, if all weights were equal: (H, W), sums to 1.

    >>> from core.nets.stack import parse_stack
    >>> (uniform_field(parse_stack("conv 3, conv 3"), 5, (0, 0)) * 81).astype(int)[2]
    array([3, 6, 9, 6, 3])
    """
    rows, columns = shares(layers, image, neuron)[0]
    return _normal(np.outer(rows, columns))


def spread(layers: Sequence[Layer], image: int | Pair) -> tuple[float, float]:
    """Standard deviation of `uniform_field` far from every edge, in pixels, down and across.

        variance = sum over layers of (jump * dilation)^2 * (kernel^2 - 1) / 12

    Every layer is one more independent step of a walk, and the variances of independent steps add up.

    >>> from core.nets.stack import parse_stack
    >>> round(spread(parse_stack("conv 3 times 6"), 32)[0], 6)
    2.0
    """
    variance = np.zeros(2)
    for view, step in zip(views(layers, image), steps(layers, image), strict=False):
        for axis, (field, window) in enumerate(((view.rows, step.rows), (view.columns, step.columns))):
            variance[axis] += (field.jump * window.dilation) ** 2 * (window.kernel**2 - 1) / 12
    down, across = np.sqrt(variance)
    return float(down), float(across)


def effective_field(
    layers: Sequence[Layer],
    image: int | Pair,
    neuron: Pair,
    *,
    draws: int,
    generator: "Generator",
    relu: bool = True,
    progress: Callable[[float, str], None] = lambda done, what: None,
) -> Heatmap:
    """The share of every pixel in what moves a neuron, over networks with random weights: (H, W), sums to 1.

        share[y, x] ~ mean over draws of (d neuron / d image[y, x])^2

    Every draw has new weights (He), a new random image, `WIDTH` maps per volume, real maxima in its poolings, and
    after each convolution a rectifier unless `relu` is off.
    """
    import torch

    if draws < 1:
        raise ShapeError(f"at least one draw is needed, got {draws}")
    volumes, taken = views(layers, image), steps(layers, image)
    volumes[-1].patch(neuron)  # refuses a neuron off the map
    refuse_large(WIDTH * sum(view.sides[0] * view.sides[1] for view in volumes))
    _refuse_long(draws * sum(_multiplications(step) for step in taken))
    total = np.zeros(pair(image))
    for draw in range(draws):
        progress(draw / draws, f"random network {draw + 1} of {draws}")
        pixels = torch.randn(1, 1, *pair(image), generator=generator).requires_grad_()
        volume: Tensor = pixels  # (1, C, H, W)
        for layer in layers:
            volume = _random(layer.operation, volume, generator, relu=relu)
        (gradient,) = torch.autograd.grad(volume[0, 0, neuron[0], neuron[1]], pixels)
        total += gradient[0, 0].double().square().numpy()
    progress(1.0, "done")
    return _normal(total)


def core_patch(heat: Heatmap, patch: Patch, *, share: float = 0.95) -> Patch:
    """The smallest patch with the same middle that still holds this share of the heat (H, W): peel rim after rim.

    >>> heat = np.array([[0, 0, 0], [0, 1, 0], [0, 0, 0]], dtype=float)
    >>> core_patch(heat, Patch((0, 2), (0, 2))).sides
    (1, 1)
    """
    if not 0 < share < 1:
        raise ShapeError(f"a share lies between 0 and 1, got {share}")
    (top, bottom), (left, right), (height, width) = patch.rows, patch.columns, heat.shape
    idle = max(0, min(-top, bottom - height + 1, -left, right - width + 1))  # rims that lie off the image all around
    patch = Patch((top + idle, bottom - idle), (left + idle, right - idle))
    while min(patch.sides) > 2:
        (top, bottom), (left, right) = patch.rows, patch.columns
        peeled = Patch((top + 1, bottom - 1), (left + 1, right - 1))
        seen = peeled.within((height, width))
        held = heat[seen.rows[0] : seen.rows[1] + 1, seen.columns[0] : seen.columns[1] + 1].sum()
        if seen.pixels == 0 or held < share * heat.sum():
            break
        patch = peeled
    return patch


def _normal(heat: Heatmap) -> Heatmap:
    total = float(heat.sum())
    if total <= 0:
        raise CoreError("no pixel moves this neuron: it sees padding only, or every draw was silent")
    normal: Heatmap = heat / total
    return normal


def _multiplications(step: Step) -> int:
    return WIDTH * WIDTH * step.sides[0] * step.sides[1] * step.rows.kernel * step.columns.kernel


def _refuse_long(work: int) -> None:
    if work > MOST_WORK:
        raise LimitError(f"this would take {work:,} multiplications, at most {MOST_WORK:,} go; fewer draws or pixels")


def _random(operation: Operation, volume: "Tensor", generator: "Generator", *, relu: bool) -> "Tensor":
    """A layer with He weights: (1, C, H, W) -> (1, WIDTH, H', W')."""
    import torch
    from torch.nn import functional

    def weights(*shape: int) -> "Tensor":
        return torch.randn(*shape, generator=generator).mul((2 / (shape[1] * shape[2] * shape[3])) ** 0.5)

    channels = volume.shape[1]
    match operation:
        case Conv(kernel=k, stride=s, padding=p, dilation=d):
            volume = functional.conv2d(volume, weights(WIDTH, channels, *k), stride=s, padding=p, dilation=d)
            return volume.relu() if relu else volume
        case Pool(how="max", kernel=k, stride=s, padding=p):
            return functional.max_pool2d(volume, k, s, p)
        case Pool(kernel=k, stride=s, padding=p):
            return functional.avg_pool2d(volume, k, s, p)
        case GlobalPool(how=how):
            return volume.amax(dim=(2, 3), keepdim=True) if how == "max" else volume.mean(dim=(2, 3), keepdim=True)
        case Dense():
            return functional.conv2d(volume, weights(WIDTH, channels, volume.shape[2], volume.shape[3]))
    return volume
