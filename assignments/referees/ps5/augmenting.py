"""augment: an image is changed, and its boxes with it."""

from collections.abc import Callable, Sequence

import numpy as np

from core.augment.photometric import brighter
from core.augment.whole import Change, changed, mirrored, quarter_turned, shifted
from core.types import Floats
from grading.referee import Case, Drawn, Group, Mistake, Referee, Tolerance, case

Pair = tuple[Floats, Floats]
COPIED = Tolerance(1e-5, 1e-5, because="values are moved, and one number is added: float32 keeps six digits of both")


def steps(**other: Callable[..., Pair]) -> Callable[[Floats, Floats, Sequence[Change]], Pair]:
    """The reference with another way of doing some of the changes."""
    ways: dict[str, Callable[..., Pair]] = {"mirror": mirrored, "turn": quarter_turned, "shift": shifted}
    ways |= {"brighter": lambda image, boxes, by: (brighter(image, by), boxes)} | other

    def variant(image: Floats, boxes: Floats, changes: Sequence[Change]) -> Pair:
        for name, *numbers in changes:
            if name not in ways:
                raise ValueError(name)
            image, boxes = ways[name](image, boxes, *numbers)
        return image, boxes

    return variant


def image_alone(way: Callable[..., Pair]) -> Callable[..., Pair]:
    """A change whose boxes stay where they were."""
    return lambda image, boxes, *numbers: (way(image, boxes, *numbers)[0], boxes)


def upside_down(image: Floats, boxes: Floats) -> Pair:
    """Top and bottom change places."""
    x1, y1, x2, y2 = boxes.T
    return image[::-1], np.stack([x1, len(image) - y2, x2, len(image) - y1], axis=1)


def sides_left(image: Floats, boxes: Floats) -> Pair:
    """The left side of a box is still written first, and lies to the right of the other one."""
    turned, new = mirrored(image, boxes)
    return turned, new[:, [2, 1, 0, 3]]


def last_pixel(image: Floats, boxes: Floats) -> Pair:
    """W - 1 - x, right for the numbers of pixels."""
    turned, new = mirrored(image, boxes)
    return turned, new - np.array([1, 0, 1, 0])


def other_way(image: Floats, boxes: Floats) -> Pair:
    """A quarter turn against the clock: three with it."""
    for _ in range(3):
        image, boxes = quarter_turned(image, boxes)
    return image, boxes


def other_side(image: Floats, boxes: Floats) -> Pair:
    """W taken for H where the boxes are turned."""
    turned, new = quarter_turned(image, boxes)
    return turned, new + (image.shape[1] - image.shape[0]) * np.array([1, 0, 1, 0])


def transposed(image: Floats, boxes: Floats) -> Pair:
    """Rows and columns change places, which is a mirror image of a turn."""
    return image.swapaxes(0, 1), boxes[:, [1, 0, 3, 2]]


def around(image: Floats, boxes: Floats, right: int, down: int) -> Pair:
    """What leaves on one side comes in on the other."""
    return np.roll(image, (down, right), axis=(0, 1)), shifted(image, boxes, right, down)[1]


def beyond(image: Floats, boxes: Floats, right: int, down: int) -> Pair:
    """Boxes are moved and not cut off."""
    return shifted(image, boxes, right, down)[0], boxes + np.array([right, down, right, down])


def nothing_left(image: Floats, boxes: Floats, right: int, down: int) -> Pair:
    """Boxes are cut off, also to nothing, and kept."""
    height, width = image.shape[:2]
    moved = (boxes + np.array([right, down, right, down])).clip(0, [width, height, width, height])
    return shifted(image, boxes, right, down)[0], moved


def anyhow(image: Floats, boxes: Floats, changes: Sequence[Change]) -> Pair:
    """What it does not know, it leaves out."""
    known = [change for change in changes if change[0] in ("mirror", "turn", "shift", "brighter")]
    return changed(image, boxes, known)


