"""The sets that can be looked at: each with its classes, its parts, and its examples by number."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.data.aerial import KINDS as SEA_LIONS
from core.data.aerial import aerial
from core.data.cells import cells
from core.data.digits import held_out_digits, training_digits
from core.data.fetched import CIFAR10_CLASSES, Images, cifar10
from core.data.parcels import KINDS as PARCELS
from core.data.parcels import parcel
from core.data.parts import Part
from core.data.scenes import CLASSES, Scene, draw, sketch
from core.errors import CoreError
from core.types import Floats, Mask

SIDE = 128  # pixels of a drawn scene


@dataclass(frozen=True, eq=False)
class Example:
    """An example (H, W, C) from 0 to 1, the classes in it, and what else is true of it."""

    image: Floats
    classes: tuple[str, ...]
    boxes: Floats | None = None  # (N, 4)
    masks: Mask | None = None  # (N, H, W)
    joints: Floats | None = None  # (P, 14, 3)
    scene: Scene | None = None


@dataclass(frozen=True)
class DataSet:
    """One set: what it is, and how an example is had."""

    says: str
    classes: tuple[str, ...]
    example: Callable[[Part, int], Example]
    inside: Callable[[Part, int], tuple[str, ...]]  # the classes in an example, without drawing it where possible
    size: Callable[[Part], str]
    call: str  # that gives an example
    shown: int  # examples that can be looked at
    truths: tuple[str, ...] = field(default=())


def _scene(part: Part, number: int) -> Example:
    scene = draw(sketch(part, number), side=SIDE)
    people = [target.joints for target in scene.targets if target.joints is not None]
    return Example(
        scene.image,
        tuple(target.label for target in scene.targets),
        np.array([target.box for target in scene.targets]).reshape(-1, 4),
        np.array([target.mask for target in scene.targets]).reshape(-1, SIDE, SIDE),
        np.array(people).reshape(-1, 14, 3),
        scene,
    )


def _sketched(part: Part, number: int) -> tuple[str, ...]:
    """Things never cover each other wholly, so the sketch knows them all."""
    return tuple(thing.label for thing in sketch(part, number).things)


def _cells(part: Part, number: int) -> Example:
    picture = cells(part, number)
    masks = np.array([picture.labels == cell for cell in range(1, int(picture.labels.max()) + 1)])
    return Example(picture.image[..., None], ("cell",) * len(masks), masks=masks.reshape(-1, *picture.labels.shape))


def _coast(part: Part, number: int) -> Example:
    picture = aerial(part, number)
    half = [(animal, 0.5 * animal.length) for animal in picture.animals]
    boxes = [(animal.x - far, animal.y - far, animal.x + far, animal.y + far) for animal, far in half]
    return Example(picture.image, tuple(animal.kind for animal in picture.animals), np.array(boxes).reshape(-1, 4))


def _parcel(part: Part, number: int) -> Example:
    found = parcel(part, number)
    return Example(found.heights[..., None] / max(1.0, found.heights.max()), (found.kind,), masks=found.missing[None])


def _digits(part: Part) -> tuple[Floats, NDArray[np.int64]]:
    if part == "validation":
        raise CoreError("these digits are divided in two, to learn from and to be judged by: take train or test")
    found = training_digits() if part == "train" else held_out_digits()
    return found.images, found.labels


def _digit(part: Part, number: int) -> Example:
    images, labels = _digits(part)
    return Example(images[number][..., None], (str(labels[number]),))


@st.cache_resource(show_spinner=False)
def fetched(part: Part) -> Images:
    """CIFAR-10, once for everybody."""
    return cifar10(part)


def _small_photo(part: Part, number: int) -> Example:
    found = fetched(part)
    return Example(found.images[number] / 255.0, (found.classes[found.labels[number]],))


def _classes(drawn: Callable[[Part, int], Example]) -> Callable[[Part, int], tuple[str, ...]]:
    return lambda part, number: drawn(part, number).classes


def _endless(part: Part) -> str:
    return "without end: each is drawn when somebody asks for it"


SCENES, CELLS, COASTS, DIGITS, PARCEL_SET, CIFAR = "Scenes", "Cells", "Sea lions", "Digits", "Parcels", "CIFAR-10"
SETS: dict[str, DataSet] = {
    SCENES: DataSet(
        "Drawn things and figures, with everything that COCO's annotators write down: boxes, masks and joints.",
        CLASSES, _scene, _sketched, _endless,
        'draw(sketch("{part}", {number}), side=128)', 120, ("boxes", "masks", "joints"),
    ),
    CELLS: DataSet(
        "Drawn cells that press against each other, each with its own mask: the task U-Net was made for.",
        ("cell",), _cells, _classes(_cells), _endless, 'cells("{part}", {number})', 40, ("masks",),
    ),
    COASTS: DataSet(
        "Drawn coasts with sea lions of five types to be counted.",
        SEA_LIONS, _coast, _classes(_coast), _endless, 'aerial("{part}", {number})', 24, ("boxes",),
    ),
    DIGITS: DataSet(
        "Digits that 13 people wrote, made small: the part of Alpaydin's set that scikit-learn brings along.",
        tuple("0123456789"), _digit, lambda part, number: (str(_digits(part)[1][number]),),
        lambda part: f"{len(_digits(part)[1]):,} in all", "{part}_digits().images[{number}]", 300,
    ),
    PARCEL_SET: DataSet(
        "Drawn parcels as a sensor above the belt measures them: a height in place of a colour.",
        PARCELS, _parcel, _classes(_parcel), _endless, 'parcel("{part}", {number})', 120, ("masks",),
    ),
    CIFAR: DataSet(
        "Photographs made small: ten classes of 6000 each. The set is fetched, 170 MB, when somebody asks for it.",
        CIFAR10_CLASSES, _small_photo, lambda part, number: (CIFAR10_CLASSES[fetched(part).labels[number]],),
        lambda part: f"{len(fetched(part).labels):,} in all", 'cifar10("{part}").images[{number}]', 300,
    ),
}  # fmt: skip


@st.cache_data(show_spinner=False, max_entries=40)
def contents(name: str, part: Part) -> list[tuple[str, ...]]:
    """The classes in each of the examples that can be looked at."""
    chosen = SETS[name]
    return [chosen.inside(part, number) for number in range(chosen.shown)]


@st.cache_resource(show_spinner=False, max_entries=24)
def example(name: str, part: Part, number: int) -> Example:
    """One example, kept for whoever comes next."""
    return SETS[name].example(part, number)
