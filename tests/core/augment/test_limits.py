"""What plain augmentation misses: things in front, other grounds, focus and light, on drawn scenes and their truth."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.augment.example import Example, boxes_around, example_of
from core.augment.limits import SCALES, STRESSES, Stress, stressed
from core.augment.overlays import covered, on_background, pasted, superimposed
from core.augment.photometric import blurred, exposed, lost
from core.data.scenes import draw, sketch
from core.errors import CoreError

SIDE = 48


def scene(number: int) -> Example:
    return example_of(draw(sketch("test", number, objects=(1, 2), name="limits"), side=SIDE))


@settings(max_examples=25)
@given(st.integers(0, 20), st.floats(0.05, 0.95), st.integers(0, 99))
def test_hides_the_share_it_was_asked_to_and_keeps_the_truth(number: int, share: float, seed: int) -> None:
    before = scene(number)
    after, hidden = covered(before, share, np.random.default_rng(seed))
    assert before.masks is not None
    assert after.masks is not None
    pixels = int(before.masks[0].sum())
    assert hidden == pytest.approx(share, abs=0.02 + 12 / pixels)  # a row of pixels lies equally far along
    assert after.masks[0].sum() == pytest.approx((1 - hidden) * pixels)
    assert after.labels == (*before.labels, "board")
    assert not (after.masks[0] & after.masks[-1]).any()
    assert after.boxes.tolist() == boxes_around(after.masks).tolist()


def test_pastes_in_front_and_forgets_the_joints_behind() -> None:
    joints = np.zeros((1, 14, 3))
    joints[0, :, :] = (5.5, 5.5, 1.0)
    joints[0, 0, :2] = 20.5
    mask = np.ones((1, 24, 24), dtype=bool)
    behind = Example(np.zeros((24, 24, 1)), ("person",), boxes_around(mask), mask, joints)
    patch = np.zeros((1, 24, 24), dtype=bool)
    patch[0, 4:8, 4:8] = True
    both = pasted(behind, Example(np.ones((24, 24, 1)), ("patch",), boxes_around(patch), patch))
    assert both.joints[0, :, 2].tolist() == [1.0] + [0.0] * 13
    assert both.image.sum() == 16
    assert both.masks is not None
    assert both.masks.sum(axis=(1, 2)).tolist() == [24 * 24 - 16, 16]


def test_another_ground_touches_no_pixel_of_the_objects() -> None:
    before = scene(3)
    ground = np.full_like(before.image, 0.25)
    after = on_background(before, ground)
    assert before.masks is not None
    inside = before.masks.any(axis=0)
    assert np.array_equal(after.image[inside], before.image[inside])
    assert (after.image[~inside] == 0.25).all()


def test_superimposes_by_the_share() -> None:
    one, other = np.random.default_rng(0).random((2, 5, 6, 3))
    np.testing.assert_allclose(superimposed(one, other, 0.3), 0.7 * one + 0.3 * other)
    assert np.array_equal(superimposed(one, other, 0.0), one)


@pytest.mark.parametrize("stress", STRESSES)
def test_changes_nothing_at_0_and_more_with_every_step(stress: Stress) -> None:
    before = scene(5)
    ground = np.random.default_rng(1).random(before.image.shape)
    changes = []
    for strength in (0.0, 0.3, 0.6, 1.0):
        after = stressed(before, stress, strength, np.random.default_rng(0), ground=ground)
        assert after.image.shape == before.image.shape
        assert 0 <= after.image.min() <= after.image.max() <= 1
        changes.append(float(np.abs(after.image - before.image).mean()))
    assert changes[0] == 0
    assert changes == sorted(changes)
    assert changes[1] > 0


def test_light_that_is_lost_does_not_come_back() -> None:
    image = scene(2).image
    burnt = exposed(image, 3)
    assert lost(burnt) > 0.5
    assert np.abs(exposed(burnt, -3) - image).mean() > 0.1
    np.testing.assert_allclose(exposed(exposed(image, -3), 3), image, atol=1e-9)  # too dark can be made brighter


def test_focus_goes_as_the_scale_says() -> None:
    before = scene(2)
    after = stressed(before, "out of focus", 0.5, np.random.default_rng(0))
    np.testing.assert_allclose(after.image, blurred(before.image, SCALES["out of focus"].most / 2))


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: stressed(scene(0), "rain", 0.5, np.random.default_rng(0)),  # type: ignore[arg-type]
        lambda: stressed(scene(0), "too dark", 1.5, np.random.default_rng(0)),
        lambda: covered(Example(np.zeros((4, 4, 1))), 0.5, np.random.default_rng(0)),
        lambda: on_background(Example(np.zeros((4, 4, 1))), np.zeros((4, 4, 1))),
        lambda: superimposed(np.zeros((4, 4, 1)), np.zeros((4, 5, 1)), 0.5),
        lambda: pasted(scene(0), Example(np.zeros((4, 4, 1)))),
    ],
    ids=["rain", "strength", "nothing-to-hide", "no-masks", "two-sizes", "no-masks-in-front"],
)
def test_says_what_would_fit(wrong) -> None:
    with pytest.raises(CoreError):
        wrong()
