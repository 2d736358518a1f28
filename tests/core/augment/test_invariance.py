"""How invariant a reader became by training on turned digits, and what stays confused."""

import numpy as np
import pytest
import torch

from core.augment.invariance import flip_rate, stability
from core.data.digits import held_out_digits, training_digits
from core.errors import ShapeError
from core.learning.augment import turned
from core.learning.examples import Examples
from core.models.recipes import turned as recipe
from core.models.registry import card, load


@pytest.fixture(scope="module")
def said() -> dict[str, np.ndarray]:
    """What each reader calls the held-out digits at twelve angles: (12, 360)."""
    images, model = recipe.canvas(held_out_digits().images), load("turned")
    views = [turned(images, torch.full((len(images),), float(angle))) for angle in recipe.ANGLES]
    with torch.no_grad():
        return {
            taught: np.stack([recipe.reader(model, taught)(view).argmax(dim=1).numpy() for view in views])
            for taught in recipe.TAUGHT
        }


def test_augmentation_pushes_towards_invariance_and_stops_short_of_it(said: dict[str, np.ndarray]) -> None:
    labels = held_out_digits().labels
    right = {taught: (answers == labels).mean(axis=1) for taught, answers in said.items()}
    assert right["upright"][0] > 0.98
    assert right["upright"][6] < 0.5
    assert right["a little"][1] > 0.95
    assert right["a little"][6] < 0.5
    assert right["any way"].min() > 0.92
    assert right["any way"][0] < right["upright"][0]  # its price
    assert stability(said["upright"]) < stability(said["a little"]) < 0.2 < 0.7 < stability(said["any way"]) < 0.95


def test_an_upright_reader_takes_a_six_upside_down_for_a_nine(said: dict[str, np.ndarray]) -> None:
    labels = held_out_digits().labels
    assert flip_rate(said["upright"][6], labels, 6, 9) > 0.8
    assert flip_rate(said["any way"][6], labels, 6, 9) < 0.2


def test_reaches_what_its_card_says(said: dict[str, np.ndarray]) -> None:
    reached = float((said["any way"] == held_out_digits().labels).mean())
    assert reached == pytest.approx(card("turned").score, abs=0.005)
    assert reached >= recipe.RECIPE.promise


def test_is_trained_again_the_same_way(monkeypatch: pytest.MonkeyPatch) -> None:
    digits = training_digits()
    few = Examples(recipe.canvas(digits.images[:128]), torch.tensor(digits.labels[:128]))
    monkeypatch.setitem(recipe.EPOCHS, "any way", 1)
    reports: list[float] = []
    one, two = (recipe.taught_reader("any way", few, lambda done, what: reports.append(done)) for _ in range(2))
    assert all(torch.equal(a, b) for a, b in zip(one.state_dict().values(), two.state_dict().values(), strict=True))
    assert max(reports) == 1.0


@pytest.mark.parametrize(
    "wrong",
    [lambda: stability(np.zeros((0, 3), dtype=int)), lambda: flip_rate(np.array([1]), np.array([1]), 6, 9)],
    ids=["no-changes", "no-six"],
)
def test_says_what_would_fit(wrong) -> None:
    with pytest.raises(ShapeError):
        wrong()
