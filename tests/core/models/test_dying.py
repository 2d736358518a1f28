import numpy as np
import pytest

from core.data.photos import PHOTOS, grey_photo
from core.errors import CoreError
from core.models.dying import UNITS, learned, start, unit_sums
from core.units.activations import CURVES, curve, dead


def test_starts_from_the_same_units_whatever_the_bias():
    low, high = start(-2.0), start(1.0)
    assert (low[0][:, :-1] == high[0][:, :-1]).all()
    assert set(low[0][:, -1]) == {-2.0}
    assert unit_sums().shape == (1437, UNITS)


def test_learned_leaves_a_dead_layer_dead_and_a_leaky_one_learns():
    silent = learned(CURVES["ReLU"], -4.0, steps=40)
    leaky = learned(curve("leaky ReLU", slope=0.1), -4.0, steps=40)
    assert (silent.dead_before, silent.dead_after) == (1, 1)
    assert (leaky.dead_before, leaky.dead_after) == (0, 0)
    assert silent.accuracy < 0.2 < 0.4 < leaky.accuracy


def test_says_that_steps_were_too_long_for_a_layer():
    assert learned(curve("leaky ReLU", slope=0.5), 1.0).ran_away
    assert not learned(curve("leaky ReLU", slope=0.1), -1.0, steps=20).ran_away


def test_counts_the_dead_as_the_curve_on_the_page_does():
    found = learned(CURVES["ReLU"], -1.0, steps=1)
    assert found.dead_before == dead(unit_sums(), CURVES["ReLU"], bias=-1.0).mean()


@pytest.mark.parametrize("name", PHOTOS)
def test_grey_photo_is_a_map_from_0_to_1(name):
    grey = grey_photo(name, 40)
    assert grey.shape == (40, 40)
    assert 0 <= grey.min() < 0.3 < 0.6 < grey.max() <= 1
    whole = grey_photo(name, 400)
    blocks = whole.reshape(40, 10, 40, 10).mean(axis=(1, 3))
    assert np.abs(blocks - grey).mean() < 0.02
    with pytest.raises(CoreError, match="pagoda, flower"):
        grey_photo("boat", 40)
    with pytest.raises(CoreError):
        grey_photo(name, 0)
