"""Moved images against torchvision and scipy, and the law of it all: warping a drawn scene is drawing a warped one."""

from math import ceil, radians, tan

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import ndimage
from torchvision.transforms import InterpolationMode
from torchvision.transforms.v2 import functional

from core.augment.example import Example, boxes_around, example_of
from core.augment.geometric import FILLS, Fill, outside, warped
from core.augment.matrices import about_middle, crop, flip, mirrors, moved, perspective, scaling, shear, shift, turn
from core.data.scenes import CLASSES, MIRRORED, draw, sketch
from core.errors import CoreError, ShapeError
from core.types import Floats, Mask, Pair

SIDE = 96
SCENES = (0, 1, 4, 9)
ANGLES, SHARES = st.floats(-180, 180), st.floats(-0.3, 0.3)
MODES = {"constant": "grid-constant", "nearest": "nearest", "reflect": "reflect", "wrap": "grid-wrap"}
CHANGES = {
    "shift": shift(9.3, -6.1),
    "turn": about_middle(turn(33), (SIDE, SIDE)),
    "shear": about_middle(shear(20, -8), (SIDE, SIDE)),
    "smaller": about_middle(scaling(0.7, 0.9), (SIDE, SIDE)),
    "larger": about_middle(scaling(1.4), (SIDE, SIDE)),
    "crop": crop((20, 10, 84, 74), (SIDE, SIDE)),
    "flip": flip((SIDE, SIDE)),
    "upside-down": flip((SIDE, SIDE), across=False),
    "perspective": perspective(0.3, -0.2, (SIDE, SIDE)),
    "all-of-it": perspective(0.2, 0.1, (SIDE, SIDE)) @ about_middle(turn(-70) @ shear(10), (SIDE, SIDE)) @ shift(4, 3),
}


def picture(seed: int, sides: Pair = (13, 17)) -> Floats:
    return np.random.default_rng(seed).random((*sides, 3))


def by_torchvision(image: Floats, angle: float, across: float, down: float, scale: float, sheared: float) -> Floats:
    pixels = torch.from_numpy(np.moveaxis(image, -1, 0).copy())
    found = functional.affine(
        pixels, angle, [across, down], scale, [sheared, 0.0], interpolation=InterpolationMode.BILINEAR
    )
    return np.moveaxis(found.numpy(), 0, -1)


@settings(max_examples=30)
@given(st.integers(0, 99), ANGLES, st.integers(-4, 4), st.integers(-4, 4), st.floats(0.5, 2), st.floats(-30, 30))
def test_moves_an_image_as_torchvision_does(
    seed: int, angle: float, across: int, down: int, scale: float, sheared: float
) -> None:
    image = picture(seed)
    # torchvision turns clockwise as we do, and slides rows the other way
    lean = np.array([[1, -tan(radians(sheared)), 0], [0, 1, 0], [0, 0, 1.0]])
    matrix = shift(across, down) @ about_middle(turn(angle) @ lean @ scaling(scale), (13, 17))
    ours = warped(Example(image), matrix).image
    np.testing.assert_allclose(ours, by_torchvision(image, angle, across, down, scale, sheared), atol=1e-5)


@settings(max_examples=30)
@given(st.integers(0, 99), ANGLES, st.floats(-10, 10), st.floats(0.5, 2), st.sampled_from(FILLS))
def test_fills_what_comes_in_from_outside_as_scipy_does(
    seed: int, angle: float, right: float, scale: float, fill: Fill
) -> None:
    image = picture(seed)
    matrix = shift(right, 2) @ about_middle(turn(angle) @ scaling(scale), (13, 17))
    ours = warped(Example(image), matrix, fill=fill).image
    back = shift(-0.5, -0.5) @ np.linalg.inv(matrix) @ shift(0.5, 0.5)  # scipy counts from the middle of pixel (0, 0)
    back = back[[1, 0, 2]][:, [1, 0, 2]]  # and rows before columns
    theirs = [
        ndimage.affine_transform(image[..., c], back[:2, :2], back[:2, 2], order=1, mode=MODES[fill]) for c in range(3)
    ]
    np.testing.assert_allclose(ours, np.stack(theirs, axis=-1), atol=1e-6)


