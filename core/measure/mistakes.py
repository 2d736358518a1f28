"""What is wrong with the detections of a picture: every one gets one kind, and so does everything there was to find.

A detection that took a thing of its class is right. What the others did wrong is asked in this order, with `enough`
the overlap that counts (0.5) and `some` the one from which a thing was meant at all (0.1):

    badly placed   overlaps a thing of its class by `some`, but not by `enough`
    wrong class    overlaps a thing of another class by `enough`
    duplicate      overlaps a thing of its class by `enough`, but a surer detection took it
    background     overlaps nothing by more than `some`
    both           the rest: badly placed on a thing of another class

A thing that nobody took is missed, unless a badly placed or wrongly named detection was meant for it.
Source: Bolya et al., "TIDE: A General Toolbox for Identifying Object Detection Errors", ECCV 2020, section 2.2, and the
program published with it, from which the order is. That one calls an overlap of exactly `enough` badly placed.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

from core.detect.boxes import intersection_over_union
from core.errors import CoreError, ShapeError
from core.measure.detection import matched
from core.types import Floats

Kind: TypeAlias = Literal["right", "duplicate", "badly placed", "wrong class", "both", "background"]
State: TypeAlias = Literal["found", "badly placed", "wrong class", "missed"]
KINDS: tuple[Kind, ...] = get_args(Kind)
STATES: tuple[State, ...] = get_args(State)
Labels: TypeAlias = NDArray[np.int64]


@dataclass(frozen=True)
class Judged:
    """The detections and things of one picture, one word each, in the order in which they were handed in."""

    detections: tuple[Kind, ...]  # (M,)
    things: tuple[State, ...]  # (N,)
    meant: tuple[int, ...]  # (M,) the thing that a detection took or was meant for, or -1


def judged(
    boxes: Floats,
    labels: Labels,
    confidence: Floats,
    truths: Floats,
    true_labels: Labels,
    *,
    enough: float = 0.5,
    some: float = 0.1,
) -> Judged:
    """One picture: boxes (M, 4), classes (M,), confidences (M,), things (N, 4) and theirs (N,).

    >>> truths, circle, square = np.array([[0.0, 0, 10, 10]]), np.array([0]), np.array([1])
    >>> judged(np.array([[0.0, 0, 10, 9]]), square, np.array([0.9]), truths, circle)
    Judged(detections=('wrong class',), things=('wrong class',), meant=(0,))
    """
    if labels.shape != (len(boxes),) or true_labels.shape != (len(truths),):
        raise ShapeError(f"need a class for each of {len(boxes)} boxes and {len(truths)} things")
    if not 0 <= some < enough <= 1:
        raise CoreError(f"a thing is meant from less overlap than counts, got {some:g} and {enough:g}")
    took = np.full(len(boxes), -1)
    for label in np.unique(labels):
        mine, theirs = np.flatnonzero(labels == label), np.flatnonzero(true_labels == label)
        for match in matched(boxes[mine], confidence[mine], truths[theirs], threshold=enough):
            if match.truth >= 0:
                took[mine[match.detection]] = theirs[match.truth]
    overlap = intersection_over_union(boxes, truths)  # (M, N)
    kinds, meant, states = [], [], ["missed"] * len(truths)
    for detection, shares in enumerate(overlap):
        kind, thing = ("right", int(took[detection])) if took[detection] >= 0 else _mistake(
            shares, true_labels == labels[detection], enough, some
        )  # fmt: skip
        kinds.append(kind)
        meant.append(thing)
        if kind in ("badly placed", "wrong class"):
            states[thing] = kind
    for thing in took[took >= 0]:
        states[thing] = "found"
    return Judged(tuple(map(_kind, kinds)), tuple(map(_state, states)), tuple(meant))


def counted(pictures: Sequence[Judged]) -> dict[str, int]:
    """How many detections of each kind there are in some pictures, and how many things nobody came near.

    >>> counted([Judged(("right", "background"), ("found", "missed"), (0, -1))])["missed"]
    1
    """
    kinds = Counter(kind for picture in pictures for kind in picture.detections)
    missed = sum(picture.things.count("missed") for picture in pictures)
    return {**{kind: kinds[kind] for kind in KINDS}, "missed": missed}


def _mistake(shares: Floats, own: NDArray[np.bool_], enough: float, some: float) -> tuple[str, int]:
    """Of a detection that took nothing: what is wrong, and which thing it was meant for, or -1."""
    same, other = np.where(own, shares, -1.0), np.where(own, -1.0, shares)
    best, strange = float(same.max(initial=-1.0)), float(other.max(initial=-1.0))
    if some <= best < enough:
        return "badly placed", int(same.argmax())
    if strange >= enough:
        return "wrong class", int(other.argmax())
    if best >= enough:
        return "duplicate", int(same.argmax())
    if strange <= some:
        return "background", -1
    return "both", int(other.argmax())


def _kind(word: str) -> Kind:
    return next(kind for kind in KINDS if kind == word)


def _state(word: str) -> State:
    return next(state for state in STATES if state == word)
