"""Remedies for unequal classes: each does what it says, and the experiment of the lab comes out."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from sklearn.utils.class_weight import compute_class_weight
from torchvision.ops import sigmoid_focal_loss

from core.errors import CoreError
from core.learning.imbalance import class_weights, equally_often, focal_loss
from core.learning.remedies import drawn, labels_of, learn_with, unequal
from core.learning.train import Recipe
from core.measure.confusion import recalls

COUNTS = st.lists(st.integers(1, 30), min_size=2, max_size=6)


def labelled(counts: list[int]) -> np.ndarray:
    return np.repeat(np.arange(len(counts)), counts)


@given(counts=COUNTS)
def test_weights_agree_with_scikit_learn(counts: list[int]) -> None:
    labels = labelled(counts)
    ours = class_weights(labels, len(counts))
    assert ours == pytest.approx(compute_class_weight("balanced", classes=np.arange(len(counts)), y=labels))
    assert ours[labels].mean() == pytest.approx(1)


@given(counts=COUNTS, seed=st.integers(0, 100))
def test_every_class_is_dealt_out_equally_often(counts: list[int], seed: int) -> None:
    labels = labelled(counts)
    places = equally_often(labels, len(counts), np.random.default_rng(seed))
    assert len(places) == len(labels)
    dealt = np.bincount(labels[places], minlength=len(counts))
    assert dealt.max() - dealt.min() <= 1
    for kind in range(len(counts)):  # nobody is dealt out twice before everybody of the class was once
        times = np.bincount(places, minlength=len(labels))[labels == kind]
        assert times.max() - times.min() <= 1


@given(seed=st.integers(0, 50), gamma=st.sampled_from([0.0, 0.5, 1.0, 2.0, 5.0]))
def test_focal_loss_agrees_with_torchvision_on_two_classes(seed: int, gamma: float) -> None:
    logits = torch.randn(7, generator=torch.Generator().manual_seed(seed)).double()
    labels = (torch.arange(7) + seed) % 2
    two = torch.stack([torch.zeros(7).double(), logits], dim=1)
    theirs = sigmoid_focal_loss(logits, labels.double(), alpha=-1, gamma=gamma, reduction="mean")
    assert float(focal_loss(two, labels, gamma=gamma)) == pytest.approx(float(theirs))


def test_focal_loss_without_gamma_is_cross_entropy_and_its_gradient_is_right() -> None:
    logits = torch.randn(5, 4, generator=torch.Generator().manual_seed(0)).double().requires_grad_(True)
    labels = torch.tensor([0, 3, 1, 1, 2])
    weights = torch.tensor([1.0, 2.0, 0.5, 3.0]).double()
    plain = torch.nn.functional.cross_entropy(logits, labels)
    assert torch.allclose(focal_loss(logits, labels, gamma=0), plain)
    assert torch.autograd.gradcheck(lambda values: focal_loss(values, labels, weights=weights), (logits,))


def test_focal_loss_of_a_hopeless_and_of_a_perfect_answer_is_a_number() -> None:
    sure = torch.tensor([[1000.0, -1000.0], [1000.0, -1000.0]])
    assert float(focal_loss(sure, torch.tensor([0, 0]))) == 0
    assert np.isfinite(float(focal_loss(sure, torch.tensor([1, 1]))))


def test_nothing_makes_up_for_a_class_without_examples() -> None:
    with pytest.raises(CoreError, match="class 1 has no example"):
        class_weights(np.array([0, 0, 2]), 3)
    with pytest.raises(CoreError, match="gamma"):
        focal_loss(torch.zeros(1, 2), torch.tensor([0]), gamma=-1)


def test_copies_are_turned_and_no_two_are_the_same() -> None:
    maps = unequal(4)
    dealt = drawn(maps, "turned copies", seed=0)
    assert len({each.points.tobytes() for each in dealt}) == len(dealt)
    assert len({each.points.tobytes() for each in drawn(maps, "each class equally often", seed=0)}) < len(dealt)
    assert np.bincount(labels_of(dealt)).min() >= len(maps) // 5


@pytest.mark.slow
def test_turned_copies_help_most() -> None:
    """The sentence of the lecture: augmentation greatly improves the results."""
    means = {
        remedy: np.mean([recalls(list(learn_with(remedy, 8, seed=seed))[-1].counts).mean() for seed in (0, 1)])
        for remedy in ("nothing", "each class equally often", "turned copies")
    }
    assert means["turned copies"] > max(means["nothing"], means["each class equally often"]) + 0.08


def test_the_same_seed_learns_the_same() -> None:
    one, two = (list(learn_with("focal loss", 2, seed=3, recipe=Recipe(epochs=1))) for _ in range(2))
    assert all(np.array_equal(a.counts, b.counts) for a, b in zip(one, two, strict=True))
