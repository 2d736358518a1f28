"""Cutting a network: where it can be done, and what reaches the new head."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import CoreError
from core.models.cuts import LITE0, POOLINGS, cuts, feature_length, head_parameters, part_parameters
from core.nets.trace import trace
from core.nets.zoo import network, without_top


@pytest.mark.parametrize("name", ["mobilenet-v2", "vgg16", "resnet50", "efficientnet-b0", "densenet121", "lenet5"])
def test_the_highest_cut_is_the_network_without_its_top(name: str) -> None:
    traced = trace(network(name))
    assert cuts(traced)[-1].parameters == trace(without_top(network(name))).parameters
    assert cuts(traced)[-1].shape == trace(without_top(network(name))).rows[-1].shape


@pytest.mark.parametrize("name", ["mobilenet-v2", "resnet50", "densenet121"])
def test_nothing_above_a_cut_looks_past_it(name: str) -> None:
    traced = trace(network(name))
    names = [row.name for row in traced.rows]
    found = cuts(traced)
    assert found
    for cut in found:
        place = names.index(cut.layer)
        taken = {source for row in traced.rows[place + 1 :] for source in row.of}
        assert not taken & set(names[:place]), cut.layer
        assert cut.parameters == sum(row.parameters for row in traced.rows[: place + 1])


@pytest.mark.parametrize("id", ["N170-mobilenet-v2-head"])
def test_the_lectures_head(id: str) -> None:
    traced = trace(network("mobilenet-v2"))
    last = cuts(traced)[-1]
    kept = last.parameters + sum(row.statistics for row in trace(without_top(network("mobilenet-v2"))).rows)
    assert (kept, head_parameters(feature_length(last.shape, "average"), 1)) == (2_257_984, 1_281)


def test_the_table_of_the_pretrained_network_counts_like_the_network() -> None:
    from core.models.transfer import counted, parts

    assert part_parameters(trace(LITE0)) == tuple(counted([part]) for part in parts())


@given(st.integers(1, 64), st.integers(1, 16), st.integers(1, 16))
def test_pooling_gives_one_number_a_map(maps: int, height: int, width: int) -> None:
    lengths = {pooling: feature_length((maps, height, width), pooling) for pooling in POOLINGS}
    assert lengths == {"average": maps, "maximum": maps, "none": maps * height * width}


def test_says_what_would_fit() -> None:
    with pytest.raises(CoreError, match="average, maximum, none"):
        feature_length((3, 2, 2), "median")
    with pytest.raises(CoreError, match="at least one"):
        head_parameters(0, 1)
