"""Dealing out examples: every one once, never twice, the same for the same seed."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from core.errors import ShapeError
from core.learning.examples import Examples, batches, split


def drawn(count: int) -> Examples:
    return Examples(torch.arange(float(count)), torch.arange(count))


@given(st.integers(2, 60), st.integers(1, 20), st.integers(0, 1000))
def test_deals_every_example_once(count: int, size: int, seed: int) -> None:
    dealt = list(batches(drawn(count), size, torch.Generator().manual_seed(seed)))
    assert sorted(place for batch in dealt for place in batch.labels.tolist()) == list(range(count))
    assert all(len(batch) == size for batch in dealt[:-1])
    assert all(torch.equal(batch.inputs.long(), batch.labels) for batch in dealt)  # labels stay with their inputs


@given(st.integers(2, 60), st.floats(0.01, 0.99), st.integers(0, 1000))
def test_cuts_in_two_without_a_common_example(count: int, share: float, seed: int) -> None:
    if not 0 < round(share * count) < count:
        with pytest.raises(ShapeError, match="leaves one part empty"):
            split(drawn(count), share, torch.Generator().manual_seed(seed))
        return
    learned, tested = split(drawn(count), share, torch.Generator().manual_seed(seed))
    assert len(learned) == round(share * count)
    assert sorted([*learned.labels.tolist(), *tested.labels.tolist()]) == list(range(count))


def test_deals_alike_for_the_same_seed_only() -> None:
    first, again, other = (
        [batch.labels.tolist() for batch in batches(drawn(40), 8, torch.Generator().manual_seed(seed))]
        for seed in (1, 1, 2)
    )
    assert first == again
    assert first != other


def test_refuses_what_has_no_label_and_empty_batches() -> None:
    with pytest.raises(ShapeError, match="one label, got 3 and 2"):
        Examples(torch.zeros(3), torch.zeros(2))
    with pytest.raises(ShapeError, match="at least one example"):
        next(batches(drawn(3), 0, torch.Generator()))
