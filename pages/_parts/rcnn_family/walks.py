"""What the lab on the R-CNN family knows: regions from elsewhere, and what each pipeline makes of a scene."""

from time import thread_time
from typing import TYPE_CHECKING, cast

import numpy as np
import streamlit as st

from core.data.scenes import Scene
from core.detect.pictures import picture
from core.detect.regions import family
from core.detect.regions.box_regression import Moved, moved
from core.detect.regions.family import SIDES, Name, Walk
from core.detect.regions.two_stage import Looked, looked
from core.detect.windows.proposal_recall import grid_boxes, random_boxes
from core.detect.windows.proposals import Strategy, selective_search
from core.models.registry import load
from core.types import Floats

if TYPE_CHECKING:
    from core.detect.regions.two_stage_net import TwoStage

SCENES = 40  # of the test part
SEARCH, PROPOSED, GRID, LOT = "selective search", "those of Faster R-CNN", "a grid of windows", "boxes by lot"
SOURCES = (SEARCH, PROPOSED, GRID, LOT)
SEARCHES = (Strategy("HSV"), Strategy("Lab"))  # of the paper's eight: on scenes their boxes are enough


def detector() -> "TwoStage":
    """The trained detector."""
    return cast("TwoStage", load("two_stage"))


@st.cache_resource(show_spinner=False, max_entries=16)
def scene(number: int) -> Scene:
    """One scene of the test part."""
    return picture("test", number)


@st.cache_resource(show_spinner=False, max_entries=SCENES)
def stages(number: int) -> Looked:
    """What both stages say of one scene."""
    return looked(detector(), scene(number).image)


@st.cache_resource(show_spinner=False, max_entries=SCENES)
def searched(number: int) -> tuple[Floats, float]:
    """All boxes of selective search on a scene, and the seconds of a processor that they took."""
    image = scene(number).image.astype(np.float64)
    _imported()
    began = thread_time()
    found = selective_search(image, np.random.default_rng(number), strategies=SEARCHES)
    return found, thread_time() - began


@st.cache_resource(show_spinner=False)
def _imported() -> int:
    """A search of a small picture: what is imported by the first one is not counted."""
    return len(selective_search(np.zeros((32, 32, 3)), np.random.default_rng(0)))


def regions(number: int, source: str, count: int) -> tuple[Floats, float]:
    """Regions from elsewhere, (count, 4), and what they cost; what Faster R-CNN proposes is borrowed for nothing."""
    sides = scene(number).image.shape[:2]
    if source == SEARCH:
        found, seconds = searched(number)
        return found[:count], seconds
    if source == PROPOSED:
        return stages(number).proposals[:count], 0.0
    began = thread_time()
    drawn = grid_boxes(sides, count) if source == GRID else random_boxes(sides, count, np.random.default_rng(number))
    return drawn, thread_time() - began


def walked(name: Name, number: int, source: str, count: int, side: int) -> Walk:
    """One pipeline on one scene; a setting that it does not look at makes no other walk."""
    given = name in ("R-CNN", "Fast R-CNN")
    return _walked(name, number, source if given else PROPOSED, count, side if name == "R-CNN" else SIDES[0])


@st.cache_resource(show_spinner=False, max_entries=60)
def _walked(name: Name, number: int, source: str, count: int, side: int) -> Walk:
    given, seconds = regions(number, source, count)
    _warm(name, count, side)
    walk = _walk(name, number, given, count, side)
    if name in ("R-CNN", "Fast R-CNN"):
        walk.cost.seconds["propose"] = seconds
    return walk


@st.cache_resource(show_spinner=False, max_entries=100)
def _warm(name: Name, count: int, side: int) -> int:
    """One run with as many regions: the first one fetches what it needs, and that is not counted."""
    return _walk(name, 0, grid_boxes(scene(0).image.shape[:2], count), count, side).cost.passes


def _walk(name: Name, number: int, given: Floats, count: int, side: int) -> Walk:
    module, image = detector(), scene(number).image
    if name == "R-CNN":
        return family.r_cnn(module, image, given, side=side)
    if name == "Fast R-CNN":
        return family.fast(module, image, given)
    return family.faster(module, image, most=count, masks=name == "Mask R-CNN")


@st.cache_data(show_spinner=False, max_entries=400)
def regressed(number: int, proposals: Floats) -> Moved:
    """Where the detector moves some proposals on a scene."""
    return moved(detector(), scene(number).image, proposals)
