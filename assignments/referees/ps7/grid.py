"""decode_yolo: which boxes does a grid of numbers mean?"""

from collections.abc import Sequence
from typing import TypeAlias

import numpy as np

from core.detect.dense.grid import Layout, decode, encode, parts
from core.types import Floats
from grading.referee import Case, Drawn, Group, Mistake, Referee, Tolerance, case

Bases: TypeAlias = Sequence[tuple[float, float]]
Answer: TypeAlias = tuple[Floats, Floats]
SHARE = Tolerance(1e-4, 1e-5, because="shares of a side near 1, and float32 keeps six digits of an exponential")


def layout(per_box: bool) -> Layout:
    """Its name in core."""
    return "classes per box" if per_box else "classes per cell"


def boxes_and_scores(answer: Floats, bases: Bases, classes: int, per_box: bool) -> Answer:
    """The reference."""
    found = decode(answer, layout(per_box), classes=classes, bases=bases)
    return found.boxes, found.scores


def told_otherwise(answer: Floats, bases: Bases, classes: int, per_box: bool, *, order: Sequence[int]) -> Answer:
    """With the five numbers of every box in another order."""
    numbers, scores = (each.copy() for each in parts(answer, layout(per_box), boxes=len(bases), classes=classes))
    together = np.concatenate([numbers[..., list(order)], scores], axis=-1)
    return boxes_and_scores(together, bases, classes, True)


def interleaved(answer: Floats, bases: Bases, classes: int, per_box: bool) -> Answer:
    """All dx first, then all dy, and so on."""
    changed = answer.copy()
    if not per_box:
        numbers = answer[..., : 5 * len(bases)]
        changed[..., : 5 * len(bases)] = numbers.reshape(*answer.shape[:2], 5, -1).swapaxes(2, 3).reshape(numbers.shape)
    return boxes_and_scores(changed, bases, classes, per_box)


def classes_first(answer: Floats, bases: Bases, classes: int, per_box: bool) -> Answer:
    """The class scores are read at the beginning."""
    return boxes_and_scores(np.roll(answer, -classes, axis=-1), bases, classes, per_box)


def moved(answer: Floats, bases: Bases, classes: int, per_box: bool, *, by: Floats) -> Answer:
    """Every box moved by some x and y: (S, S, B, 2)."""
    boxes, scores = boxes_and_scores(answer, bases, classes, per_box)
    return boxes + np.concatenate([by, by], axis=-1), scores


def without_half(answer: Floats, bases: Bases, classes: int, per_box: bool) -> Answer:
    """From the corner of the cell."""
    return moved(answer, bases, classes, per_box, by=np.full((1, 1, 1, 2), -0.5 / len(answer)))


def exchanged_cells(answer: Floats, bases: Bases, classes: int, per_box: bool) -> Answer:
    """x from the row, y from the column."""
    places = np.arange(len(answer)) / len(answer)
    down, over = np.meshgrid(places, places, indexing="ij")
    return moved(answer, bases, classes, per_box, by=np.stack([down - over, over - down], axis=-1)[:, :, None])


def offsets_in(unit: str, answer: Floats, bases: Bases, classes: int, per_box: bool) -> Answer:
    """dx and dy in cells, or in shares of the picture, in place of sides of the base box."""
    numbers, _ = parts(answer, layout(per_box), boxes=len(bases), classes=classes)
    wanted = 1 / len(answer) if unit == "cells" else 1.0
    return moved(answer, bases, classes, per_box, by=numbers[..., :2] * (wanted - np.array(bases)))


def resized(answer: Floats, bases: Bases, classes: int, per_box: bool, *, how: str) -> Answer:
    """Sides that are found another way."""
    boxes, scores = boxes_and_scores(answer, bases, classes, per_box)
    numbers, _ = parts(answer, layout(per_box), boxes=len(bases), classes=classes)
    base, logs = np.array(bases), numbers[..., 3:1:-1]
    middles = (boxes[..., :2] + boxes[..., 2:]) / 2
    sides = {"linear": base * (1 + logs), "double": 2 * base * np.exp(logs), "square": np.exp(logs)}[how]
    return np.concatenate([middles - sides / 2, middles + sides / 2], axis=-1), scores


def middle_and_size(answer: Floats, bases: Bases, classes: int, per_box: bool) -> Answer:
    """Not turned into corners."""
    boxes, scores = boxes_and_scores(answer, bases, classes, per_box)
    start, end = boxes[..., :2], boxes[..., 2:]
    return np.concatenate([(start + end) / 2, end - start], axis=-1), scores


def without_confidence(answer: Floats, bases: Bases, classes: int, per_box: bool) -> Answer:
    """The class scores alone."""
    found = decode(answer, layout(per_box), classes=classes, bases=bases)
    return found.boxes, found.classes.copy()


def some_bases(random: np.random.Generator, count: int) -> tuple[tuple[float, float], ...]:
    """Base boxes, none of them square."""
    sides = random.uniform(0.1, 0.3, size=(count, 2)) + random.permuted([[0.0, 0.3]] * count, axis=1)
    return tuple((float(width), float(height)) for width, height in sides)


