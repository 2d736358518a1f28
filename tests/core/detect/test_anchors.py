import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torchvision.models.detection._utils import Matcher
from torchvision.models.detection.anchor_utils import AnchorGenerator
from torchvision.ops import box_iou

from core.detect.anchors import anchors, best_overlaps, labelled, outputs, shapes
from core.errors import CoreError, LimitError, ShapeError

GRID = {"stride": 8.0, "sizes": (12.0, 24.0), "ratios": (0.5, 1.0, 2.0)}


@st.composite
def objects(draw):
    def row():  # off the grid, so that no two anchors fit equally well by accident
        x, y = draw(st.floats(-8, 40)), draw(st.floats(-8, 40))
        return [x, y, x + draw(st.floats(3, 40)), y + draw(st.floats(3, 40))]

    return torch.tensor([row() for _ in range(draw(st.integers(1, 4)))], dtype=torch.float32)


@given(st.integers(1, 5), st.integers(1, 5), st.sampled_from([4, 8, 16]))
def test_lies_as_torchvision_lays_it(rows, columns, stride):
    sizes, ratios = (16, 32), (0.25, 1.0, 4.0)  # torchvision rounds: with these there is nothing to round
    twin = AnchorGenerator((sizes,), (ratios,))
    cells = torch.stack(twin.generate_anchors(sizes, ratios).split(len(sizes)), dim=1).reshape(-1, 4)  # size by size
    down, over = torch.meshgrid(torch.arange(rows) * stride, torch.arange(columns) * stride, indexing="ij")
    moved = torch.stack([over, down, over, down], dim=-1).reshape(-1, 1, 4) + cells
    found = anchors(rows, columns, stride=stride, sizes=sizes, ratios=ratios)
    torch.testing.assert_close(found, moved.reshape(-1, 4) + stride / 2)  # ours stand in the middle of their cell
    assert len(found) == outputs(rows, columns, 6).anchors


@given(st.floats(1, 200), st.floats(0.1, 10))
def test_keeps_the_area_at_every_ratio(size, ratio):
    ((wide, high),) = shapes([size], [ratio])
    assert wide * high == pytest.approx(size * size)
    assert high / wide == pytest.approx(ratio)


@given(objects(), st.sampled_from([(0.7, 0.3), (0.5, 0.4), (0.5, 0.5)]))
def test_labels_as_torchvision_does_but_for_the_best_of_two_objects(things, limits):
    grid = anchors(5, 5, **GRID)
    above, below = limits
    found = labelled(grid, things, above=above, below=below)
    overlaps = box_iou(grid, things)
    twin = Matcher(above, below, allow_low_quality_matches=True)(overlaps.T)
    reachable = overlaps.amax(dim=0) > 0
    if reachable.all():  # torchvision gives an object that touches nothing to every anchor
        assert ((found >= 0) == (twin >= 0)).all()
        assert (found[twin < 0] == twin[twin < 0]).all()
        best = overlaps == overlaps.amax(dim=0)
        calm = ~best.any(
            dim=1
        )  # an anchor that is best of some object goes to its nearest object there, here to that one
        assert (found[calm] == twin[calm]).all()


@given(objects())
def test_loses_no_object_that_an_anchor_touches(things):
    grid = anchors(5, 5, **GRID)
    found, overlaps = labelled(grid, things, above=0.7, below=0.3), box_iou(grid, things)
    best = overlaps.amax(dim=0)
    for place in range(len(things)):
        if best[place] > 0:
            owners = found[overlaps[:, place] == best[place]]
            assert (owners >= 0).all()
            others = {int(owner) for owner in owners} - {place}
            assert all(best[other] >= best[place] for other in others)  # taken by one that it overlaps no less


@given(objects())
def test_gives_every_other_anchor_by_its_overlap(things):
    grid = anchors(5, 5, **GRID)
    found, overlaps = labelled(grid, things, above=0.5, below=0.3), box_iou(grid, things)
    nearest = overlaps.amax(dim=1)
    assert (nearest[found == -1] < 0.3).all()
    assert ((nearest[found == -2] >= 0.3) & (nearest[found == -2] < 0.5)).all()
    assert (found[nearest >= 0.5] >= 0).all()
    torch.testing.assert_close(best_overlaps(grid, things), overlaps.amax(dim=0))


def test_gives_an_anchor_that_is_best_of_two_to_the_one_it_overlaps_more():
    grid = anchors(1, 1, stride=8, sizes=[8], ratios=[1])
    pair = torch.tensor([[0.0, 0.0, 8.0, 2.0], [0.0, 0.0, 8.0, 6.0]])
    assert labelled(grid, pair, above=0.9, below=0.9).tolist() == [1]


def test_is_all_ground_without_objects_or_out_of_their_reach():
    grid = anchors(2, 2, stride=8, sizes=[8], ratios=[1])
    assert labelled(grid, torch.zeros(0, 4), above=0.7, below=0.3).tolist() == [-1] * 4
    assert labelled(grid, torch.tensor([[100.0, 100, 110, 110]]), above=0.7, below=0.3).tolist() == [-1] * 4
    assert labelled(grid[:0], torch.zeros(2, 4), above=0.7, below=0.3).shape == (0,)


@pytest.mark.parametrize(
    ("rows", "columns", "kinds", "counted"),
    [
        pytest.param(38, 63, 9, (21_546, 43_092, 86_184), id="N135-anchors-of-a-large-picture"),
        pytest.param(1, 1, 9, (9, 18, 36), id="N135-at-one-place"),
    ],
)
def test_counts(rows, columns, kinds, counted):
    found = outputs(rows, columns, kinds)
    assert (found.anchors, found.scores, found.offsets) == counted


def test_N141_has_tens_of_thousands_of_anchors_and_few_positive_ones():
    grid = anchors(600 // 16, 1000 // 16, stride=16, sizes=(128, 256, 512), ratios=(0.5, 1, 2))
    assert 10_000 < len(grid) == 20_646 < 100_000
    two = torch.tensor([[200.0, 150.0, 330.0, 290.0], [610.0, 300.0, 820.0, 480.0]])
    positive = int((labelled(grid, two, above=0.7, below=0.3) >= 0).sum())
    assert 2 <= positive <= 40


def test_refuses_what_is_no_grid_of_anchors():
    with pytest.raises(CoreError, match="sizes and ratios above 0"):
        shapes([], [1])
    with pytest.raises(CoreError, match="sizes and ratios above 0"):
        anchors(1, 1, stride=8, sizes=[8], ratios=[0])
    with pytest.raises(CoreError, match="at least one row"):
        anchors(0, 1, stride=8, sizes=[8], ratios=[1])
    with pytest.raises(CoreError, match="at least one row"):
        outputs(1, 1, 0)
    with pytest.raises(LimitError, match="at most 1,000,000 anchors"):
        anchors(1001, 1000, stride=8, sizes=[8], ratios=[1])
    one = torch.zeros(1, 4)
    with pytest.raises(CoreError, match=r"below 0\.7 and above 0\.3"):
        labelled(one, one, above=0.3, below=0.7)
    with pytest.raises(ShapeError, match=r"\(4,\) and \(1, 4\)"):
        labelled(one[0], one, above=0.7, below=0.3)
    with pytest.raises(CoreError, match="none fits best"):
        best_overlaps(one[:0], one)
