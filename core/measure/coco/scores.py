"""COCO's twelve numbers (ten for joints), and what every class has of them."""

from collections.abc import Mapping

import numpy as np

from core.measure.coco.curves import curves
from core.measure.coco.matching import match
from core.measure.coco.records import Kind, Problem
from core.types import Floats

# Name -> precision or recall, its threshold (None for all ten), its size and its number of detections by place.
NUMBERS: Mapping[str, tuple[str, int | None, int, int]] = {
    "AP": ("precision", None, 0, -1),
    "AP50": ("precision", 0, 0, -1),
    "AP75": ("precision", 5, 0, -1),
    "APs": ("precision", None, 1, -1),
    "APm": ("precision", None, 2, -1),
    "APl": ("precision", None, 3, -1),
    "AR1": ("recall", None, 0, 0),
    "AR10": ("recall", None, 0, 1),
    "AR100": ("recall", None, 0, 2),
    "ARs": ("recall", None, 1, 2),
    "ARm": ("recall", None, 2, 2),
    "ARl": ("recall", None, 3, 2),
}
OF_JOINTS: Mapping[str, tuple[str, int | None, int, int]] = {
    "AP": ("precision", None, 0, -1),
    "AP50": ("precision", 0, 0, -1),
    "AP75": ("precision", 5, 0, -1),
    "APm": ("precision", None, 1, -1),
    "APl": ("precision", None, 2, -1),
    "AR": ("recall", None, 0, 0),
    "AR50": ("recall", 0, 0, 0),
    "AR75": ("recall", 5, 0, 0),
    "ARm": ("recall", None, 1, 0),
    "ARl": ("recall", None, 2, 0),
}


def evaluate(problem: Problem) -> tuple[Floats, Floats]:
    """Precision at 101 recalls (T, R, K, A), and the recall reached (T, K, A, M); -1 where nothing is to be found."""
    return curves(problem, match(problem))


def numbers(precision: Floats, recall: Floats, kind: Kind = "bbox") -> dict[str, float]:
    """The means that COCO prints, under its names; -1 where nothing is to be found."""
    return {name: _mean(_part(precision, recall, *where)) for name, where in _numbers(kind).items()}


def by_class(precision: Floats, recall: Floats, kind: Kind = "bbox") -> list[dict[str, float]]:
    """The same for every class alone."""
    return [
        numbers(precision[:, :, place : place + 1], recall[:, place : place + 1], kind)
        for place in range(recall.shape[1])
    ]


def _numbers(kind: Kind) -> Mapping[str, tuple[str, int | None, int, int]]:
    return OF_JOINTS if kind == "keypoints" else NUMBERS


def _part(precision: Floats, recall: Floats, what: str, level: int | None, size: int, most: int) -> Floats:
    part = precision[..., size] if what == "precision" else recall[..., size, most]
    return part if level is None else part[level]


def _mean(values: Floats) -> float:
    there = values[values > -1]
    return float(np.mean(there)) if there.size else -1.0