def example(random: np.random.Generator) -> Pair:
    """An image that is never square, and two boxes two pixels and more from its edges, never in its middle."""
    high, wide = (int(side) for side in random.choice([7, 8, 9, 10], size=2, replace=False))
    start = 2 + random.integers(0, 4, size=(2, 2)) / 4
    end = np.array([wide, high]) - 3 - random.integers(0, 3, size=(2, 2)) / 4
    image = random.uniform(0.1, 0.9, size=(high, wide, int(random.integers(1, 4))))
    return image, np.concatenate([start, end], axis=1)


def inside(random: np.random.Generator) -> Change:
    """A shift that cuts no box off."""
    right, down = random.choice([-1, 1], size=2) * random.permutation([1, 2])
    return ("shift", int(right), int(down))


def lit(random: np.random.Generator) -> Change:
    """So much brighter or darker that some pixels are all white or all black."""
    return ("brighter", float(random.choice([-1, 1]) * random.uniform(0.45, 0.6)))


def one(change: Callable[[np.random.Generator], Change]) -> Drawn:
    """A single change."""
    return lambda random: case(*example(random), [change(random)])


def over_the_edge(random: np.random.Generator) -> Case:
    """One box is cut off, another one leaves the image."""
    image, _ = example(random)
    height, width = image.shape[:2]
    boxes = np.array([[0.5, 1.0, width - 3.0, height - 1.5], [width - 2.25, 1.5, width - 0.5, height - 2.0]])
    if random.integers(2):  # to the right: the second one leaves; to the left the same, mirrored
        return case(image, boxes, [("shift", 4, int(random.choice([-2, 2])))])
    return case(image, mirrored(image, boxes)[1], [("shift", -4, int(random.choice([-2, 2])))])


def in_turn(random: np.random.Generator) -> Case:
    """All four changes in some order."""
    changes: list[Change] = [("mirror",), ("turn",), inside(random), lit(random)]
    return case(*example(random), [changes[place] for place in random.permutation(4)])


SMALL = np.arange(15.0).reshape(3, 5, 1) / 16
BOXES = np.array([[1.0, 0.0, 3.0, 2.0], [4.0, 2.0, 5.0, 3.0]])
NO_BOXES = np.empty((0, 4))


def shown(title: str, *changes: Change) -> Case:
    """The image of the notebook."""
    return case(SMALL, BOXES, list(changes), title=title)


