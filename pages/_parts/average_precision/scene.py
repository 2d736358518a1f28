"""The picture that is judged: its things, the detections that a visitor edits, and what became of each."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from core.data.scenes import CLASSES, Target, draw, labels, sketch
from core.data.scenes import boxes as boxes_of
from core.detect.found import Found, problem
from core.measure.coco.records import Problem
from core.measure.detection import Choice, Match, matched, precision_recall
from core.types import Floats
from pages._kit.box_editor import Drawn, Ghost, Kind, box_editor, read, written
from pages._kit.pictures import pixels

SIDE, NUMBER, MOST = 240, 192, 24
WORDS = ("circle", "square")
GREEN, VERMILLION = "#009E73", "#D55E00"
SAID = (Kind("detection", VERMILLION, "D", scored=True, dashed=True),)
# The thing it was meant for, how far off in shares of its sides, how much larger, what it was called, how sure it was.
BEGIN: tuple[tuple[str, float, float, float, str, float], ...] = (
    ("C1", 0.03, 0.02, 1.05, "circle", 0.97),
    ("C2", 0.10, 0.00, 1.00, "circle", 0.91),
    ("C1", 0.15, 0.10, 1.00, "circle", 0.84),  # a second one of the same thing
    ("C3", 0.00, 0.15, 1.10, "circle", 0.78),
    ("C4", 0.35, 0.20, 1.00, "circle", 0.58),  # badly placed
    ("S2", 0.05, 0.05, 1.00, "circle", 0.50),  # the wrong class
    ("C5", 0.10, 0.05, 0.90, "circle", 0.42),
    ("S1", 0.02, 0.02, 1.00, "square", 0.93),
    ("S3", 0.12, 0.00, 1.10, "square", 0.74),
    ("C4", 0.05, 0.10, 1.00, "square", 0.55),  # the wrong class
    ("S2", 0.10, 0.12, 1.00, "square", 0.35),
)
NOWHERE = (24.0, 30.0, 66.0, 72.0, "circle", 0.66)  # on the background


@dataclass(frozen=True, eq=False)
class Truth:
    """The picture (H, W, 3), and what is to be seen on it."""

    picture: NDArray[np.uint8]
    targets: tuple[Target, ...]
    boxes: Floats  # (N, 4)
    labels: NDArray[np.int64]  # (N,) places among `WORDS`
    names: tuple[str, ...]  # C1, C2, S1 ...


@st.cache_resource(show_spinner=False)
def truth() -> Truth:
    """Five circles and three squares."""
    seen = draw(
        sketch(
            "test", NUMBER, objects=(8, 8), sizes=(0.07, 0.12), classes=WORDS, overlap=0.0, name="average precision"
        ),
        side=SIDE,
    )
    words = [target.label for target in seen.targets]
    names = tuple(f"{word[0].upper()}{1 + words[:place].count(word)}" for place, word in enumerate(words))
    places = np.array([WORDS.index(word) for word in words])
    return Truth(pixels(seen.image.astype(np.float64)), seen.targets, boxes_of(seen.targets), places, names)


@st.cache_resource(show_spinner=False)
def begin() -> str:
    """The detections to begin with, as text."""
    rows, words, sure = list[list[float]](), list[int](), list[float]()
    for name, right, down, larger, word, confidence in BEGIN:
        x1, y1, x2, y2 = truth().boxes[truth().names.index(name)]
        width, height = x2 - x1, y2 - y1
        x, y = x1 + right * width, y1 + down * height
        rows.append([x, y, x + larger * width, y + larger * height])
        words.append(WORDS.index(word))
        sure.append(confidence)
    rows.append(list(NOWHERE[:4]))
    words.append(WORDS.index(NOWHERE[4]))
    sure.append(NOWHERE[5])
    order = np.argsort(-np.array(sure))
    boxes = np.array(rows).round().clip(0, SIDE)[order]
    nothing = np.zeros(len(boxes), dtype=np.int64)
    return written(Drawn(boxes, nothing, np.array(words)[order], np.array(sure)[order]), SAID, WORDS)


def field() -> Drawn:
    """The text field that the picture writes to and the address holds."""
    text = st.text_input(
        "Detections: x1, y1, x2, y2, class, score", begin(), key="boxes", bind="query-params", max_chars=MOST * 40
    )
    return read(text, (SIDE, SIDE), SAID, WORDS, most=MOST)


def editor(drawn: Drawn, *, key: str, notes: list[str], faint: list[bool], alt: str) -> None:
    """The picture, its things dotted, and the detections to be dragged."""
    ghosts = [
        Ghost((float(box[0]), float(box[1]), float(box[2]), float(box[3])), name, GREEN)
        for box, name in zip(truth().boxes, truth().names, strict=True)
    ]
    box_editor(
        truth().picture, drawn, SAID, base="average precision", alt=alt, key=key, classes=WORDS, most=MOST,
        field="boxes", notes=notes, faint=faint, ghosts=ghosts,
    )  # fmt: skip


def matches(drawn: Drawn, label: int, threshold: float, choice: Choice = "best free") -> list[Match]:
    """One class: every detection of it with what it took, detections and things by their place in the picture."""
    mine, theirs = np.flatnonzero(drawn.classes == label), np.flatnonzero(truth().labels == label)
    found = matched(drawn.boxes[mine], drawn.scores[mine], truth().boxes[theirs], threshold=threshold, choice=choice)
    return [
        Match(
            int(mine[each.detection]),
            int(theirs[each.truth]) if each.truth >= 0 else -1,
            each.why,
            int(theirs[each.nearest]) if each.nearest >= 0 else -1,
            each.overlap,
        )
        for each in found
    ]


def curve(found: list[Match], label: int) -> tuple[Floats, Floats]:
    """Precision and recall of these matches."""
    hits = np.array([each.truth >= 0 for each in found], dtype=np.bool_)
    return precision_recall(hits, int((truth().labels == label).sum()))


def why(match: Match, threshold: float) -> str:
    """What became of a detection, in words."""
    name = truth().names[match.nearest] if match.nearest >= 0 else ""
    if match.why == "took it":
        return f"right: takes {truth().names[match.truth]}"
    if match.why == "taken before":
        return f"wrong: {name} is taken by a surer one"
    if match.why == "too little":
        return f"wrong: too far off {name}, below {threshold:g}"
    return "wrong: nothing of its class here"


def table(drawn: Drawn, found: list[Match], label: int, threshold: float) -> pd.DataFrame:
    """The detections of a class, the surest first."""
    precision, recall = curve(found, label)
    return pd.DataFrame(
        {
            "score": [f"{drawn.scores[each.detection]:.2f}" for each in found],
            "IoU": [f"{each.overlap:.2f}" for each in found],
            "what became of it": [why(each, threshold) for each in found],
            "precision": [f"{value:.3f}" for value in precision],
            "recall": [f"{value:.2f}" for value in recall],
        },
        index=pd.Index([f"D{1 + each.detection}" for each in found], name="detection"),
    )


def as_problem(drawn: Drawn) -> Problem:
    """The same for COCO's evaluation."""
    places = np.array([CLASSES.index(word) for word in WORDS])[drawn.classes]
    order = np.argsort(-drawn.scores, kind="stable")
    return problem([Found(drawn.boxes[order], places[order], drawn.scores[order])], [truth().targets])


def as_boxes(drawn: Drawn) -> str:
    """The detections as a table to take along."""
    text: str = pd.DataFrame(drawn.boxes, columns=["x1", "y1", "x2", "y2"]).assign(
        label=[WORDS[each] for each in drawn.classes], score=drawn.scores
    ).to_csv(index=False)  # fmt: skip
    return text


def things(label: int) -> int:
    """How many things of a class there are."""
    return int((labels(truth().targets, WORDS) == label).sum())