@given(st.integers(1, 9), st.integers(0, 25), st.integers(0, 25), st.sampled_from(FILLS[1:]))
def test_continues_a_row_as_numpy_does(side: int, before: int, after: int, fill: Fill) -> None:
    found, row = outside(side, before, after, fill), np.arange(side)
    for place, value in zip(range(-before, side + after), found, strict=True):
        expected = {
            "nearest": min(max(place, 0), side - 1),
            "wrap": place % side,
            "reflect": min(place % (2 * side), 2 * side - 1 - place % (2 * side)),
        }[fill]
        assert value == row[expected]


@pytest.mark.parametrize("change", CHANGES)
def test_warping_the_drawn_truth_is_drawing_the_warped_scene(change: str) -> None:
    """Within a pixel; where a star or a limb ends in a point that is narrower than a pixel, within two."""
    matrix = CHANGES[change]
    for number in SCENES:
        plan = sketch("train", number, objects=(2, 4), noise=0.0, name="augmented")
        before, after = draw(plan, side=SIDE), draw(plan, side=SIDE, warp=matrix)
        ours = warped(example_of(before), matrix)
        drawn = {target.number: target for target in after.targets}
        assert ours.masks is not None
        for target, box, mask in zip(before.targets, ours.boxes, ours.masks, strict=True):
            if target.number not in drawn:
                assert mask.sum() == 0
                continue
            truth, pixel = drawn[target.number], scale_of(matrix, box)
            far = pixel if target.label in ("circle", "square") else 2 * pixel
            assert np.abs(box - truth.box).max() <= far, (number, target.label, box, truth.box)
            assert beyond(mask, truth.mask, pixel) + beyond(truth.mask, mask, pixel) <= 2, (number, target.label)
        figures = [drawn[each.number].joints for each in before.targets if each.joints is not None]
        for joints, figure in zip(ours.joints, figures, strict=True):
            assert figure is not None
            expected = figure[list(MIRRORED)] if mirrors(matrix) else figure
            np.testing.assert_allclose(joints[:, :2], expected[:, :2], atol=1e-6)
            assert (joints[:, 2] != expected[:, 2]).sum() <= 1  # at the very edge of what hides it


def beyond(mask: Mask, truth: Mask, pixels: int) -> int:
    """How many pixels of a mask lie farther from another than so many pixels."""
    return int((mask & ~ndimage.binary_dilation(truth, np.ones((3, 3)), iterations=pixels)).sum())


def scale_of(matrix: Floats, box: Floats) -> int:
    """How many new pixels in a row an old one covers near a box, at least 1."""
    middle = moved(np.array([(box[:2] + box[2:]) / 2]), np.linalg.inv(matrix))[0]
    near = moved(middle + np.array([[0, 0], [1, 0], [0, 1]]), matrix)
    return max(1, ceil(np.hypot(*(near[1:] - near[0]).T).max() - 0.1))


def test_draws_figures_among_the_scenes_of_the_law() -> None:
    numbers = [draw(sketch("train", n, objects=(2, 4), name="augmented"), side=SIDE).targets for n in SCENES]
    assert any(target.joints is not None for targets in numbers for target in targets)
    assert len({target.label for targets in numbers for target in targets}) == len(CLASSES)


@settings(max_examples=20)
@given(st.integers(0, 99), st.booleans())
def test_flipping_twice_changes_nothing(seed: int, across: bool) -> None:
    found = example_of(draw(sketch("train", seed), side=32))
    matrix = flip((32, 32), across=across)
    again = warped(warped(found, matrix), matrix)
    np.testing.assert_allclose(again.image, found.image, atol=1e-9)
    assert np.array_equal(again.masks, found.masks)
    np.testing.assert_allclose(again.joints, found.joints, atol=1e-9)


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_quarter_turn_is_exact(quarters: int) -> None:
    image = picture(3, (8, 8))
    ours = warped(Example(image), about_middle(turn(90 * quarters), (8, 8))).image
    np.testing.assert_allclose(ours, np.rot90(image, -quarters), atol=1e-9)