augment = Referee(
    name="augment",
    points=2,
    reference=changed,
    tolerance=COPIED,
    torch_or_numpy=True,
    groups=(
        Group(
            "examples of the notebook",
            weight=1,
            visible=True,
            cases=(
                shown("A mirror", ("mirror",)),
                shown("A quarter turn", ("turn",)),
                shown("A shift to the left", ("shift", -1, 0)),
                shown("A shift that loses a box", ("shift", 1, -1)),
                shown("Brighter", ("brighter", 0.5)),
                shown("A mirror, then a turn", ("mirror",), ("turn",)),
            ),
        ),
        Group("mirrors", weight=1, drawn=one(lambda random: ("mirror",)), count=5),
        Group("quarter turns", weight=1, drawn=one(lambda random: ("turn",)), count=5),
        Group("shifts that leave all boxes inside", weight=1, drawn=one(inside), count=5),
        Group("shifts over the edge", weight=1, drawn=over_the_edge, count=5),
        Group("brighter and darker", weight=1, drawn=one(lit), count=6),
        Group("several changes, one after the other", weight=2, drawn=in_turn, count=8),
        Group(
            "no boxes, no changes, and shifts of nothing or of everything",
            weight=1,
            cases=(
                case(SMALL, NO_BOXES, [("mirror",), ("shift", -1, 1), ("turn",), ("brighter", -0.25)]),
                case(SMALL, BOXES, []),
                case(SMALL, BOXES, [("shift", 0, 0)]),
                case(SMALL, BOXES, [("shift", 0, 2)]),
                case(SMALL, BOXES, [("shift", 7, 0)]),
                case(SMALL, BOXES, [("shift", 0, -3), ("brighter", 0.0)]),
                case(SMALL, BOXES, [("turn",), ("turn",)]),
            ),
        ),
        Group(
            "changes that are not on the list",
            weight=1,
            cases=(
                case(SMALL, BOXES, [("melt",)], raises=ValueError),
                case(SMALL, BOXES, [("mirror",), ("zoom", 2)], raises=ValueError),
            ),
        ),
    ),
    mistakes=(
        Mistake(
            "leaves the boxes behind",
            steps(mirror=image_alone(mirrored), turn=image_alone(quarter_turned), shift=image_alone(shifted)),
            hint="The image moves and its boxes stay, so that they are around something else now. Move both.",
        ),
        Mistake(
            "mirrors top and bottom",
            steps(mirror=upside_down),
            hint="You turn the image upside down. In a mirror left and right change places: the second axis.",
        ),
        Mistake(
            "leaves the sides of a box in their order",
            steps(mirror=sides_left),
            hint="In a mirror the right side of a box becomes its left one: the new x1 comes from x2.",
        ),
        Mistake(
            "mirrors numbers of pixels",
            steps(mirror=last_pixel),
            hint="Your mirrored boxes are a pixel off. The last pixel has the number W - 1, but the right edge of the "
            "image is at W, and boxes are made of edges.",
        ),
        Mistake(
            "turns against the clock",
            steps(turn=other_way),
            hint="You turn the other way. With the clock, what was at the top is at the right afterwards.",
        ),
        Mistake(
            "takes the width for the height",
            steps(turn=other_side),
            hint="Your turned image is right and its boxes are not: y runs from the top edge to H, so it is H - y that "
            "becomes the new x, with the height before the turn.",
        ),
        Mistake(
            "transposes",
            steps(turn=transposed),
            hint="You exchange rows and columns. That is a mirror image of a turn: writing on it would be reversed.",
        ),
        Mistake(
            "turns the image alone",
            steps(turn=image_alone(quarter_turned)),
            hint="The image is turned and its boxes stay, so that they are around something else now. Turn both.",
        ),
        Mistake(
            "lets pixels come in on the other side",
            steps(shift=around),
            hint="What leaves the image on one side is lost, and black comes in on the other. np.roll brings it back.",
        ),
        Mistake(
            "swaps right and down",
            steps(shift=lambda image, boxes, right, down: shifted(image, boxes, down, right)),
            hint="The first number of a shift goes to the right, along the second axis of the image.",
        ),
        Mistake(
            "moves the wrong way",
            steps(shift=lambda image, boxes, right, down: shifted(image, boxes, -right, -down)),
            hint="You shift to the left and up where it should go to the right and down.",
        ),
        Mistake(
            "does not cut boxes off",
            steps(shift=beyond),
            hint="Some of your boxes reach beyond the image: cut them off at its edges, and leave out those of which "
            "nothing remains.",
        ),
        Mistake(
            "keeps boxes of nothing",
            steps(shift=nothing_left),
            hint="A box that has left the image is still in your list, without width or height: leave it out.",
        ),
        Mistake(
            "lets values run over",
            steps(brighter=lambda image, boxes, by: (image + by, boxes)),
            hint="Some of your values are below zero or above one: cut them off at black and at white.",
        ),
        Mistake(
            "begins at the end",
            lambda image, boxes, changes: changed(image, boxes, changes[::-1]),
            hint="You go through the changes from the last to the first. Their order matters: a turn of a mirror image "
            "is not a mirror image of a turn.",
        ),
        Mistake(
            "passes over what it does not know",
            anyhow,
            hint="A change that is not on the list has to raise a ValueError, or a misspelt word changes nothing and "
            "nobody notices.",
        ),
    ),
)
