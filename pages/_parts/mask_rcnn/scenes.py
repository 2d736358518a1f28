"""What the lab on masks and joints knows: test scenes, what the detector says of them, and which thing is which."""

from dataclasses import dataclass

import numpy as np
import streamlit as st

from core.data.scenes import Scene, Target
from core.data.scenes import boxes as boxes_of
from core.detect.boxes import intersection_over_union
from core.detect.pictures import picture
from core.detect.regions.two_stage import PERSON, Looked, looked
from core.runtime.shared import shared
from core.types import Floats

SCENES = 40  # of the test part
NEAR = 0.5  # IoU from which a detection and a true thing are the same


@dataclass(frozen=True, eq=False)
class Known:
    """One scene and what both stages say of it."""

    scene: Scene
    looked: Looked

    @property
    def image(self) -> Floats:
        """The picture: (96, 96, 3)."""
        return self.scene.image.astype(np.float64)

    def truth_of(self, place: int) -> Target | None:
        """The true thing that a detection lies on, if there is one."""
        if not self.scene.targets:
            return None
        shares = intersection_over_union(self.looked.found.boxes[place : place + 1], boxes_of(self.scene.targets))[0]
        return self.scene.targets[int(shares.argmax())] if shares.max() >= NEAR else None


@st.cache_resource(show_spinner=False, max_entries=SCENES)
def scene(number: int) -> Scene:
    """One scene of the test part, drawn once."""
    return picture("test", number)


@st.cache_resource(show_spinner=False, max_entries=16)
def known(number: int) -> Known:
    """One scene and what the detector says of it."""
    return Known(scene(number), looked(shared("two_stage", merged=["first"]), scene(number).image))


@st.cache_data(show_spinner="Looking for people")
def people() -> list[tuple[int, int]]:
    """Scenes with a person that is found, and which of the things found it is."""
    found = list[tuple[int, int]]()
    for number in range(SCENES):
        said = known(number).looked.found
        found += [
            (number, place)
            for place in np.flatnonzero((said.labels == PERSON) & (said.scores >= 0.5)).tolist()
            if known(number).truth_of(place) is not None
        ]
    return found


@st.cache_data(show_spinner=False)
def things() -> list[tuple[int, int]]:
    """All things of the scenes that are large enough to be cut out: the scene and the place of the thing."""
    return [
        (number, place)
        for number in range(SCENES)
        for place, target in enumerate(scene(number).targets)
        if target.mask.sum() >= 64
    ]
