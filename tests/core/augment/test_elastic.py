"""The smooth warp: as far as asked, the truth along with the image, torchvision beside it."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.ndimage import map_coordinates
from torchvision.transforms import v2

from core.augment.elastic import bent, displacement, folds, landed
from core.augment.example import Example, boxes_around
from core.errors import CoreError

SIDES = (48, 60)


@settings(max_examples=20)
@given(st.floats(0.1, 20), st.floats(1, 20), st.integers(0, 99))
def test_goes_as_far_as_asked_whatever_the_smoothness(strength: float, smoothness: float, seed: int) -> None:
    arrows = displacement(SIDES, strength, smoothness, np.random.default_rng(seed))
    assert np.sqrt((arrows**2).sum(axis=2).mean()) == pytest.approx(strength)


def test_bends_an_image_as_scipy_reads_it() -> None:
    image = np.random.default_rng(0).random((*SIDES, 2))
    arrows = displacement(SIDES, 3, 5, np.random.default_rng(1))
    rows, columns = np.mgrid[: SIDES[0], : SIDES[1]]
    where = rows + arrows[..., 1], columns + arrows[..., 0]
    theirs = [map_coordinates(image[..., c], where, order=1, mode="grid-constant") for c in range(2)]
    np.testing.assert_allclose(bent(Example(image), arrows).image, np.stack(theirs, axis=-1), atol=1e-6)


def test_is_as_smooth_as_torchvisions_own() -> None:
    """How much neighbours differ, as a share of the arrows: of noise blurred by sigma it is 1 / (2 sigma squared)."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        theirs = v2.ElasticTransform(alpha=50.0, sigma=6.0).make_params([torch.zeros(1, 256, 256)])["displacement"]
    ours = displacement((256, 256), 1.0, 6.0, np.random.default_rng(0))
    for arrows in (ours, theirs[0, 32:-32, 32:-32].double().numpy()):
        slopes = np.mean([np.square(np.diff(arrows, axis=axis)).mean() for axis in (0, 1)])
        assert slopes / np.square(arrows).mean() == pytest.approx(1 / (2 * 6**2), rel=0.2)


@settings(max_examples=20)
@given(st.integers(0, 99), st.floats(0, 5))
def test_joints_land_where_the_image_is_read_from_them(seed: int, strength: float) -> None:
    arrows = displacement(SIDES, strength, 10, np.random.default_rng(seed))
    points = np.random.default_rng(seed).uniform(12, 36, (5, 2))
    found = landed(points, arrows)
    back = [
        [map_coordinates(arrows[..., way], [[y - 0.5], [x - 0.5]], order=1, mode="nearest")[0] for way in range(2)]
        for x, y in found
    ]
    np.testing.assert_allclose(found + back, points, atol=0.01)


def test_moves_masks_boxes_and_joints_with_the_image() -> None:
    mask = np.zeros((1, 60, 60), dtype=bool)
    mask[0, 20:40, 25:35] = True
    joints = np.zeros((1, 14, 3))
    joints[0, :, :] = (30.0, 30.0, 1.0)
    example = Example(mask[0][..., None].astype(float), ("bar",), boxes_around(mask), mask, joints)
    after = bent(example, displacement((60, 60), 5, 12, np.random.default_rng(3)))
    assert after.masks is not None
    difference = (after.image[..., 0] > 0.5) ^ after.masks[0]
    assert difference.sum() <= 4  # between pixels
    assert after.boxes.tolist() == boxes_around(after.masks).tolist()
    x, y, seen = after.joints[0, 0]
    assert seen == 1
    assert after.masks[0][int(y), int(x)]  # the joint in the bar's middle is still in the bar
    assert np.hypot(x - 30, y - 30) > 1


def test_boxes_alone_go_around_the_bent_edge() -> None:
    arrows = np.broadcast_to([3.0, -2.0], (40, 40, 2))
    after = bent(Example(np.zeros((40, 40, 1)), ("box",), np.array([[10.0, 10.0, 20.0, 20.0]])), arrows)
    assert after.boxes.round(3).tolist() == [[7, 12, 17, 22]]


def test_folds_only_if_it_is_too_strong_for_its_smoothness() -> None:
    random = np.random.default_rng(0)
    assert folds(displacement(SIDES, 3, 15, random)) == 0
    assert folds(displacement(SIDES, 15, 3, random)) > 0.05


@pytest.mark.parametrize(("strength", "smoothness"), [(-1, 5), (1, 0)], ids=["backwards", "rough"])
def test_needs_a_strength_and_a_smoothness(strength: float, smoothness: float) -> None:
    with pytest.raises(CoreError, match="need a strength from 0"):
        displacement(SIDES, strength, smoothness, np.random.default_rng(0))


def test_needs_an_arrow_for_every_pixel() -> None:
    with pytest.raises(CoreError, match="an arrow for each pixel"):
        bent(Example(np.zeros((4, 4, 1))), np.zeros((3, 4, 2)))
