"""The one-stage detector: what its anchors should answer, its losses, and how answers become boxes."""

import numpy as np
import pytest
import torch
from torch import nn
from torchvision.ops import sigmoid_focal_loss

from core.detect.anchors import GROUND, labelled
from core.detect.dense.one_stage import (
    ABOVE,
    BELOW,
    PRIOR,
    Wanted,
    anchors_of,
    answer,
    begun,
    found,
    level_behind,
    losses,
    wanted,
)
from core.detect.offsets import decode, encode
from core.errors import ShapeError

BASES = anchors_of(64, 64)
THINGS = [torch.tensor([[10.0, 12.0, 30.0, 34.0], [30.0, 30.0, 62.0, 60.0]]), torch.zeros(0, 4)]
KINDS = [torch.tensor([2, 0]), torch.zeros(0, dtype=torch.long)]


def truth() -> Wanted:
    return wanted(BASES, THINGS, KINDS, classes=3)


def test_every_anchor_has_one_answer() -> None:
    module = begun(0, classes=3, channels=8)
    scores, offsets = module.eval()(torch.zeros(2, 3, 64, 48))
    bases = anchors_of(64, 48)
    assert scores.shape == (2, len(bases), 3)
    assert offsets.shape == (2, len(bases), 4)


def test_an_untrained_one_is_sure_of_nothing() -> None:
    with torch.no_grad():
        scores, _ = begun(3, classes=3, channels=8).eval()(torch.randn(1, 3, 64, 64))
    assert float(scores.sigmoid().mean()) == pytest.approx(PRIOR, rel=0.5)


def test_the_same_seed_gives_the_same_weights() -> None:
    one, other, third = (begun(seed, channels=8).state_dict() for seed in (0, 0, 1))
    assert all(torch.equal(one[name], other[name]) for name in one)
    assert not torch.equal(one["score.weight"], third["score.weight"])


def test_answers_belong_to_their_anchors() -> None:
    """What is bright in one place of the picture changes the answers of anchors near it, and of no others."""
    module = begun(0, classes=1, channels=8).eval()
    dark, light = torch.zeros(1, 3, 256, 256), torch.zeros(1, 3, 256, 256)
    light[:, :, 32:48, 192:208] = 1.0
    with torch.no_grad():
        changed = (module(light)[0] - module(dark)[0]).abs()[0, :, 0]
    bases = anchors_of(256, 256)
    place = bases[changed.argmax()]
    assert abs(float(place[[0, 2]].mean()) - 200) < 32
    assert abs(float(place[[1, 3]].mean()) - 40) < 32


def test_what_is_wanted_follows_the_labels_of_the_anchors() -> None:
    goal, owner = truth(), labelled(BASES, THINGS[0], above=ABOVE, below=BELOW)
    torch.testing.assert_close(goal.objects[0], owner >= 0)
    torch.testing.assert_close(goal.counts[0], (owner >= 0) | (owner == GROUND))
    assert goal.scores[0].sum(dim=1).tolist() == (owner >= 0).float().tolist()
    assert set(goal.scores[0].nonzero()[:, 1].tolist()) == {0, 2}
    theirs = owner >= 0
    torch.testing.assert_close(decode(goal.offsets[0, theirs], BASES[theirs]), THINGS[0][owner[theirs]])


def test_a_picture_with_nothing_wants_nothing() -> None:
    goal = truth()
    assert not goal.objects[1].any()
    assert not goal.scores[1].any()
    assert goal.counts[1].all()


@pytest.mark.parametrize(("gamma", "alpha"), [(0.0, None), (2.0, 0.25)], ids=["cross-entropy", "focal"])
def test_the_loss_is_that_of_torchvision_per_object(gamma: float, alpha: float | None) -> None:
    goal, dice = truth(), torch.Generator().manual_seed(0)
    scores = torch.randn(goal.scores.shape, generator=dice)
    ours, boxes = losses(scores, goal.offsets + 1.0, goal, gamma=gamma, alpha=alpha)
    theirs = sigmoid_focal_loss(
        scores[goal.counts], goal.scores[goal.counts], alpha=-1 if alpha is None else alpha, gamma=gamma
    )
    torch.testing.assert_close(ours, theirs.sum() / goal.objects.sum())
    assert float(boxes) == pytest.approx(4 * (1 - 0.11 / 2), rel=1e-5)


def test_perfect_answers_come_back_as_the_things() -> None:
    goal = truth()
    scores = torch.where(goal.scores[0] > 0, 6.0, -6.0)
    said = found(scores, goal.offsets[0], BASES, least=0.5, overlap=0.5, most=10)
    assert len(said) == 2
    order = np.argsort(said.labels)
    np.testing.assert_allclose(said.boxes[order], THINGS[0].numpy()[[1, 0]], atol=1e-3)
    np.testing.assert_array_equal(said.labels[order], [0, 2])


def test_two_classes_in_one_place_are_both_kept_and_one_class_is_not() -> None:
    bases = torch.tensor([[0.0, 0.0, 20.0, 20.0], [1.0, 0.0, 21.0, 20.0]])
    still = encode(bases, bases)
    same = found(torch.tensor([[3.0, -9.0], [2.0, -9.0]]), still, bases, least=0.5, overlap=0.5, most=10)
    two = found(torch.tensor([[3.0, -9.0], [-9.0, 2.0]]), still, bases, least=0.5, overlap=0.5, most=10)
    assert same.labels.tolist() == [0]
    assert two.labels.tolist() == [0, 1]
    assert len(found(torch.full((2, 2), -9.0), still, bases, least=0.5, overlap=0.5, most=10)) == 0


def test_boxes_stay_inside_the_picture() -> None:
    said = answer(begun(0, channels=8), np.random.default_rng(0).random((40, 56, 3), dtype=np.float32), least=0.001)
    assert len(said) > 0
    assert (said.boxes >= 0).all()
    assert (said.boxes <= [56, 40, 56, 40]).all()


def test_wrong_shapes_are_explained() -> None:
    goal = truth()
    with pytest.raises(ShapeError, match="as wanted"):
        losses(torch.zeros(2, 5, 3), goal.offsets, goal, gamma=2, alpha=None)


def test_says_which_level_an_answer_came_from() -> None:
    bases, chosen = anchors_of(96, 96), (5, 1728 + 200, 1728 + 432 + 50)  # one anchor of each level
    scores, offsets = torch.full((1, len(bases), 2), -9.0), torch.zeros(1, len(bases), 4)
    for place, score in zip(chosen, (2.0, 1.0, 3.0), strict=True):
        scores[0, place, 1] = score

    class Fixed(nn.Module):
        def forward(self, images: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
            return scores, offsets

    image = np.zeros((96, 96, 3))
    things = answer(Fixed(), image)
    assert things.scores.tolist() == pytest.approx(torch.tensor([3.0, 2.0, 1.0]).sigmoid().tolist())
    assert level_behind(Fixed(), image, things) == [2, 0, 1]
    assert level_behind(Fixed(), image, things.above(0.999)) == []
