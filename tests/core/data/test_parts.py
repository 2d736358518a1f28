"""Parts of a data set: disjoint, complete, and the same on every machine and every day."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.data.parts import PARTS, divided, generator
from core.errors import CoreError


@given(count=st.integers(0, 300), seed=st.integers(0, 2**32))
def test_every_fixed_example_belongs_to_exactly_one_part(count: int, seed: int) -> None:
    assert sorted(np.concatenate(list(divided(count, seed=seed).values()))) == list(range(count))


def test_no_two_addresses_draw_the_same() -> None:
    drawn = [
        generator(name, part, number).integers(2**62) for name in ("a", "b") for part in PARTS for number in range(200)
    ]
    assert len(set(drawn)) == len(drawn)


def test_an_address_draws_the_same_for_ever() -> None:
    assert generator("scenes", "validation", 7).integers(1000, size=3).tolist() == [780, 431, 665]


@pytest.mark.parametrize("shares", [{"train": 1.0}, {"train": 0.5, "validation": 0.5, "test": 0.5}])
def test_shares_that_leave_something_over_are_refused(shares) -> None:
    with pytest.raises(CoreError, match="together make 1"):
        divided(10, seed=0, shares=shares)


def test_an_unknown_part_is_refused() -> None:
    with pytest.raises(CoreError, match="train, validation, test"):
        generator("scenes", "dev", 0)  # type: ignore[arg-type]
