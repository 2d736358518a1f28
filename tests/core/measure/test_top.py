"""The first k answers and the error of k guesses, against torch and scikit-learn."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ShapeError
from core.measure.top import top_classes, top_k_error


def drawn(seed, images, classes):
    scores = np.random.default_rng(seed).normal(size=(images, classes))
    return np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)


@given(st.integers(0, 10**6), st.integers(1, 30), st.integers(1, 30))
def test_equals_torch(seed, classes, k):
    import torch

    k = min(k, classes)
    (row,) = drawn(seed, 1, classes)
    best, left = top_classes(row, k)
    values, places = torch.tensor(row).topk(k)
    assert best.tolist() == places.tolist()
    assert left == pytest.approx(1 - values.sum().item(), abs=1e-12)
    assert 0 <= left <= 1


@given(st.integers(0, 10**6), st.integers(1, 40), st.integers(3, 12), st.data())
def test_equals_scikit_learn(seed, images, classes, data):
    from sklearn.metrics import top_k_accuracy_score

    k = data.draw(st.integers(1, classes - 1))
    labels = np.array(data.draw(st.lists(st.integers(0, classes - 1), min_size=images, max_size=images)))
    probabilities = drawn(seed, images, classes)
    right = top_k_accuracy_score(labels, probabilities, k=k, labels=list(range(classes)))
    assert top_k_error(probabilities, labels, k) == pytest.approx(1 - right)


@given(st.integers(0, 10**6), st.integers(1, 20), st.integers(2, 9))
def test_errs_less_the_more_guesses_it_has(seed, images, classes):
    probabilities = drawn(seed, images, classes)
    labels = np.random.default_rng(seed + 1).integers(0, classes, images)
    errors = [top_k_error(probabilities, labels, k) for k in range(1, classes + 1)]
    assert errors == sorted(errors, reverse=True)
    assert errors[-1] == 0


def test_leaves_the_rest_as_the_lecture_draws_it():
    """Castle 55 %, tower 43 %: 2 % are left for all other classes."""
    best, left = top_classes(np.array([0.55, 0.43, 0.012, 0.008]), 2)
    assert best.tolist() == [0, 1]
    assert left == pytest.approx(0.02)


@pytest.mark.parametrize("k", [0, 4])
def test_refuses_more_guesses_than_classes(k):
    with pytest.raises(ShapeError, match="k from 1 to K"):
        top_classes(np.full(3, 1 / 3), k)


def test_refuses_labels_that_do_not_fit():
    with pytest.raises(ShapeError, match=r"labels \(N,\)"):
        top_k_error(np.zeros((2, 3)), np.array([1]), 1)
