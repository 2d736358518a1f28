"""cam_to_box: a box around the largest piece of what stands out of a map."""

from collections.abc import Callable

import numpy as np

from core.data.scenes.drawing import box_of
from core.explain.weak import above, pieces, weak_box
from core.types import Heatmap, Mask
from grading.referee import Case, Group, Mistake, Referee, Tolerance, case

COUNTED = Tolerance(0, 1e-6, because="the edges of pixels are whole numbers, however they are stored")
Box = tuple[float, float, float, float]
Found = Box | None


def box(heat: Heatmap, share: float) -> Found:
    """The reference."""
    found = weak_box(heat, share)
    return None if found is None else (float(found[0]), float(found[1]), float(found[2]), float(found[3]))


def around(mask: Mask) -> Found:
    """The box of all that is in a mask."""
    return box_of(mask) if mask.any() else None


def otherwise(change: Callable[[Box], Box]) -> Callable[[Heatmap, float], Found]:
    """The right box, written down in another way."""

    def variant(heat: Heatmap, share: float) -> Found:
        found = box(heat, share)
        return None if found is None else change(found)

    return variant


def best(score: Callable[[Mask, Heatmap], float], *, last: bool = False) -> Callable[[Heatmap, float], Found]:
    """The box of the piece with the highest score, the first of equals in reading order, or the last."""

    def variant(heat: Heatmap, share: float) -> Found:
        numbered = pieces(above(heat, share))
        masks = [numbered == number for number in range(1, int(numbered.max(initial=0)) + 1)]
        masks.sort(key=lambda mask: int(np.flatnonzero(mask)[0]), reverse=last)
        return around(max(masks, key=lambda mask: score(mask, heat))) if masks else None

    return variant


def with_threshold(threshold: Callable[[Heatmap, float], float]) -> Callable[[Heatmap, float], Found]:
    """The box of the largest piece above another value."""

    def variant(heat: Heatmap, share: float) -> Found:
        kept = heat > threshold(heat, share)
        return around(pieces(kept) == 1) if heat.max() > 0 else None

    return variant


def not_below(heat: Heatmap, share: float) -> Found:
    """What is exactly at the threshold is kept."""
    return around(pieces(heat >= share * heat.max()) == 1) if heat.max() > 0 else None


def fails_on_nothing(heat: Heatmap, share: float) -> Found:
    """The greatest of an empty list."""
    if not above(heat, share).any():
        raise ValueError
    return box(heat, share)


def field(random: np.random.Generator, low: float, high: float) -> Heatmap:
    """A map that is wider than high, with little in it: 1 is the greatest value to come."""
    shape = int(random.integers(9, 12)), int(random.integers(13, 17))
    return random.uniform(low, high, size=shape)


def finished(random: np.random.Generator, heat: Heatmap, share: float, *, upright: bool = False) -> Case:
    """The map mirrored or not, and on another scale, so that a share of the maximum is no fixed value."""
    turned = heat[:: 1 if upright else random.choice([-1, 1]), :: random.choice([-1, 1])]
    return case(turned * random.uniform(12, 20), share)


def one_piece(random: np.random.Generator) -> Case:
    """A bright block that is not square, with a tongue, and beside it something that the threshold leaves out."""
    heat = field(random, 0.05, 0.15)
    top, left, high = int(random.integers(1, 4)), int(random.integers(2, 5)), int(random.integers(2, 4))
    wide = high + int(random.integers(2, 4))
    heat[top : top + high, left : left + wide] = random.uniform(0.7, 1, size=(high, wide))
    heat[top + high, left + 1] = 0.8
    heat[top, left + wide : left + wide + 2] = random.uniform(0.22, 0.28, size=2)
    return finished(random, heat, float(random.choice([0.3, 0.4, 0.5, 0.6])))


