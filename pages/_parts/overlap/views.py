"""The four views of the lab: each draws its controls and its figure, and returns what it has to say."""

from collections.abc import Sequence
from math import exp
from typing import Any, get_args

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from core.detect.boxes import intersection_over_union, overlap
from core.detect.forms import FORMS, Form, corners, last_pixels, numbers
from core.detect.offsets import LARGEST, decode, encode
from core.detect.pictures import picture
from core.errors import CoreError
from core.types import Floats
from pages._kit import lab
from pages._kit.box_editor import Drawn, Ghost, Kind, box_editor, read
from pages._kit.pictures import pixels
from pages._kit.scrolling import scrolling
from pages._parts.overlap import figures
from pages._parts.overlap.figures import BLUE, GREEN, PURPLE, VERMILLION

SIDE, SCENE = 160, 0
TIMES = "\N{MULTIPLICATION SIGN}"
LETTERS = 120
TWO = (
    Kind("truth", GREEN, "A, truth", numbered=False),
    Kind("answer", VERMILLION, "B, answer", dashed=True, numbered=False),
)
ONE = (Kind("box", GREEN, "box", numbered=False),)
BASED = (
    Kind("base box", BLUE, "base box", dashed=True, numbered=False),
    Kind("object", GREEN, "object", numbered=False),
)
DELTAS = ("dx", "dy", "dw", "dh")


@st.cache_resource(show_spinner=False)
def scene() -> NDArray[np.uint8]:
    """The picture that is drawn on, (160, 160, 3)."""
    return pixels(picture("test", SCENE, side=SIDE).image.astype(np.float64))


def two(controls: Any, stage: Any) -> lab.Said:
    """Two boxes, and their intersection over union with its arithmetic."""
    with controls:
        text = st.text_input(
            "Two boxes, A and B: x1, y1, x2, y2",
            "48 7 87 78 truth; 58 14 102 70 answer",
            key="boxes",
            bind="query-params",
            max_chars=LETTERS,
        )
        threshold = st.slider(
            "An answer counts from an IoU of", 0.05, 0.95, 0.5, 0.05, key="least", bind="query-params"
        )
    drawn = _read(text, TWO)
    truth, answer = drawn.boxes[drawn.of(0)[0]], drawn.boxes[drawn.of(1)[0]]
    found = overlap(truth, answer)
    sizes = [f"{_px(box[2] - box[0])} {TIMES} {_px(box[3] - box[1])}" for box in (truth, answer)]
    spaces = [(box[2] - box[0]) * (box[3] - box[1]) for box in (truth, answer)]
    hit = found.iou >= round(threshold, 2)  # a slider's 0.6 may be 0.6000000000000001
    with stage:
        left, right = st.columns([3, 2], gap="medium")
        with left:
            _editor(drawn, TWO, "boxes", f"A figure with two boxes on it; their IoU is {found.iou:.3f}.")
        with right:
            st.metric("Intersection over union", f"{found.iou:.3f}")
            st.markdown(
                f"**{'A hit' if hit else 'A miss'}**: {found.iou:.3f} is {'not ' if hit else ''}below {threshold:g}."
            )
            shared = f"{_px(found.width)} {TIMES} {_px(found.height)} = {_px(found.intersection)}"
            st.markdown(
                f"Intersection: {shared}\n\nA: {sizes[0]} = {_px(spaces[0])}\n\nB: {sizes[1]} = {_px(spaces[1])}\n\n"
                f"Union: {_px(spaces[0])} + {_px(spaces[1])} - {_px(found.intersection)} = {_px(found.union)}\n\n"
                f"IoU: {_px(found.intersection)} / {_px(found.union)} = {found.iou:.3f}"
            )
        shifts, values = figures.sideways(truth, answer, SIDE)
        alt = f"IoU of {found.iou:.3f} now; while B slides from rim to rim it is at most {values.max():.3f}."
        table = pd.DataFrame(
            {"B moved by": [f"{shift:g}" for shift in shifts], "IoU": [f"{value:.3f}" for value in values]}
        )
        lab.chart(figures.slide(shifts, values, found.iou, threshold), key="slide", quick=True, alt=alt, table=table)
        st.caption("What would become of the IoU if B slid sideways from where it lies. Dashed: the threshold.")
    notice = [
        "The intersection is a rectangle: it begins at the larger of the two starts and ends at the smaller of the two "
        "ends. If it ends before it begins, the boxes share nothing, and the IoU is 0 however far apart they are.",
        "The union counts what is shared once: the sum of the areas would count it twice.",
        "IoU has no unit and no scale: enlarge picture and boxes, and it stays. An error of five pixels is harmless "
        "for a large object and fatal for a small one.",
        "The lectures count an answer from an IoU of 0.5. That is stricter than it sounds: move a box by a quarter of "
        f"its width, and it has {0.75 / 1.25:.2f}; by a third, and it has {(2 / 3) / (4 / 3):.2f}; by half, 0.33.",
    ]
    call = f"overlap(np.array({truth.tolist()}), np.array({answer.tolist()}))  # {found.iou:.4f}"
    return lab.Said(notice, call, (overlap, intersection_over_union), _csv("slide", table))


