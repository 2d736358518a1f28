"""Moved images against the shift of single images, and what a training makes of schedule and augmentation."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from core.augment.example import Example
from core.augment.geometric import warped
from core.augment.matrices import about_middle, turn
from core.errors import ShapeError
from core.filters.shifts import shift
from core.learning.augment import shifted, turned, turned_at_random
from core.learning.examples import Examples
from core.learning.schedule import Plateau
from core.learning.train import Recipe, train


@given(
    st.integers(1, 6), st.integers(1, 3), st.integers(1, 7), st.integers(1, 7), st.integers(0, 3), st.integers(0, 99)
)
def test_moves_every_image_as_shift_does(
    count: int, channels: int, height: int, width: int, reach: int, seed: int
) -> None:
    images = torch.rand(count, channels, height, width, generator=torch.Generator().manual_seed(seed))
    images[0, 0, 0, 0] = 0.0  # the background
    moved = shifted(images, reach, torch.Generator().manual_seed(seed))
    assert moved.shape == images.shape
    span = range(-reach, reach + 1)
    for before, after in zip(images.double().numpy(), moved.double().numpy(), strict=True):
        ways = [np.stack([shift(each, (down, right)) for each in before]) for down in span for right in span]
        assert any(np.array_equal(after, way) for way in ways)


def test_reaches_every_place_it_may_and_no_other() -> None:
    dot = torch.zeros(400, 1, 5, 5)
    dot[:, 0, 2, 2] = 1.0
    found = shifted(dot, 1, torch.Generator().manual_seed(0)).sum(dim=(0, 1))
    assert (found[1:4, 1:4] > 20).all()
    assert found.sum() == found[1:4, 1:4].sum() == 400


def test_brings_in_the_background_also_where_it_is_not_zero() -> None:
    flat = torch.full((3, 1, 4, 4), -2.0)
    assert torch.equal(shifted(flat, 2, torch.Generator().manual_seed(1)), flat)


@pytest.mark.parametrize("images", [torch.zeros(3, 4, 4), torch.zeros(0, 1, 4, 4)], ids=["no-channels", "nothing"])
def test_needs_images(images: torch.Tensor) -> None:
    with pytest.raises(ShapeError, match="need images"):
        shifted(images, 1, torch.Generator())


@settings(max_examples=20)
@given(st.integers(1, 3), st.integers(2, 9), st.integers(2, 9), st.floats(-180, 180), st.integers(0, 99))
def test_turns_every_image_as_a_warp_does(count: int, height: int, width: int, angle: float, seed: int) -> None:
    images = torch.rand(count, 2, height, width, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
    images[0, 0, 0, 0] = 0.0  # the background
    degrees = angle + 10.0 * torch.arange(count, dtype=torch.float64)
    for before, after, each in zip(images.numpy(), turned(images, degrees).numpy(), degrees.tolist(), strict=True):
        matrix = about_middle(turn(each), (height, width))
        expected = warped(Example(np.moveaxis(before, 0, -1).copy()), matrix).image
        np.testing.assert_allclose(np.moveaxis(after, 0, -1), expected, atol=1e-9)


def test_turns_at_random_within_the_range() -> None:
    line = torch.zeros(300, 1, 21, 21)
    line[:, 0, 10, 12:] = 1.0  # to the right of the middle
    found = turned_at_random(line, 45, torch.Generator().manual_seed(0))[:, 0]
    places = torch.arange(21.0) - 10
    down = (found.sum(dim=2) * places).sum(dim=1) / found.sum(dim=(1, 2))
    right = (found.sum(dim=1) * places).sum(dim=1) / found.sum(dim=(1, 2))
    angles = torch.rad2deg(torch.atan2(down, right))
    assert -46 < angles.min() < -40
    assert 40 < angles.max() < 46


def test_needs_an_angle_for_every_image() -> None:
    with pytest.raises(ShapeError, match="N angles"):
        turned(torch.zeros(3, 1, 4, 4), torch.zeros(2))


def test_lets_training_see_changed_images_and_judge_by_unchanged_ones() -> None:
    dice = torch.Generator().manual_seed(0)
    examples = Examples(torch.rand(20, 1, 4, 4, generator=dice), torch.arange(20) % 2)
    seen = list[torch.Tensor]()

    class Watching(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.last = nn.Linear(16, 2)

        def forward(self, images: torch.Tensor) -> torch.Tensor:
            seen.extend([images] if self.training else [])
            answer: torch.Tensor = self.last(images.flatten(1))
            return answer

    recipe = Recipe(epochs=2, batch=20)
    list(train(Watching(), examples, examples, recipe, generator=dice, augment=lambda images, _: images + 5.0))
    first, *steps = seen
    assert first.max() < 5
    assert len(steps) == 2
    assert all(images.min() >= 5 for images in steps)


def test_takes_the_steps_its_schedule_asks_for() -> None:
    dice = torch.Generator().manual_seed(0)
    examples = Examples(torch.zeros(8, 3), torch.arange(8) % 2)  # nothing can be learned: the error stays
    story = train(
        nn.Linear(3, 2), examples, examples, Recipe(epochs=6, batch=8, rate=0.5), generator=dice,
        schedule=Plateau(patience=0, most=2),
    )  # fmt: skip
    assert [epoch.rate for epoch in story] == pytest.approx([0.0, 0.5, 0.5, 0.05, 0.005, 0.005, 0.005])
