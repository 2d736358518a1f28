"""Training on pixels: what is drawn, what a mask leaves on average, and how far steps stray."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from core.errors import CoreError, ShapeError
from core.segment import masks
from core.segment.steps import masked_variance, pixel_gradients, spread, step_of, three_ways

LOSSES = arrays(np.float64, (2, 3), elements=st.floats(0, 10))
WEIGHTS = arrays(np.float64, (2, 3), elements=st.floats(0.1, 5))
ALL = [np.array(bits).reshape(2, 3) for bits in product((False, True), repeat=6)]


def chance(mask: np.ndarray, keep: float) -> float:
    return float(keep ** mask.sum() * (1 - keep) ** (~mask).sum())


@given(losses=LOSSES, weights=WEIGHTS, keep=st.floats(0.05, 1))
def test_the_masked_loss_is_the_full_loss_on_average(losses: np.ndarray, weights: np.ndarray, keep: float) -> None:
    average = sum(chance(mask, keep) * masks.masked_loss(losses, weights, mask, keep=keep) for mask in ALL)
    assert average == pytest.approx(masks.full_loss(losses, weights), abs=1e-9)


@given(gradients=arrays(np.float64, (6, 2), elements=st.floats(-3, 3)), weights=WEIGHTS, keep=st.floats(0.1, 1))
def test_a_masked_step_varies_as_the_formula_says(gradients: np.ndarray, weights: np.ndarray, keep: float) -> None:
    counts = weights.ravel()
    full = step_of(gradients, counts)
    steps = [(chance(mask, keep), step_of(gradients, counts, mask.ravel(), keep=keep)) for mask in ALL]
    np.testing.assert_allclose(sum(share * step for share, step in steps), full, atol=1e-9)
    varies = sum(share * ((step - full) ** 2).sum() for share, step in steps)
    assert varies == pytest.approx(masked_variance(gradients, counts, keep), abs=1e-8)


def test_many_masks_are_one_after_the_other() -> None:
    random = np.random.default_rng(0)
    losses, weights = random.random((40, 50)), random.random((40, 50)) + 0.5
    many = masks.losses_of_masks(losses, weights, keep=0.3, count=400, random=random)
    full = masks.full_loss(losses, weights)
    varies = masked_variance((losses).reshape(-1, 1), weights.ravel(), 0.3)
    assert many.mean() == pytest.approx(full, abs=4 * np.sqrt(varies / 400))
    assert many.std() == pytest.approx(np.sqrt(varies), rel=0.2)


def test_balanced_patches_and_class_weights_want_the_same() -> None:
    labels = np.random.default_rng(0).choice(4, size=(60, 60), p=[0.9, 0.07, 0.03, 0.0])
    for balance in (0.0, 0.5, 1.0):
        wanted = masks.wanted_shares(masks.class_shares(labels, 4), balance)
        drawn = masks.centres(labels, 6000, balance=balance, random=np.random.default_rng(1))
        got = masks.class_shares(labels[drawn[:, 0], drawn[:, 1]], 4)
        np.testing.assert_allclose(got, wanted, atol=0.02)
        weights = masks.balancing_weights(labels, 4, balance)
        shares = [weights[labels == label].sum() / weights.sum() for label in range(4)]
        np.testing.assert_allclose(shares, wanted, atol=1e-12)
    assert wanted[3] == 0  # a class that is not there cannot be drawn


def test_a_patch_has_its_pixel_in_the_middle() -> None:
    image = np.random.default_rng(0).random((20, 30, 3))
    places = np.array([[0, 0], [19, 29], [7, 11]])
    for side in (1, 4, 9):
        cut = masks.patches(image, places, side=side)
        assert cut.shape == (3, side, side, 3)
        np.testing.assert_array_equal(cut[:, side // 2, side // 2], image[places[:, 0], places[:, 1]])
    np.testing.assert_array_equal(masks.patches(image, places[2:], side=9)[0], image[3:12, 7:16])


@given(
    places=arrays(np.int64, st.tuples(st.integers(1, 6), st.just(2)), elements=st.integers(0, 6)),
    side=st.integers(1, 6),
)
def test_counts_how_often_a_pixel_is_read(places: np.ndarray, side: int) -> None:
    wanted = np.zeros((7, 7), dtype=int)
    for row, column in places:
        top, left = row - side // 2, column - side // 2
        wanted[max(0, top) : max(0, top + side), max(0, left) : max(0, left + side)] += 1
    np.testing.assert_array_equal(masks.times_read((7, 7), places, side=side), wanted)


def test_gradients_are_those_of_torch() -> None:
    import torch

    random = np.random.default_rng(0)
    features, labels, weights = random.normal(size=(4, 3, 5)), random.integers(0, 3, (3, 5)), random.normal(size=(3, 4))
    kernel = torch.tensor(weights, requires_grad=True)
    scores = torch.nn.functional.conv2d(torch.tensor(features)[None], kernel[:, :, None, None])
    torch.nn.functional.cross_entropy(scores, torch.tensor(labels)[None]).backward()
    ours = pixel_gradients(features, labels, weights)
    np.testing.assert_allclose(step_of(ours, np.ones(15)), kernel.grad.numpy().ravel(), atol=1e-12)


def test_all_three_kinds_of_step_aim_at_the_same() -> None:
    random = np.random.default_rng(0)
    labels = random.choice(3, size=(5, 200), p=[0.7, 0.2, 0.1])
    # Pixels of a picture are alike, and each class pulls its own way.
    gradients = np.eye(3)[labels] + random.normal(size=(5, 1, 3)) * 0.5 + random.normal(size=(5, 200, 3)) * 0.2
    for balance in (0.0, 1.0):
        found = three_ways(gradients, labels, count=40, batch=1, balance=balance, draws=600, random=random)
        for steps in (found.patches, found.masked, found.whole):
            error = np.linalg.norm(steps.mean(axis=0) - found.full)
            assert error < 5 * spread(steps, found.full) * np.linalg.norm(found.full) / np.sqrt(600)
        near, masked, whole = (spread(each, found.full) for each in (found.patches, found.masked, found.whole))
        assert near < whole < masked  # neighbours agree, and a mask only adds


def test_says_what_cannot_be() -> None:
    labels, random = np.zeros((3, 3), dtype=np.int64), np.random.default_rng(0)
    with pytest.raises(CoreError, match="balance"):
        masks.centres(labels, 3, balance=1.5, random=random)
    with pytest.raises(ShapeError):
        masks.centres(labels, 0, balance=0.0, random=random)
    with pytest.raises(CoreError, match="chance"):
        masks.random_mask((3, 3), 0.0, random=random)
    with pytest.raises(ShapeError):
        masks.patches(np.zeros((4, 4, 3)), np.zeros((1, 2), dtype=np.int64), side=9)
    with pytest.raises(ShapeError):
        masks.full_loss(np.ones((2, 2)), np.zeros((2, 2)))
    with pytest.raises(ShapeError):
        pixel_gradients(np.zeros((2, 3, 3)), labels, np.zeros((4, 3)))
