"""Four questions: each decides where it should, in their order."""

import pytest

from core.data.parcels import parcels
from core.errors import CoreError
from core.features.handcrafted import FEATURES, parcel_features
from core.features.thresholds import Thresholds, decide, evenness, right, slimness

HIGH = dict.fromkeys(FEATURES, 1.0) | {"mean height": 20.0, "area": 100.0, "diagonal": 200**0.5}


@pytest.mark.parametrize(
    ("measured", "kind"),
    [
        pytest.param({"mean height": 3.9}, "envelope", id="flat"),
        pytest.param({"diagonal": 500**0.5}, "tube", id="slim"),
        pytest.param({"low height": 0.39}, "bag", id="round"),
        pytest.param({"low height": 0.84}, "pair", id="stepped"),
        pytest.param({}, "box", id="what-is-left"),
        pytest.param({"mean height": 1.0, "low height": 0.1}, "envelope", id="the-first-yes-decides"),
        pytest.param(dict.fromkeys(FEATURES, 0.0), "envelope", id="empty"),
    ],
)
def test_decides(measured: dict[str, float], kind: str) -> None:
    assert decide(HIGH | measured, Thresholds()) == kind


def test_measures_shape_without_size() -> None:
    twice = HIGH | {"area": 400.0, "diagonal": 2 * HIGH["diagonal"]}
    assert slimness(twice) == pytest.approx(slimness(HIGH)) == pytest.approx(1)
    assert evenness(HIGH | {"low height": 2.0, "high height": 2.0}) == evenness(HIGH) == 1


def test_names_most_parcels_right_and_all_without_a_line_wrong() -> None:
    drawn = parcels("test", 150)
    measured, kinds = [parcel_features(each.heights) for each in drawn], [each.kind for each in drawn]
    assert right(measured, kinds, Thresholds()) > 0.7
    everything = right(measured, kinds, Thresholds(flat=1e9))
    assert everything == kinds.count("envelope") / 150


def test_refuses_what_is_not_measured() -> None:
    with pytest.raises(CoreError, match="area"):
        decide({"mean height": 3.0}, Thresholds())
    with pytest.raises(CoreError, match="every parcel"):
        right([], [], Thresholds())
