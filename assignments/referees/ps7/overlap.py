"""iou: how much does every box share with every other one?"""

import numpy as np

from core.detect.boxes import areas, intersection_over_union, intersections
from core.types import Floats
from grading.referee import Case, Forbidden, Group, Mistake, Referee, Tolerance, case

RATIO = Tolerance(1e-4, 1e-5, because="one division of areas below 10,000: float32 keeps five digits of it")
ITSELF = "This function is the whole exercise. Write it yourself."


def parts(boxes: Floats, others: Floats) -> tuple[Floats, Floats, Floats]:
    """Areas as a column, areas as a row, and the areas shared: (N, 1), (1, M), (N, M)."""
    return areas(boxes)[:, None], areas(others)[None], intersections(boxes, others)


def ratio(shared: Floats, joint: Floats) -> Floats:
    """Shared over joint, 0 where nothing is joint."""
    return np.divide(shared, joint, out=np.zeros_like(shared), where=joint != 0)


def sides(boxes: Floats, others: Floats) -> Floats:
    """Width and height of what they share, negative where they are apart: (N, M, 2)."""
    shared = np.minimum(boxes[:, None, 2:], others[:, 2:]) - np.maximum(boxes[:, None, :2], others[:, :2])
    result: Floats = shared
    return result


def unclamped(boxes: Floats, others: Floats) -> Floats:
    """Negative sides are multiplied as if they were sides."""
    first, second, _ = parts(boxes, others)
    shared = sides(boxes, others).prod(axis=2)
    return ratio(shared, first + second - shared)


def clamped_too_late(boxes: Floats, others: Floats) -> Floats:
    """The product is kept above 0, not the sides."""
    first, second, _ = parts(boxes, others)
    shared = sides(boxes, others).prod(axis=2).clip(0)
    return ratio(shared, first + second - shared)


def with_last_pixel(boxes: Floats, others: Floats) -> Floats:
    """x2 and y2 taken for the last pixel inside."""
    more = np.array([0.0, 0.0, 1.0, 1.0])
    return intersection_over_union(boxes + more, others + more)


def corner_and_size(boxes: Floats, others: Floats) -> Floats:
    """The last two numbers taken for width and height."""
    read = [np.concatenate([each[:, :2], each[:, :2] + each[:, 2:]], axis=1) for each in (boxes, others)]
    return intersection_over_union(*read)


def sum_of_areas(boxes: Floats, others: Floats) -> Floats:
    """The shared part counted twice below the line."""
    first, second, shared = parts(boxes, others)
    return ratio(shared, first + second)


def of_the_smaller(boxes: Floats, others: Floats) -> Floats:
    """How much of the smaller box is shared."""
    first, second, shared = parts(boxes, others)
    return ratio(shared, np.minimum(first, second))


def of_the_first(boxes: Floats, others: Floats) -> Floats:
    """How much of the box of the row is shared."""
    first, _, shared = parts(boxes, others)
    return ratio(shared, first + 0 * shared)


def without_number(boxes: Floats, others: Floats) -> Floats:
    """0 divided by 0."""
    first, second, shared = parts(boxes, others)
    with np.errstate(invalid="ignore"):
        return shared / (first + second - shared)


def heap(random: np.random.Generator) -> Case:
    """Boxes that all overlap in the middle, each with a part of its own; never as many rows as columns."""
    rows = int(random.integers(2, 5))
    counts = random.permuted([rows, rows + int(random.integers(1, 4))])
    made = []
    for count in counts:
        starts, ends = random.uniform(0, 20, size=(count, 2)), random.uniform(24, 60, size=(count, 2))
        made.append(np.concatenate([starts, ends], axis=1))
    return case(*made)


def spread(random: np.random.Generator) -> Case:
    """Boxes anywhere: two apart in both directions, two in one, two that overlap, and a few more."""
    width, height = random.uniform(6, 12, size=2)
    first = np.concatenate([random.uniform(0, 20, size=2), np.zeros(2)])
    first[2:] = first[:2] + np.array([width, height])
    far, beside, over = (np.array([x * width, y * height] * 2) for x, y in ((2.5, 1.7), (1.4, 0.3), (0.4, 0.7)))
    extra = np.array([first + random.uniform(0, 20, size=4).cumsum() for _ in range(int(random.integers(1, 4)))])
    order = random.permutation(3 + len(extra))
    others = np.concatenate([[first + far, first + beside, first + over], extra])[order]
    boxes = np.stack([first, first + random.uniform(0.2, 0.4) * over])
    return case(*((boxes, others) if random.integers(2) else (others, boxes)))


def boxes(*rows: tuple[float, float, float, float]) -> Floats:
    """Boxes by their corners: (N, 4)."""
    return np.array(rows, dtype=float).reshape(-1, 4)


PLAIN = boxes((0, 0, 8, 5), (2, 0, 12, 5), (20, 0, 24, 4))
NONE = boxes()

iou = Referee(
    name="iou",
    points=1,
    reference=intersection_over_union,
    tolerance=RATIO,
    torch_or_numpy=True,
    groups=(
        Group(
            "worked examples",
            weight=1,
            visible=True,
            cases=(
                case(boxes((0, 0, 4, 2)), boxes((2, 0, 6, 2), (0, 0, 4, 2)), title="Half a width aside, and itself"),
                case(PLAIN[:1], PLAIN, title="One box and three"),
            ),
        ),
        Group("boxes that all overlap", weight=1, drawn=heap, count=8),
        Group("boxes anywhere, many of them apart", weight=1, drawn=spread, count=8),
        Group(
            "boxes inside others, boxes that touch or have no area, and none at all",
            weight=1,
            cases=(
                case(boxes((0, 0, 10, 12), (2, 3, 5, 9)), boxes((2, 3, 5, 9), (0, 0, 10, 6), (0, 0, 10, 12))),
                case(boxes((0, 0, 4, 4), (5, 5, 7, 9)), boxes((4, 0, 8, 4), (7, 9, 8, 12), (0, 4, 4, 5))),
                case(boxes((3, 3, 3, 3), (1, 2, 5, 2)), boxes((3, 3, 3, 3), (0, 0, 6, 6), (2, 2, 4, 2))),
                case(boxes((0, 0, 0.5, 0.5)), boxes((0.25, 0, 0.75, 0.5), (0.5, 0, 0.5, 0.25))),
                case(NONE, PLAIN),
                case(PLAIN, NONE),
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
            "clamps the product",
            clamped_too_late,
            hint="Boxes apart in both directions have two negative sides, whose product is positive: set each side "
            "to 0 before you multiply.",
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
            lambda boxes, others: 2 * sum_of_areas(boxes, others),
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
        Mistake(
            "transposes the table",
            lambda boxes, others: intersection_over_union(boxes, others).T,
            hint="Rows and columns have changed places: a row for each of the first boxes, a column for each other.",
        ),
        Mistake(
            "has no number for no area",
            without_number,
            hint="Two boxes without any area share 0 of nothing: that is 0, so do not divide there.",
        ),
    ),
    forbidden=tuple(
        Forbidden(name, because=ITSELF) for name in ("torchvision.ops.box_iou", "torchvision.ops.boxes.box_iou")
    ),
)
