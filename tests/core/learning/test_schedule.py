"""The plateau rule against PyTorch's, and what it promises."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from core.errors import CoreError
from core.learning.schedule import Plateau, constant

ERRORS = st.lists(st.sampled_from([0.1, 0.2, 0.3, 0.5, 0.9]), max_size=30)


@given(ERRORS, st.integers(0, 5))
def test_cuts_when_pytorch_does(errors: list[float], patience: int) -> None:
    steps = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    twin = torch.optim.lr_scheduler.ReduceLROnPlateau(
        steps, factor=0.1, patience=patience, threshold=0.0, threshold_mode="abs", min_lr=0.0, eps=0.0
    )
    ours = Plateau(patience=patience, most=100)
    for seen, error in enumerate(errors, 1):
        steps.step()
        twin.step(error)
        assert ours(errors[:seen]) == pytest.approx(steps.param_groups[0]["lr"])


@given(ERRORS, st.integers(0, 3), st.integers(0, 3))
def test_never_makes_steps_larger_nor_cuts_more_than_it_may(errors: list[float], patience: int, most: int) -> None:
    rule = Plateau(patience=patience, most=most)
    shares = [rule(errors[:seen]) for seen in range(len(errors) + 1)]
    assert shares == sorted(shares, reverse=True)
    assert len(rule.cuts(errors)) <= most
    assert rule.cuts(errors) == rule.cuts([*errors, 0.0])  # a record cuts nothing


def test_begins_with_the_whole_rate() -> None:
    assert Plateau(patience=0)([]) == constant([]) == 1.0


@pytest.mark.parametrize("given", [{"factor": 1.0}, {"patience": -1}, {"most": -1}])
def test_refuses_a_rule_that_cannot_be(given: dict[str, float]) -> None:
    with pytest.raises(CoreError, match="factor above 1"):
        Plateau(**given)
