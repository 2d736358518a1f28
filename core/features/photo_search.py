"""Finding photos by a word: whatever a classifier calls by that name (lecture A).

A gallery of N pictures has been seen by a classifier of K classes. Nothing is known of a picture but its N x K numbers.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from core.errors import CoreError, ShapeError
from core.types import Floats

MOST_LETTERS = 60
PERSON = ("person", "people", "human")
MEANT = {"man": PERSON, "woman": PERSON, "astronaut": PERSON, "cat": ("animal", "pet")}


@dataclass(frozen=True)
class Found:
    """The answer to a word: its classes, how sure the classifier is of them for each picture, and which it shows."""

    classes: tuple[int, ...]
    confidence: Floats  # (N,), the probabilities of these classes together
    shown: NDArray[np.int64]  # the surest picture first


def words(text: str) -> tuple[str, ...]:
    """The words of a text, in small letters; a plural's last s is dropped.

    >>> words("Tiger cats, a bus")
    ('tiger', 'cat', 'a', 'bus')
    """
    found = re.findall(r"[a-z0-9]+", text.lower().replace("'", ""))
    return tuple(word[:-1] if len(word) > 3 and word[-1] == "s" and word[-2] not in "su" else word for word in found)


@lru_cache(maxsize=2000)
def bag(text: str) -> frozenset[str]:
    """The same without order and number, remembered: every search asks for the words of every class.

    >>> sorted(bag("Tiger cats, a cat"))
    ['a', 'cat', 'tiger']
    """
    return frozenset(words(text))


def matching(query: str, classes: Sequence[str]) -> tuple[int, ...]:
    """The classes whose names have all the words of a query in them: (K,) names -> places.

    >>> matching("cats", ["tabby cat", "catamaran", "tiger cat", "dog"])
    (0, 2)
    """
    if len(query) > MOST_LETTERS:
        raise CoreError(f"a query has at most {MOST_LETTERS} letters, got {len(query)}")
    wanted = set(words(query))
    return tuple(place for place, name in enumerate(classes) if wanted and wanted <= bag(name))


def similar(query: str, classes: Sequence[str], *, most: int = 5) -> list[str]:
    """Classes spelled alike, for whoever mistyped: nothing here knows what a word means.

    >>> similar("tripud", ["tripod", "espresso"])
    ['tripod']
    """
    return get_close_matches(query.lower(), classes, n=most, cutoff=0.6)


def search(probabilities: Floats, classes: Sequence[str], query: str, *, least: float = 0.2) -> Found:
    """Pictures whose classes with these words have together at least some probability: (N, K) -> Found.

        confidence[n] = sum of probabilities[n, k] over the classes k that the query names

    >>> said = np.array([[0.5, 0.4, 0.1], [0.1, 0.0, 0.9]])
    >>> search(said, ["tabby cat", "tiger cat", "cup"], "cat").shown, search(said, ["a", "b", "cup"], "cup").shown
    (array([0]), array([1]))
    """
    if probabilities.ndim != 2 or probabilities.shape[1] != len(classes):
        raise ShapeError(f"need probabilities (N, {len(classes)}), got {probabilities.shape}")
    chosen = matching(query, classes)
    confidence: Floats = probabilities[:, list(chosen)].sum(axis=1)
    order = np.argsort(-confidence, kind="stable")
    return Found(chosen, confidence, order[(confidence[order] >= least) & bool(chosen)])


def truly(query: str, descriptions: Sequence[str]) -> NDArray[np.bool_]:
    """Whether a person's description of each picture has all the words of the query, or words that mean them: (N,).

    >>> truly("cat", ["a tabby cat", "a cup"]), truly("person", ["the face of a woman"])
    (array([ True, False]), array([ True]))
    """
    wanted, told = set(words(query)), [bag(text) for text in descriptions]
    meant = [each.union(*(MEANT.get(word, ()) for word in each)) for each in told]
    return np.array([bool(wanted) and wanted <= each for each in meant], dtype=bool)