@given(st.lists(st.tuples(SHARES, SHARES), min_size=1, max_size=5), ANGLES, SHARES, SHARES)
def test_a_matrix_undoes_what_its_inverse_did(
    points: list[tuple[float, float]], angle: float, right: float, down: float
) -> None:
    matrix = perspective(right, down, (10, 10)) @ about_middle(turn(angle) @ shear(12), (10, 10))
    places = 5 + 5 * np.array(points)
    np.testing.assert_allclose(moved(moved(places, matrix), np.linalg.inv(matrix)), places, atol=1e-9)


def test_boxes_without_masks_only_follow_their_corners() -> None:
    mask = np.zeros((1, 40, 40), dtype=bool)
    rows, columns = np.mgrid[:40, :40]
    mask[0] = (rows - 19.5) ** 2 + (columns - 19.5) ** 2 < 100  # a disc
    known = Example(np.zeros((40, 40, 1)), ("disc",), boxes_around(mask), mask)
    unknown = Example(np.zeros((40, 40, 1)), ("disc",), boxes_around(mask))
    matrix = about_middle(turn(45), (40, 40))
    tight, loose = warped(known, matrix).boxes[0], warped(unknown, matrix).boxes[0]
    assert tight[2] - tight[0] == pytest.approx(20, abs=1)
    assert loose[2] - loose[0] == pytest.approx(20 * 2**0.5, abs=1)


def test_an_object_that_left_the_image_is_not_seen_and_keeps_its_place() -> None:
    masks = np.zeros((2, 20, 20), dtype=bool)
    masks[0, 2:5, 2:5] = masks[1, 12:16, 12:16] = True
    found = Example(np.zeros((20, 20, 1)), ("first", "second"), boxes_around(masks), masks)
    after = warped(found, shift(-8, 0))
    assert after.labels == ("first", "second")
    assert after.seen.tolist() == [False, True]
    assert after.boxes.tolist() == [[0, 0, 0, 0], [4, 12, 8, 16]]


def test_joints_outside_are_not_seen_and_change_sides_in_a_mirror() -> None:
    joints = np.stack([np.arange(14.0) + 1, np.full(14, 5.0), np.ones(14)], axis=-1)[None]
    found = Example(np.zeros((20, 20, 1)), joints=joints)
    assert warped(found, shift(10, 0)).joints[0, :, 2].tolist() == [1.0] * 9 + [0.0] * 5
    after = warped(found, flip((20, 20)))
    assert after.joints[0, 0].tolist() == [20 - 6, 5, 1]  # the right ankle is where the left one was seen


@pytest.mark.parametrize(
    ("matrix", "said"),
    [
        (np.zeros((3, 3)), "can be undone"),
        (np.eye(2), "can be undone"),
        (perspective(0.9, 0.85, (20, 20)) @ perspective(0.9, 0.85, (20, 20)), "behind the eye"),
    ],
    ids=["flat", "two-by-two", "steep"],
)
def test_refuses_what_no_image_survives(matrix: Floats, said: str) -> None:
    with pytest.raises(ShapeError, match=said):
        warped(Example(np.zeros((20, 20, 1))), matrix)


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: scaling(0),
        lambda: shear(85),
        lambda: crop((5, 5, 5, 9), (10, 10)),
        lambda: perspective(0.95, 0, (10, 10)),
        lambda: outside(4, -1, 0, "wrap"),
        lambda: warped(Example(np.zeros((4, 4, 1))), shift(40, 0), fill="wrap"),
        lambda: Example(np.zeros((4, 4))),
        lambda: Example(np.zeros((4, 4, 1)), ("one",)),
    ],
    ids=["scale-0", "shear-85", "empty-crop", "steep", "negative-margin", "far-away", "no-channels", "no-box"],
)
def test_says_what_would_fit(wrong) -> None:
    with pytest.raises(CoreError):
        wrong()
