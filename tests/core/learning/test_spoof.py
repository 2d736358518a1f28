"""Live or spoof: what is drawn is what it says, the loss is right, and unknown fakes get in."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_curve

from core.data.prints import SOURCES, print_of, spectrum
from core.errors import CoreError
from core.learning.spoof import binary_cross_entropy, learn_spoofs, new_prints, scores
from core.measure.threshold import equal_error, false_accepts, false_rejects

SCORES = st.lists(st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.75, 0.9, 1.0]), min_size=1, max_size=30).map(np.array)


def mean_spectrum(source) -> np.ndarray:
    return np.mean([spectrum(print_of(source, "validation", number).image) for number in range(20)], axis=0)


def test_every_source_leaves_its_trace() -> None:
    live, paper, screen = map(mean_spectrum, SOURCES)
    corner = np.s_[:6, :6]  # fast changes both ways
    assert live[corner].mean() > paper[corner].mean() + 0.1
    row = screen[16] - live[16]  # changes from column to column only
    fastest = np.r_[0:8, 25:32]
    assert row[fastest].max() > 1


def test_parts_share_no_print_and_a_number_draws_the_same() -> None:
    kept = {print_of("live", part, number).image.tobytes() for part in ("train", "test") for number in range(20)}
    assert len(kept) == 40
    assert np.array_equal(print_of("paper", "test", 3).image, print_of("paper", "test", 3).image)
    with pytest.raises(CoreError, match="live, paper, screen"):
        print_of("wax", "train", 0)  # type: ignore[arg-type]


def test_a_faker_who_hides_everything_leaves_no_lines() -> None:
    hidden = print_of("screen", "test", 1, effort=1.0).image
    traced = print_of("screen", "test", 1, effort=0.0).image
    assert spectrum(hidden)[16, 0:8].max() < spectrum(traced)[16].max()


@given(seed=st.integers(0, 30))
def test_the_loss_is_that_of_torch_and_its_gradient_is_p_minus_y(seed: int) -> None:
    logits = torch.randn(5, 1, generator=torch.Generator().manual_seed(seed)).double().requires_grad_(True)
    live = torch.tensor([1.0, 0.0, 1.0, 1.0, 0.0]).double()
    binary_cross_entropy(logits, live).backward()
    p = torch.sigmoid(logits.detach()[:, 0])
    assert logits.grad is not None
    assert torch.allclose(logits.grad[:, 0] * 5, p - live)


@given(real=SCORES, fakes=SCORES)
def test_both_errors_agree_with_scikit_learn(real: np.ndarray, fakes: np.ndarray) -> None:
    truth, scores = np.r_[np.ones(len(real)), np.zeros(len(fakes))], np.r_[real, fakes]
    accepted, found, thresholds = roc_curve(truth, scores, drop_intermediate=False)
    assert np.allclose(false_accepts(fakes, thresholds), accepted)
    assert np.allclose(false_rejects(real, thresholds), 1 - found)
    assert 0 <= equal_error(real, fakes)[1] <= 1


def test_errors_of_nobody_are_refused() -> None:
    with pytest.raises(CoreError, match="at least one score"):
        false_accepts(np.array([]), np.array([0.5]))


@pytest.mark.slow
def test_unknown_fakes_get_in() -> None:
    last = list(learn_spoofs(200, known=("paper",)))[-1]
    let_in = {source: (scores(last, prints) > 0.5).mean() for source, prints in new_prints().items()}
    assert let_in["live"] > 0.9
    assert let_in["paper"] < 0.1
    assert let_in["screen"] > 0.4
