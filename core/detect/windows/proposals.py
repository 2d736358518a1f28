"""Selective search: similar neighbours are merged step by step, and every region on the way proposes its box (B, E).

A picture is (H, W, 3) from 0 to 1. It is cut into small segments first; then the two most similar neighbours become
one region, until one is left. N segments make 2 N - 1 regions, of every size.
Source: Uijlings, van de Sande, Gevers and Smeulders, "Selective Search for Object Recognition", IJCV 2013; the segments
are those of Felzenszwalb and Huttenlocher, "Efficient Graph-Based Image Segmentation", IJCV 2004.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

from core.errors import CoreError, LimitError, ShapeError
from core.types import Floats

Labels: TypeAlias = NDArray[np.int64]
Bins: TypeAlias = dict[str, list[Labels]]  # of each histogram: the bin of every pixel, channel by channel
Space: TypeAlias = Literal["RGB", "HSV", "Lab"]
Term: TypeAlias = Literal["colour", "texture", "size", "fill"]
SPACES: tuple[Space, ...] = get_args(Space)
TERMS: tuple[Term, ...] = get_args(Term)
SHADES, STRENGTHS, WAYS = 25, 10, 8  # bins of a colour, bins of a slope, directions of slopes
MOST_PIXELS, MOST_SEGMENTS = 512 * 512, 1200


@dataclass(frozen=True)
class Strategy:
    """One way to search: colours, how coarse the segments are, and what makes two regions similar."""

    space: Space = "HSV"
    scale: float = 50.0  # the larger, the larger the segments
    terms: tuple[Term, ...] = TERMS


FAST = tuple(
    Strategy(space, scale, terms) for space in ("HSV", "Lab") for scale in (50, 100) for terms in (TERMS, TERMS[1:])
)  # the paper's fast version


@dataclass(frozen=True, eq=False)
class Search:
    """The segments (H, W), which two regions were merged at each step (S, 2), and the box of every region (R, 4).

    The first S + 1 regions are the segments; step s makes region S + 1 + s.
    """

    segments: Labels
    merged: Labels
    similarities: Floats  # (S,), of the two that were merged
    boxes: Floats

    def regions(self, steps: int) -> Labels:
        """The number of the region of every pixel after some steps: (H, W)."""
        parent = np.arange(len(self.boxes))
        first = len(self.merged) + 1
        for step in range(steps):
            parent[self.merged[step]] = first + step
        for region in range(first + steps - 1, -1, -1):  # a parent has a larger number than its parts
            parent[region] = parent[parent[region]]
        return parent[self.segments]

    def alive(self, steps: int) -> Labels:
        """The numbers of the regions that there are after some steps, in order."""
        there = np.arange(len(self.merged) + 1 + steps)
        return np.setdiff1d(there, self.merged[:steps].ravel())


def segments(image: Floats, *, scale: float = 50.0, sigma: float = 0.8, least: int = 20) -> Labels:
    """Small segments of one colour, numbered from 0: (H, W, 3) -> (H, W). By scikit-image.

    Two neighbours stay apart where the step between them is larger than the steps within either, plus scale / size.
    """
    from skimage.segmentation import felzenszwalb

    if image.ndim != 3 or image.shape[2] != 3:
        raise ShapeError(f"need a picture (H, W, 3), got {image.shape}")
    if image.shape[0] * image.shape[1] > MOST_PIXELS:
        raise LimitError(f"{image.shape[0]}x{image.shape[1]} pixels are more than the {MOST_PIXELS:,} searched here")
    found: Labels = felzenszwalb(image, scale=scale, sigma=sigma, min_size=least, channel_axis=2).astype(np.int64)
    return found


def similarity(first: "Regions", one: int, others: Sequence[int]) -> Floats:
    """How similar a region is to some others: (n,), up to 1 for each term.

        colour, texture:  sum over bins of min(h1, h2), histograms that sum to 1
        size:             1 - (size1 + size2) / size of the picture
        fill:             1 - (size of the box around both - size1 - size2) / size of the picture

    Size lets small regions merge early; fill lets a region take what lies in its holes.
    """
    total, found = first.pixels, np.zeros(len(others))
    both = first.sizes[one] + first.sizes[others]
    for term in first.terms:
        if term == "size":
            found += 1 - both / total
        elif term == "fill":
            around = _around(first.boxes[one], first.boxes[others])
            found += 1 - ((around[:, 2:] - around[:, :2]).prod(axis=1) - both) / total
        else:
            counted = first.histograms[term]
            found += np.minimum(counted[one], counted[others]).sum(axis=1)
    return found


@dataclass(frozen=True, eq=False)
class Regions:
    """What is known of every region: its size, its box, its histograms. There is room for those still to be made."""

    pixels: int
    terms: tuple[Term, ...]
    sizes: Floats  # (R,)
    boxes: Floats  # (R, 4)
    histograms: dict[str, Floats]  # of colour (R, 75) and texture (R, 240)

    def merge(self, one: int, other: int, new: int) -> None:
        """Make a new region of two; nothing has to be counted anew."""
        self.sizes[new] = self.sizes[one] + self.sizes[other]
        self.boxes[new] = _around(self.boxes[one], self.boxes[[other]])[0]
        for counted in self.histograms.values():
            counted[new] = (self.sizes[one] * counted[one] + self.sizes[other] * counted[other]) / self.sizes[new]


@dataclass(frozen=True, eq=False)
class Begun:
    """The segments of a picture and what is known of them, before any are merged; several searches may share it."""

    segments: Labels
    regions: Regions

    def room(self, terms: Sequence[Term]) -> Regions:
        """A copy to merge in, with what these terms need."""
        known = self.regions
        histograms = {term: counted.copy() for term, counted in known.histograms.items() if term in terms}
        return Regions(known.pixels, tuple(terms), known.sizes.copy(), known.boxes.copy(), histograms)


def search(image: Floats, strategy: Strategy | None = None, *, begun: Begun | None = None) -> Search:
    """Merge the two most similar neighbours until one region is left: (H, W, 3) -> 2 N - 1 boxes of N segments.

    What is `begun` with the same colours and scale need not be cut into segments again.

    >>> blocks = np.zeros((32, 32, 3)); blocks[8:20, 8:24] = 1.0
    >>> found = search(blocks, Strategy("RGB", 2000.0))
    >>> len(found.boxes) == 2 * (found.segments.max() + 1) - 1, [8, 8, 24, 20] in found.boxes.tolist()
    (np.True_, True)
    >>> found.boxes[-1].tolist()
    [0.0, 0.0, 32.0, 32.0]
    """
    chosen = strategy or Strategy()
    if not chosen.terms or not set(chosen.terms) <= set(TERMS):
        raise CoreError(f"two regions are similar by some of {', '.join(TERMS)}, got {list(chosen.terms)}")
    begun = begun or _begun(in_space(image, chosen.space), chosen.scale)
    start, known = begun.segments, begun.room(chosen.terms)
    count = int(start.max()) + 1
    beside = neighbours(start)
    alike = dict[tuple[int, int], float]()
    for one, others in beside.items():
        after = sorted(other for other in others if other > one)
        alike |= {(one, other): float(how) for other, how in zip(after, similarity(known, one, after), strict=True)}
    merged, how_alike = list[tuple[int, int]](), list[float]()
    for new in range(count, 2 * count - 1):
        pair = max(alike, key=lambda each: (alike[each], -each[0], -each[1]))
        merged.append(pair)
        how_alike.append(alike[pair])
        known.merge(*pair, new)
        around = sorted((beside[pair[0]] | beside[pair[1]]) - set(pair))
        for old in pair:
            for other in beside.pop(old):
                alike.pop((min(old, other), max(old, other)), None)
        for other in around:
            beside[other] = (beside[other] - set(pair)) | {new}
        beside[new] = set(around)
        alike |= {(other, new): float(how) for other, how in zip(around, similarity(known, new, around), strict=True)}
    pairs = np.array(merged, dtype=np.int64).reshape(-1, 2)
    return Search(start, pairs, np.array(how_alike), known.boxes)


def selective_search(image: Floats, random: np.random.Generator, *, strategies: Sequence[Strategy] = FAST) -> Floats:
    """Boxes that may hold a thing, the likelier first, of several searches together: (H, W, 3) -> (N, 4).

    A region's place is its order from the last merge on, times a number from 0 to 1 drawn by lot, so that large
    regions come early and not all at once. Of boxes that are equal the first counts.
    """
    boxes, places = list[Floats](), list[Floats]()
    coloured = {space: in_space(image, space) for space in {each.space for each in strategies}}
    histograms = {space: _bins(picture) for space, picture in coloured.items()}
    begun = {
        (space, scale): _begun(coloured[space], scale, histograms[space])
        for space, scale in {(each.space, each.scale) for each in strategies}
    }
    for strategy in strategies:
        found = search(image, strategy, begun=begun[strategy.space, strategy.scale]).boxes[::-1]
        boxes.append(found)
        places.append(np.arange(1, len(found) + 1) * random.random(len(found)))
    ranked = np.concatenate(boxes)[np.argsort(np.concatenate(places), kind="stable")]
    _, first = np.unique(ranked, axis=0, return_index=True)
    return ranked[np.sort(first)]


def in_space(image: Floats, space: Space) -> Floats:
    """The same picture in other colours, each from 0 to 1: (H, W, 3) -> (H, W, 3).

    >>> in_space(np.ones((1, 1, 3)), "Lab").round(2).tolist()
    [[[1.0, 0.5, 0.5]]]
    """
    from skimage.color import rgb2hsv, rgb2lab

    if space == "RGB":
        return np.asarray(image, dtype=np.float64)
    if space == "HSV":
        return np.asarray(rgb2hsv(image), dtype=np.float64)
    lab = np.asarray(rgb2lab(image), dtype=np.float64)
    return np.stack([lab[..., 0] / 100, lab[..., 1] / 256 + 0.5, lab[..., 2] / 256 + 0.5], axis=-1)


def neighbours(start: Labels) -> dict[int, set[int]]:
    """Which segments touch which, side by side or above each other.

    >>> neighbours(np.array([[0, 0, 1], [2, 2, 1]]))
    {0: {1, 2}, 1: {0, 2}, 2: {0, 1}}
    """
    count = int(start.max()) + 1
    touching = [(start[:, :-1], start[:, 1:]), (start[:-1], start[1:])]
    pairs = np.unique(np.concatenate([(a * count + b)[a != b] for a, b in touching]))  # as one number each
    found: dict[int, set[int]] = {each: set() for each in range(count)}
    for one, other in zip((pairs // count).tolist(), (pairs % count).tolist(), strict=True):
        found[one].add(other)
        found[other].add(one)
    return found


def _begun(coloured: Floats, scale: float, bins: Bins | None = None) -> Begun:
    start = segments(coloured, scale=scale)
    count = int(start.max()) + 1
    if count > MOST_SEGMENTS:
        raise LimitError(f"{count:,} segments are more than the {MOST_SEGMENTS:,} merged here: choose a larger scale")
    return Begun(start, _regions(bins or _bins(coloured), start, count))


def _bins(coloured: Floats) -> Bins:
    """In which bin of each histogram every pixel is counted."""
    from scipy.ndimage import gaussian_filter

    channels, slopes = [coloured[..., channel].clip(0, 1) for channel in range(3)], list[Floats]()
    for channel in channels:
        down, across = (gaussian_filter(channel, 1.0, order=order) for order in ((1, 0), (0, 1)))
        most = max(float(np.hypot(down, across).max()), 1e-9)
        turns = 2 * np.pi * np.arange(WAYS) / WAYS
        slopes += [(np.cos(turn) * across + np.sin(turn) * down).clip(0) / most for turn in turns]
    return {
        term: [np.minimum((each.ravel() * bins).astype(np.int64), bins - 1) for each in values]
        for term, values, bins in (("colour", channels, SHADES), ("texture", slopes, STRENGTHS))
    }


def _regions(bins: Bins, start: Labels, count: int, terms: tuple[Term, ...] = TERMS) -> Regions:
    from scipy.ndimage import find_objects

    flat, room = start.ravel(), 2 * count - 1
    sizes, boxes = np.zeros(room), np.zeros((room, 4))
    sizes[:count] = np.bincount(flat, minlength=count)
    for place, (rows, columns) in enumerate(find_objects(start + 1)):
        boxes[place] = columns.start, rows.start, columns.stop, rows.stop
    histograms = dict[str, Floats]()
    for term, wide in (("colour", SHADES), ("texture", STRENGTHS)):
        if term in terms:
            seen = [np.bincount(flat * wide + each, minlength=count * wide).reshape(count, wide) for each in bins[term]]
            histograms[term] = np.zeros((room, wide * len(seen)))
            histograms[term][:count] = np.concatenate(seen, axis=1)
            histograms[term][:count] /= histograms[term][:count].sum(axis=1, keepdims=True)
    return Regions(flat.size, terms, sizes, boxes, histograms)


def _around(box: Floats, others: Floats) -> Floats:
    around: NDArray[Any] = np.concatenate(
        [np.minimum(box[:2], others[:, :2]), np.maximum(box[2:], others[:, 2:])], axis=1
    )
    return around
