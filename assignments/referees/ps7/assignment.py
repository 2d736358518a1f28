"""assign_anchors: which object is each anchor to find?"""

import numpy as np
from numpy.typing import NDArray

from core.detect.anchors import GROUND, NEITHER, labelled
from core.detect.boxes import intersection_over_union
from core.types import Floats
from grading.referee import Case, Group, Mistake, Referee, case

Owners = NDArray[np.int64]
FOUND = 99  # stands for every object where all are renamed alike


def owners(anchors: Floats, boxes: Floats, above: float, below: float) -> Owners:
    """The reference."""
    import torch

    found: Owners = labelled(torch.from_numpy(anchors), torch.from_numpy(boxes), above=above, below=below).numpy()
    return found


def by_threshold(anchors: Floats, boxes: Floats, above: float, below: float) -> Owners:
    """Without the last rule: no object is owed anything."""
    if not len(boxes):
        return np.full(len(anchors), GROUND)
    table = intersection_over_union(anchors, boxes)
    nearest = table.max(axis=1)
    return np.where(nearest >= above, table.argmax(axis=1), np.where(nearest < below, GROUND, NEITHER))


def first_best_only(anchors: Floats, boxes: Floats, above: float, below: float) -> Owners:
    """Of several best anchors of an object the first alone."""
    found, right = by_threshold(anchors, boxes, above, below), owners(anchors, boxes, above, below)
    if not len(boxes):
        return found
    best = intersection_over_union(anchors, boxes).argmax(axis=0)
    found[best] = right[best]
    return found


def in_turn(anchors: Floats, boxes: Floats, above: float, below: float, *, when: str = "always") -> Owners:
    """Object by object, so that a later one may take what an earlier one got."""
    found = by_threshold(anchors, boxes, above, below)
    table = intersection_over_union(anchors, boxes)
    taken = np.zeros(len(anchors), dtype=bool)
    for place in range(len(boxes)):
        best = (table[:, place] == table[:, place].max()) & (table[:, place] > 0)
        if when == "free":
            best &= found < 0
        if when == "first":
            best &= ~taken
        found[best], taken[best] = place, True
    return found


def even_untouched(anchors: Floats, boxes: Floats, above: float, below: float, *, only_first: bool) -> Owners:
    """An object that no anchor touches gets all those that touch nothing, or the first one of the list."""
    found = owners(anchors, boxes, above, below)
    table = intersection_over_union(anchors, boxes)
    for place in np.flatnonzero(table.max(axis=0) == 0):
        found[(found < 0) & ((np.arange(len(found)) == 0) if only_first else (table.max(axis=1) == 0))] = place
    return found


def strictly_above(anchors: Floats, boxes: Floats, above: float, below: float) -> Owners:
    """An IoU of just the upper threshold does not count."""
    return owners(anchors, boxes, float(np.nextafter(above, 2)), below)


def best_anchors(anchors: Floats, boxes: Floats, above: float, below: float) -> Owners:
    """For every object its anchor, not for every anchor its object."""
    best: Owners = intersection_over_union(anchors, boxes).argmax(axis=0)
    return best


def renamed(anchors: Floats, boxes: Floats, above: float, below: float, *, names: dict[int, int]) -> Owners:
    """With other numbers for background and left out, or for what is found."""
    found = owners(anchors, boxes, above, below)
    return np.array([names.get(each, names.get(FOUND, each)) for each in found.tolist()], dtype=np.int64)


def apart(random: np.random.Generator, count: int) -> Floats:
    """Zones too far from each other to share anything: (count, 2), in no order."""
    zones: Floats = 100.0 * random.permutation(count)[:, None] * (1.0, 0.8) + random.uniform(0, 9, size=(count, 2))
    return zones