def forms(controls: Any, stage: Any) -> lab.Said:
    """One box in all its forms, and what is drawn if one is read as another."""
    with controls:
        text = st.text_input("One box: x1, y1, x2, y2", "48 7 87 78", key="box", bind="query-params", max_chars=LETTERS)
        written = st.selectbox("Written as", FORMS, 1, key="written", bind="query-params")
        taken = st.selectbox("Read as", FORMS, 2, key="read", bind="query-params")
    drawn = _read(text, ONE)
    told, wrong = misread(drawn.boxes, _form(written), _form(taken))
    rows = {form: _words(numbers(drawn.boxes, form)[0]) for form in FORMS}
    turned = bool((wrong[0, 2:] <= wrong[0, :2]).any())
    share = 0.0 if turned else float(intersection_over_union(drawn.boxes, wrong)[0, 0])
    same = np.array_equal(wrong, drawn.boxes)
    said = f"Written as ({written}): {_words(told[0])}. Read as ({taken}): a box from {_where(wrong[0])}."
    alt = f"A box, and the box that is read by mistake; their IoU is {share:.3f}."
    if turned:
        fate = "It does not end behind its start, so it is no box at all: the kindest mistake, a program can notice it."
        alt = "A box. What is read by mistake is no box."
    elif same:
        fate = "Nothing is lost" + ("." if written == taken else ": for this box both forms have the same numbers.")
        alt = "A box, which is read as it was written."
    else:
        fate = f"With the right box it has an IoU of **{share:.3f}**, "
        beyond = bool((wrong < 0).any() or (wrong > SIDE).any())
        fate += "but it leaves the picture: that, a program can notice." if beyond else "and no program complains."
    with stage:
        ghosts = [] if turned or same else [Ghost(_corners(wrong[0]), "as read", VERMILLION)]
        _editor(drawn, ONE, "box", alt, ghosts)
        st.markdown(f"{said}\n\n{fate}")
        table = pd.DataFrame({"four numbers": rows}).rename_axis("form")
        st.html(scrolling(table, label="The box in every form"))
    notice = [
        "Lecture A writes a box as (x, y, h, w) and lecture E as (x, y, w, h). For a square it makes no difference, so "
        "a test with a square finds nothing.",
        "Neither says whether x and y are the corner or the middle. A middle read as a corner moves every box by half "
        "of its size to the lower right: such boxes look almost right, and have an IoU of 1/7 with the truth.",
        "Arrays are indexed by row first, so code is full of (y, x) and (h, w), while drawing has (x, y) and (w, h). "
        "Draw some boxes over their pictures before you train on them.",
    ]
    call = f'corners(numbers(np.array({drawn.boxes.tolist()}), "{written}"), "{taken}")  # {_words(wrong[0])}'
    return lab.Said(notice, call, (numbers, corners), _csv("forms", table.reset_index()))


def offsets(controls: Any, stage: Any) -> lab.Said:
    """A box as offsets from a base box: encoded, spoiled on request, and decoded."""
    import torch

    with controls:
        text = st.text_input(
            "Base box and object: x1, y1, x2, y2",
            "40 30 104 94 base_box; 48 7 87 78 object",
            key="based",
            bind="query-params",
            max_chars=LETTERS,
        )
        error = st.slider(
            "Every offset is answered too large by", -0.5, 0.5, 0.0, 0.05, key="error", bind="query-params"
        )
        turned = st.toggle("dh is read as dw and dw as dh", key="turned", bind="query-params")
    drawn = _read(text, BASED)
    base, thing = (torch.from_numpy(drawn.boxes[drawn.of(kind)]) for kind in (0, 1))
    found = encode(thing, base)
    answered = found + error
    answered = answered[:, [0, 1, 3, 2]] if turned else answered
    back = decode(answered, base).numpy()[0]
    share = float(intersection_over_union(back[None], thing.numpy())[0, 0])
    table = pd.DataFrame(
        {"offset": found[0].numpy().round(4), "as answered": answered[0].numpy().round(4)}, index=list(DELTAS)
    )
    with stage:
        ghosts = [Ghost(_corners(back), "decoded", PURPLE)] if share < 1 - 1e-6 else []
        _editor(drawn, BASED, "based", f"A base box, an object, and the box that is decoded, IoU {share:.3f}.", ghosts)
        st.html(scrolling(table, label="Offsets"))
        st.markdown(
            f"{_arithmetic(base.numpy()[0], thing.numpy()[0])}\n\n"
            f"Decoded: {_where(back)}. IoU with the object: **{share:.3f}**."
        )
        if bool((answered[:, 2:] > LARGEST).any()):
            st.markdown(f"A side grows at most {exp(LARGEST):g} times. More was asked for here, and is cut there.")
    notice = [
        "dx and dy are counted in widths and heights of the base box, dw and dh are logarithms of factors. All four "
        "are 0 where the base box fits already: a network that answers with zeros answers with the base box itself.",
        "The logarithm makes half and double equally far, and whatever the network answers the width is above 0.",
        "Encoding and decoding undo each other. What is learned is the difference, so the same offsets mean the same "
        "correction for a small base box and for a large one.",
        "Lecture E writes the offsets as (dx, dy, dh, dw). Exchange dw and dh, and from a square base box a tall "
        "object gets a wide box.",
    ]
    call = f"encode(torch.tensor({thing.tolist()}), torch.tensor({base.tolist()}))"
    return lab.Said(notice, call, (encode, decode), _csv("offsets", table.reset_index(names="")))


