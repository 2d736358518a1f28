"""Drawn scenes: what is said of them is true, also through a warp."""

from math import cos, pi, sin

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.ndimage import binary_dilation
from skimage.draw import polygon2mask

from core.data.scenes import (
    CLASSES,
    JOINTS,
    MIRRORED,
    SHAPES,
    Sketch,
    Thing,
    boxes,
    draw,
    draw_many,
    instance_map,
    label_map,
    labels,
    sketch,
)
from core.data.scenes.outlines import CORNERS
from core.data.scenes.person import LIMBS
from core.data.scenes.textures import noise, noise_of_rows, stripes, two_octaves
from core.errors import CoreError, LimitError, ShapeError
from core.types import Floats, Mask

AROUND = np.ones((3, 3), dtype=bool)
STRAY = 2  # pixels of a mask, where a tip is thinner than one; of 3,600 drawn shapes 40 had one, none had more
PLAIN = {"ground": ((0.5, 0.5, 0.5), (0.5, 0.5, 0.5)), "stripes": 0.0, "light": 0.0, "noise": 0.0, "seed": 1}
RED = ((1.0, 0.0, 0.0), (1.0, 0.5, 0.5))


def alone(label, middle=(0.5, 0.5), radius=0.3, angle=0.0) -> Sketch:
    return Sketch((Thing(label, middle, radius, angle, RED),), **PLAIN)


def warps() -> st.SearchStrategy[Floats]:
    """Turned, sheared, shifted and a little bent, around the middle of 160 pixels."""

    def made(angle: float, size: float, shear: float, right: float, down: float, bend: float) -> Floats:
        there = np.array([[1, 0, 80 + right], [0, 1, 80 + down], [0, 0, 1]])
        back = np.array([[1, 0, -80], [0, 1, -80], [0, 0, 1]])
        turn = np.array([[cos(angle), -sin(angle), 0], [sin(angle), cos(angle), 0], [0, 0, 1]])
        bent = np.array([[size, size * shear, 0], [0, size, 0], [bend, 0, 1]])
        return there @ turn @ bent @ back

    return st.builds(
        made, st.floats(-pi, pi), st.floats(0.8, 1.1), st.floats(-0.2, 0.2), st.floats(-20, 20), st.floats(-20, 20),
        st.floats(-0.001, 0.001),
    )  # fmt: skip


def looked_up(mask: Mask, warp: Floats) -> Mask:
    """A mask warped the usual way: every pixel asks where it comes from, and takes the nearest."""
    side = len(mask)
    columns, rows = np.meshgrid(np.arange(side) + 0.5, np.arange(side) + 0.5)
    x, y, depth = np.tensordot(np.linalg.inv(warp), np.stack([columns, rows, np.ones_like(rows)]), axes=1)
    column, row = np.floor(x / depth).astype(int), np.floor(y / depth).astype(int)
    inside = (column >= 0) & (column < side) & (row >= 0) & (row < side)
    found = np.zeros_like(mask)
    found[inside] = mask[row[inside], column[inside]]
    return found


@settings(max_examples=25, deadline=None)
@given(warp=warps(), number=st.integers(0, 10_000))
def test_a_drawn_warp_is_a_warped_drawing_within_a_pixel(warp, number) -> None:
    drawn = sketch("test", number, sizes=(0.12, 0.23), noise=0.0)
    straight, warped = draw(drawn, side=160), draw(drawn, side=160, warp=warp)
    after = {target.number: target for target in warped.targets}
    for target in straight.targets:
        expected = looked_up(target.mask, warp)
        if target.number not in after:
            assert expected.sum() <= 4
            continue
        found = after[target.number]
        beyond = found.mask & ~binary_dilation(expected, AROUND) & _from_inside(warp)
        lacking = expected & ~binary_dilation(found.mask, AROUND)
        assert max(beyond.sum(), lacking.sum()) <= STRAY, target.label
        if target.joints is not None and found.joints is not None:
            sent = np.concatenate([target.joints[:, :2], np.ones((14, 1))], axis=1) @ warp.T
            np.testing.assert_allclose(found.joints[:, :2], sent[:, :2] / sent[:, 2:], atol=1e-6)


