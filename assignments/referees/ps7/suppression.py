"""nms: which boxes stay?"""

from collections.abc import Callable

import numpy as np

from core.detect.boxes import intersection_over_union
from core.detect.suppression import Places, kept, steps
from core.types import Floats
from grading.referee import Case, Drawn, Forbidden, Group, Mistake, Referee, case


def stays(boxes: Floats, scores: Floats, threshold: float, labels: Places | None = None) -> list[int]:
    """The reference."""
    places: list[int] = kept(steps(boxes, scores, threshold=threshold, labels=labels)).tolist()
    return places


def walked(
    boxes: Floats,
    order: list[int],
    labels: Places | None,
    beats: Callable[[float], bool],
    *,
    against: slice | None = None,
    all_before: bool = False,
) -> list[int]:
    """The same rule told another way: who is not beaten by one of those that stay, stays. Mistakes are made with it."""
    table = intersection_over_union(boxes, boxes)
    stay: list[int] = []
    for number, place in enumerate(order):
        rivals = order[:number] if all_before else stay[against or slice(None)]
        same = [rival for rival in rivals if labels is None or labels[rival] == labels[place]]
        if not any(beats(table[rival, place]) for rival in same):
            stay.append(place)
    return stay


def surest_first(scores: Floats) -> list[int]:
    """Places by their scores, of equal ones the first."""
    places: list[int] = np.argsort(-scores, kind="stable").tolist()
    return places


def at_the_threshold(boxes: Floats, scores: Floats, threshold: float, labels: Places | None = None) -> list[int]:
    """An overlap of exactly the threshold removes as well."""
    return walked(boxes, surest_first(scores), labels, lambda overlap: overlap >= threshold)


def any_overlap(boxes: Floats, scores: Floats, threshold: float, labels: Places | None = None) -> list[int]:
    """Whatever overlaps at all is removed."""
    return walked(boxes, surest_first(scores), labels, lambda overlap: overlap > 0)


def removed_by_the_removed(boxes: Floats, scores: Floats, threshold: float, labels: Places | None = None) -> list[int]:
    """Boxes that are out already go on removing others."""
    return walked(boxes, surest_first(scores), labels, lambda overlap: overlap > threshold, all_before=True)


def last_one_only(boxes: Floats, scores: Floats, threshold: float, labels: Places | None = None) -> list[int]:
    """Compared with the box kept last, not with all that were kept."""
    return walked(boxes, surest_first(scores), labels, lambda overlap: overlap > threshold, against=slice(-1, None))


def last_of_equals(boxes: Floats, scores: Floats, threshold: float, labels: Places | None = None) -> list[int]:
    """Sorted upwards and turned around, which puts the last of equal scores first."""
    order: list[int] = np.argsort(scores, kind="stable")[::-1].tolist()
    return walked(boxes, order, labels, lambda overlap: overlap > threshold)


def class_by_class(boxes: Floats, scores: Floats, threshold: float, labels: Places | None = None) -> list[int]:
    """What each class keeps, one class after the other."""
    places = stays(boxes, scores, threshold, labels)
    return places if labels is None else sorted(places, key=lambda place: labels[place])


def places_in_order(boxes: Floats, scores: Floats, threshold: float, labels: Places | None = None) -> list[int]:
    """Places in the sorted list in place of those in the list that was given."""
    order = surest_first(scores)
    return [order.index(place) for place in stays(boxes, scores, threshold, labels)]


def shifted(box: Floats, overlap: float, random: np.random.Generator, times: int = 1) -> Floats:
    """The same box further right or further down, so that it overlaps itself by this IoU."""
    axis = int(random.integers(2))
    side = box[2 + axis] - box[axis]
    moved = box.copy()
    moved[[axis, axis + 2]] += times * side * (1 - overlap) / (1 + overlap)
    return moved


def row(box: Floats, overlap: float, axis: int) -> list[Floats]:
    """Three boxes in a row: the first overlaps the second this much, and the second the third."""
    step = (box[2 + axis] - box[axis]) * (1 - overlap) / (1 + overlap)
    along = np.array([axis == 0, axis == 1] * 2, dtype=float)
    return [box + number * step * along for number in range(3)]


def scene(*, classes: bool) -> Drawn:
    """A chain of three, a pair on each side of the threshold, one alone; with classes also two kinds in one place."""

    def draw(random: np.random.Generator) -> Case:
        threshold = float(random.choice([0.3, 0.7]))
        corners = 100 * random.permutation(6)[:, None] + random.uniform(0, 20, size=(6, 2))  # too far to overlap
        sides = random.uniform(20, 60, size=(6, 2))
        starts = np.concatenate([corners, corners + sides], axis=1)
        close, wide = threshold + random.uniform(0.04, 0.08), threshold - random.uniform(0.1, 0.2)
        between = (threshold + 0.5) / 2  # who took 0.5 whatever was asked decides otherwise
        things = [
            row(starts[0], close, int(random.integers(2))),
            [starts[1], shifted(starts[1], threshold + 0.2, random)],
            [starts[2], shifted(starts[2], wide, random)],
            [starts[3], shifted(starts[3], between, random)],
            [starts[4]],
        ]
        labels = [[int(random.integers(3))] * len(thing) for thing in things]
        if classes:
            kind = int(random.integers(2))
            things.append([starts[5], shifted(starts[5], threshold + 0.2, random)])
            labels.append([kind + 1, kind])
        boxes = np.concatenate(things)
        tops = np.concatenate([np.arange(len(thing)) for thing in things])  # the surest of each thing come first
        scores = 0.9 - 0.3 * tops + random.permutation(len(boxes)) / 100
        order = random.permutation(len(boxes))
        asked = boxes[order], scores[order], threshold
        return case(*asked, np.concatenate(labels)[order]) if classes else case(*asked)

    return draw


