"""Dropout with its own dice against PyTorch's."""

import pytest
import torch
from torch import Generator, nn

from core.errors import CoreError
from core.learning.dropout import OwnDropout, dropped, own_dice
from core.learning.start import started
from core.models.small_alexnet import small_alexnet


@pytest.mark.parametrize("rate", [0.0, 0.2, 0.5, 0.9])
def test_does_to_values_what_pytorch_does(rate: float) -> None:
    values = torch.linspace(1, 2, 20_000)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        theirs = nn.functional.dropout(values, rate)
    ours = dropped(values, rate, Generator().manual_seed(0))
    for out in (ours, theirs):
        assert float((out == 0).float().mean()) == pytest.approx(rate, abs=0.02)
        torch.testing.assert_close(out[out != 0], (values / (1 - rate))[out != 0])
    assert float(ours.mean()) == pytest.approx(float(values.mean()), abs=0.05)


def test_does_nothing_when_the_network_is_used() -> None:
    layer, values = OwnDropout(0.5, Generator()).eval(), torch.ones(50)
    assert torch.equal(layer(values), values)


def test_replaces_every_dropout_however_deep() -> None:
    module = nn.Sequential(nn.Dropout(0.2), nn.Sequential(nn.Linear(2, 2), nn.Dropout(0.7)))
    own_dice(module, Generator())
    assert [part.rate for part in module.modules() if isinstance(part, OwnDropout)] == [0.2, 0.7]
    assert not any(isinstance(part, nn.Dropout) for part in module.modules())


def test_draws_the_same_twice_and_touches_nobody_elses_dice() -> None:
    images = torch.randn(4, 1, 12, 12, generator=Generator().manual_seed(1))
    before = torch.random.get_rng_state()
    one, two = (started(small_alexnet(), seed=5).train()(images) for _ in range(2))
    assert torch.equal(one, two)
    other = started(small_alexnet(), seed=5)
    assert not torch.equal(other.train()(images), other(images))  # another draw for every batch
    # Modules are made before their weights are drawn anew, which uses the shared dice; a pass does not.
    between = torch.random.get_rng_state()
    other(images)
    assert torch.equal(torch.random.get_rng_state(), between)
    torch.random.set_rng_state(before)


@pytest.mark.parametrize("rate", [-0.1, 1.0])
def test_refuses_to_let_all_rest(rate: float) -> None:
    with pytest.raises(CoreError, match="share that rests"):
        dropped(torch.ones(3), rate, Generator())
