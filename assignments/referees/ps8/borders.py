"""border_weights: how much should each pixel count, so that two cells stay two?"""

import numpy as np

from core.segment import weights
from core.segment.weights import Labels, border_term, class_weights, two_nearest
from core.types import Floats
from grading.referee import Case, Group, Mistake, Referee, Tolerance, case

NEARLY = Tolerance(1e-4, 1e-5, because="a power of distances that are roots: float32 keeps five digits of it")


def weighed(cells: Labels, w_0: float, sigma: float) -> Floats:
    """The reference."""
    return weights.border_weights(cells, w_0=w_0, sigma=sigma)


def with_border(cells: Labels, w_0: float, sigma: float, apart: Floats) -> Floats:
    """The ground gets the border term of other distances."""
    added = border_term(np.where(cells == 0, apart, np.inf), w_0=w_0, sigma=sigma)
    return class_weights(cells > 0) + added


def both(cells: Labels) -> Floats:
    """The distances to the nearest two cells, added up."""
    return np.add(*two_nearest(cells))


def steps(cells: Labels) -> Floats:
    """How far down or up, and how far sideways, every pixel of a cell is from each pixel: (H, W) -> (H, W, P, 2)."""
    places = np.moveaxis(np.indices(cells.shape), 0, -1)[:, :, None]  # (H, W, 1, 2)
    return np.asarray(np.abs(places - np.argwhere(cells > 0)), dtype=np.float64)


def two_pixels(cells: Labels) -> Floats:
    """The distances to the nearest two pixels of any cell."""
    far = np.sort(np.hypot(*np.moveaxis(steps(cells), -1, 0)), axis=2)
    padded = np.pad(far, ((0, 0), (0, 0), (0, 2)), constant_values=weights.FAR)
    return np.asarray(padded[..., 0] + padded[..., 1])


def in_blocks(cells: Labels) -> Floats:
    """The distances to two cells, walked along rows and columns."""
    far, of = steps(cells).sum(axis=3), cells[cells > 0]
    each = [far[..., of == number].min(axis=2) for number in np.unique(of)]
    nearest = np.sort([*each, *[np.full(cells.shape, weights.FAR)] * 2], axis=0)
    return np.asarray(nearest[0] + nearest[1])


def exchanged(cells: Labels) -> Floats:
    """w_c large for whichever of cell and ground is the more frequent."""
    share = float((cells > 0).mean())
    return class_weights(cells > 0) * np.where(cells > 0, share / (1 - share), (1 - share) / share)


def balance_exchanged(cells: Labels, w_0: float, sigma: float) -> Floats:
    """The right answer with the other w_c."""
    if not 0 < (cells > 0).mean() < 1:
        return weighed(cells, w_0, sigma)
    return weighed(cells, w_0, sigma) - class_weights(cells > 0) + exchanged(cells)


def needs_two(cells: Labels, w_0: float, sigma: float) -> Floats:
    """The second of a list that has one or none."""
    if len(np.unique(cells[cells > 0])) < 2:
        raise IndexError
    return weighed(cells, w_0, sigma)


def some_cells(random: np.random.Generator, count: int) -> Case:
    """Blots side by side in bands of columns, their numbers in any order and not in a row."""
    high, widths = int(random.integers(6, 10)), random.integers(3, 6, size=count)
    cells = np.zeros((high, int(widths.sum())), dtype=np.int64)
    numbers = random.permutation(np.arange(1, 10))[:count]
    for number, end, wide in zip(numbers, widths.cumsum(), widths, strict=True):
        top, deep = int(random.integers(0, high - 3)), int(random.integers(2, 4))
        left = int(end - wide + random.integers(0, 2))
        cells[top : top + deep, left : end - 1] = number
    return case(cells, float(random.integers(4, 16)), float(random.integers(4, 9)) / 2)


def several(random: np.random.Generator) -> Case:
    """Two to four cells."""
    return some_cells(random, int(random.integers(2, 5)))