def _from_inside(warp: Floats) -> Mask:
    """Pixels whose place of origin lies well in the picture: the straight one was cut off at its edge."""
    inner = np.zeros((160, 160), dtype=bool)
    inner[2:-2, 2:-2] = True
    return looked_up(inner, warp)


@pytest.mark.parametrize("label", ["square", "triangle", "star"])
@pytest.mark.parametrize("angle", [0.0, 0.4, 2.0])
def test_covers_the_pixels_that_scikit_image_says(label, angle) -> None:
    turn = np.array([[cos(angle), sin(angle)], [-sin(angle), cos(angle)]])
    corners = 50 + 0.3 * 100 * CORNERS[label] @ turn - 0.5  # scikit-image counts from the middle of a pixel
    expected = polygon2mask((100, 100), corners[:, ::-1])
    (target,) = draw(alone(label, angle=angle), side=100).targets
    assert (target.mask ^ expected).sum() <= 2, (target.mask.sum(), expected.sum())


def test_covers_a_circle() -> None:
    (target,) = draw(alone("circle"), side=100).targets
    assert target.box == (20.0, 20.0, 80.0, 80.0)
    assert target.mask.sum() == pytest.approx(pi * 30**2, rel=0.01)
    np.testing.assert_allclose(target.whole, target.box, atol=1e-6)


def test_paints_an_edge_pixel_with_its_share_of_both_colours() -> None:
    image = draw(alone("square", radius=0.3 * 2**0.5), side=99).image  # its edge runs through the middle of a pixel
    strength = (image[49, :, 0] - 0.5) / 0.5
    np.testing.assert_allclose(np.abs(np.diff(strength[17:23])).max(), 0.5, atol=0.15)


def test_says_what_is_hidden() -> None:
    back, front = Thing("square", (0.4, 0.5), 0.2, 0.0, RED), Thing("square", (0.6, 0.5), 0.2, 0.0, RED)
    behind, before = draw(Sketch((back, front), **PLAIN), side=200).targets
    assert not (behind.mask & before.mask).any()
    assert before.seen == 1
    assert behind.seen == pytest.approx(0.2 / (0.2 * 2**0.5), abs=0.01)  # moved by 0.2, each as wide as that
    assert behind.whole[2] > behind.box[2] + 15
    assert (instance_map(draw(Sketch((back, front), **PLAIN), side=200)) == 2).sum() == before.mask.sum()


@settings(max_examples=20, deadline=None)
@given(part=st.sampled_from(["train", "validation", "test"]), number=st.integers(0, 10**6), side=st.integers(16, 128))
def test_every_truth_fits_the_picture(part, number, side) -> None:
    scene = draw(sketch(part, number, objects=(0, 6), overlap=0.8), side=side)
    assert scene.image.shape == (side, side, 3)
    assert scene.image.dtype == np.float32
    assert scene.image.min() >= 0
    assert scene.image.max() <= 1
    covered = np.zeros((side, side), dtype=int)
    for target in scene.targets:
        covered += target.mask
        x1, y1, x2, y2 = (int(value) for value in target.box)
        assert target.mask[y1:y2, x1:x2].sum() == target.mask.sum()
        assert target.mask[y1].any()
        assert target.mask[:, x1].any()
        assert target.mask[y2 - 1].any()
        assert (target.joints is not None) == (target.label == "person")
        assert target.whole[0] - 1 <= x1
        assert target.whole[3] + 1 >= y2
    assert covered.max(initial=0) <= 1
    np.testing.assert_array_equal(label_map(scene) > 0, covered > 0)
    assert boxes(scene.targets).shape == (len(scene.targets), 4)


def test_joints_lie_in_the_figure_unless_something_is_before_them() -> None:
    seen = hidden = 0
    for number in range(60):
        for target in draw(sketch("test", number, classes=("person", "circle"), overlap=0.7), side=128).targets:
            if target.joints is None:
                continue
            for x, y, shown in target.joints:
                if not (0 <= x < 128 and 0 <= y < 128):
                    assert not shown
                    continue
                assert bool(shown) == bool(target.mask[int(y), int(x)])
                seen, hidden = seen + bool(shown), hidden + (not shown)
    assert seen > 300
    assert hidden > 10
    assert [JOINTS[place].replace("right", "left") for place in MIRRORED[:6]] == [
        name.replace("right", "left") for name in JOINTS[:6]
    ]
    assert {joint for limb in LIMBS for joint in limb} == set(range(14))


