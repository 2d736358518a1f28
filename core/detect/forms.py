"""Four numbers, several meanings: the ways in which boxes are written down, and what becomes of a wrong guess.

Lecture A writes (x, y, h, w) and lecture E (x, y, w, h); neither says whether x and y are the upper left corner or the
middle. Annotations are written in all of these ways, so a number without its convention is no box.
"""

from typing import Literal, get_args

import numpy as np

from core.errors import CoreError, ShapeError
from core.types import Floats

Form = Literal["x1, y1, x2, y2", "x, y, w, h", "x, y, h, w", "cx, cy, w, h"]
FORMS: tuple[Form, ...] = get_args(Form)


def numbers(boxes: Floats, form: Form) -> Floats:
    """Corners as four numbers in another form: (N, 4) -> (N, 4).

    >>> numbers(np.array([[2.0, 3.0, 6.0, 5.0]]), "cx, cy, w, h")
    array([[4., 4., 4., 2.]])
    """
    _must_be_four(boxes)
    starts, sides = boxes[:, :2], boxes[:, 2:] - boxes[:, :2]
    written: dict[Form, Floats] = {
        "x1, y1, x2, y2": boxes,
        "x, y, w, h": np.hstack([starts, sides]),
        "x, y, h, w": np.hstack([starts, sides[:, ::-1]]),
        "cx, cy, w, h": np.hstack([starts + sides / 2, sides]),
    }
    if form not in written:
        raise CoreError(f"boxes are written as {'; '.join(FORMS)}, got {form!r}")
    return written[form]


def corners(written: Floats, form: Form) -> Floats:
    """The boxes that four numbers in a form mean, and the way back from `numbers`: (N, 4) -> (N, 4).

    Numbers of another form are taken as they are, so the answer may lie elsewhere or have x2 below x1.

    >>> corners(np.array([[2.0, 3.0, 4.0, 2.0]]), "x, y, w, h")
    array([[2., 3., 6., 5.]])
    >>> corners(np.array([[2.0, 3.0, 4.0, 2.0]]), "x, y, h, w")
    array([[2., 3., 4., 7.]])
    """
    _must_be_four(written)
    starts, rest = written[:, :2], written[:, 2:]
    boxes: dict[Form, Floats] = {
        "x1, y1, x2, y2": written,
        "x, y, w, h": np.hstack([starts, starts + rest]),
        "x, y, h, w": np.hstack([starts, starts + rest[:, ::-1]]),
        "cx, cy, w, h": np.hstack([starts - rest / 2, starts + rest / 2]),
    }
    if form not in boxes:
        raise CoreError(f"boxes are written as {'; '.join(FORMS)}, got {form!r}")
    return boxes[form]


def last_pixels(boxes: Floats) -> Floats:
    """Boxes of whole pixels written with the last pixel that belongs to them: (N, 4) -> (N, 4).

    Then a width is x2 - x1 + 1, as older tools have it. Whoever reads these corners as edges loses a row and a column.

    >>> last_pixels(np.array([[0.0, 0.0, 3.0, 3.0]]))
    array([[0., 0., 2., 2.]])
    """
    _must_be_four(boxes)
    lasts: Floats = boxes - np.array([0.0, 0.0, 1.0, 1.0])
    return lasts


def _must_be_four(boxes: Floats) -> None:
    if boxes.ndim != 2 or boxes.shape[1] != 4:
        raise ShapeError(f"need four numbers for each box, (N, 4), got an array of shape {boxes.shape}")
