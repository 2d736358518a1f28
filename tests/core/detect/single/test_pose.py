"""Pose: the masked loss against PyTorch, the mirror against the augmentation, peaks against drawn bumps."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from core.augment.example import example_of
from core.augment.geometric import warped
from core.augment.matrices import flip
from core.data.scenes import JOINTS
from core.detect.single.pose import (
    HIP,
    OUTPUTS,
    SHOULDER,
    distances,
    found,
    heat_maps,
    learned_loss,
    mirrored,
    peaks,
    pose_loss,
    pose_loss_by_guess,
    share_found,
)
from core.errors import CoreError, ShapeError
from core.models.localizers import joints_of, one_person
from core.types import Floats

SEEDS = st.integers(0, 10**6)


def poses(seed: int, hidden: float = 0.3) -> tuple[Floats, Floats]:
    random = np.random.default_rng(seed)
    truth = np.concatenate([random.uniform(0, 64, (14, 2)), random.random((14, 1)) >= hidden], axis=1)
    return random.uniform(0, 64, (14, 2)), truth


@pytest.mark.parametrize("id", ["N128-14-joints"])
def test_has_two_outputs_for_each_joint(id: str) -> None:
    assert OUTPUTS == 28


@given(SEEDS)
def test_the_loss_equals_pytorchs_on_joints_that_can_be_seen(seed: int) -> None:
    guess, truth = poses(seed)
    seen = truth[:, 2] > 0
    theirs = torch.nn.functional.mse_loss(torch.tensor(guess[seen]), torch.tensor(truth[seen, :2]), reduction="sum")
    assert pose_loss(guess, truth) == pytest.approx(float(theirs))


@given(SEEDS)
def test_its_slope_equals_pytorchs(seed: int) -> None:
    guess, truth = poses(seed)
    moved = torch.tensor(guess, requires_grad=True)
    loss = ((moved - torch.tensor(truth[:, :2])).square().sum(dim=1) * torch.tensor(truth[:, 2])).sum()
    loss.backward()
    assert moved.grad is not None
    assert pose_loss_by_guess(guess, truth) == pytest.approx(moved.grad.numpy())


@given(SEEDS)
def test_a_hidden_joint_changes_nothing_wherever_it_is_said_to_be(seed: int) -> None:
    guess, truth = poses(seed)
    elsewhere = np.where(truth[:, 2:] > 0, guess, guess + 100)
    assert pose_loss(elsewhere, truth) == pytest.approx(pose_loss(guess, truth))
    truth[:, 2] = 0
    assert pose_loss(guess, truth) == 0
    assert not pose_loss_by_guess(guess, truth).any()


def test_the_learned_loss_is_the_mean_of_the_same() -> None:
    some = [poses(seed) for seed in range(5)]
    guesses, truths = (np.stack(part) for part in zip(*some, strict=True))
    mine = sum(pose_loss(guess, truth) for guess, truth in some) / truths[..., 2].sum()
    assert float(learned_loss(torch.tensor(guesses.reshape(5, 28)), torch.tensor(truths))) == pytest.approx(mine)
    truths[..., 2] = 0
    assert float(learned_loss(torch.tensor(guesses.reshape(5, 28)), torch.tensor(truths))) == 0


@pytest.mark.parametrize("number", range(4))
def test_the_mirror_is_that_of_the_augmentation(number: int) -> None:
    scene = one_person("train", number)
    theirs = warped(example_of(scene), flip(scene.image.shape[:2])).joints[0]
    assert mirrored(joints_of(scene), 64) == pytest.approx(theirs, abs=1e-4)


@given(SEEDS)
def test_two_mirrors_undo_each_other(seed: int) -> None:
    _, truth = poses(seed)
    for swap in (True, False):
        assert mirrored(mirrored(truth, 64, swap=swap), 64, swap=swap) == pytest.approx(truth)


def test_without_the_swap_twelve_names_are_wrong() -> None:
    truth = joints_of(one_person("train", 0))
    off = np.abs(mirrored(truth, 64, swap=False) - mirrored(truth, 64))[:, :2].sum(axis=1)
    assert [JOINTS[place] for place in np.flatnonzero(off < 1e-9)] == ["neck", "head"]


def test_the_mirror_wants_fourteen_joints() -> None:
    with pytest.raises(ShapeError, match="14 joints"):
        mirrored(np.zeros((13, 3)), 64)


def test_finds_joints_by_the_size_of_the_figure() -> None:
    guess, truth = np.zeros((1, 14, 2)), np.zeros((1, 14, 3))
    truth[..., 2] = 1
    truth[0, SHOULDER, :2] = guess[0, SHOULDER] = (3, 4)  # a trunk of 5 to the hip at 0, 0
    guess[0, 0] = (1, 0)  # exactly a fifth
    guess[0, 1] = (1.01, 0)
    truth[0, 5, 2], guess[0, 5] = 0, (50, 50)  # hidden
    assert found(guess, truth)[0].tolist() == [True, False, True, True, True, False] + [True] * 8
    assert share_found(guess, truth) == pytest.approx(12 / 13)
    assert np.isnan(distances(guess, truth)[0]).tolist() == [place == 5 for place in range(14)]
    assert share_found(3 * guess, 3 * truth * [1 / 1, 1, 1 / 3]) == pytest.approx(12 / 13)  # at any size
    assert HIP == 2


def test_says_why_nothing_can_be_found() -> None:
    with pytest.raises(CoreError, match="no joint can be seen"):
        share_found(np.zeros((1, 14, 2)), np.zeros((1, 14, 3)))
    with pytest.raises(CoreError, match="above 0"):
        found(np.zeros((1, 14, 2)), np.zeros((1, 14, 3)), close=0)
    with pytest.raises(ShapeError, match="guesses"):
        distances(np.zeros((14, 2)), np.zeros((14, 3)))
    with pytest.raises(ShapeError, match="x, y and seen"):
        pose_loss(np.zeros((14, 2)), np.zeros((14, 2)))


@given(st.floats(0.01, 15.99), st.floats(0.01, 15.99), st.floats(0.8, 2.5))
def test_a_drawn_peak_comes_back_between_cells(x: float, y: float, spread: float) -> None:
    maps = heat_maps(np.array([[x, y, 1.0]]), 16, spread=spread)
    places, heights = peaks(maps)
    assert places[0] == pytest.approx([x, y], abs=1e-4)
    assert heights[0] == maps.max()


def test_peaks_on_the_rim_and_of_empty_maps_stay_in_their_cell() -> None:
    maps = np.zeros((2, 4, 5))
    maps[0, 0, 4] = 1.0
    places, heights = peaks(maps)
    assert np.abs(places - [[4.5, 0.5], [0.5, 0.5]]).max() <= 0.5
    assert heights.tolist() == [1.0, 0.0]


def test_a_hidden_joint_has_an_empty_map() -> None:
    maps = heat_maps(np.array([[3.0, 3.0, 0.0], [3.0, 3.0, 1.0]]), 8, spread=1.0)
    assert not maps[0].any()
    assert maps[1].max() == pytest.approx(np.exp(-0.25))
    with pytest.raises(ShapeError, match="spread above 0"):
        heat_maps(np.zeros((1, 3)), 8, spread=0)
    with pytest.raises(ShapeError, match="one map"):
        peaks(np.zeros((4, 4)))
