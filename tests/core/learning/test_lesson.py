"""Lessons: each keeps the network of its own epoch, whatever the training does later."""

import numpy as np
import pytest
import torch

from core.learning.examples import Examples
from core.learning.lesson import Lesson, lessons
from core.learning.train import Recipe, errors
from core.nets.layers import Dense, Flatten, Network, numbered

LINE = Network("line", (2, 1, 1), numbered(Flatten(), Dense(2)))
RECIPE = Recipe(epochs=3, batch=8, rate=0.5)


def drawn(seed: int) -> Examples:
    points = torch.randn(40, 2, 1, 1, generator=torch.Generator().manual_seed(seed))
    return Examples(points, (points[:, 0, 0, 0] > points[:, 1, 0, 0]).long())


@pytest.fixture
def story() -> list[tuple[Lesson, np.ndarray]]:
    """Every lesson with what it said while it was the newest."""
    told = lessons(LINE, drawn(0), drawn(1), RECIPE, seed=3)
    return [(lesson, lesson.says(drawn(1).inputs)) for lesson in told]


def test_an_early_lesson_says_later_what_it_said_then(story) -> None:
    for lesson, said in story:
        np.testing.assert_array_equal(lesson.says(drawn(1).inputs), said)
    assert not np.allclose(story[0][1], story[-1][1])
    assert [lesson.epoch for lesson, _ in story] == [0, 1, 2, 3]


def test_its_errors_are_those_of_the_network_it_keeps(story) -> None:
    for lesson, _ in story:
        assert lesson.learned == pytest.approx(errors(lesson.network, drawn(0))[1])
        assert lesson.judged == pytest.approx(errors(lesson.network, drawn(1))[1])
        assert not lesson.network.training
    assert story[-1][0].judged < 0.2


def test_the_same_seed_gives_the_same_lessons(story) -> None:
    again = list(lessons(LINE, drawn(0), drawn(1), RECIPE, seed=3))
    assert [lesson.judged for lesson in again] == [lesson.judged for lesson, _ in story]
