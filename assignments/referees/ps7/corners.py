"""corner_pool: where do an upper edge and a left edge meet?"""

import numpy as np

from core.detect.corner.corner_pooling import bottom_right, largest, top_left
from core.types import Floats
from grading.referee import Case, Drawn, Group, Mistake, Referee, Tolerance, case

FLOAT32 = Tolerance(1e-5, 1e-5, because="one sum of two numbers below 100: float32 keeps seven digits")


def beyond(values: Floats, *, look: str) -> Floats:
    """The largest value from the next place on, 0 at the end."""
    turned = values if look == "right" else values.T
    later = np.zeros_like(turned)
    later[:, :-1] = largest(turned[:, 1:], look="right") if turned.shape[1] > 1 else later[:, :-1]
    return later if look == "right" else later.T


def itself_left_out(across: Floats, along: Floats) -> Floats:
    """Looks from the next place on."""
    return beyond(across, look="right") + beyond(along, look="down")


def next_one_only(across: Floats, along: Floats) -> Floats:
    """Looks one place far."""
    right, down = across.copy(), along.copy()
    right[:, :-1] = np.maximum(across[:, :-1], across[:, 1:])
    down[:-1] = np.maximum(along[:-1], along[1:])
    return right + down


def any_maps(low: float) -> Drawn:
    """Two maps of one size, never square, with sharp edges somewhere."""

    def draw(random: np.random.Generator) -> Case:
        rows = int(random.integers(3, 8))
        shape = random.permuted([rows, rows + int(random.integers(1, 6))])
        return case(random.uniform(low, 9, size=shape), random.uniform(low, 9, size=shape))

    return draw


UPPER = np.array([[0.0, 0, 5], [0, 0, 0], [0, 0, 0]])
LEFT = np.array([[0.0, 0, 0], [0, 0, 0], [4, 0, 0]])
LINE = np.array([[2.0, 1, 3, 0, 2]])

corner_pool = Referee(
    name="corner_pool",
    points=1,
    reference=top_left,
    tolerance=FLOAT32,
    torch_or_numpy=True,
    groups=(
        Group(
            "worked examples",
            weight=1,
            visible=True,
            cases=(
                case(UPPER, LEFT, title="An upper edge and a left edge"),
                case(LINE, np.zeros((1, 5)), title="One row"),
            ),
        ),
        Group("maps without negative values", weight=1, drawn=any_maps(0.0), count=8),
        Group("maps with negative values", weight=1, drawn=any_maps(-20.0), count=8),
        Group(
            "maps of one row or one column",
            weight=1,
            cases=(
                case(LINE - 4, np.array([[-1.0, -2, 5, 0, -7]])),
                case(np.array([[3.0], [-1], [2], [2]]), np.array([[-4.0], [1], [0], [-3]])),
                case(np.array([[-2.0]]), np.array([[-3.0]])),
            ),
        ),
    ),
    mistakes=(
        Mistake(
            "looks for the other corner",
            bottom_right,
            hint="You look to the left and up, as for a bottom-right corner. A top-left one looks right and down.",
        ),
        Mistake(
            "exchanges the maps",
            lambda across, along: top_left(along, across),
            hint="The first map is looked through to the right, the second one downwards: yours is the other way.",
        ),
        Mistake(
            "takes the larger",
            lambda across, along: np.maximum(largest(across, look="right"), largest(along, look="down")),
            hint="Add the two largest values; the larger of them alone is not the answer.",
        ),
        Mistake(
            "multiplies",
            lambda across, along: largest(across, look="right") * largest(along, look="down"),
            hint="Add the two largest values; do not multiply them.",
        ),
        Mistake(
            "leaves the place itself out",
            itself_left_out,
            hint="The place itself counts: the largest value from there on, not from the next place on.",
        ),
        Mistake(
            "looks along the whole line",
            lambda across, along: across.max(axis=1, keepdims=True) + along.max(axis=0),
            hint="You take the largest of the whole row and column. Look from the place on only, right and down.",
        ),
        Mistake(
            "looks one place far",
            next_one_only,
            hint="You look at the next place only. Look as far as the map goes.",
        ),
        Mistake(
            "adds up",
            lambda across, along: across[:, ::-1].cumsum(axis=1)[:, ::-1] + along[::-1].cumsum(axis=0)[::-1],
            hint="You add up what is met on the way. Take the largest of it.",
        ),
        Mistake(
            "begins at 0",
            lambda across, along: top_left(across.clip(0), along.clip(0)),
            hint="Where all values are negative the largest is negative, too: do not begin with 0.",
        ),
    ),
)
