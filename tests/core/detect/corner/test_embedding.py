"""Associative embedding: pull and push as sums over pairs, their fast twins, and their laws."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from core.detect.corner.corner_net import pull_and_push
from core.detect.corner.embedding import alike, means, pull, push
from core.errors import ShapeError

TAGS = st.lists(st.tuples(st.floats(-5, 5), st.floats(-5, 5)), max_size=6).map(
    lambda pairs: np.array(pairs).reshape(-1, 2)
)


@given(TAGS)
def test_pushes_as_a_loop_over_pairs_does(tags) -> None:
    first, second = tags.T
    middle = [(one + two) / 2 for one, two in tags]
    count, total = len(tags), 0.0
    for k in range(count):
        total += sum(max(0.0, 1 - abs(middle[k] - middle[j])) for j in range(count) if j != k)
    expected = total / (count * (count - 1)) if count > 1 else 0.0
    assert push(first, second) == pytest.approx(expected, abs=1e-12)


@given(TAGS, st.floats(-3, 3))
def test_is_free_to_choose_its_numbers(tags, shift) -> None:
    """Only differences count, so all tags may move together."""
    first, second = tags.T
    assert pull(first + shift, second + shift) == pytest.approx(pull(first, second), abs=1e-9)
    assert push(first + shift, second + shift) == pytest.approx(push(first, second), abs=1e-9)
    assert pull(first, second) == pytest.approx(pull(second, first), abs=1e-12)


def test_is_nothing_where_tags_agree_and_things_are_apart() -> None:
    tags = np.array([0.0, 1.0, -1.5])
    assert (pull(tags, tags), push(tags, tags)) == (0.0, 0.0)
    assert push(tags, tags, apart=2.0) > 0
    assert (pull(tags[:0], tags[:0]), push(tags[:1], tags[:1])) == (0.0, 0.0)


def test_agrees_with_what_the_net_learns_by() -> None:
    dice = np.random.default_rng(3)
    counts = (3, 1, 4)
    tags = [dice.normal(size=(count, 2)) for count in counts]
    picture = torch.repeat_interleave(torch.arange(len(counts)), torch.tensor(counts))
    learned = pull_and_push(torch.from_numpy(np.concatenate(tags)), picture)
    assert float(learned[0]) == pytest.approx(np.mean([pull(*each.T) for each in tags]), abs=1e-6)
    assert float(learned[1]) == pytest.approx(np.mean([push(*each.T) for each in tags]), abs=1e-6)


def test_lets_corners_together_up_to_the_distance() -> None:
    assert alike(np.array([0.0]), np.array([0.5, 0.51]), within=0.5).tolist() == [[True, False]]
    assert alike(np.zeros(0), np.zeros(3)).shape == (0, 3)


def test_needs_two_tags_for_each_thing() -> None:
    with pytest.raises(ShapeError, match="two tags"):
        means(np.zeros(2), np.zeros(3))
