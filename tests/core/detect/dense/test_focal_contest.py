"""Cross-entropy against the focal loss: the training that the lab shows, and what was written down of it."""

import numpy as np
import pytest
import torch

from core.detect.dense import focal_contest
from core.detect.dense.focal_contest import STEPS, Way, contest, split
from core.detect.dense.focal_recorded import (
    FILE,
    RATES,
    SEEDS,
    WAYS,
    Measured,
    best,
    chosen_by,
    ends,
    mean_and_spread,
    rate_of,
    recorded,
    write,
)
from core.detect.dense.one_stage import anchors_of, wanted
from core.errors import CoreError


def told(monkeypatch: pytest.MonkeyPatch, way: Way, seed: int) -> list[focal_contest.Look]:
    for name, value in {"LEARNED": 16, "JUDGED": 16, "EVERY": 3}.items():
        monkeypatch.setattr(focal_contest, name, value)
    return list(contest(way, seed=seed, progress=lambda done, what: None, steps=3))


def test_the_same_seed_tells_the_same_story(monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = (told(monkeypatch, Way(), 1) for _ in range(2))
    assert [look.step for look in one] == [0, 3]
    assert one == other
    assert one[0].objects == pytest.approx(0.01, rel=0.3)


def test_starting_undecided_the_cross_entropy_is_nearly_all_background(monkeypatch: pytest.MonkeyPatch) -> None:
    assert told(monkeypatch, Way(0.0, None, prior=0.5), 0)[0].ground > 0.98


def test_the_share_of_the_loss_is_counted_as_in_the_lecture() -> None:
    bases = anchors_of(64, 64)
    truth = wanted(bases, [torch.tensor([[20.0, 20.0, 40.0, 40.0]])], [torch.tensor([0])], classes=1)
    objects, ground = split(torch.where(truth.scores > 0, -3.0, -5.0), truth, Way(0.0, None))
    yes, no = int(truth.objects.sum()), int((truth.counts & ~truth.objects).sum())
    assert objects == pytest.approx(1 / (1 + np.exp(3)), rel=1e-5)
    parts = no * np.log1p(np.exp(-5)), yes * np.log1p(np.exp(3))
    assert ground == pytest.approx(parts[0] / sum(parts), rel=1e-4)


def test_the_record_holds_every_way_rate_and_seed_to_its_end() -> None:
    assert len(SEEDS) >= 3
    for way in WAYS:
        assert {(e.rate, e.seed) for e in recorded() if e.way == way} == {(r, s) for r in RATES for s in SEEDS}
        assert all([look.step for look in ends(way, rate)] == [STEPS] * len(SEEDS) for rate in RATES)


def test_a_rate_is_chosen_by_other_pictures_than_those_that_judge_it() -> None:
    for way in WAYS:
        assert chosen_by(way)[rate_of(way)] == max(chosen_by(way).values())
        assert mean_and_spread(way)[0] == pytest.approx(np.mean([look.tested for look in best(way)]))
        assert [look.tested for look in best(way)] != [look.ap50 for look in best(way)]


def test_only_the_last_look_is_tested(monkeypatch: pytest.MonkeyPatch) -> None:
    looks = told(monkeypatch, Way(rate=0.01), 2)
    assert [look.tested is None for look in looks] == [True, False]
    assert looks != told(monkeypatch, Way(rate=0.1), 2)


def test_what_is_written_is_what_is_read(tmp_path) -> None:
    write(recorded(), tmp_path / "again.csv")
    assert (tmp_path / "again.csv").read_text() == FILE.read_text()
    write([Measured("focal loss", 0.03, 0, recorded()[0].look)], tmp_path / "one.csv")
    assert len((tmp_path / "one.csv").read_text().splitlines()) == 2


def test_an_impossible_way_is_explained() -> None:
    with pytest.raises(CoreError, match="prior between"):
        Way(prior=1.0)