def several(random: np.random.Generator) -> Case:
    """A single pixel in the first row and another in the last, a small piece with the maximum, a large and dull one.

    Below the dull one lies a place that the threshold leaves out.
    """
    heat = field(random, 0.0, 0.15)
    heat[0, int(random.integers(1, 12))] = heat[-1, int(random.integers(1, 12))] = 0.7
    places = [int(random.integers(1, 3)), int(random.integers(7, 9))]
    dull, bright = random.permutation(places)
    heat[2:6, dull : dull + 2] = random.uniform(0.45, 0.5, size=(4, 2))
    heat[6, dull] = random.uniform(0.22, 0.28)
    heat[3:5, bright : bright + 3] = random.uniform(0.9, 1.0, size=(2, 3))
    return finished(random, heat, float(random.choice([0.3, 0.4])))


def at_a_corner(random: np.random.Generator) -> Case:
    """Two pieces of different size that touch across a corner."""
    heat = field(random, 0.0, 0.15)
    top, left = int(random.integers(1, 3)), int(random.integers(2, 5))
    heat[top : top + 3, left : left + 4] = random.uniform(0.8, 1, size=(3, 4))
    heat[top + 3 : top + 5, left + 4 : left + 7] = random.uniform(0.6, 0.75, size=(2, 3))
    return finished(random, heat, float(random.choice([0.2, 0.3, 0.4])))


def below_zero(random: np.random.Generator) -> Case:
    """Votes against the class all around: the least value lies far below zero."""
    heat = field(random, -1.0, -0.5)
    heat[0, 0] = -1.0
    top, left = int(random.integers(1, 3)), int(random.integers(2, 5))
    heat[top : top + 5, left : left + 7] = random.uniform(0.1, 0.15, size=(5, 7))
    heat[top + 1 : top + 3, left + 1 : left + 5] = random.uniform(0.7, 1, size=(2, 4))
    return finished(random, heat, float(random.choice([0.2, 0.3, 0.4])))


def as_large(random: np.random.Generator) -> Case:
    """Two pieces of as many pixels; the last one read is the brighter."""
    heat = field(random, 0.0, 0.15)
    left, right = random.permutation([int(random.integers(1, 3)), int(random.integers(7, 9))])
    heat[1:3, left : left + 3] = random.uniform(0.6, 0.8, size=(2, 3))
    heat[4:7, right : right + 2] = random.uniform(0.8, 1, size=(3, 2))
    return finished(random, heat, float(random.choice([0.2, 0.3, 0.4])), upright=True)


WORKED = np.array([[0.0, 1, 2, 0, 0, 9], [0, 4, 8, 3, 0, 0], [-5, 3, 5, 0, 0, 0], [0, 0, 0, 0, 10, 0]])
CORNER = np.array([[1.0, 1, 0, 0], [1, 1, 0, 0], [0, 0, 1, 1]])
LEVELS = np.array([[8.0, 2, 8, 8, 0], [0, 0, 4, 2, 0], [4, 0, 0, 0, 8]])
NOTHING = "In a map without a positive value nothing argues for the class: return None."