def beside(box: Floats, overlap: float, random: np.random.Generator) -> Floats:
    """The box moved so far along one axis that it overlaps itself by this IoU."""
    axis, way = int(random.integers(2)), random.choice([-1, 1])
    moved = box.copy()
    moved[[axis, axis + 2]] += way * (box[2 + axis] - box[axis]) * (1 - overlap) / (1 + overlap)
    return moved


def objects(corners: Floats, random: np.random.Generator) -> Floats:
    """A box at each corner: (N, 2) -> (N, 4)."""
    return np.concatenate([corners, corners + random.uniform(12, 40, size=corners.shape)], axis=1)


def limits(random: np.random.Generator) -> tuple[float, float]:
    """The thresholds above and below."""
    return float(random.choice([0.6, 0.7])), float(random.choice([0.3, 0.4]))


def well_met(random: np.random.Generator) -> Case:
    """Every object has an anchor that fits, one that nearly does, and one that does not."""
    above, below = limits(random)
    found = objects(apart(random, 3), random)
    near = [beside(box, random.uniform(above + 0.05, 0.95), random) for box in found]
    half = [beside(box, random.uniform(below + 0.05, above - 0.05), random) for box in found[1:]]
    far = [beside(box, random.uniform(0.1, below - 0.05), random) for box in found]
    return case(random.permutation(np.array([*near, *half, *far])), found, above, below)


def badly_met(random: np.random.Generator) -> Case:
    """The best anchor of an object is below one threshold, or below both."""
    above, below = limits(random)
    found = objects(apart(random, 4), random)
    best = [
        random.uniform(above + 0.05, 0.95),
        random.uniform(below + 0.05, above - 0.05),
        *random.uniform(0.12, 0.25, 2),
    ]
    order = random.permutation(4)
    anchors = [beside(found[place], share, random) for place, share in zip(order, best, strict=True)]
    lower = [beside(found[place], share * 0.8, random) for place, share in zip(order, best, strict=True)]
    return case(random.permutation(np.array([*anchors, *lower])), found, above, below)


def shared(random: np.random.Generator) -> Case:
    """One anchor is the best of two objects, twice; and one that fits an object well is the best of another one."""
    scale, zones = random.uniform(1.5, 3, size=2), apart(random, 4)
    thing, inside = np.array([0.0, 0, 20, 16]), np.array([2.0, 3, 11, 12])
    large, small = (np.concatenate([scale, scale]) * each for each in (thing, inside))
    starts = np.concatenate([zones, zones], axis=1)
    step = np.array([scale[0], 0, scale[0], 0])
    found = [large, small, small, large, large, np.concatenate([scale, scale]) * (-3.0, 2, 5, 14)]
    found = [each + starts[zone] for each, zone in zip(found, (0, 0, 1, 1, 2, 2), strict=True)]
    anchors = [large + starts[0] + step, large + starts[1] - step, large + starts[2] + step]
    anchors += [large + starts[2] - 3 * step, large + starts[3]]
    return case(random.permutation(np.array(anchors)), np.array(found), 0.7, float(random.choice([0.25, 0.3])))


ROW = np.array([[0.0, 0, 8, 8], [8, 0, 16, 8], [16, 0, 24, 8]])
HALVES = np.array([[0.0, 0, 8, 8], [0, 0, 4, 8], [0, 0, 2, 8], [8, 0, 16, 8]])  # IoU with the first: 1, 1/2, 1/4, 0
NONE = np.zeros((0, 4))
FAR = np.array([[90.0, 90, 99, 99]])
UNTOUCHED = "An object that no anchor touches has no best one: an IoU of 0 is nobody's best."