def any_answer(*, per_box: bool) -> Drawn:
    """Numbers for everything, as an untrained network gives them."""

    def draw(random: np.random.Generator) -> Case:
        cells, boxes, classes = (int(random.integers(low, high)) for low, high in ((2, 6), (2, 4), (1, 6)))
        numbers = random.uniform(-1, 1, size=(cells, cells, boxes, 5))
        numbers[..., 4] = random.uniform(0.1, 0.9, size=numbers.shape[:3])
        scores = random.uniform(0.1, 0.9, size=(cells, cells, boxes if per_box else 1, classes))
        if per_box:
            answer = np.concatenate([numbers, scores], axis=-1)
        else:
            answer = np.concatenate([numbers.reshape(cells, cells, -1), scores[:, :, 0]], axis=-1)
        return case(answer, some_bases(random, boxes), classes, per_box)

    return draw


def good_answer(random: np.random.Generator) -> Case:
    """What a good detector says of a few things, in either layout."""
    cells, count, classes = (int(random.integers(low, high)) for low, high in ((3, 7), (1, 4), (2, 5)))
    bases, per_box = some_bases(random, count), bool(random.integers(2))
    sides = random.uniform(0.1, 0.3, size=(4, 2)) * random.permuted([[1.0, 2.0]] * 4, axis=1)
    middles = random.uniform(0.2, 0.8, size=(4, 2))
    things = np.concatenate([middles - sides / 2, middles + sides / 2], axis=1)
    labels = random.integers(0, classes, size=4)
    answer, _ = encode(things, labels, layout(per_box), cells=cells, classes=classes, bases=bases)
    for numbers in [answer] if per_box else [answer[..., 5 * box : 5 * box + 5] for box in range(count)]:
        numbers[..., 4] *= random.uniform(0.5, 0.9, size=numbers.shape[:-1])  # nearly sure of what it sees
    return case(answer, bases, classes, per_box)


STILL = np.zeros((1, 1, 6))
ONE = np.array([0.0, 0.5, 0.0, 0.0, 0.8, 0.25, 0.75]).reshape(1, 1, 1, 7)
TALLER = np.zeros((2, 2, 6))
TALLER[0, 1] = [0.1, 0, np.log(2), 0, 0.5, 1]
ORDER = "The numbers of a box stand in the order dx, dy, dh, dw, confidence: "

decode_yolo = Referee(
    name="decode_yolo",
    points=1,
    reference=boxes_and_scores,
    tolerance=SHARE,
    torch_or_numpy=True,
    groups=(
        Group(
            "worked examples",
            weight=1,
            visible=True,
            cases=(
                case(STILL, ((0.5, 0.5),), 1, False, title="One cell that says nothing"),
                case(ONE, ((0.5, 0.2),), 2, True, title="One box, half of its height further down"),
                case(TALLER, ((0.4, 0.2),), 1, False, title="Four cells, and a box twice as tall"),
            ),
        ),
        Group("class scores once for a cell", weight=1, drawn=any_answer(per_box=False), count=8),
        Group("class scores for each box", weight=1, drawn=any_answer(per_box=True), count=8),
        Group("answers of a good detector, few boxes of which hold anything", weight=1, drawn=good_answer, count=8),
    ),
    mistakes=(
        Mistake(
            "takes dw before dh",
            lambda *asked: told_otherwise(*asked, order=(0, 1, 3, 2, 4)),
            hint=ORDER + "the height comes before the width.",
        ),
        Mistake(
            "takes the confidence first",
            lambda *asked: told_otherwise(*asked, order=(1, 2, 3, 4, 0)),
            hint=ORDER + "the confidence is the last of the five.",
        ),
        Mistake(
            "reads kind by kind",
            interleaved,
            hint="The numbers of a cell stand box by box, five for the first one and then five for the next.",
        ),
        Mistake(
            "reads the classes first",
            classes_first,
            hint="The class scores stand behind the numbers of the boxes, not before them.",
        ),
        Mistake(
            "begins at the corner of the cell",
            without_half,
            hint="A base box stands around the middle of its cell, half a cell further than the corner.",
        ),
        Mistake(
            "exchanges rows and columns",
            exchanged_cells,
            hint="The first axis counts rows, from which y comes; x comes from the column.",
        ),
        Mistake(
            "moves in cells",
            lambda *asked: offsets_in("cells", *asked),
            hint="dx and dy count in sides of the base box, not in cells.",
        ),
        Mistake(
            "moves in shares of the picture",
            lambda *asked: offsets_in("picture", *asked),
            hint="dx and dy count in sides of the base box: multiply them by its width and its height.",
        ),
        Mistake(
            "grows without the exponential",
            lambda *asked: resized(*asked, how="linear"),
            hint="dw and dh are logarithms: the sides change by a factor of e to that power.",
        ),
        Mistake(
            "forgets the base boxes",
            lambda *asked: resized(*asked, how="square"),
            hint="The exponential is a factor: multiply the sides of the base box by it.",
        ),
        Mistake(
            "adds whole sides",
            lambda *asked: resized(*asked, how="double"),
            hint="From the middle it is half a width to each edge: your boxes are twice as large.",
        ),
        Mistake(
            "answers with middle and size",
            middle_and_size,
            hint="The answer wants corners, (x1, y1, x2, y2), not the middle, the width and the height.",
        ),
        Mistake(
            "leaves the confidence out",
            without_confidence,
            hint="A score is the confidence of the box times its class score.",
        ),
    ),
)
