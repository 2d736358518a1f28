"""What the activation lab asks about: a picture, the network that fits it, and one of the network's answers."""

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.data.photos import photo, picture
from core.data.scenes import CLASSES
from core.explain.closeness import scene
from core.models.pretrained import framed, imagenet_classes
from core.types import Mask
from pages._kit import imagenet
from pages._kit.upload import upload

if TYPE_CHECKING:
    from torch.nn import Module

NetName: TypeAlias = Literal["lite0", "scenes"]
KINDS = ("photo", "drawn scene", "my picture")
PHOTOS = ("camera", "cat", "coffee", "rocket", "pagoda", "flower", "astronaut", "clock")
SCENES = 100
SHOWN = 5  # answers to choose from, and the last one of all


@dataclass(frozen=True)
class Net:
    """A network that ends in global average pooling: its layers by what they are called here, from the picture on."""

    name: NetName
    title: str
    layers: dict[str, str]  # of maps: the last one is the CAM's
    head: str
    parts: dict[str, str]  # what is shuffled, from the picture to the answer
    grid: int  # side of the sharp map

    @property
    def last(self) -> str:
        """The layer just before the pooling."""
        return list(self.layers.values())[-1]


LITE0 = Net(
    name="lite0",
    title="EfficientNet-Lite0, which knows 1000 classes of photos",
    layers={
        "stage 1, 112x112": "blocks.0",
        "stage 2, 56x56": "blocks.1",
        "stage 3, 28x28": "blocks.2",
        "stage 4, 14x14": "blocks.3",
        "stage 5, 14x14": "blocks.4",
        "stage 6, 7x7": "blocks.5",
        "stage 7, 7x7": "blocks.6",
        "last, 7x7": "bn2",
    },
    head="classifier",
    parts={
        "stem": "conv_stem",
        **{f"stage {number + 1}": f"blocks.{number}" for number in range(7)},
        "last convolution": "conv_head",
        "dense layer": "classifier",
    },
    grid=56,
)
DRAWN = Net(
    name="scenes",
    title="the scene net, which knows five classes of drawn things",
    layers={"stage 1, 64x64": "2", "stage 2, 32x32": "6", "stage 3, 16x16": "10", "last, 8x8": "14"},
    head="17",
    parts={**{f"convolution {number + 1}": str(4 * number) for number in range(4)}, "dense layer": "17"},
    grid=64,
)
NETS = {net.name: net for net in (LITE0, DRAWN)}


@dataclass(frozen=True, eq=False)
class Subject:
    """A square picture (S, S, 3) of bytes, what is on it, who looks at it, and the truth if it was drawn."""

    pixels: NDArray[np.uint8]
    shows: str
    net: Net
    name: str
    truth: Mask | None = None

    @property
    def own(self) -> bool:
        """Whether a visitor brought it."""
        return self.name == "own"

    @property
    def classes(self) -> tuple[str, ...]:
        """The names of the network's answers."""
        return imagenet_classes() if self.net is LITE0 else CLASSES


def module_of(name: NetName) -> "Module":
    """The network, loaded."""
    from core.models.pretrained import lite0
    from core.models.registry import load

    if name == "scenes":
        return load("scenes")
    imagenet.ready(inside=True)
    return lite0()


@lru_cache(maxsize=32)
def of_photo(name: str) -> Subject:
    """A photo of the collection, its middle square."""
    return Subject(framed(photo(name)), picture(name).shows, LITE0, name)


@lru_cache(maxsize=32)
def of_scene(number: int) -> Subject:
    """A drawn scene that nobody learned from, with the pixels of its thing."""
    drawn = scene("test", number)
    thing = drawn.targets[0]
    pixels = (drawn.image * 255 + 0.5).astype(np.uint8)
    return Subject(pixels, f"a drawn {thing.label}", DRAWN, f"scene {number}", thing.mask)


def choose() -> Subject | None:
    """Draw the controls for the picture; none while an own one is asked for and not there."""
    kind = st.segmented_control("Picture", KINDS, default="photo", key="kind", bind="query-params", required=True)
    if kind == "photo":
        return of_photo(st.selectbox("Which photo", PHOTOS, key="photo", bind="query-params"))
    if kind == "drawn scene":
        return of_scene(int(st.slider("Which scene", 0, SCENES - 1, 8, key="scene", bind="query-params")))
    own = upload("Your picture", key="own")
    return None if own is None else Subject(framed(own), "your picture", LITE0, "own")
