"""What the t-SNE lab computes beside the page: two maps at once, kept for whoever asks for the same ones."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from threading import Lock
from typing import TypeAlias

import numpy as np

from core.features.faithful import continuity, purity, trustworthiness
from core.features.neighbours import Places, nearest_others
from core.features.sets import PIXELS, SetName, vectors_in
from core.features.tsne.affinities import neighbours_for
from core.features.tsne.descent import Frame
from core.features.tsne.embed import Start, embed
from core.learning.train import Progress
from core.runtime.tasks import may_go

NOISE, NOISY = "noise", 50  # points that have nothing to say, and their dimensions
NEAREST, JUDGED = 5, 10  # neighbours that are shown; neighbours that purity and trust ask
KEPT = 24  # pairs of maps, or grids of them, that are remembered
Frames: TypeAlias = tuple[Frame, ...]
Key: TypeAlias = tuple[object, ...]


@dataclass(frozen=True)
class Setting:
    """One map: whose pictures, how many, by which distances, and how it is computed."""

    name: SetName
    count: int
    space: str
    perplexity: int
    start: Start = "pca"
    seed: int = 0

    def pixels(self) -> "Setting":
        """The same map by pixels."""
        return replace(self, space=PIXELS)

    def must_work(self) -> None:
        """Say why a perplexity asks for too many neighbours, before anything is begun."""
        neighbours_for(self.perplexity, self.count)


@dataclass(frozen=True)
class Judged:
    """What is to be said of one layout."""

    kl: float
    purity: float  # of the vectors
    shown: float  # the purity of the map
    trust: float
    continuity: float


_SHELF: dict[Key, Frames] = {}
_LOCK = Lock()


def kept(setting: Setting) -> Frames | None:
    """The frames of a map that was finished before, by anybody."""
    return _SHELF.get((setting,))


@may_go
def drawn(settings: tuple[Setting, ...], progress: Progress) -> Iterator[tuple[Setting, Frame]]:
    """Several maps, one frame of each in turn; finished ones are kept."""
    progress(0.0, "looking at the pictures")
    stories = {each: _frames(each, place, len(settings), progress) for place, each in enumerate(settings)}
    found: dict[Setting, list[Frame]] = {each: [] for each in settings}
    while stories:
        for each in list(stories):
            frame = next(stories[each], None)
            if frame is None:
                del stories[each]
                _keep((each,), tuple(found[each]))
            else:
                found[each].append(frame)
                yield each, frame


def judged(setting: Setting, layout: np.ndarray) -> tuple[float, float, float, float]:
    """Purity of the vectors and of the map, trust and continuity, with 10 neighbours."""
    vectors, labels = vectors_of(setting), labels_of(setting)
    places = layout.astype(np.float64)
    return (
        pure(setting),
        purity(places, labels, JUDGED),
        trustworthiness(vectors, places, k=JUDGED),
        continuity(vectors, places, k=JUDGED),
    )


@lru_cache(maxsize=64)
def pure(setting: Setting) -> float:
    """The purity of the vectors themselves."""
    return purity(vectors_of(setting), labels_of(setting), JUDGED)


@lru_cache(maxsize=64)
def nearest_in_truth(setting: Setting) -> Places:
    """The five nearest of each picture, by the vectors: (N, 5)."""
    return nearest_others(vectors_of(setting), NEAREST)[0]


def vectors_of(setting: Setting) -> np.ndarray:
    """The pictures as vectors, or as many drawn by lot: (N, D)."""
    if setting.space == NOISE:
        return np.random.default_rng(0).normal(size=(setting.count, NOISY))
    return vectors_in(setting.name, "test", setting.count, setting.space)


def labels_of(setting: Setting) -> np.ndarray:
    """What each of them is: (N,)."""
    from core.features.sets import pictures

    return pictures(setting.name, "test", setting.count).labels


def _frames(setting: Setting, place: int, of: int, progress: Progress) -> Iterator[Frame]:
    done = kept(setting)
    if done is not None:
        yield from done
        return

    def share(part: float, what: str) -> None:
        progress((place + part) / of if of > 2 else part, what)

    yield from embed(
        vectors_of(setting),
        perplexity=setting.perplexity,
        seed=setting.seed,
        start=setting.start,
        method="exact",
        progress=share,
    )


def keep(found: Sequence[tuple[Setting, Frame]]) -> None:
    """All frames of some maps that another machine has drawn."""
    for setting in dict.fromkeys(setting for setting, _ in found):
        if kept(setting) is None:
            _keep((setting,), tuple(frame for each, frame in found if each == setting))


def _keep(key: Key, frames: Frames) -> None:
    with _LOCK:
        while len(_SHELF) >= 2 * KEPT:
            del _SHELF[next(iter(_SHELF))]
        _SHELF[key] = frames
