"""Maps of many test scenes from two heads, worked out once for all visitors, and their boxes at every threshold."""

from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from core.data.scenes import CLASSES
from core.detect.boxes import areas
from core.explain.cam import class_activation_map, enlarged
from core.explain.closeness import LAST, scene
from core.explain.ending import Row, recorded
from core.explain.heads import Head, heard, learned_head, scores
from core.explain.weak import overlaps_by_share, weak_box
from core.learning.threads import one_thread
from core.models.registry import load
from core.models.scene_net import SIDE, singles
from core.types import Floats, Mask

Kind: TypeAlias = Literal["mean: its map", "maximum: its map", "maximum: what it hears"]
KINDS: tuple[Kind, ...] = get_args(Kind)
SCENES, LEARNED = 60, 400
SHARES = tuple(round(0.05 * step, 2) for step in range(1, 19))  # 5 % to 90 %


@dataclass(frozen=True, eq=False)
class Case:
    """One scene that nobody learned from: its picture, and the box and pixels of its thing."""

    image: NDArray[np.float32]  # (64, 64, 3)
    label: int
    box: Floats  # (4,)
    mask: Mask  # (64, 64)


@st.cache_resource(show_spinner=False)
def cases() -> tuple[Case, ...]:
    """The scenes."""
    found = list[Case]()
    for number in range(SCENES):
        drawn = scene("test", number)
        thing = drawn.targets[0]
        found.append(Case(drawn.image, CLASSES.index(thing.label), np.array(thing.box), thing.mask))
    return tuple(found)


@st.cache_resource(show_spinner="Learning two heads on the same maps, once ...")
def learned() -> tuple[dict[str, Head], Floats]:
    """A head on means and one on maxima, learned from the same pictures; and the maps of the scenes, (N, 64, 8, 8)."""
    import torch

    module = load("scenes")
    body = module[: int(LAST) + 1]  # type: ignore[index]
    shown = torch.tensor(np.stack([case.image for case in cases()])).permute(0, 3, 1, 2).contiguous() * 2 - 1
    with torch.no_grad(), one_thread():
        inputs, labels = singles("train", LEARNED)
        features, held = (body(each).double().numpy() for each in (inputs, shown))
    heads = {
        name: learned_head(features, labels.numpy(), pooling, classes=len(CLASSES))
        for name, pooling in (("mean", "average"), ("maximum", "maximum"))
    }
    return heads, held


@st.cache_resource(show_spinner=False)
def maps(kind: Kind) -> Floats:
    """The map of the true class on every scene, at the picture's size: (N, 64, 64)."""
    heads, features = learned()
    head = heads[kind.split(":")[0]]
    found = list[Floats]()
    for case, volume in zip(cases(), features, strict=True):
        if kind.endswith("hears"):
            small = heard(head, volume, case.label)
        else:
            small = class_activation_map(volume, head.weights[[case.label]])[0]
        found.append(enlarged(small, SIDE))
    return np.stack(found)


@st.cache_data(show_spinner=False)
def curves() -> dict[Kind, Floats]:
    """The mean IoU over all scenes at every threshold, for every kind of map: (T,)."""
    boxes = np.stack([case.box for case in cases()])
    return {kind: overlaps_by_share(maps(kind), boxes, SHARES).mean(axis=0) for kind in KINDS}


@st.cache_data(show_spinner=False)
def sizes(kind: Kind, share: float) -> Floats:
    """How many times as large as the true box each scene's box is, by area; scenes without a box are left out."""
    found = [(weak_box(heat, share), case.box) for heat, case in zip(maps(kind), cases(), strict=True)]
    boxes, truths = (np.array(each) for each in zip(*[pair for pair in found if pair[0] is not None], strict=True))
    ratios: Floats = areas(boxes) / areas(truths)
    return ratios


MEASURES = {
    "overlap": "box IoU",
    "covered": "thing covered",
    "inside": "on the thing",
    "right": "named right",
}


def of_kind(kind: Kind) -> list[Row]:
    """The rows of the nets that were trained with either ending, one per seed."""
    pooling, seen = kind.split(": ")
    asked = ("average" if pooling == "mean" else pooling, "heard" if seen.endswith("hears") else "map")
    return [row for row in recorded() if (row.pooling, row.seen) == asked]


def endings() -> pd.DataFrame:
    """The mean over the seeds, for every kind of map and every measure."""
    return pd.DataFrame(
        {title: [float(np.mean([getattr(row, name) for row in of_kind(kind)])) for kind in KINDS]
         for name, title in MEASURES.items()},
        index=pd.Index(KINDS, name="trained with"),
    )  # fmt: skip


@st.cache_data(show_spinner=False)
def named_right() -> dict[str, float]:
    """The share of the scenes whose thing each head names right."""
    heads, features = learned()
    truth = [case.label for case in cases()]
    said = {name: [int(scores(head, each).argmax()) for each in features] for name, head in heads.items()}
    return {name: float(np.mean(np.array(each) == truth)) for name, each in said.items()}


@st.cache_data(show_spinner=False)
def heard_places() -> dict[str, float]:
    """How many of the 64 places of a map count for the score, in the mean."""
    heads, features = learned()
    truth = [case.label for case in cases()]
    return {
        name: float(np.mean([np.count_nonzero(heard(head, *each)) for each in zip(features, truth, strict=True)]))
        for name, head in heads.items()
    }
