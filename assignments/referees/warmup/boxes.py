"""iou: how much do two boxes share?"""

import numpy as np

from core.detect.boxes import areas, intersection_over_union, intersections
from core.types import Floats
from grading.referee import Case, Forbidden, Group, Mistake, Referee, Tolerance, case

RATIO = Tolerance(1e-5, 1e-6, because="one division of areas below 10,000: float32 keeps five digits of it")


def overlap(a: Floats, b: Floats) -> float:
    """The reference, for one pair."""
    return float(intersection_over_union(a[None], b[None])[0, 0])


def parts(a: Floats, b: Floats) -> tuple[float, float, float]:
    """Both areas and the area shared."""
    return float(areas(a[None])[0]), float(areas(b[None])[0]), float(intersections(a[None], b[None])[0, 0])


def sides(a: Floats, b: Floats, *, more: float = 0.0) -> tuple[Floats, Floats, Floats]:
    """Width and height of both boxes and of what they share, which is negative where they are apart."""
    shared = np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2])
    return a[2:] - a[:2] + more, b[2:] - b[:2] + more, shared + more


def unclamped(a: Floats, b: Floats) -> float:
    """Negative sides are multiplied as if they were sides."""
    first, second, shared = (float(np.prod(side)) for side in sides(a, b))
    return shared / (first + second - shared)


def with_last_pixel(a: Floats, b: Floats) -> float:
    """x2 and y2 taken for the last pixel inside."""
    first, second, shared = (float(np.prod(side.clip(0))) for side in sides(a, b, more=1.0))
    return shared / (first + second - shared)


def corner_and_size(a: Floats, b: Floats) -> float:
    """The last two numbers taken for width and height."""
    return overlap(np.concatenate([a[:2], a[:2] + a[2:]]), np.concatenate([b[:2], b[:2] + b[2:]]))


def sum_of_areas(a: Floats, b: Floats) -> float:
    """The shared part counted twice below the line."""
    first, second, shared = parts(a, b)
    return shared / (first + second)


def dice(a: Floats, b: Floats) -> float:
    """The other measure."""
    return 2 * sum_of_areas(a, b)


def of_the_smaller(a: Floats, b: Floats) -> float:
    """How much of the smaller box is shared."""
    first, second, shared = parts(a, b)
    return shared / min(first, second)


def of_the_first(a: Floats, b: Floats) -> float:
    """How much of the first box is shared."""
    first, _, shared = parts(a, b)
    return shared / first


def boxes(*numbers: float, title: str = "") -> Case:
    """Two boxes, written one after the other."""
    return case(np.array(numbers[:4], dtype=float), np.array(numbers[4:], dtype=float), title=title)


def crossing(random: np.random.Generator) -> Case:
    """Two boxes that share something, each with a part of its own."""
    start = random.uniform(0, 50, size=2)
    steps = random.uniform(2, 10, size=(3, 2)).cumsum(axis=0)  # from corner to corner
    return case(np.concatenate([start, start + steps[1]]), np.concatenate([start + steps[0], start + steps[2]]))


def apart(random: np.random.Generator) -> Case:
    """Two boxes with a gap between them in both directions, or in one."""
    start, size, other = random.uniform(0, 30, size=2), random.uniform(2, 9, size=2), random.uniform(2, 9, size=2)
    gap = random.uniform(1, 9, size=2) * random.permuted([1, random.choice([1, -1])])
    corner = start + np.where(gap > 0, size + gap, 0.5)
    pair = [np.concatenate([start, start + size]), np.concatenate([corner, corner + other])]
    return case(*(pair if random.integers(2) else pair[::-1]))


def anywhere(random: np.random.Generator) -> Case:
    """Apart more often than not: answering 0 alone earns nothing."""
    return crossing(random) if random.random() < 0.4 else apart(random)


NO_AREA = "Two boxes without any area share 0 of nothing: return 0 before you divide."

iou = Referee(
    name="iou",
    points=2,
    reference=overlap,
    tolerance=RATIO,
    groups=(
        Group(
            "worked examples",
            weight=1,
            visible=True,
            cases=(
                boxes(0, 0, 8, 5, 2, 0, 12, 5, title="30 shared, 10 and 20 alone"),
                boxes(0, 0, 4, 4, 2, 2, 6, 6, title="A corner shared"),
                boxes(0, 0, 4, 4, 0, 0, 4, 4, title="A box and itself"),
                boxes(0, 0, 4, 4, 6, 6, 9, 9, title="Far apart"),
            ),
        ),
        Group("boxes that overlap", weight=1, drawn=crossing),
        Group(
            "boxes anywhere, many of them apart",
            weight=1,
            drawn=anywhere,
            cases=(boxes(0, 0, 4, 4, 4, 0, 8, 4), boxes(5, 5, 7, 9, 6, 2, 9, 6)),
        ),
        Group(
            "boxes inside others, and boxes without area",
            weight=1,
            cases=(
                boxes(0, 0, 10, 10, 2, 3, 5, 9),
                boxes(4, 4, 6, 7, 0, 0, 9, 9),
                boxes(3, 3, 3, 3, 0, 0, 6, 6),
                boxes(3, 3, 3, 3, 3, 3, 3, 3),
                boxes(1, 2, 5, 2, 2, 2, 4, 2),
            ),
        ),
    ),
    mistakes=(
        Mistake(
            "multiplies negative sides",
            unclamped,
            hint="Where boxes are apart, the shared width or height comes out negative: it is 0 then.",
        ),
        Mistake(
            "counts the last pixel twice",
            with_last_pixel,
            hint="A box is x2 - x1 wide here, without + 1: coordinates are edges, not pixels.",
        ),
        Mistake(
            "reads width and height",
            corner_and_size,
            hint="The last two numbers of a box are its right and lower edge, not its width and height.",
        ),
        Mistake(
            "adds the areas",
            sum_of_areas,
            hint="The two areas together count the shared part twice: subtract it once.",
        ),
        Mistake(
            "is Dice",
            dice,
            hint="That is Dice, twice the shared area over both areas. IoU divides by the joint area.",
        ),
        Mistake(
            "divides by the smaller box",
            of_the_smaller,
            hint="Divide by the area that the two boxes cover together, not by that of the smaller one.",
        ),
        Mistake(
            "divides by the first box",
            of_the_first,
            hint="Divide by the area that the two boxes cover together, not by that of the first one.",
        ),
        Mistake("divides by zero", lambda a, b: overlap(a, b) if sum(parts(a, b)) else 1 / 0, hint=NO_AREA),
        Mistake("has no number for no area", lambda a, b: overlap(a, b) if sum(parts(a, b)) else np.nan, hint=NO_AREA),
    ),
    forbidden=(
        Forbidden("torchvision.ops.box_iou", because="This function is the whole exercise. Write it yourself."),
        Forbidden("torchvision.ops.boxes.box_iou", because="This function is the whole exercise. Write it yourself."),
    ),
)
