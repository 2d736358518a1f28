"""He's start: the variances it promises, zero where it is told, nothing left to chance outside the seed."""

import torch

from core.blocks.miniatures import tower
from core.learning.start import he
from core.nets.build import build
from core.nets.trace import trace


def started(seed: int, silent: tuple[str, ...] = (), maps: int = 32) -> dict[str, torch.Tensor]:
    traced = trace(tower(3, residual=True, maps=maps))
    module = build(traced)
    he(module, traced, generator=torch.Generator().manual_seed(seed), silent=silent)
    named = [row.name for row in traced.rows if row.kind in ("conv", "dense")]
    return dict(zip(named, (weights for weights in module.parameters() if weights.dim() > 1), strict=True))


def test_keeps_the_size_of_the_signal() -> None:
    weights = started(0)
    assert len(weights) == 8
    for name in ("block1_conv1", "block3_conv2"):
        assert abs(float(weights[name].data.var()) * 32 * 9 / 2 - 1) < 0.06
    assert abs(float(weights["predictions"].data.var()) * 32 * 16 / 2 - 1) < 0.06


def test_silences_the_rows_it_is_told_and_no_other() -> None:
    weights = started(0, silent=("block2_conv2",))
    assert [name for name, own in weights.items() if not own.any()] == ["block2_conv2"]


def test_follows_the_seed_alone() -> None:
    torch.manual_seed(1)
    first = started(7)
    torch.manual_seed(2)
    again, other = started(7), started(8)
    assert all(torch.equal(first[name], again[name]) for name in first)
    assert not torch.equal(first["stem"], other["stem"])


def test_sets_biases_to_zero_and_normalisations_to_one() -> None:
    traced = trace(tower(1, residual=False))
    module = build(traced)
    for weights in module.parameters():
        weights.data.fill_(7.0)
    he(module, traced, generator=torch.Generator().manual_seed(0))
    flat = [weights for weights in module.parameters() if weights.dim() == 1]
    norms = [part for part in module.modules() if isinstance(part, torch.nn.BatchNorm2d)]
    assert {float(value) for part in norms for value in part.weight.data} == {1.0}
    assert sum(float(weights.data.sum()) for weights in flat) == sum(part.num_features for part in norms)
