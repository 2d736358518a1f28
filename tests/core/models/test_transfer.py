"""Transfer: what is frozen stays, the head learns, and from scratch there is nothing to build on."""

import pytest
import torch

from core.errors import CoreError
from core.learning.examples import Examples
from core.models import transfer as module
from core.models.pretrained import lite0
from core.models.transfer import FEATURES, PARTS, Phase, counted, few, head, parts, transfer

HEAD, REST = "the head", "the rest too"


@pytest.fixture(scope="module")
def pictures() -> tuple[Examples, Examples]:
    return few(4, judged=40)


def test_the_parts_make_what_the_whole_network_makes(pictures: tuple[Examples, Examples]) -> None:
    inputs = pictures[0].inputs[:2]
    with torch.no_grad():
        maps = inputs
        for part in parts():
            maps = part.eval()(maps)
        wanted = lite0().forward_features(inputs)
    assert torch.allclose(maps, wanted, atol=1e-5)
    assert len(parts()) == len(PARTS)


def test_frozen_features_and_a_new_head_beat_guessing_by_far(pictures: tuple[Examples, Examples]) -> None:
    *_, (_, last) = transfer(*pictures, [Phase(HEAD, 10, 0.03)], frozen=len(PARTS))
    assert last.test_error < 0.6
    assert last.train_error < 0.2


def test_large_steps_before_the_head_has_learned_destroy_what_was_known(pictures: tuple[Examples, Examples]) -> None:
    order = (Phase(HEAD, 6, 0.03), Phase(REST, 2, 0.003))
    ends = [list(transfer(*pictures, phases, frozen=8))[-1][1] for phases in (order, (Phase(REST, 2, 0.5), order[0]))]
    assert ends[0].test_error < ends[1].test_error - 0.1, [each.test_error for each in ends]


def test_yields_every_epoch_once_with_its_phase(pictures: tuple[Examples, Examples]) -> None:
    said = []
    phases = (Phase(HEAD, 2, 0.03), Phase(REST, 1, 0.001))
    got = list(transfer(*pictures, phases, frozen=8, progress=lambda done, what: said.append(done)))
    assert [phase for phase, _ in got] == [0, 0, 0, 1]
    assert said == sorted(said)
    assert said[-1] == pytest.approx(1.0)


def test_the_same_seed_gives_the_same_curve(pictures: tuple[Examples, Examples]) -> None:
    curves = [[e.test_loss for _, e in transfer(*pictures, [Phase(HEAD, 3, 0.03)], frozen=9, seed=4)] for _ in range(2)]
    assert curves[0] == curves[1]


def test_never_touches_the_shared_network(pictures: tuple[Examples, Examples]) -> None:
    before = lite0().state_dict()["conv_head.weight"].clone()
    list(transfer(*pictures, [Phase(REST, 1, 0.1)], frozen=8))
    assert torch.equal(lite0().state_dict()["conv_head.weight"], before)
    assert not any(values.requires_grad for values in lite0().parameters())


def test_keeps_the_statistics_of_pretrained_normalisations() -> None:
    part = module._still(parts()[1]).train()
    before = [norm.running_mean.clone() for norm in part.modules() if isinstance(norm, torch.nn.BatchNorm2d)]
    part(torch.randn(4, 32, 8, 8, generator=torch.Generator().manual_seed(0)))
    after = [norm.running_mean for norm in part.modules() if isinstance(norm, torch.nn.BatchNorm2d)]
    assert before
    assert all(torch.equal(a, b) for a, b in zip(before, after, strict=True))


def test_from_scratch_starts_elsewhere_and_repeatably() -> None:
    fresh, again = (parts(pretrained=False, seed=1)[0][0].weight for _ in range(2))
    assert torch.equal(fresh, again)
    assert not torch.equal(fresh, parts()[0][0].weight)


def test_deals_as_many_of_every_class() -> None:
    learned, judged = few(3, judged=20)
    assert learned.labels.bincount().tolist() == [3] * 5
    assert len(judged) == 20
    assert counted([head(5)]) == (FEATURES + 1) * 5


def test_says_what_would_fit(pictures: tuple[Examples, Examples]) -> None:
    with pytest.raises(CoreError, match="from 0 to 9 parts"):
        next(transfer(*pictures, [Phase(HEAD, 1, 0.1)], frozen=10))
    with pytest.raises(CoreError, match="from 1 to 100"):
        few(0)