def alone(random: np.random.Generator) -> Case:
    """One cell: no border, whatever w_0 is."""
    return some_cells(random, 1)


ROW = np.array([[1, 0, 2]])
FIELD = np.array([[3, 3, 0, 0, 1, 1], [3, 3, 0, 0, 1, 1], [0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0]])
TOUCHING = np.array([[2, 2, 5, 5, 0], [2, 2, 5, 0, 0], [2, 2, 5, 5, 0]])

border_weights = Referee(
    name="border_weights",
    points=1,
    reference=weighed,
    tolerance=NEARLY,
    torch_or_numpy=True,
    groups=(
        Group(
            "worked examples",
            weight=1,
            visible=True,
            cases=(
                case(ROW, 10.0, 5.0, title="One pixel between two cells"),
                case(FIELD, 10.0, 2.0, title="Two cells"),
                case(np.array([[0, 0, 4]]), 10.0, 5.0, title="A single cell"),
            ),
        ),
        Group("several cells", weight=2, drawn=several, count=12),
        Group("a single cell", weight=1, drawn=alone, count=6),
        Group(
            "cells that touch, nothing but ground, nothing but cell",
            weight=1,
            cases=(
                case(TOUCHING, 8.0, 1.5),
                case(np.zeros((3, 5), dtype=np.int64), 10.0, 5.0),
                case(np.array([[1, 1, 2], [1, 2, 2]]), 10.0, 5.0),
                case(FIELD, 0.0, 5.0),
            ),
        ),
    ),
    mistakes=(
        Mistake(
            "the nearest cell twice",
            lambda cells, w_0, sigma: with_border(cells, w_0, sigma, 2 * two_nearest(cells)[0]),
            hint="The second distance is to another cell than the first: the border term needs two cells.",
        ),
        Mistake(
            "two pixels of one cell",
            lambda cells, w_0, sigma: with_border(cells, w_0, sigma, two_pixels(cells)),
            hint="Your two nearest pixels may belong to one cell. Find the distance to each cell first, then take the "
            "two smallest.",
        ),
        Mistake(
            "squares apart",
            lambda cells, w_0, sigma: with_border(cells, w_0, sigma, np.hypot(*two_nearest(cells))),
            hint="First add the two distances up, then square: (d1 + d2)² is more than d1² + d2².",
        ),
        Mistake(
            "forgets the 2 of the variance",
            lambda cells, w_0, sigma: weighed(cells, w_0, sigma / np.sqrt(2)),
            hint="Below the line stands twice the square of sigma.",
        ),
        Mistake(
            "does not square sigma",
            lambda cells, w_0, sigma: weighed(cells, w_0, np.sqrt(sigma)),
            hint="Below the line sigma is squared.",
        ),
        Mistake(
            "borders inside cells",
            lambda cells, w_0, sigma: class_weights(cells > 0) + border_term(both(cells), w_0=w_0, sigma=sigma),
            hint="Only ground gets the border term; a pixel of a cell keeps w_c.",
        ),
        Mistake(
            "balances nothing",
            lambda cells, w_0, sigma: weights.border_weights(cells, w_0=w_0, sigma=sigma, balanced=False),
            hint="w_c is not 1 everywhere: it makes cell and ground weigh the same, however large either is.",
        ),
        Mistake(
            "balances the wrong way",
            balance_exchanged,
            hint="The rarer of cell and ground has to count more: you have exchanged the two.",
        ),
        Mistake(
            "walks in blocks",
            lambda cells, w_0, sigma: with_border(cells, w_0, sigma, in_blocks(cells)),
            hint="A distance goes straight across: the root of the squares of both steps, not their sum.",
        ),
        Mistake(
            "needs two cells",
            needs_two,
            hint="With one cell, or none, there is no second distance and no border term: nothing may be added then.",
        ),
    ),
)