def ends(controls: Any, stage: Any) -> lab.Said:
    """Where a box ends: at the last pixel, or behind it."""
    with controls:
        side = st.slider("Side of the object in pixels", 1, 40, 3, key="side", bind="query-params")
    box = np.array([[0.0, 0.0, side, side]])
    written = last_pixels(box)
    sides = np.arange(1.0, 41.0)
    values = figures.small(sides)
    share = float(values[side - 1])
    lost, strict = (int((values < threshold).sum()) for threshold in (0.5, 0.95))
    with stage:
        st.metric("IoU of an object with itself, misread", f"{share:.3f}")
        st.markdown(
            f"An object of {side} {TIMES} {side} pixels fills the columns 0 to {side - 1}. By its edges it is the box "
            f"{_words(box[0])}, by its last pixels {_words(written[0])}. Read the second as edges, and the width is "
            f"{side} - 1 = {side - 1}: IoU = {(side - 1) ** 2} / {side**2} = **{share:.3f}**, "
            f"{'a miss' if share < 0.5 else 'a hit'} at 0.5."
        )
        alt = f"IoU against the side of the object: {share:.3f} at {side} pixels, below one half up to {lost} pixels."
        table = pd.DataFrame({"side": sides.astype(int), "IoU": values.round(4)})
        lab.chart(figures.ends(sides, values, side), key="ends", quick=True, alt=alt, table=table)
        st.caption("A perfect answer, scored with the wrong convention. Dashed: the usual threshold.")
    notice = [
        "Some tools write the last pixel that belongs to an object, so that a width is x2 - x1 + 1; others write the "
        "edge behind it, so that a width is x2 - x1. Here, in torchvision and in COCO it is the edge.",
        f"For a large object one row and one column are nothing. A perfect box around one of up to {lost} pixels "
        f"counts as a miss at 0.5, and at 0.95, the strictest threshold of COCO, around one of up to {strict}.",
        "An object one pixel wide has no area at all when it is misread. A box without area has an IoU of 0 with "
        "everything, itself included.",
    ]
    call = f"box = np.array([[0.0, 0, {side}, {side}]])\nintersection_over_union(box, last_pixels(box))  # {share:.4f}"
    return lab.Said(notice, call, (last_pixels, intersection_over_union), _csv("ends", table))


def misread(boxes: Floats, written: Form, taken: Form) -> tuple[Floats, Floats]:
    """The numbers of boxes in one form, and the corners that another one makes of them: (N, 4) -> (N, 4), (N, 4)."""
    told = numbers(boxes, written)
    return told, corners(told, taken)


def _read(text: str, kinds: Sequence[Kind]) -> Drawn:
    """One box of each kind, as the text field and the address have them."""
    drawn = read(text, (SIDE, SIDE), kinds)
    if sorted(drawn.kinds.tolist()) != list(range(len(kinds))):
        names = " and one ".join(kind.name for kind in kinds)
        raise CoreError(f"there is exactly one {names}, got {len(drawn)} boxes")
    return drawn


def _editor(drawn: Drawn, kinds: Sequence[Kind], field: str, alt: str, ghosts: Sequence[Ghost] = ()) -> None:
    box_editor(
        scene(), drawn, kinds, base=field, alt=alt, key=f"{field}-editor", free=False, field=field, ghosts=ghosts
    )


def _form(text: str) -> Form:
    return next(form for form in get_args(Form) if form == text)


def _arithmetic(base: Floats, box: Floats) -> str:
    (bx, by, bw, bh), (x, y, w, h) = (numbers(each[None], "cx, cy, w, h")[0].tolist() for each in (base, box))
    return (
        f"dx = ({x:g} - {bx:g}) / {bw:g} = {(x - bx) / bw:.3f}\n\n"
        f"dy = ({y:g} - {by:g}) / {bh:g} = {(y - by) / bh:.3f}\n\n"
        f"dw = log({w:g} / {bw:g}) = {np.log(w / bw):.3f}\n\n"
        f"dh = log({h:g} / {bh:g}) = {np.log(h / bh):.3f}"
    )


def _px(value: float) -> str:
    return f"{value:,.10g}" if value == int(value) else f"{value:,.2f}"


def _words(values: Floats) -> str:
    return ", ".join(f"{value:.4g}" for value in values)


def _where(box: Floats) -> str:
    return f"x {box[0]:.4g}, y {box[1]:.4g} to x {box[2]:.4g}, y {box[3]:.4g}"


def _corners(box: Floats) -> tuple[float, float, float, float]:
    x1, y1, x2, y2 = box.tolist()
    return x1, y1, x2, y2


def _csv(name: str, table: pd.DataFrame) -> lab.Exports:
    return {f"{name}.csv": lambda: table.to_csv(index=False)}
