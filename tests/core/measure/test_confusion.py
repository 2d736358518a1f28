"""Tables of confusion, against scikit-learn."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics

from core.errors import ShapeError
from core.measure.confusion import accuracy, confusion, precisions, recalls

PAIRS = st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=60)


@given(pairs=PAIRS)
def test_agrees_with_scikit_learn(pairs: list[tuple[int, int]]) -> None:
    labels, answers = np.array(pairs).T
    counts = confusion(labels, answers, 4)
    assert np.array_equal(counts, metrics.confusion_matrix(labels, answers, labels=range(4)))
    assert accuracy(counts) == pytest.approx(metrics.accuracy_score(labels, answers))
    for ours, theirs in ((recalls, metrics.recall_score), (precisions, metrics.precision_score)):
        theirs = theirs(labels, answers, labels=range(4), average=None, zero_division=np.nan)
        assert np.allclose(ours(counts), theirs, equal_nan=True)


@given(pairs=PAIRS, cut=st.integers(0, 60))
def test_batches_add_up(pairs: list[tuple[int, int]], cut: int) -> None:
    labels, answers = np.array(pairs).T
    parts = confusion(labels[:cut], answers[:cut], 4) + confusion(labels[cut:], answers[cut:], 4)
    assert np.array_equal(parts, confusion(labels, answers, 4))


def test_says_which_classes_there_are() -> None:
    with pytest.raises(ShapeError, match="from 0 to 1"):
        confusion(np.array([0]), np.array([2]), 2)
    with pytest.raises(ShapeError, match="as many answers"):
        confusion(np.array([0]), np.array([0, 1]), 2)
