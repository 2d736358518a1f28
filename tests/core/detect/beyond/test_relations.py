"""Scene graphs: relations of boxes, their opposites, and what drawn scenes say is true."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.data.scenes import Sketch, Thing, draw, sketch
from core.detect.beyond.relations import (
    INVERSE,
    RELATIONS,
    beside,
    from_boxes,
    from_sketch,
    meet,
    read_backwards,
    recall,
)
from core.errors import ShapeError

BOX = st.tuples(*[st.integers(0, 60)] * 2, *[st.integers(1, 30)] * 2).map(
    lambda box: np.array([box[0], box[1], box[0] + box[2], box[1] + box[3]], dtype=np.float64)
)


@given(BOX, BOX)
def test_says_the_opposite_from_the_other_side(one, two) -> None:
    apart = (one[:2] + one[2:]) != (two[:2] + two[2:])
    if apart.any():  # in the same place nothing is left of the other
        assert beside(two, one) == INVERSE[beside(one, two)]
    assert meet(one, two) == meet(two, one)


def test_has_an_opposite_for_every_relation() -> None:
    assert all(INVERSE[INVERSE[relation]] == relation for relation in RELATIONS)


@given(st.lists(BOX, max_size=5))
def test_has_one_triple_for_every_pair(boxes) -> None:
    found = from_boxes(np.array(boxes).reshape(-1, 4))
    assert len(found) == len(boxes) * (len(boxes) - 1) // 2
    assert recall([read_backwards(each) for each in found], found) == 1


def overlapping(gap: float) -> Sketch:
    """Two circles, the second drawn over the first."""
    red, blue = (((1.0, 0.0, 0.0),) * 2, ((0.0, 0.0, 1.0),) * 2)
    things = (Thing("circle", (0.4, 0.5), 0.2, 0.0, red), Thing("circle", (0.4 + gap, 0.5), 0.2, 0.0, blue))
    return Sketch(things, ((0.5, 0.5, 0.5),) * 2, 0.0, 0.0, 0.0, 1)


def test_knows_which_one_is_in_front() -> None:
    assert from_sketch(overlapping(0.2), side=64) == [(0, "left of", 1), (1, "in front of", 0)]
    assert from_sketch(overlapping(0.45), side=64) == [(0, "left of", 1)]


def test_says_in_front_only_where_something_is_hidden() -> None:
    for number in range(6):
        drawn = sketch("test", number, objects=(3, 4), overlap=0.9)
        targets = draw(drawn, side=64).targets
        behind = {two for _, relation, two in from_sketch(drawn, side=64) if relation == "in front of"}
        assert behind <= {place for place, target in enumerate(targets) if target.seen < 1}


def test_says_what_does_not_fit() -> None:
    with pytest.raises(ShapeError, match="two boxes"):
        beside(np.zeros(4), np.zeros(5))
    assert recall([], []) == 1
