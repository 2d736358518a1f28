"""What the FCN lab computes once and keeps: scenes, the answers of three nets, and their scores level by level."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.learning.train import Progress
from core.models.registry import load
from core.models.segmenters import (
    Difficulty,
    Judged,
    Labelled,
    Labels,
    answers,
    border,
    inputs_of,
    judged,
    labelled,
)
from core.runtime.shared import shared
from core.runtime.tasks import may_go
from core.segment.fcn import FINEST, Finest
from core.types import Floats

SCENES = 40  # of each difficulty


@dataclass(frozen=True, eq=False)
class Answered:
    """A test scene and what each of the three nets says."""

    scene: Labelled
    answers: Mapping[Finest, Labels]
    judged: Mapping[Finest, Judged]


@lru_cache(maxsize=12)
def answered(difficulty: Difficulty, number: int) -> Answered:
    """One scene of the test part."""
    scene = labelled("test", number, difficulty)
    said: dict[Finest, Labels] = {
        finest: answers(shared("fcn", part=f"nets.{finest}"), scene.image) for finest in FINEST
    }
    near = border(scene.labels)
    return Answered(scene, said, {finest: judged(said[finest], scene.labels, near=near) for finest in FINEST})


@lru_cache(maxsize=SCENES)
def without(difficulty: Difficulty, number: int, skips: tuple[int, ...]) -> Labels:
    """What FCN-8s says if only some of its skips are added."""
    import torch

    from core.learning.threads import one_thread
    from core.segment.fcn_net import enlarged

    net: Any = load("fcn").net(8)  # type: ignore[operator]
    scene = answered(difficulty, number).scene
    with torch.no_grad(), one_thread():
        scores = enlarged(net.coarse(net.maps(inputs_of(scene.image[None])), skips), 8)
    found: Labels = scores[0].argmax(dim=0).numpy()
    return found


@dataclass(frozen=True, eq=False)
class Sums:
    """FCN-8s, step by step: scores of each stride, what was made twice as large, and the sums; all (K, h, w)."""

    scores: Mapping[int, Floats]
    twice: Mapping[int, Floats]
    sums: Mapping[int, Floats]


@st.cache_resource(show_spinner=False, max_entries=30)
def sums(difficulty: Difficulty, number: int, side: int) -> tuple[Labelled, Sums]:
    """A scene drawn at any side, and the scores of FCN-8s on it."""
    import torch

    from core.learning.threads import one_thread

    net: Any = load("fcn").net(8)  # type: ignore[operator]
    scene = labelled("test", number, difficulty, side=side)
    with torch.no_grad(), one_thread():
        maps = net.maps(inputs_of(scene.image[None]))
        scores = {stride: net.scores[str(stride)](maps[stride]) for stride in net.strides}
        total, twice = {32: scores[32]}, {}
        for coarse, fine in ((32, 16), (16, 8)):
            twice[fine] = net.twice[str(coarse)](total[coarse])
            total[fine] = twice[fine] + scores[fine]
    plain = [{stride: each[0].double().numpy() for stride, each in found.items()} for found in (scores, twice, total)]
    return scene, Sums(*plain)


@may_go
def measure(count: int, progress: Progress) -> Iterator[tuple[Difficulty, int, Mapping[Finest, Judged]]]:
    """All three nets on scenes of both difficulties, one after the other: each scene's own counts."""
    family: Any = load("fcn")
    difficulties: tuple[Difficulty, ...] = ("plain", "hard")
    for number in range(count):
        for place, difficulty in enumerate(difficulties):
            progress((2 * number + place) / (2 * count), f"scene {number + 1} of {count}, {difficulty}")
            scene = labelled("test", number, difficulty)
            near = border(scene.labels)
            yield (
                difficulty,
                number,
                {
                    finest: judged(answers(family.net(finest), scene.image), scene.labels, near=near)
                    for finest in FINEST
                },
            )


def mistakes(answer: Labels, truth: Labels) -> NDArray[np.bool_]:
    """Where the answer is wrong."""
    wrong: NDArray[np.bool_] = answer != truth
    return wrong
