"""Searching by a word: which classes it names, what is shown, and in which order."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.errors import CoreError, ShapeError
from core.features.photo_search import matching, search, similar, truly, words

CLASSES = ("tiger cat", "Egyptian cat", "catamaran", "jack-o'-lantern", "wall clock", "school bus", "glass")


@pytest.mark.parametrize(
    ("query", "places"),
    [
        ("cat", (0, 1)), ("Cats", (0, 1)), ("cat tiger", (0,)), ("", ()), ("   ", ()), ("clock", (4,)),
        ("jack-o'-lantern", (3,)), ("bus", (5,)), ("glass", (6,)), ("dog", ()), ("<b>", ()), (".*", ()),
    ],
)  # fmt: skip
def test_names_the_classes_with_all_its_words(query: str, places: tuple[int, ...]) -> None:
    assert matching(query, CLASSES) == places


@given(st.lists(st.floats(0, 1), min_size=6, max_size=6), st.floats(0, 1))
def test_shows_all_above_the_threshold_and_no_other(values: list[float], least: float) -> None:
    said = np.array([[value, 1 - value] for value in values])
    found = search(said, ("cat", "cup"), "cat", least=least)
    assert set(found.shown.tolist()) == {place for place, value in enumerate(values) if value >= least}
    assert (np.diff(found.confidence[found.shown]) <= 0).all()


def test_adds_up_the_classes_of_a_word() -> None:
    said = np.array([[0.3, 0.3, 0.4]])
    assert search(said, ("tiger cat", "tabby cat", "cup"), "cat", least=0.5).shown.tolist() == [0]


def test_a_word_without_a_class_finds_nothing_at_any_threshold() -> None:
    assert search(np.ones((3, 1)), ("cat",), "person", least=0.0).shown.size == 0


def test_knows_what_a_person_would_have_found() -> None:
    assert truly("cats", ["a tabby cat", "a catamaran", "cats and dogs"]).tolist() == [True, False, True]
    assert truly("people", ["a man", "a woman", "a cat", "people"]).tolist() == [True, True, False, True]
    assert not truly("", ["a cat"]).any()
    assert similar("tripd", ("tripod", "cup")) == ["tripod"]
    assert words("A Bus, glasses") == ("a", "bus", "glasse")


def test_says_what_would_fit() -> None:
    with pytest.raises(ShapeError, match="N, 2"):
        search(np.ones((3, 3)), ("cat", "cup"), "cat")
    with pytest.raises(CoreError, match="at most 60 letters"):
        matching("a" * 61, CLASSES)
