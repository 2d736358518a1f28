"""The recorded training: it comes out again, and it shows what it is there for."""

import pytest

from core.learning.recorded import DIGITS, NUMBERS, mislabelled_digits, recorded, rerun


def test_comes_out_again() -> None:
    """A few epochs, within what other processors round differently."""
    story = rerun(0)[1]
    next(story)
    for line in recorded()[:4]:
        logs = next(story).logs
        assert {name: logs[name] for name in NUMBERS} == pytest.approx(line, rel=0.02, abs=0.006)


def test_learns_the_wrong_labels_by_heart() -> None:
    best = min(range(60), key=lambda epoch: recorded()[epoch]["val_loss"])
    assert 10 < best < 30
    assert recorded()[-1]["accuracy"] > 0.98 > recorded()[best]["accuracy"]
    assert recorded()[-1]["val_loss"] > 1.3 * recorded()[best]["val_loss"]


def test_draws_some_labels_anew() -> None:
    from core.data.digits import training_digits

    wrong = (mislabelled_digits(0)[0].labels.numpy() != training_digits().labels[:DIGITS]).sum()
    assert 15 < wrong < 45
