"""The scene, its truth, and where an answer comes from: painted, a net's, or the truth moved on purpose."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import streamlit as st

from core.errors import CoreError
from core.measure.confusion import Counts
from core.measure.moved import Reach, grown, reach, shifted
from core.measure.segmentation import LabelMap, counted_fast
from core.models.segmenters import NAMES, NEAR, Difficulty, Labelled, labelled
from core.runtime.shared import shared
from core.types import Floats, Mask
from pages._kit.pictures import data_uri, pixels
from pages._kit.shots import Shot, drawn
from pages._parts.segmentation.case import by_class, faded, told

NOTHING, MOVED = "nothing but ground", "the truth, moved"
MODEL = "fcn"
NETS = {"FCN-32s": 32, "FCN-16s": 16, "FCN-8s": 8}
SCENES = 12  # over which is pooled


@dataclass(frozen=True)
class Setting:
    """Which scene, and which answer."""

    difficulty: Difficulty
    number: int
    source: str
    grow: int = 0
    right: int = 0
    paint: bool = False
    apart: bool = False  # whether instances are shown

    @property
    def named(self) -> str:
        """What is painted on: another name begins anew."""
        return f"{self.difficulty} {self.number} {self.source} {self.grow} {self.right}"


@dataclass(frozen=True, eq=False)
class Seen:
    """A scene, its truth with how far its labels reach, and how both are shown."""

    scene: Labelled
    truth: Reach
    near: Mask
    grey: Floats  # (H, W, 1)
    picture: str  # as an address
    truth_drawn: str  # as HTML


def sources() -> list[str]:
    """Where answers can come from; the nets are there if they have been trained."""
    from core.models.registry import names

    return [NOTHING, MOVED, *(NETS if MODEL in names() else ())]


@lru_cache(maxsize=16)
def seen(difficulty: Difficulty, number: int) -> Seen:
    """A scene of the test part."""
    scene = labelled("test", number, difficulty)
    truth, grey = reach(scene.labels), faded(scene.image.astype(np.float64))
    return Seen(
        scene,
        truth,
        np.minimum(truth.inside, truth.outside) <= NEAR,  # as core's band, with what is known
        grey,
        data_uri(pixels(scene.image.astype(np.float64))),
        truth_shot(scene, grey, by_class(scene.labels, NAMES)),
    )


def truth_shot(scene: Labelled, grey: Floats, masks: Mask) -> str:
    """The truth drawn over the scene, as HTML."""
    return drawn([Shot(grey, told("The truth", scene.labels, NAMES), masks=masks)])


@st.cache_resource(show_spinner="The net looks at the scene", max_entries=50)
def told_by_net(difficulty: Difficulty, number: int, name: str) -> LabelMap:
    """A net's answer, (H, W)."""
    from core.models.segmenters import answers

    return answers(shared(MODEL, part=f"nets.{NETS[name]}"), seen(difficulty, number).scene.image)


def answer(setting: Setting, number: int | None = None) -> LabelMap:
    """The answer before anything is painted over it, for the chosen scene or another one: (H, W)."""
    number = setting.number if number is None else number
    truth = seen(setting.difficulty, number).truth
    if setting.source == NOTHING:
        return np.zeros_like(truth.labels)
    if setting.source == MOVED:
        return shifted(grown(truth, setting.grow), right=setting.right)
    if setting.source not in NETS:
        raise CoreError(f"answers come from {', '.join(sources())}, got {setting.source[:40]!r}")
    return told_by_net(setting.difficulty, number, setting.source)


def counts(setting: Setting, found: LabelMap, *, near: bool = False) -> Counts:
    """The table of the chosen scene, of all pixels or of those near true borders: (K, K)."""
    here = seen(setting.difficulty, setting.number)
    if near:
        return counted_fast(here.scene.labels[here.near], found[here.near], len(NAMES))
    return counted_fast(here.scene.labels, found, len(NAMES))


def over_scenes(setting: Setting) -> list[Counts]:
    """The tables of the first scenes of the test part, for the answer as it is before painting."""
    return [
        counted_fast(seen(setting.difficulty, number).scene.labels, answer(setting, number), len(NAMES))
        for number in range(SCENES)
    ]