cam_to_box = Referee(
    name="cam_to_box",
    points=2,
    reference=box,
    tolerance=COUNTED,
    torch_or_numpy=True,
    groups=(
        Group(
            "worked examples",
            weight=1,
            visible=True,
            cases=(
                case(WORKED, 0.2, title="Above a fifth of the maximum"),
                case(WORKED, 0.5, title="Above half of the maximum"),
                case(-WORKED[:2, :5], 0.2, title="No positive value"),
                case(CORNER, 0.2, title="A corner is no connection"),
            ),
        ),
        Group("one piece", weight=1, drawn=one_piece, count=8),
        Group("several pieces", weight=2, drawn=several, count=8),
        Group("pieces that touch at a corner", weight=2, drawn=at_a_corner, count=5),
        Group("negative votes around", weight=1, drawn=below_zero, count=5),
        Group("pieces as large as each other", weight=1, drawn=as_large, count=5),
        Group(
            "values exactly at the threshold, and maps of a single piece",
            weight=1,
            cases=(
                case(LEVELS, 0.25),
                case(LEVELS, 0.5),
                case(LEVELS[::-1].copy(), 0.25),
                case(LEVELS - 2, 0.0),
                case(np.full((2, 5), 3.0), 0.9),
                case(np.array([[7.0]]), 0.2),
                case(np.array([[0.0, 0.0, 1.0]]), 0.2),
            ),
        ),
        Group(
            "maps without a positive value",
            weight=1,
            cases=(case(np.zeros((3, 4)), 0.2), case(np.full((4, 3), -2.0), 0.2), case(-LEVELS - 1, 0.4)),
        ),
    ),
    mistakes=(
        Mistake(
            "ends at the last pixel",
            otherwise(lambda b: (b[0], b[1], b[2] - 1, b[3] - 1)),
            hint="x2 and y2 are the edges behind the last column and the last row, not their numbers. Your box lacks "
            "both of them.",
        ),
        Mistake(
            "swaps x and y",
            otherwise(lambda b: (b[1], b[0], b[3], b[2])),
            hint="A box begins with x, and x counts columns. You begin with the row.",
        ),
        Mistake(
            "gives width and height",
            otherwise(lambda b: (b[0], b[1], b[2] - b[0], b[3] - b[1])),
            hint="The last two numbers of a box are its right and lower edge, not its width and height.",
        ),
        Mistake(
            "puts all x first",
            otherwise(lambda b: (b[0], b[2], b[1], b[3])),
            hint="The order is x1, y1, x2, y2: first the upper left corner, then the lower right one.",
        ),
        Mistake(
            "boxes everything",
            lambda heat, share: around(above(heat, share)),
            hint="Your box holds everything above the threshold. Only the largest piece gets one.",
        ),
        Mistake(
            "connects across corners",
            lambda heat, share: around(pieces(above(heat, share), neighbours=8) == 1),
            hint="Places that touch only at a corner are not connected: a step goes left, right, up or down.",
        ),
        Mistake(
            "keeps the threshold",
            not_below,
            hint="What is exactly at the threshold is not above it.",
        ),
        Mistake(
            "cuts at a fixed value",
            with_threshold(lambda heat, share: share),
            hint="The threshold is a share of the maximum of this map, not a fixed value.",
        ),
        Mistake(
            "always cuts at a fifth",
            with_threshold(lambda heat, share: 0.2 * float(heat.max())),
            hint="Your threshold is the same whatever share is asked for.",
        ),
        Mistake(
            "cuts between least and greatest",
            with_threshold(lambda heat, share: float(heat.min() + share * (heat.max() - heat.min()))),
            hint="The threshold is a share of the maximum. You measure it from the least value of the map on.",
        ),
        Mistake(
            "cuts at a share of the mean",
            with_threshold(lambda heat, share: share * float(heat.mean())),
            hint="The threshold is a share of the maximum, not of the mean.",
        ),
        Mistake(
            "takes the piece of the maximum",
            best(lambda mask, heat: float(heat[mask].max())),
            hint="The piece with the most places counts, not the one that holds the maximum.",
        ),
        Mistake(
            "takes the heaviest piece",
            best(lambda mask, heat: float(heat[mask].sum())),
            hint="The piece with the most places counts. You add up their votes; count the places.",
        ),
        Mistake(
            "takes the first piece",
            best(lambda mask, heat: 0.0),
            hint="You take the first piece that is met. The one with the most places counts.",
        ),
        Mistake(
            "takes the smallest piece",
            best(lambda mask, heat: -float(mask.sum())),
            hint="The piece with the most places counts, not the one with the fewest.",
        ),
        Mistake(
            "takes the last of equals",
            best(lambda mask, heat: float(mask.sum()), last=True),
            hint="Of pieces with equally many places the first counts, reading row by row.",
        ),
        Mistake("makes a box of nothing", lambda heat, share: box(heat, share) or (0.0, 0.0, 0.0, 0.0), hint=NOTHING),
        Mistake("fails on nothing", fails_on_nothing, hint=NOTHING),
    ),
)
