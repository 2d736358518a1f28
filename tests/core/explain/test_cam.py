"""Class activation maps: their mean is the score, on any maps and on the trained network."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ShapeError
from core.explain.cam import class_activation_map, enlarged, scores_of
from core.models.registry import load
from core.models.scene_net import singles


@given(st.integers(1, 5), st.integers(1, 6), st.integers(1, 6), st.integers(1, 4), st.integers(0, 10**6))
def test_has_the_score_as_its_mean(maps: int, height: int, width: int, classes: int, seed: int) -> None:
    random = np.random.default_rng(seed)
    features = random.normal(size=(maps, height, width))
    weights, bias = random.normal(size=(classes, maps)), random.normal(size=classes)
    means = features.mean(axis=(1, 2))
    np.testing.assert_allclose(
        scores_of(class_activation_map(features, weights), bias), weights @ means + bias, atol=1e-12
    )


def test_has_the_score_of_the_trained_scene_net_as_its_mean() -> None:
    module = load("scenes")
    inputs, _ = singles("test", 6)
    with torch.no_grad():
        features, scores = module[:15](inputs).double().numpy(), module(inputs).numpy()
    weights, bias = (each.detach().double().numpy() for each in (module[17].weight, module[17].bias))
    found = np.stack([scores_of(class_activation_map(each, weights), bias) for each in features])
    np.testing.assert_allclose(found, scores, atol=1e-4)


def test_n122_the_sum_is_49_times_the_score() -> None:
    maps = class_activation_map(np.ones((1, 7, 7)), np.ones((1, 1)))
    assert scores_of(maps, np.zeros(1)) == [1.0]
    assert maps.sum() == 49.0


@given(st.integers(1, 9), st.integers(1, 9), st.integers(1, 40), st.integers(0, 10**6))
def test_enlarges_as_pytorch_does(height: int, width: int, side: int, seed: int) -> None:
    side = max(side, height, width)
    small = np.random.default_rng(seed).normal(size=(height, width))
    twin = torch.nn.functional.interpolate(torch.tensor(small)[None, None], size=(side, side), mode="bilinear")
    np.testing.assert_allclose(enlarged(small, side), twin[0, 0].numpy(), atol=1e-6)


@pytest.mark.parametrize("features", [np.ones((2, 3)), np.ones((3, 2, 2))], ids=["a flat volume", "too many maps"])
def test_says_what_would_fit(features) -> None:
    with pytest.raises(ShapeError, match=r"need features \(C, H, W\) and weights \(K, C\)"):
        class_activation_map(features, np.ones((1, 2)))
    with pytest.raises(ShapeError, match="a side of a pixel or more"):
        enlarged(np.ones((2, 2)), 0)
    with pytest.raises(ShapeError, match=r"a bias \(K,\)"):
        scores_of(np.ones((2, 3, 3)), np.ones(3))
