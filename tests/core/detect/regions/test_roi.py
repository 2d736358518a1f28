"""RoI pooling, RoI Align and the pyramid: as torchvision has them, also where a region leaves the map."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torchvision.ops import roi_align as their_align
from torchvision.ops import roi_pool as their_pool

from core.detect.regions.roi import (
    align_weights,
    line_weights,
    many_regions,
    pooled_spans,
    roi_align,
    roi_pool,
    sample_places,
    spatial_pyramid,
)
from core.detect.regions.roi_rounding import region_read, rounding
from core.errors import CoreError, LimitError, ShapeError

MAPS = np.random.default_rng(0).normal(size=(3, 9, 11))
EDGES = {
    "inside": [20.0, 30.0, 90.0, 100.0],
    "on-whole-cells": [16.0, 32.0, 80.0, 96.0],
    "halves-between-cells": [24.0, 8.0, 40.0, 72.0],
    "leaves-left-and-top": [-50.0, -37.0, 60.0, 60.0],
    "leaves-right-and-bottom": [100.0, 90.0, 300.0, 260.0],
    "all-outside": [400.0, 400.0, 500.0, 480.0],
    "all-outside-before": [-300.0, -200.0, -100.0, -80.0],
    "around-the-map": [-100.0, -100.0, 400.0, 400.0],
    "no-width": [50.0, 20.0, 50.0, 90.0],
    "no-size": [50.0, 60.0, 50.0, 60.0],
    "corners-changed": [90.0, 90.0, 60.0, 40.0],
    "smaller-than-a-cell": [33.0, 35.0, 36.0, 39.0],
}
WAYS = [(0, True), (0, False), (1, True), (2, True), (2, False), (3, True)]


def by_torchvision(maps, region, size, scale, sampling, aligned):
    one, boxes = torch.tensor(maps)[None], [torch.tensor(np.asarray(region))[None]]
    return their_align(one, boxes, size, scale, sampling or -1, aligned)[0].numpy()


@pytest.mark.parametrize("size", [(1, 1), (2, 2), (3, 5), (7, 7)], ids=str)
@pytest.mark.parametrize("region", EDGES.values(), ids=EDGES)
def test_pools_as_torchvision(region, size) -> None:
    theirs = their_pool(torch.tensor(MAPS)[None], [torch.tensor([region], dtype=torch.float64)], size, 1 / 16)[0]
    np.testing.assert_array_equal(roi_pool(MAPS, np.array(region), size, scale=1 / 16), theirs.numpy())


@pytest.mark.parametrize(("sampling", "aligned"), WAYS, ids=str)
@pytest.mark.parametrize("region", EDGES.values(), ids=EDGES)
def test_aligns_as_torchvision(region, sampling, aligned) -> None:
    for size in ((1, 1), (2, 3), (7, 7)):
        ours = roi_align(MAPS, np.array(region), size, scale=1 / 16, sampling=sampling, aligned=aligned)
        theirs = by_torchvision(MAPS, region, size, 1 / 16, sampling, aligned)
        np.testing.assert_allclose(ours, theirs, atol=1e-12)


@settings(max_examples=60, deadline=None)
@given(
    corner=st.tuples(st.integers(-320, 960), st.integers(-320, 960)),
    sides=st.tuples(st.integers(0, 900), st.integers(0, 900)),
    size=st.tuples(st.integers(1, 6), st.integers(1, 6)),
)
def test_agrees_with_torchvision_anywhere(corner, sides, size) -> None:
    region = np.array([*corner, corner[0] + sides[0], corner[1] + sides[1]]) / 4
    for how, ours in (("pool", roi_pool), ("align", roi_align)):
        theirs = many_regions(how, MAPS, region[None], size, scale=1 / 16)[0]
        np.testing.assert_allclose(ours(MAPS, region, size, scale=1 / 16), theirs, atol=1e-12)


@given(start=st.floats(0, 5), width=st.floats(0.2, 5), cells=st.integers(1, 4), sampling=st.integers(0, 3))
def test_sees_a_slope_where_the_middle_of_a_cell_lies(start, width, cells, sampling) -> None:
    """On values that say where they lie Align answers with the middle of every cell, wherever the region is."""
    places = np.arange(12.0) + 0.5
    weights = align_weights(start + 0.5, start + 0.5 + width, cells, 12, sampling=sampling)
    middles = start + 0.5 + (np.arange(cells) + 0.5) * width / cells
    np.testing.assert_allclose(weights @ places, middles, atol=1e-9)


@given(places=st.lists(st.floats(-1, 8), min_size=1, max_size=9))
def test_weights_inside_sum_to_one(places) -> None:
    np.testing.assert_allclose(line_weights(np.array(places), 8).sum(axis=1), 1)


def test_glides_where_pooling_jumps() -> None:
    shifts = np.linspace(0, 1, 33)
    regions = 16 * np.array([[1 + shift, 1.2, 5 + shift, 5.2] for shift in shifts])
    pooled, aligned = (many_regions(how, MAPS, regions, (2, 2), scale=1 / 16) for how in ("pool", "align"))
    assert len(np.unique(pooled, axis=0)) == 2  # one jump, where the left edge is rounded the other way
    assert len(np.unique(aligned, axis=0)) == 33
    steps = np.abs(np.diff(aligned, axis=0))
    assert steps.max() <= np.abs(np.diff(MAPS, axis=2)).max() / 32 + 1e-12


def test_reads_one_cell_more_than_asked_and_lets_cells_overlap() -> None:
    assert pooled_spans(2.0, 6.0, 2, 20).tolist() == [[2, 5], [4, 7]]
    assert pooled_spans(2.5, 3.5, 1, 20).tolist() == [[3, 5]]
    assert pooled_spans(-0.5, 0.5, 1, 20).tolist() == [[0, 2]]


def test_looks_nowhere_in_a_region_without_size() -> None:
    assert sample_places(3.0, 3.0, 2).shape == (2, 0)
    assert roi_align(MAPS, np.array([50.0, 60, 50, 60]), (2, 2), scale=1 / 16).tolist() == np.zeros((3, 2, 2)).tolist()
    assert sample_places(3.0, 3.0, 2, aligned=False).shape == (2, 1)


@pytest.mark.parametrize("sides", [(4, 4), (13, 13), (10, 17), (3, 5), (1, 1), (2, 9)], ids=str)
def test_pyramid_is_adaptive_pooling_of_torch(sides) -> None:
    maps = np.random.default_rng(1).normal(size=(5, *sides))
    theirs = [torch.nn.functional.adaptive_max_pool2d(torch.tensor(maps), level).ravel() for level in (1, 2, 4)]
    np.testing.assert_array_equal(spatial_pyramid(maps), torch.cat(theirs).numpy())


def test_pyramid_has_one_length() -> None:
    lengths = {spatial_pyramid(np.zeros((256, *sides))).shape for sides in ((13, 13), (10, 10), (7, 30))}
    assert lengths == {(256 * (1 + 4 + 16),)}


def test_reads_beside_what_was_asked_for() -> None:
    asked = np.array([[24.0, -24.0, 24.0, 40.0], [16.0, 16.0, 48.0, 48.0]])
    assert region_read(asked, stride=16).tolist() == [[32, -32, 48, 64], [16, 16, 64, 64]]


def test_rounding_costs_small_regions_more() -> None:
    """An edge anywhere is off by a quarter of a stride; the last by one, as its whole cell belongs to the region."""
    found = [rounding(s, stride=16, cells=7, draws=3000, random=np.random.default_rng(0)) for s in (32, 64, 256)]
    assert all(each.start == pytest.approx(4, abs=0.2) for each in found)
    assert all(each.end == pytest.approx(16, abs=0.3) for each in found)
    assert all(each.wider == pytest.approx(16, abs=0.3) for each in found)
    assert found[0].overlap < 0.5 < found[1].overlap < 0.7 < 0.85 < found[2].overlap < 0.92
    finer = rounding(64, stride=4, cells=7, draws=3000, random=np.random.default_rng(0))
    assert finer.middle < found[1].middle / 3
    assert finer.overlap > 0.85


@pytest.mark.parametrize(
    ("error", "call"),
    [
        (ShapeError, lambda: roi_pool(MAPS[0], np.zeros(4), (2, 2))),
        (ShapeError, lambda: roi_align(MAPS, np.zeros(3), (2, 2))),
        (LimitError, lambda: roi_pool(MAPS, np.zeros(4), (0, 2))),
        (CoreError, lambda: roi_pool(MAPS, np.zeros(4), (2, 2), scale=0)),
        (CoreError, lambda: roi_align(MAPS, np.full(4, np.nan), (2, 2))),
        (LimitError, lambda: roi_align(MAPS, np.array([0.0, 0, 1e9, 1e9]), (2, 2))),
        (ShapeError, lambda: spatial_pyramid(np.zeros((2, 0, 3)))),
        (LimitError, lambda: spatial_pyramid(MAPS, levels=())),
        (ShapeError, lambda: region_read(np.zeros(4), stride=16)),
        (CoreError, lambda: rounding(0, stride=16, cells=7, draws=1, random=np.random.default_rng(0))),
    ],
)
def test_says_what_would_fit(error, call) -> None:
    with pytest.raises(error):
        call()