assign_anchors = Referee(
    name="assign_anchors",
    points=1,
    reference=owners,
    torch_or_numpy=True,
    groups=(
        Group(
            "worked examples",
            weight=1,
            visible=True,
            cases=(
                case(ROW, np.array([[1.0, 0, 9, 8]]), 0.7, 0.05, title="Three anchors and an object"),
                case(ROW, np.array([[1.0, 0, 8, 8], [18, 0, 22, 4]]), 0.7, 0.3, title="A small object as well"),
            ),
        ),
        Group("objects that an anchor fits well", weight=1, drawn=well_met, count=8),
        Group("objects that no anchor fits well", weight=1, drawn=badly_met, count=8),
        Group("anchors that are wanted by two objects", weight=1, drawn=shared, count=8),
        Group(
            "thresholds that are just met, and equally good ones",
            weight=0.5,
            cases=(
                case(HALVES, HALVES[:1], 0.5, 0.25),
                case(HALVES[::-1].copy(), HALVES[:1], 0.5, 0.125),
                case(HALVES, HALVES[:1], 1.0, 0.0),
                case(ROW, np.array([[4.0, 0, 12, 8]]), 0.7, 0.2),
                case(ROW, np.array([[16.0, 0, 24, 8], [4, 0, 12, 8]]), 0.7, 0.4),
                case(ROW, np.array([[8.0, 0, 16, 8], [8, 0, 16, 8], [0, 2, 8, 10]]), 0.7, 0.3),
            ),
        ),
        Group(
            "pictures without objects, and objects out of reach",
            weight=0.5,
            cases=(
                case(ROW, NONE, 0.7, 0.3),
                case(ROW, FAR, 0.7, 0.3),
                case(ROW, np.concatenate([FAR, ROW[1:2]]), 0.7, 0.3),
            ),
        ),
    ),
    mistakes=(
        Mistake(
            "leaves objects without an anchor",
            by_threshold,
            hint="Every object that an anchor touches gets its best one, however low their IoU is.",
        ),
        Mistake(
            "gives one of two best anchors",
            first_best_only,
            hint="Where several anchors overlap an object equally well, all of these best ones belong to it.",
        ),
        Mistake(
            "lets the last object take all",
            in_turn,
            hint="An anchor that is the best of two objects goes to the one it overlaps more, not to the last one.",
        ),
        Mistake(
            "lets the first object keep all",
            lambda *asked: in_turn(*asked, when="first"),
            hint="An anchor that is the best of two objects goes to the one it overlaps more, not to the first one.",
        ),
        Mistake(
            "gives free anchors only",
            lambda *asked: in_turn(*asked, when="free"),
            hint="The best anchor of an object belongs to it even if it overlaps another object more, as long as it is "
            "not that one's best as well.",
        ),
        Mistake(
            "counts the uncertain as background",
            lambda *asked: renamed(*asked, names={NEITHER: GROUND}),
            hint="Between the two thresholds an anchor is neither: it is left out of the loss.",
        ),
        Mistake(
            "exchanges the two codes",
            lambda *asked: renamed(*asked, names={NEITHER: GROUND, GROUND: NEITHER}),
            hint="Background is -1, and what is left out is -2.",
        ),
        Mistake(
            "says yes or no",
            lambda *asked: renamed(*asked, names={GROUND: 0, NEITHER: -1, FOUND: 1}),
            hint="Of an anchor that belongs to an object, say to which one: its place in the list of boxes.",
        ),
        Mistake(
            "wants more than the upper threshold",
            strictly_above,
            hint="An IoU that is just the upper threshold is enough.",
        ),
        Mistake(
            "calls the lower threshold background",
            lambda anchors, boxes, above, below: owners(anchors, boxes, above, float(np.nextafter(below, 2))),
            hint="Background is what lies below the lower threshold; at the threshold itself an anchor is left out.",
        ),
        Mistake(
            "gives all anchors to what none touches",
            lambda *asked: even_untouched(*asked, only_first=False),
            hint=UNTOUCHED,
        ),
        Mistake(
            "gives the first anchor to what none touches",
            lambda *asked: even_untouched(*asked, only_first=True),
            hint=UNTOUCHED,
        ),
        Mistake(
            "answers for the objects",
            best_anchors,
            hint="You say for every object which anchor it has. Say for every anchor which object it has.",
        ),
    ),
)
