"""Parcels by measured features and by maps: the same split, one ruler, and something is learned."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from core.data.parcels import KINDS, parcels
from core.errors import CoreError
from core.features.handcrafted import FEATURES
from core.features.parcel_nets import FEATURE_RECIPE, by_features, by_maps, feature_net, labels_of, map_net
from core.learning.start import started
from core.learning.train import train
from core.nets.trace import trace

TRAIN, TEST = parcels("train", 60), parcels("test", 150)


def error(names: tuple[str, ...], seed: int = 0) -> float:
    learned, judged = by_features(TRAIN, TEST, names)
    dice = torch.Generator().manual_seed(seed)
    *_, last = train(
        started(feature_net(len(names), 16), seed=seed),
        learned,
        judged,
        replace(FEATURE_RECIPE, epochs=30),
        generator=dice,
    )
    return last.test_error


def test_learns_from_measured_features_and_the_same_way_again() -> None:
    first = error(FEATURES)
    assert first < 0.35
    assert error(FEATURES) == first
    assert error(("area",)) > 0.5  # an area alone tells little


def test_judges_both_by_the_same_parcels() -> None:
    pairs = by_features(TRAIN, TEST, FEATURES), by_maps(TRAIN, TEST)
    for measured, seen in zip(*pairs, strict=True):
        assert measured.labels.tolist() == seen.labels.tolist()
    assert pairs[0][0].labels.tolist() == labels_of(TRAIN).tolist()


def test_measures_the_others_by_the_training_parts_ruler() -> None:
    learned, judged = by_features(TRAIN, TEST, FEATURES)
    assert learned.inputs.mean(dim=0).abs().max() < 1e-5
    assert judged.inputs.mean(dim=0).abs().max() > 0.01
    np.testing.assert_allclose(by_maps(TRAIN, TEST)[1].inputs[3, 0] * 20, TEST[3].heights, atol=1e-5)


def test_has_as_many_inputs_as_features_and_outputs_as_kinds() -> None:
    assert trace(feature_net(7, 16)).parameters == 7 * 16 + 16 + 16 * 5 + 5
    assert trace(map_net()).rows[-1].shape == (len(KINDS),)


@pytest.mark.parametrize(("features", "hidden"), [(0, 4), (8, 4), (3, 0), (3, 65)])
def test_refuses_sizes_it_cannot_have(features: int, hidden: int) -> None:
    with pytest.raises(CoreError, match="takes 1 to 7 features"):
        feature_net(features, hidden)