PEOPLE = np.array([[26.0, 2, 121, 128], [43, 35, 128, 139], [20, 6, 116, 132], [46, 28, 126, 136]])
SURE = np.array([0.7, 0.9, 0.95, 0.66])
CHAIN = np.array([[52.0, 84, 101, 134], [66, 84, 115, 134], [80, 84, 129, 134], [94, 84, 143, 134]])
HALF = np.array([[2.0, 0, 12, 5], [0, 0, 8, 5], [40, 0, 48, 5]])  # 30 shared, 60 together: exactly one half
EQUALS = np.array([[0.0, 0, 10, 10], [1, 0, 11, 10], [30, 0, 40, 9], [0, 1, 10, 11], [30, 0, 40, 10]])

nms = Referee(
    name="nms",
    points=2,
    reference=stays,
    groups=(
        Group(
            "worked examples",
            weight=1,
            visible=True,
            cases=(
                case(PEOPLE, SURE, 0.5, title="Two people close together, one is lost"),
                case(PEOPLE, SURE, 0.6, title="The same at a threshold of 0.6"),
                case(PEOPLE, SURE, 0.5, np.array([0, 1, 0, 1]), title="The same with two classes"),
                case(CHAIN, np.array([0.9, 0.8, 0.7, 0.6]), 0.5, title="A chain"),
            ),
        ),
        Group("boxes of one class", weight=2, drawn=scene(classes=False), count=10),
        Group("boxes of several classes", weight=1, drawn=scene(classes=True), count=10),
        Group(
            "an overlap of just the threshold",
            weight=0.5,
            cases=(
                case(HALF, np.array([0.6, 0.8, 0.7]), 0.5),
                case(HALF, np.array([0.8, 0.6, 0.7]), 0.5, np.array([1, 1, 0])),
            ),
        ),
        Group(
            "equal scores, and no boxes at all",
            weight=0.5,
            cases=(
                case(EQUALS, np.array([0.5, 0.5, 0.8, 0.5, 0.8]), 0.6),
                case(EQUALS, np.full(5, 0.25), 0.6, np.array([1, 1, 0, 1, 0])),
                case(np.zeros((0, 4)), np.zeros(0), 0.5),
            ),
        ),
    ),
    mistakes=(
        Mistake(
            "removes at the threshold",
            at_the_threshold,
            hint="A box is removed if its IoU is above the threshold: one that is equal to it does nothing.",
        ),
        Mistake(
            "removes whatever overlaps",
            any_overlap,
            hint="You remove every box that overlaps at all. Only an IoU above the threshold is too much.",
        ),
        Mistake(
            "always one half",
            lambda boxes, scores, threshold, labels=None: stays(boxes, scores, 0.5, labels),
            hint="You always take one half as the threshold: use the one that is given.",
        ),
        Mistake(
            "lets removed boxes remove",
            removed_by_the_removed,
            hint="A box that was removed removes nobody any more: compare with those that are kept only.",
        ),
        Mistake(
            "compares with the last one",
            last_one_only,
            hint="You compare with the box that was kept last. Compare with every box that was kept.",
        ),
        Mistake(
            "keeps the weakest",
            lambda boxes, scores, threshold, labels=None: stays(boxes, 1 - scores, threshold, labels),
            hint="You begin with the lowest score: the surest box comes first.",
        ),
        Mistake(
            "answers in the order of the list",
            lambda boxes, scores, threshold, labels=None: sorted(stays(boxes, scores, threshold, labels)),
            hint="The right boxes stay, but the answer wants the surest first, not the first of the list.",
        ),
        Mistake(
            "counts in the sorted list",
            places_in_order,
            hint="Your numbers are places in the sorted list: give the places in the list that you were given.",
        ),
        Mistake(
            "ignores the classes",
            lambda boxes, scores, threshold, labels=None: stays(boxes, scores, threshold),
            hint="With labels, a box removes boxes of its own class only.",
        ),
        Mistake(
            "goes class by class",
            class_by_class,
            hint="You list what stays class by class. The answer is one list for all classes, the surest first.",
        ),
        Mistake(
            "takes the last of equals",
            last_of_equals,
            hint="Of equal scores the first in the list comes first. An argsort that is turned around puts the last "
            "one first: sort the negative scores, with kind='stable'.",
        ),
    ),
    forbidden=tuple(
        Forbidden(name, because="This function does the whole exercise. Write the rounds yourself.")
        for name in (
            "torchvision.ops.nms",
            "torchvision.ops.boxes.nms",
            "torchvision.ops.batched_nms",
            "torchvision.ops.boxes.batched_nms",
        )
    ),
)
