"""Captions: greedy is a beam of one, a wide beam finds the likeliest sentence, and words fit what is in the box."""

from itertools import pairwise, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.detect.beyond.captions import BEGIN, END, beam, colour_of, counted, greedy, place_of, sentence
from core.errors import CoreError, ShapeError

SENTENCES = st.lists(st.lists(st.sampled_from("abcd"), min_size=1, max_size=3).map(" ".join), min_size=1, max_size=12)


@given(SENTENCES)
def test_gives_every_word_shares_that_sum_to_one(sentences) -> None:
    for shares in counted(sentences).values():
        assert sum(shares.values()) == pytest.approx(1)


@given(SENTENCES)
def test_is_greedy_with_a_beam_of_one(sentences) -> None:
    chances = counted(sentences)
    one, said = beam(chances, 1, longest=6)[0], greedy(chances, longest=6)
    assert one.chance == pytest.approx(said.chance, rel=1e-9)


def test_finds_the_likeliest_sentence_of_all_with_a_wide_beam() -> None:
    chances = {BEGIN: {"a": 0.6, "the": 0.4}, "a": {"b": 0.4, "c": 0.35, END: 0.25}, "the": {"b": 1.0}}
    chances |= {"b": {END: 0.9, "c": 0.1}, "c": {END: 1.0}}
    every = {}
    for count in range(1, 4):
        for words in product(("a", "the", "b", "c"), repeat=count):
            path = (BEGIN, *words, END)
            every[words] = np.prod([chances[one].get(two, 0.0) for one, two in pairwise(path)])
    best = beam(chances, 30)[0]
    assert every[best.words] == pytest.approx(max(every.values()))
    assert best.chance == pytest.approx(max(every.values()))
    assert greedy(chances).chance < best.chance


def test_stops_where_the_end_is_likeliest_and_at_the_longest() -> None:
    assert greedy(counted(["one circle"])).words == ("one", "circle")
    assert greedy({BEGIN: {"so": 1.0}, "so": {"so": 0.9, END: 0.1}}, longest=5).words == ("so",) * 5


@pytest.mark.parametrize(
    ("colour", "name"),
    [
        ((0.9, 0.1, 0.1), "red"),
        ((0.9, 0.85, 0.1), "yellow"),
        ((0.1, 0.8, 0.1), "green"),
        ((0.1, 0.8, 0.8), "cyan"),
        ((0.1, 0.1, 0.9), "blue"),
        ((0.8, 0.1, 0.8), "magenta"),
        ((0.95, 0.95, 0.95), "white"),
        ((0.05, 0.05, 0.05), "black"),
    ],
)
def test_names_a_colour(colour, name: str) -> None:
    assert colour_of(np.ones((12, 12, 3)) * colour, np.array([0.0, 0.0, 12.0, 12.0])) == name


def test_names_a_place_by_thirds() -> None:
    said = {
        place_of(np.array([x, y, x + 2.0, y + 2.0]), 90, 90) for x in (10.0, 44.0, 80.0) for y in (10.0, 44.0, 80.0)
    }
    assert len(said) == 9


def test_says_what_does_not_fit() -> None:
    with pytest.raises(ShapeError, match="box"):
        sentence("circle", np.array([5.0, 5.0, 5.0, 9.0]), image=np.zeros((9, 9, 3)))
    with pytest.raises(CoreError, match="beginnings"):
        beam(counted(["a"]), 0)
    with pytest.raises(CoreError, match="follow"):
        greedy({BEGIN: {"a": 1.0}})
