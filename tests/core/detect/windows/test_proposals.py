"""Selective search and what proposals are worth, against regions measured anew and boxes counted one by one."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from core.data.scenes import boxes as boxes_of
from core.detect.boxes import intersection_over_union
from core.detect.pictures import picture
from core.detect.windows.proposal_recall import (
    ASPECTS,
    BASE,
    SHARES,
    best_overlaps,
    grid_boxes,
    precision,
    random_boxes,
    recall,
)
from core.detect.windows.proposals import (
    SPACES,
    TERMS,
    Strategy,
    in_space,
    neighbours,
    search,
    segments,
    selective_search,
    similarity,
)
from core.detect.windows.proposals import _bins as bins_of
from core.detect.windows.proposals import _regions as measured
from core.detect.windows.proposers import PROPOSERS
from core.detect.windows.sliding import parts
from core.errors import CoreError, LimitError, ShapeError

SCENE = picture("test", 3)
IMAGE = SCENE.image.astype(np.float64)
FOUND = search(IMAGE)


def test_every_region_proposes_the_box_around_its_pixels() -> None:
    count = len(FOUND.merged) + 1
    assert len(FOUND.boxes) == 2 * count - 1
    for steps in range(0, count, 5):
        regions = FOUND.regions(steps)
        assert np.unique(regions).tolist() == FOUND.alive(steps).tolist()
        assert len(FOUND.alive(steps)) == count - steps
        for number in FOUND.alive(steps).tolist():
            rows, columns = np.nonzero(regions == number)
            assert FOUND.boxes[number].tolist() == [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]
    assert (FOUND.regions(count - 1) == 2 * count - 2).all()


def test_merges_the_two_neighbours_that_are_most_alike() -> None:
    """At some steps every pair of neighbours is compared anew, from the pixels."""
    coloured = in_space(IMAGE, "HSV")
    for step in (0, len(FOUND.merged) // 2, len(FOUND.merged) - 2):
        alive, regions = FOUND.alive(step), FOUND.regions(step)
        renamed = np.searchsorted(alive, regions)
        fresh = measured(bins_of(coloured), renamed, len(alive), TERMS)
        pairs = {(one, other) for one, others in neighbours(renamed).items() for other in others if one < other}
        alike = {pair: float(similarity(fresh, pair[0], [pair[1]])[0]) for pair in pairs}
        best = max(alike.values())
        chosen = tuple(np.searchsorted(alive, FOUND.merged[step]).tolist())
        assert chosen in pairs
        assert alike[chosen] == pytest.approx(best)
        assert FOUND.similarities[step] == pytest.approx(best)


def test_similarity_is_the_formula_of_the_paper() -> None:
    regions = np.zeros((10, 10), dtype=np.int64)
    regions[:, 4:] = 1
    known = measured(bins_of(np.zeros((10, 10, 3))), regions, 2, ("size", "fill"))
    assert similarity(known, 0, [1])[0] == pytest.approx((1 - 100 / 100) + (1 - (100 - 40 - 60) / 100))
    corner = np.zeros((10, 10), dtype=np.int64)
    corner[:5, :5] = 1
    alike = measured(bins_of(in_space(IMAGE[:10, :10], "RGB")), corner, 2, ("colour", "texture"))
    counted = alike.histograms
    by_hand = sum(float(np.minimum(each[0], each[1]).sum()) for each in counted.values())
    assert similarity(alike, 0, [1])[0] == pytest.approx(by_hand)
    assert [each.shape for each in counted.values()] == [(3, 75), (3, 240)]
    assert all(np.allclose(each[:2].sum(axis=1), 1) for each in counted.values())


@given(arrays(np.int64, (5, 6), elements=st.integers(0, 3)))
def test_neighbours_touch(drawn) -> None:
    _, start = np.unique(drawn, return_inverse=True)
    start = start.reshape(drawn.shape)
    found, by_hand = neighbours(start), {each: set() for each in range(start.max() + 1)}
    for row, column in np.ndindex(5, 6):
        for other in ((row + 1, column), (row, column + 1)):
            if other[0] < 5 and other[1] < 6 and start[row, column] != start[other]:
                by_hand[start[row, column]].add(start[other])
                by_hand[start[other]].add(start[row, column])
    assert found == by_hand


def test_holds_the_things_of_a_scene_with_few_boxes() -> None:
    overlaps, counts = [], []
    for number in range(6):
        scene = picture("validation", number)
        strategies = [Strategy("HSV", 50.0), Strategy("Lab", 50.0)]
        found = selective_search(scene.image.astype(np.float64), np.random.default_rng(number), strategies=strategies)
        assert len(np.unique(found, axis=0)) == len(found)
        overlaps.append(best_overlaps(found, boxes_of(scene.targets), (len(found),)))
        counts.append(len(found))
    held = np.concatenate(overlaps, axis=1)
    assert recall(held, 0.5)[0] > 0.9
    assert recall(held, 0.7)[0] > 0.8
    assert np.mean(counts) < 250


def test_ranks_by_lot_and_the_same_lot_ranks_the_same() -> None:
    one, again, other = (
        selective_search(IMAGE, np.random.default_rng(seed), strategies=[Strategy()]) for seed in (1, 1, 2)
    )
    assert one.tolist() == again.tolist() != other.tolist()
    assert sorted(one.tolist()) == sorted(other.tolist())


def test_searches_that_share_their_segments_find_what_each_finds_alone() -> None:
    strategies = [Strategy("HSV", 100.0), Strategy("HSV", 100.0, TERMS[1:]), Strategy("HSV", 100.0, ("size",))]
    alone = {tuple(box) for each in strategies for box in search(IMAGE, each).boxes.tolist()}
    together = selective_search(IMAGE, np.random.default_rng(0), strategies=strategies)
    assert {tuple(box) for box in together.tolist()} == alone


@pytest.mark.parametrize("space", SPACES)
def test_colours_lie_between_0_and_1(space) -> None:
    coloured = in_space(np.stack(np.meshgrid(*[np.linspace(0, 1, 5)] * 3), axis=-1).reshape(25, 5, 3), space)
    assert coloured.min() >= 0
    assert coloured.max() <= 1


def test_a_picture_of_one_colour_is_one_region() -> None:
    found = search(np.full((20, 30, 3), 0.4))
    assert found.boxes.tolist() == [[0, 0, 30, 20]]
    assert found.regions(0).max() == 0
    assert len(found.merged) == 0


BOXES = arrays(np.float64, (7, 4), elements=st.integers(0, 20)).map(
    lambda drawn: np.concatenate([np.minimum(drawn[:, :2], drawn[:, 2:]), np.maximum(drawn[:, :2], drawn[:, 2:])], 1)
)


@given(boxes=BOXES, true=BOXES, at=st.sampled_from([0.3, 0.5, 0.7]))
def test_recall_never_falls_with_more_boxes(boxes, true, at) -> None:
    counts = (1, 2, 3, 5, 7, 9)
    held = recall(best_overlaps(boxes, true, counts), at)
    assert (np.diff(held) >= 0).all()
    by_hand = [(intersection_over_union(boxes[:count], true).max(axis=0) >= at).mean() for count in counts]
    assert held.tolist() == by_hand
    right = [(intersection_over_union(boxes[:count], true).max(axis=1) >= at).mean() for count in counts]
    np.testing.assert_allclose(precision(boxes, true, counts, at=at), right)


def test_nothing_to_hold_and_nothing_proposed() -> None:
    none, one = np.zeros((0, 4)), np.array([[0.0, 0, 4, 4]])
    assert recall(best_overlaps(one, none, (1,)), 0.5).tolist() == [1]
    assert recall(best_overlaps(none, one, (1, 5)), 0.5).tolist() == [0, 0]
    assert precision(none, one, (1,), at=0.5).tolist() == [0]


@pytest.mark.parametrize("sides", [(96, 96), (60, 120)], ids=str)
def test_blind_boxes_stay_inside(sides) -> None:
    for boxes in (random_boxes(sides, 500, np.random.default_rng(0)), grid_boxes(sides, 500)):
        assert boxes.min() >= -1e-9
        assert (boxes[:, 2] <= sides[1] + 1e-9).all()
        assert (boxes[:, 3] <= sides[0] + 1e-9).all()
        assert (boxes[:, 2:] > boxes[:, :2]).all()
    assert [len(grid_boxes(sides, count)) <= count for count in (1, 7, 50, 200)] == [True] * 4


@given(st.integers(1, 300), st.integers(1, 300), st.integers(1, 500))
@settings(max_examples=25)
def test_a_grid_is_as_dense_as_the_count_allows(high: int, wide: int, count: int) -> None:
    scales = [share * min(high, wide) / 100 for share in SHARES]
    numbers = (
        sum(each.count for each in parts((high, wide), BASE, stride=stride, scales=scales, aspects=ASPECTS))
        for stride in range(1, 400)
    )
    allowed = next((number for number in numbers if number <= count), None)
    assert allowed is None or len(grid_boxes((high, wide), count)) == allowed


def test_cites_the_other_ways_with_what_their_titles_say() -> None:
    by_name = {each.name: each for each in PROPOSERS}
    assert set(by_name) >= {"Objectness", "BING", "Edge boxes"}
    assert "300fps" in by_name["BING"].source
    assert all(str(each.year) in each.source for each in PROPOSERS)


@pytest.mark.parametrize(
    ("error", "call"),
    [
        (ShapeError, lambda: segments(np.zeros((5, 5)))),
        (LimitError, lambda: segments(np.zeros((600, 600, 3)))),
        (CoreError, lambda: search(IMAGE, Strategy(terms=()))),
        (CoreError, lambda: grid_boxes((9, 9), 0)),
        (CoreError, lambda: random_boxes((9, 9), -1, np.random.default_rng(0))),
        (CoreError, lambda: best_overlaps(np.zeros((1, 4)), np.zeros((1, 4)), (0,))),
    ],
)
def test_says_what_would_fit(error, call) -> None:
    with pytest.raises(error):
        call()
