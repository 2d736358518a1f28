"""The built-in detectors, all asked in the same way: a square picture in, what was found out."""

from collections.abc import Mapping
from typing import Literal, TypeAlias, get_args

import numpy as np
import streamlit as st

from core.data.scenes import Scene, draw, sketch
from core.detect.found import Found
from core.detect.pictures import SIDE, picture
from core.errors import CoreError
from core.learning.threads import one_thread
from core.measure.mistakes import Judged, judged
from core.models import registry
from core.runtime.shared import shared
from core.types import Floats

LEAST = 0.05  # what is less sure is not even looked at
CACHED = 180  # sixty scenes of each kind, which a comparison looks at every time
DETECTORS: Mapping[str, str] = {"two stages": "two_stage", "one stage": "one_stage", "corners": "corners"}
Kind: TypeAlias = Literal["crowded", "as it learned", "small things"]
SCENES: tuple[Kind, ...] = get_args(Kind)


@st.cache_resource(show_spinner=False, ttl=60)
def ready() -> tuple[str, ...]:
    """The detectors that have weights."""
    found = list[str]()
    for name, recipe in DETECTORS.items():
        try:
            registry.card(recipe)
        except CoreError:
            continue
        found.append(name)
    return tuple(found)


@st.cache_resource(show_spinner=False, max_entries=CACHED)
def scene(kind: Kind, number: int) -> Scene:
    """A scene that no detector learned from."""
    if kind == "as it learned":
        return picture("test", number)
    few, sizes = ((7, 9), (0.09, 0.16)) if kind == "crowded" else ((2, 5), (0.05, 0.09))
    return draw(sketch("test", number, objects=few, sizes=sizes, name=f"studio, {kind}"), side=SIDE)


@st.cache_resource(show_spinner=False, max_entries=3 * CACHED)
def answered(name: str, kind: Kind, number: int) -> Found:
    """What a detector finds in a scene."""
    return detect(name, scene(kind, number).image.astype(np.float64))


def detect(name: str, image: Floats) -> Found:
    """What a detector finds in a square picture: (S, S, 3) from 0 to 1, S a multiple of 32."""
    module = shared(DETECTORS[name], merged=["first"] if name == "two stages" else [])
    with one_thread():
        if name == "two stages":
            from core.detect.regions import two_stage

            found = two_stage.found(module, image, details=False)
        elif name == "one stage":
            from core.detect.dense import one_stage

            found = one_stage.answer(module, image)
        else:
            from core.detect.corner import corner_net

            found = corner_net.detect(module, np.rint(image * 255).astype(np.uint8)[None])[0]
    return found.above(LEAST)


def verdict(found: Found, seen: Scene, *, enough: float) -> Judged:
    """One word for every detection and every thing of a scene."""
    from core.data.scenes import boxes, labels

    return judged(found.boxes, found.labels, found.scores, boxes(seen.targets), labels(seen.targets), enough=enough)
