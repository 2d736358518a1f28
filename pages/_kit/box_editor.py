"""The browser component in which a visitor moves, resizes, draws, removes and scores boxes on a picture.

    truth = Kind("truth", "#009E73", short="T")
    found = Kind("detection", "#D55E00", short="D", scored=True, dashed=True)
    drawn = box_editor(picture, start, [truth, found], classes=["circle"], base="scene 3", alt="...", key="editor")
    drawn.boxes[drawn.of(1)]  # the detections, as corners in pixels of the picture

By mouse and touch boxes are dragged, and resized by their handles; by keyboard Tab chooses a box, arrows move it, Shift
and arrows resize it, Delete removes it, digits edit its score. While something is dragged the browser sends the boxes
as often as the server answers, so that a figure beside it follows. Nothing that arrives is trusted: `received` checks
form, number, order and range.

Where the boxes are kept: by default in the session, as long as `base` stays the same; another base begins anew from its
own `start`. With `field`, the key of a text field that the page binds to the address, every gesture writes the boxes
there as text instead (`written`), and the page hands in what it reads from it (`read`): then a link holds the boxes.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.errors import CoreError, LimitError, ShapeError
from core.types import Floats, Pair
from pages._kit.component import component
from pages._kit.pictures import data_uri

MOST = 60  # boxes
LEAST = 2.0  # pixels of a side
FAR = 1e6  # no picture is as wide
COUNTER = 1_000_000_000  # a browser counts what it sends
Places = NDArray[np.int64]


@dataclass(frozen=True)
class Kind:
    """A kind of box: what it is called, in its colour, with a solid or a dashed frame, and whether it has a score.

    Boxes are named by `short` and, if they are `numbered`, their number within their kind: T1, T2, D1.
    """

    name: str
    colour: str
    short: str = ""
    scored: bool = False
    dashed: bool = False
    numbered: bool = True


@dataclass(frozen=True)
class Ghost:
    """A box that is only looked at, with a dotted frame: its corners, what stands beside it, and its colour."""

    box: tuple[float, float, float, float]
    name: str
    colour: str


@dataclass(frozen=True, eq=False)
class Drawn:
    """N boxes: corners in pixels (N, 4), places of their kinds and classes (N,), scores from 0 to 1 (N,)."""

    boxes: Floats
    kinds: Places
    classes: Places
    scores: Floats

    def __len__(self) -> int:
        return len(self.boxes)

    def of(self, kind: int) -> Places:
        """Which of them are of a kind."""
        return np.flatnonzero(self.kinds == kind)


def drawn(boxes: Any, kinds: Any = None, *, classes: Any = None, scores: Any = None) -> Drawn:
    """Boxes with what is known about them; else they are of the first kind and class, with a score of 1.

    >>> drawn([[0, 0, 4, 4]], scores=[0.5])
    Drawn(boxes=array([[0., 0., 4., 4.]]), kinds=array([0]), classes=array([0]), scores=array([0.5]))
    """
    corners = np.asarray(boxes, dtype=np.float64).reshape(-1, 4)
    nothing, count = np.zeros(len(corners), dtype=np.int64), len(corners)
    whole = [nothing if each is None else np.asarray(each, dtype=np.int64) for each in (kinds, classes)]
    sure = np.ones(count) if scores is None else np.asarray(scores, dtype=np.float64)
    if any(each.shape != (count,) for each in (*whole, sure)):
        raise ShapeError(f"need one kind, class and score for each of {count} boxes")
    return Drawn(corners, whole[0], whole[1], sure)


def box_editor(
    picture: NDArray[np.uint8],
    start: Drawn,
    kinds: Sequence[Kind],
    *,
    base: str,
    alt: str,
    key: str,
    classes: Sequence[str] = (),
    free: bool = True,
    grid: float = 1.0,
    most: int = MOST,
    field: str | None = None,
    notes: Sequence[str] = (),
    faint: Sequence[bool] = (),
    strong: Sequence[bool] = (),
    ghosts: Sequence[Ghost] = (),
    wide: int = 480,
) -> Drawn:
    """Show a picture (H, W, 3) with boxes to be edited, and return them as they are now.

    `free` says whether boxes can be added and removed; coordinates are multiples of `grid`. `notes` are words behind
    the name of each box, `faint` boxes are drawn pale, `strong` ones bold: all for the boxes as they are now, so
    compute them from `now(...)` before. `ghosts` are boxes that nobody can touch. The picture is shown `wide` pixels
    wide where there is room.
    """
    if len(start) > min(most, MOST):
        raise LimitError(f"at most {min(most, MOST)} boxes on one picture, got {len(start)}")
    shown = start if field else now(key, base, start)
    told = notes if len(notes) == len(shown) else ("",) * len(shown)
    pale, bold = (each if len(each) == len(shown) else (False,) * len(shown) for each in (faint, strong))
    mount = component("box_editor", html='<div class="boxes"></div>', base=("elements", "box_places"))
    mount(
        data={
            "picture": data_uri(picture),
            "size": [picture.shape[1], picture.shape[0]],
            "kinds": [vars(kind) for kind in kinds],
            "words": list(classes),
            "boxes": rows(shown),
            "notes": list(told),
            "faint": [bool(each) for each in pale],
            "strong": [bool(each) for each in bold],
            "ghosts": [
                {"box": list(map(float, each.box)), "name": each.name, "colour": each.colour} for each in ghosts
            ],
            "rules": {"free": free, "grid": grid, "least": LEAST, "most": min(most, MOST), "wide": wide},
            "base": base,
            "count": st.session_state.get(f"_{key}_count", 0),
            "alt": alt,
        },
        key=key,
        on_sent_change=lambda: _take(key, base, start, kinds, classes, picture.shape[:2], free, min(most, MOST), field),
    )
    return shown


def now(key: str, base: str, start: Drawn) -> Drawn:
    """The boxes as they were left on `base`, or its start."""
    of, kept = st.session_state.get(f"_{key}", (None, None))
    return kept if of == base and kept is not None else start


def rows(boxes: Drawn) -> list[list[float]]:
    """One row of seven numbers for each box, as browser and server send them: corners, kind, class, score.

    >>> rows(drawn([[0, 0, 4, 4.5]], scores=[0.5]))
    [[0.0, 0.0, 4.0, 4.5, 0, 0, 0.5]]
    """
    parts = (boxes.boxes.tolist(), boxes.kinds.tolist(), boxes.classes.tolist(), boxes.scores.tolist())
    return [[*corners, kind, word, score] for corners, kind, word, score in zip(*parts, strict=True)]


def received(sent: object, size: Pair, kinds: int, classes: int, *, most: int = MOST) -> Drawn:
    """The boxes that a browser sent as rows of seven numbers, on a picture of `size` (H, W); anything else is refused.

    >>> received([[1, 2, 5, 4.5, 0, 0, 0.5]], (8, 8), kinds=1, classes=0).boxes
    array([[1. , 2. , 5. , 4.5]])
    """
    if not isinstance(sent, list) or len(sent) > most:
        raise CoreError(f"boxes are a list of at most {most} rows")
    for row in sent:
        if not isinstance(row, list) or len(row) != 7 or not all(map(_is_number, row)):
            raise CoreError("a box is a row of seven numbers: its corners, its kind, its class and its score")
    table = np.array(sent, dtype=np.float64).reshape(-1, 7)
    corners, places, scores = table[:, :4], table[:, 4:6], table[:, 6]
    sides, far = corners[:, 2:] - corners[:, :2], np.array([size[1], size[0]] * 2)
    if (corners < 0).any() or (corners > far).any() or (sides <= 0).any():
        raise CoreError(
            f"a box lies on the picture, which is {size[1]} wide and {size[0]} high, with x1 below x2 and y1 below y2"
        )
    if (places != np.floor(places)).any() or (places < 0).any() or (places >= [kinds, max(1, classes)]).any():
        raise CoreError("a box is of a kind and a class that there are")
    if (scores < 0).any() or (scores > 1).any():
        raise CoreError("a score lies between 0 and 1")
    return Drawn(corners, places[:, 0].astype(np.int64), places[:, 1].astype(np.int64), scores)


def names(boxes: Drawn, kinds: Sequence[Kind]) -> list[str]:
    """What the boxes are called on the picture: the letter of their kind, and their number.

    >>> names(drawn([[0, 0, 4, 4]] * 3, [0, 1, 0]), [Kind("truth", "#009E73", "T"), Kind("found", "#D55E00", "D")])
    ['T1', 'D1', 'T2']
    """
    given = list[str]()
    for place, kind in enumerate(boxes.kinds.tolist()):
        number = 1 + int((boxes.kinds[:place] == kind).sum())
        given.append(f"{kinds[kind].short}{number if kinds[kind].numbered else ''}")
    return given


def written(boxes: Drawn, kinds: Sequence[Kind], classes: Sequence[str] = ()) -> str:
    """Boxes as text for the address: corners, then kind, class and score where there is a choice.

    >>> written(drawn([[1, 2, 5, 4.5]], scores=[0.5]), [Kind("found", "#D55E00", scored=True)])
    '1 2 5 4.5 0.5'
    """
    told = list[str]()
    for *corners, kind, word, score in rows(boxes):
        words = [f"{side:g}" for side in corners]
        words += [_word(kinds[int(kind)].name)] if len(kinds) > 1 else []
        words += [_word(classes[int(word)])] if classes else []
        words += [f"{score:g}"] if kinds[int(kind)].scored else []
        told.append(" ".join(words))
    return "; ".join(told)


def read(text: str, size: Pair, kinds: Sequence[Kind], classes: Sequence[str] = (), *, most: int = MOST) -> Drawn:
    """The boxes that a text means, on a picture of `size` (H, W); what cannot be read is explained.

    >>> read("1 2 5 4.5 0.5; 0 0 3 3", (8, 8), [Kind("found", "#D55E00", scored=True)]).scores
    array([0.5, 1. ])
    """
    parts = [part.replace(",", " ").split() for part in text.split(";") if part.strip()]
    if len(parts) > most:
        raise LimitError(f"at most {most} boxes on one picture, got {len(parts)}")
    table = list[list[float]]()
    of_kind = {_word(kind.name): place for place, kind in enumerate(kinds)}
    of_class = {_word(word): place for place, word in enumerate(classes)}
    for number, words in enumerate(parts, start=1):
        numbers = [value for value in map(_number, words) if value is not None]
        rest = [word for word in words if _number(word) is None]
        strange = [word for word in rest if word not in of_kind and word not in of_class]
        if strange or len(numbers) not in (4, 5):
            choices = [" or ".join(each) for each in (of_kind, of_class) if len(each) > 1]
            parts_of = ["x1", "y1", "x2", "y2", *choices, *(["a score"] if any(kind.scored for kind in kinds) else [])]
            raise CoreError(f"box {number} reads {' '.join(words)[:40]!r}: write {', '.join(parts_of)}")
        kind = next((of_kind[word] for word in rest if word in of_kind), 0)
        chosen = next((of_class[word] for word in rest if word in of_class), 0)
        table.append([*numbers[:4], kind, chosen, numbers[4] if len(numbers) == 5 else 1.0])
    return received(table, size, len(kinds), len(classes), most=most)


def _take(
    key: str,
    base: str,
    start: Drawn,
    kinds: Sequence[Kind],
    classes: Sequence[str],
    size: Sequence[int],
    free: bool,
    most: int,
    field: str | None,
) -> None:
    """Keep what was edited; a gesture on another picture, which came too late, is dropped, and so is any nonsense."""
    sent = st.session_state[key].sent
    if not isinstance(sent, dict) or sent.get("base") != base:
        return
    count = sent.get("count")
    if not isinstance(count, int) or isinstance(count, bool) or not 0 <= count < COUNTER:
        return
    st.session_state[f"_{key}_count"] = count  # answered, whatever it was: the browser waits for it
    try:
        boxes = received(sent.get("boxes"), (size[0], size[1]), len(kinds), len(classes), most=most)
    except CoreError:
        return
    if not free and (len(boxes) != len(start) or (boxes.kinds != start.kinds).any()):
        return
    boxes = replace(boxes, scores=np.where(_scored(kinds)[boxes.kinds], boxes.scores, 1.0))
    if field:
        st.session_state[field] = written(boxes, kinds, classes)
    else:
        st.session_state[f"_{key}"] = base, boxes


def _scored(kinds: Sequence[Kind]) -> NDArray[np.bool_]:
    return np.array([kind.scored for kind in kinds], dtype=np.bool_)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and -FAR <= value <= FAR  # and no NaN


def _number(word: str) -> float | None:
    try:
        value = float(word)
    except ValueError:
        return None
    return value if _is_number(value) else None


def _word(name: str) -> str:
    return name.replace(" ", "_")
