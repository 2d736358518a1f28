"""The window net's canvases and windows: what they hold, and that no part's digit is on another's canvas."""

import numpy as np
import pytest

from core.data.digits import held_out_digits, training_digits
from core.errors import CoreError, LimitError
from core.models.registry import card, load, recipe
from core.models.window_net import APART, FAR, NEAR, NOTHING, WINDOW, Canvas, canvas, many_windows, windows


@pytest.mark.parametrize(("number", "side"), [(0, 24), (3, 64), (5, 97)])
def test_scatters_digits_that_do_not_touch(number: int, side: int) -> None:
    drawn = canvas("train", number, side=side)
    assert drawn.image.shape == (side, side)
    assert drawn.middles.min(initial=side) >= WINDOW // 2
    assert drawn.middles.max(initial=0) <= side - WINDOW // 2
    far = np.abs(drawn.middles[:, None] - drawn.middles[None]).max(axis=2)
    assert (far[~np.eye(len(far), dtype=bool)] >= APART).all()
    assert (canvas("train", number, side=side).image == drawn.image).all()


def test_shows_digits_of_its_own_part_only() -> None:
    for part, mine, others in (
        ("train", training_digits(), held_out_digits()),
        ("test", held_out_digits(), training_digits()),
    ):
        drawn = canvas(part, 1)
        for (x, y), label in zip(drawn.middles.astype(int), drawn.labels, strict=True):
            seen = drawn.image[y - 4 : y + 4, x - 4 : x + 4].ravel()
            alike = [np.corrcoef(seen, each.ravel())[0, 1] for each in mine.images[mine.labels == label]]
            strange = [np.corrcoef(seen, each.ravel())[0, 1] for each in others.images[others.labels == label]]
            assert max(alike) > max(strange)


def test_half_of_the_windows_have_a_digit_in_their_middle() -> None:
    inputs, labels = many_windows("test", 12)
    assert inputs.shape[1:] == (1, WINDOW, WINDOW)
    assert inputs.min() >= -1
    assert inputs.max() <= 1
    assert 0.4 < float((labels == NOTHING).double().mean()) < 0.55


def test_a_window_is_named_by_what_is_in_its_middle() -> None:
    flat = np.zeros((64, 64), dtype=np.float32)
    flat[32, 40] = 1.0  # a dot for a digit
    found, labels = windows(Canvas(flat, np.array([[40.0, 32.0]]), np.array([7])), np.random.default_rng(0))
    assert set(labels.tolist()) <= {7, NOTHING}
    for window, label in zip(found[:, 0], labels, strict=True):
        dots = np.argwhere(window > 0)
        off = np.abs(dots[0] - WINDOW // 2).max() if len(dots) else np.inf
        assert off <= NEAR if label == 7 else off > FAR


def test_ships_a_net_that_reads_what_its_card_says() -> None:
    import torch

    inputs, labels = many_windows("test", 20)
    with torch.no_grad():
        right = float((load("digit_windows")(inputs).argmax(dim=1) == labels).double().mean())
    assert right > recipe("digit_windows").promise
    assert abs(right - card("digit_windows").score) < 0.03


def test_refuses_what_cannot_be() -> None:
    with pytest.raises(LimitError, match="24 to 512"):
        canvas("test", 0, side=8)
    with pytest.raises(CoreError, match="training or for testing"):
        canvas("validation", 0)
    with pytest.raises(LimitError, match="canvases"):
        many_windows("test", 0)
