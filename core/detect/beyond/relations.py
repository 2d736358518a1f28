"""Scene graphs: things are nodes, what one is to another is an arrow (lecture E).

A scene graph says more than boxes: not only "a circle, a square" but "the circle is left of the square". Where things
are to each other follows from their boxes; which of two that meet is in front, only the picture can tell.
Source of the task: Xu et al., "Scene Graph Generation by Iterative Message Passing", CVPR 2017.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal, TypeAlias, get_args

import numpy as np

from core.data.scenes import Sketch, draw
from core.errors import ShapeError
from core.types import Floats

Relation: TypeAlias = Literal["left of", "right of", "above", "below", "in front of", "behind"]
RELATIONS: tuple[Relation, ...] = get_args(Relation)
INVERSE: dict[Relation, Relation] = {
    "left of": "right of",
    "right of": "left of",
    "above": "below",
    "below": "above",
    "in front of": "behind",
    "behind": "in front of",
}
Triple: TypeAlias = tuple[int, Relation, int]  # which thing, what it is, to which other


def beside(first: Floats, second: Floats) -> Relation:
    """Where one box is, seen from another: (4,), (4,) -> a relation.

    Along the axis on which their middles are farther apart; of equals it is the horizontal one.

    >>> beside(np.array([0.0, 0.0, 10.0, 10.0]), np.array([30.0, 5.0, 40.0, 15.0]))
    'left of'
    """
    if first.shape != (4,) or second.shape != (4,):
        raise ShapeError(f"need two boxes (4,), got {first.shape} and {second.shape}")
    right, down = ((second[:2] + second[2:]) - (first[:2] + first[2:])) / 2
    if abs(right) >= abs(down):
        return "left of" if right >= 0 else "right of"
    return "above" if down > 0 else "below"


def meet(first: Floats, second: Floats) -> bool:
    """Whether two boxes share any area: (4,), (4,).

    >>> meet(np.array([0.0, 0.0, 2.0, 2.0]), np.array([2.0, 0.0, 4.0, 2.0]))
    False
    """
    low, high = np.maximum(first[:2], second[:2]), np.minimum(first[2:], second[2:])
    return bool((high > low).all())


def from_boxes(boxes: Floats) -> list[Triple]:
    """What boxes alone say, one triple for every pair: (N, 4) -> N (N - 1) / 2 triples.

    >>> from_boxes(np.array([[0.0, 0.0, 9.0, 9.0], [30.0, 0.0, 39.0, 9.0], [0.0, 50.0, 9.0, 59.0]]))
    [(0, 'left of', 1), (0, 'above', 2), (1, 'above', 2)]
    """
    count = len(boxes)
    return [(one, beside(boxes[one], boxes[two]), two) for one in range(count) for two in range(one + 1, count)]


def from_sketch(drawn: Sketch, *, side: int) -> list[Triple]:
    """What is true of a drawn scene: where its things are to each other, and which one hides a part of which.

    Take a thing away and draw again: where another now shows more pixels, the first was in front of it. Numbers are
    places among the targets of `draw(drawn, side=side)`.

    >>> from core.data.scenes import sketch
    >>> from_sketch(sketch("train", 1), side=96)
    [(0, 'right of', 1), (0, 'below', 2), (1, 'left of', 2)]
    """
    targets = draw(drawn, side=side).targets
    found = from_boxes(np.array([target.box for target in targets]).reshape(-1, 4))
    for front, taken in enumerate(targets):
        others = tuple(thing for number, thing in enumerate(drawn.things) if number != taken.number)
        numbers = [number for number in range(len(drawn.things)) if number != taken.number]
        alone = draw(replace(drawn, things=others), side=side).targets
        shown = {numbers[each.number]: int(each.mask.sum()) for each in alone}
        found += [
            (front, "in front of", place)
            for place, behind in enumerate(targets)
            if place != front and shown[behind.number] > int(behind.mask.sum())
        ]
    return found


def read_backwards(triple: Triple) -> Triple:
    """The same fact, said of the other thing.

    >>> read_backwards((0, "left of", 1))
    (1, 'right of', 0)
    """
    one, relation, two = triple
    return two, INVERSE[relation], one


def recall(said: Sequence[Triple], true: Sequence[Triple]) -> float:
    """The share of true triples that were said, in either direction; 1 if there are none.

    >>> recall([(1, "right of", 0)], [(0, "left of", 1), (0, "above", 2)])
    0.5
    """
    known = set(said) | {read_backwards(each) for each in said}
    return sum(each in known for each in true) / len(true) if true else 1.0
