"""Mixed inputs and labels against torchvision's mixup and scipy's beta distribution."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import beta
from torch.nn.functional import cross_entropy
from torchvision.transforms import v2

from core.augment.mixup import drawn_share, mixed_loss, mixup, nearly_single, one_hot, share_density
from core.errors import CoreError
from syllabus.questions import check, question

SHARES = st.floats(0, 1)


def test_mixes_as_torchvision_does() -> None:
    random = np.random.default_rng(0)
    images, labels = random.random((5, 3, 4, 4)), np.array([0, 2, 1, 1, 3])
    with torch.random.fork_rng():
        torch.manual_seed(1)
        transform = v2.MixUp(alpha=1.0, num_classes=4)
        params = transform.make_params([torch.from_numpy(images)])
        mixed = transform.transform(torch.from_numpy(images), {**params, "labels": None, "batch_size": 5})
    ours, targets = mixup(images, one_hot(labels, 4), float(params["lam"]), np.roll(np.arange(5), 1))
    np.testing.assert_allclose(ours, mixed.numpy(), atol=1e-6)
    assert targets.sum(axis=1) == pytest.approx(np.ones(5))


@given(SHARES, st.integers(1, 8), st.integers(2, 6), st.integers(0, 99))
def test_stays_between_its_two_examples(share: float, count: int, classes: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    inputs, labels = random.normal(0, 1, (count, 3)), one_hot(random.integers(0, classes, count), classes)
    partners = random.permutation(count)
    mixed, targets = mixup(inputs, labels, share, partners)
    low, high = np.minimum(inputs, inputs[partners]), np.maximum(inputs, inputs[partners])
    assert ((low - 1e-12 <= mixed) & (mixed <= high + 1e-12)).all()
    np.testing.assert_allclose(targets.sum(axis=1), 1)
    assert targets.min() >= 0


@pytest.mark.parametrize(("share", "own"), [(1.0, True), (0.0, False)], ids=["lambda-1", "lambda-0"])
def test_leaves_one_of_them_at_the_ends(share: float, own: bool) -> None:
    inputs, labels, partners = np.array([[1.0], [2.0], [4.0]]), np.eye(3), np.array([1, 2, 0])
    mixed, targets = mixup(inputs, labels, share, partners)
    expected = (inputs, labels) if own else (inputs[partners], labels[partners])
    assert np.array_equal(mixed, expected[0])
    assert np.array_equal(targets, expected[1])


@settings(max_examples=30)
@given(st.floats(0.1, 5))
def test_draws_shares_as_scipy_says(alpha: float) -> None:
    places = np.linspace(0.01, 0.99, 21)
    np.testing.assert_allclose(share_density(places, alpha), beta(alpha, alpha).pdf(places), rtol=1e-9)


def test_draws_from_that_distribution() -> None:
    random = np.random.default_rng(0)
    drawn = np.array([drawn_share(0.4, random) for _ in range(4000)])
    for place in (0.1, 0.5, 0.9):
        assert (drawn <= place).mean() == pytest.approx(beta(0.4, 0.4).cdf(place), abs=0.03)


@given(st.integers(0, 99), SHARES)
def test_asks_for_both_classes_as_torch_does(seed: int, share: float) -> None:
    scores = torch.from_numpy(np.random.default_rng(seed).normal(0, 2, (1, 4)))
    label = share * np.eye(4)[0] + (1 - share) * np.eye(4)[2]
    theirs = cross_entropy(scores, torch.from_numpy(label[None]))
    assert mixed_loss(scores.softmax(dim=1)[0].numpy(), label) == pytest.approx(float(theirs), abs=1e-9)


@given(st.floats(0.05, 5.0), st.floats(0.01, 0.49))
def test_counts_the_pairs_that_stay_nearly_as_they_are(alpha: float, edge: float) -> None:
    drawn = beta(alpha, alpha)
    assert nearly_single(alpha, edge=edge) == pytest.approx(drawn.cdf(edge) + drawn.sf(1 - edge), rel=1e-6)


def test_half_a_cat_and_half_a_dog_cost_at_least_what_the_question_says() -> None:
    half, asked = np.array([0.5, 0.5]), question("Q240")
    assert check(asked, f"{mixed_loss(half, half):.2f}")


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: mixup(np.ones((2, 1)), np.eye(2), 1.5, np.array([1, 0])),
        lambda: mixup(np.ones((2, 1)), np.eye(3), 0.5, np.array([1, 0])),
        lambda: one_hot(np.array([3]), 3),
        lambda: share_density(np.array([0.5]), 0.0),
        lambda: share_density(np.array([0.0]), 0.4),
        lambda: nearly_single(0.4, edge=0.5),
        lambda: drawn_share(-1, np.random.default_rng(0)),
        lambda: mixed_loss(np.ones(2), np.ones(3)),
    ],
    ids=["share", "labels", "class-3-of-3", "alpha-0", "at-the-end", "edge", "alpha-negative", "classes"],
)
def test_says_what_would_fit(wrong) -> None:
    with pytest.raises(CoreError):
        wrong()
