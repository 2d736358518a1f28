"""The six losses: against sums written out, and what they leave alone."""

import numpy as np
import pytest
import torch

from core.detect.regions.region_losses import (
    FOUR,
    NAMES,
    UNITS,
    joints_loss,
    label_loss,
    mask_loss,
    objectness_loss,
    offsets_loss,
)
from core.errors import ShapeError


def drawn(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


@pytest.mark.parametrize("count", [4], ids=["N137-losses-of-faster-r-cnn"])
def test_faster_r_cnn_has_four(count: int) -> None:
    assert len(FOUR) == count
    assert NAMES[:count] == FOUR
    assert len(NAMES) == 6


def test_objectness_and_label_are_cross_entropies() -> None:
    scores, things = drawn(9), torch.tensor([1.0, 0, 0, 1, 0, 0, 0, 0, 1], dtype=torch.float64)
    p = 1 / (1 + np.exp(-scores.numpy()))
    wanted = -np.mean(np.where(things.numpy() == 1, np.log(p), np.log(1 - p)))
    assert float(objectness_loss(scores, things)) == pytest.approx(wanted)
    many, labels = drawn(5, 6), torch.tensor([0, 3, 5, 0, 1])
    e = np.exp(many.numpy())
    right = np.log(e[np.arange(5), labels.numpy()] / e.sum(axis=1))
    assert float(label_loss(many, labels)) == pytest.approx(-right.mean())


def test_offsets_are_squares_near_and_straight_far() -> None:
    offsets, wanted = drawn(7, 4), drawn(7, 4, seed=1)
    x = np.abs((offsets - wanted).numpy() / np.array(UNITS))
    by_hand = np.where(x < 1, x**2 / 2, x - 0.5).sum() / 20
    assert float(offsets_loss(offsets, wanted, 20)) == pytest.approx(by_hand)
    assert float(offsets_loss(torch.zeros(0, 4), torch.zeros(0, 4), 20)) == 0
    with pytest.raises(ShapeError, match="four offsets"):
        offsets_loss(offsets, wanted[:3], 20)


def test_only_the_mask_of_the_true_class_is_taught() -> None:
    masks = drawn(3, 5, 14, 14).requires_grad_()
    wanted, classes = (drawn(3, 14, 14, seed=2) > 0).double(), torch.tensor([4, 0, 2])
    loss = mask_loss(masks, wanted, classes)
    loss.backward()
    touched = masks.grad.abs().sum(dim=(2, 3)) > 0
    assert touched.nonzero().tolist() == [[0, 4], [1, 0], [2, 2]]
    own = masks.detach().numpy()[np.arange(3), classes.numpy()]
    p = 1 / (1 + np.exp(-own))
    assert float(loss.detach()) == pytest.approx(-np.where(wanted.numpy() == 1, np.log(p), np.log(1 - p)).mean())
    assert float(mask_loss(masks[:0], wanted[:0], classes[:0]).detach()) == 0
    with pytest.raises(ShapeError, match="need masks"):
        mask_loss(masks, wanted[:, :7], classes)


def test_a_hidden_joint_is_not_taught() -> None:
    maps = drawn(2, 3, 8, 8).requires_grad_()
    joints = torch.tensor([[[1.5, 2.5, 1], [0, 0, 0], [7.2, 7.9, 1]], [[0.1, 0, 0], [4, 4, 0], [3, 3, 0]]]).double()
    loss = joints_loss(maps, joints)
    loss.backward()
    assert (maps.grad.abs().sum(dim=(2, 3)) > 0).nonzero().tolist() == [[0, 0], [0, 2]]
    none = joints_loss(maps, joints * torch.tensor([1, 1, 0]))
    assert float(none.detach()) == 0
    with pytest.raises(ShapeError, match="need maps"):
        joints_loss(maps, joints[:, :2])


def test_a_map_is_best_if_it_is_the_bump() -> None:
    at = torch.tensor([[[3.3, 5.1, 1.0]]], dtype=torch.float64)
    middles = torch.arange(8, dtype=torch.float64) + 0.5
    bump = -((middles[None] - 3.3) ** 2 + (middles[:, None] - 5.1) ** 2) / 2
    best = float(joints_loss(bump[None, None], at))
    for seed in range(5):
        assert float(joints_loss(bump[None, None] + 0.3 * drawn(1, 1, 8, 8, seed=seed), at)) > best
