"""The sanity check: shuffled networks keep their numbers and lose their maps."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import spearmanr

from core.errors import CoreError, ShapeError
from core.explain.gradcam import look, votes
from core.explain.sanity import alike, cascade
from core.models.registry import load
from core.models.scene_net import singles

PARTS = ("0", "4", "8", "12", "17")


def test_shuffles_from_the_last_part_on_and_leaves_the_network_alone() -> None:
    module = load("scenes")
    before = {name: weights.clone() for name, weights in module.named_parameters()}
    names = []
    for name, changed in cascade(module, PARTS, seed=0):
        names.append(name)
        for place, weights in changed.named_parameters():
            shuffled = place.split(".")[0] in names and weights.ndim >= 2
            assert torch.equal(weights, before[place]) != shuffled, place
            assert torch.equal(weights.flatten().sort().values, before[place].flatten().sort().values)
    assert names == ["17", "12", "8", "4", "0"]
    assert all(torch.equal(weights, before[name]) for name, weights in module.named_parameters())


def test_changes_the_map_of_the_scene_net() -> None:
    """Were the map made of edges alone, it would stay as it is."""
    module, (inputs, labels) = load("scenes"), singles("test", 12)
    ends = []
    for place, of in enumerate(labels.tolist()):
        picture = inputs[place : place + 1]
        (seen,) = look(module, picture, module[14], of)
        likeness = [
            alike(votes(seen), votes(look(changed, picture, changed[14], of)[0]))
            for _, changed in cascade(module, PARTS, seed=place)
        ]
        ends.append(likeness[-1])
    assert abs(np.mean(ends)) < 0.5


def test_repeats_itself_from_the_same_seed() -> None:
    module = load("scenes")
    first, second = ([changed[17].weight.clone() for _, changed in cascade(module, ("17",), seed=4)] for _ in range(2))
    assert torch.equal(first[0], second[0])


@given(*(arrays(np.float64, (3, 4), elements=st.integers(0, 5)) for _ in range(2)))
def test_compares_ranks_as_scipy_does(first: np.ndarray, second: np.ndarray) -> None:
    if first.std() == 0 or second.std() == 0:
        assert alike(first, second) == 0.0
    else:
        assert alike(first, second) == pytest.approx(spearmanr(first.ravel(), second.ravel()).statistic, abs=1e-9)


def test_says_what_would_fit() -> None:
    with pytest.raises(CoreError, match="no part 'head'"):
        list(cascade(load("scenes"), ("head",), seed=0))
    with pytest.raises(ShapeError, match="maps of one size"):
        alike(np.ones((2, 2)), np.ones((2, 3)))