def test_parts_never_share_a_scene() -> None:
    drawn = {sketch(part, number) for part in ("train", "validation", "test") for number in range(100)}
    assert len(drawn) == 300


def test_all_classes_and_counts_come_up() -> None:
    drawn = [sketch("train", number, objects=(0, 3)) for number in range(200)]
    assert {len(each.things) for each in drawn} == {0, 1, 2, 3}
    assert {thing.label for each in drawn for thing in each.things} == set(CLASSES)
    only = [sketch("train", number, classes=SHAPES) for number in range(50)]
    assert {thing.label for each in only for thing in each.things} == set(SHAPES)


def test_draws_many_as_one_by_one() -> None:
    drawn = [sketch("train", number) for number in range(4)]
    batch = draw_many(drawn, side=48)
    np.testing.assert_array_equal(batch.images[3], draw(drawn[3], side=48).image)
    assert [target.label for target in batch.targets[1]] == [CLASSES[place] for place in labels(batch.targets[1])]
    assert draw_many([], side=48).images.shape == (0, 48, 48, 3)


def test_an_identity_changes_nothing() -> None:
    drawn = sketch("train", 3)
    np.testing.assert_array_equal(draw(drawn, side=64).image, draw(drawn, side=64, warp=np.eye(3)).image)
    moved = draw(drawn, side=64, warp=np.array([[1.0, 0, 1e-9], [0, 1, 0], [0, 0, 1]]))
    np.testing.assert_allclose(moved.image, draw(drawn, side=64).image, atol=1e-3)


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"objects": (3, 2)}, "things"),
        ({"objects": (0, 99)}, "0 to 40 things"),
        ({"sizes": (0.0, 0.2)}, "radii"),
        ({"overlap": 1.5}, "overlap"),
        ({"classes": ("cat",)}, "circle, square"),
        ({"classes": ()}, "classes are some of"),
    ],
)
def test_says_what_cannot_be_sketched(settings, says) -> None:
    with pytest.raises(CoreError, match=says):
        sketch("train", 1, **settings)


def test_says_what_cannot_be_drawn() -> None:
    drawn = sketch("train", 1)
    with pytest.raises(LimitError, match="2048"):
        draw(drawn, side=100_000)
    with pytest.raises(ShapeError, match=r"\(3, 3\)"):
        draw(drawn, side=32, warp=np.eye(2))
    with pytest.raises(CoreError, match="line or a point"):
        draw(drawn, side=32, warp=np.diag([1.0, 0.0, 1.0]))
    with pytest.raises(CoreError, match="horizon"):
        draw(drawn, side=32, warp=np.array([[1.0, 0, 0], [0, 1, 0], [0.2, 0, 1]]))


@pytest.mark.parametrize(("high", "wide", "grid"), [(7, 7, 5), (48, 31, 14), (1, 9, 60)])
def test_the_noise_of_whole_rows_is_that_of_single_pixels_bit_by_bit(high: int, wide: int, grid: int) -> None:
    x, y = (((np.arange(count) + 0.5) / wide * 2).astype(np.float32) for count in (wide, high))
    open_x, open_y = x[None], y[:, None]
    full_x, full_y = (np.ascontiguousarray(each) for each in np.broadcast_arrays(open_x, open_y))
    numbers = np.random.default_rng(grid).random((grid, grid), dtype=np.float32)
    assert np.array_equal(noise_of_rows(open_x, open_y, numbers), noise(full_x, full_y, numbers))
    assert np.array_equal(stripes(open_x, open_y, 0.7, 5.0), stripes(full_x, full_y, 0.7, 5.0))
    both = [two_octaves(*places, np.random.default_rng(3)) for places in ((open_x, open_y), (full_x, full_y))]
    assert np.array_equal(*both)
