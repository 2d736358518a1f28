"""Two views: where a larger image stops a classifier, and the map that the converted one makes of it."""

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import streamlit as st

from core.models.window_net import CLASSES, NOTHING, STEP, WINDOW, Canvas, canvas, prepared
from core.segment.dense import Stop, as_convolutions, dense_to_conv, run_through
from core.segment.heatmap import patch_by_patch, positions, probabilities, scores
from core.types import Floats
from pages._kit import lab
from pages._kit.scrolling import scrolling
from pages._kit.veil import Frame, Veiled, veiled
from pages._parts.heat_map import figures

if TYPE_CHECKING:
    from torch.nn import Module, Sequential

DIGIT = "any digit"


@st.cache_resource(show_spinner=False)
def nets() -> tuple["Module", "Sequential"]:
    """The classifier as it was trained, and the same with its dense layers as convolutions."""
    from core.models.registry import load

    module = load("digit_windows")
    return module, as_convolutions(module, (1, WINDOW, WINDOW))


@st.cache_data(show_spinner=False, max_entries=60)
def drawn(number: int, side: int) -> Canvas:
    """A canvas of the test part."""
    return canvas("test", number, side=side)


@st.cache_data(show_spinner=False, max_entries=300)
def slid(number: int, side: int) -> Floats:
    """The scores of the converted net on a canvas: (11, OH, OW)."""
    return scores(nets()[1], prepared(drawn(number, side).image))


@st.cache_data(show_spinner=False, max_entries=100)
def cut(number: int, side: int) -> Floats:
    """The same scores window by window."""
    return patch_by_patch(nets()[0], prepared(drawn(number, side).image), window=WINDOW, stride=STEP)


def which_canvas() -> int:
    """The canvas, shared by the views."""
    return int(st.slider("Canvas", 0, 99, 6, key="canvas", bind="query-params"))


def larger(controls: Any, stage: Any) -> lab.Said:
    """One image, two nets, layer by layer."""
    with controls:
        side = int(st.slider("Side of the image, pixels", 12, 64, 28, key="side", bind="query-params"))
        number = which_canvas()
    image = drawn(number, 64).image[:side, :side]
    module, sliding = nets()
    stops, through = run_through(module, prepared(image)), run_through(sliding, prepared(image))
    table = _layers(stops, through)
    stopped = next((stop for stop in stops if stop.error), None)
    with stage:
        told, failed = _verdict(side, stopped, through)
        (st.success if not failed else st.warning)(
            told, icon=":material/check_circle:" if not failed else ":material/lightbulb:"
        )
        left, right = st.columns([2, 3], vertical_alignment="top")
        with left:
            veiled(
                [Veiled(image[..., None], f"The upper left {side}x{side} pixels of a canvas with digits.")], most=260
            )
        with right:
            st.html(scrolling(table, label="The volumes behind every layer"))
        if through[-1].shape is not None:
            shares = probabilities(scores(sliding, prepared(image)))
            found = int((shares.argmax(axis=0) != NOTHING).sum())
            size = "x".join(map(str, shares.shape[1:]))
            st.markdown(f"The converted net answers at **{size}** places; a dot says that there is nothing:")
            lab.chart(
                figures.answers(shares),
                key="answers",
                alt=f"A map of {size} answers: {found} name a digit, the others say that there is nothing.",
                quick=True,
            )
    first = through[0].shape
    return lab.Said(
        notice=[
            f"Convolutions and poolings take any size: of {side}x{side} pixels the first one makes "
            f"{'x'.join(map(str, first)) if first else 'nothing, because the image is smaller than its window'}.",
            "A dense layer has one weight for each value of its input: 64 units on 32x2x2 values are 64·128 weights. "
            "With more values it has no weights for them, and says so.",
            "Written as a convolution, the same 8,192 weights are 64 filters of 32x2x2: as large as the volume. On "
            "16x16 pixels they fit once, on a larger image they slide. The next dense layer sees 1x1 pixel and becomes "
            "a convolution of 1x1.",
            "Nothing was trained again, and no weight was changed: at 16x16 pixels both nets give the same scores.",
        ],
        call=f"as_convolutions(classifier, (1, 16, 16))(image)  # {side}x{side} pixels",
        shows=(dense_to_conv, as_convolutions, run_through),
        exports={"layers.csv": lambda: table.to_csv()},
    )


def _verdict(side: int, stopped: Stop | None, through: list[Stop]) -> tuple[str, bool]:
    if through[-1].error:
        return f"{side}x{side} pixels are less than one window of {WINDOW}x{WINDOW}: neither net can look.", True
    if stopped is None:
        return f"{side}x{side} pixels: both nets answer, and they give the same {len(CLASSES)} scores.", False
    return (
        f"The classifier stops at its first dense layer: *{stopped.error}*. The converted net goes on.",
        True,
    )


def _layers(stops: list[Stop], through: list[Stop]) -> pd.DataFrame:
    """The two nets beside each other; Flatten has no partner."""
    partner, rows = iter(through), list[tuple[str, str, str]]()
    names = ["Conv2d", "ReLU", "MaxPool2d", "Conv2d", "ReLU", "MaxPool2d", "Flatten", "Linear", "ReLU", "Linear"]
    for place, name in enumerate(names):
        mine = stops[place] if place < len(stops) else None
        theirs = None if name == "Flatten" else next(partner, None)
        rows.append((f"{place + 1}. {name}", _said(mine), "" if name == "Flatten" else _said(theirs)))
    return pd.DataFrame(rows, columns=["layer", "as trained", "dense as conv"]).set_index("layer")


def _said(stop: Stop | None) -> str:
    if stop is None:
        return ""
    return "stops here" if stop.shape is None else "x".join(map(str, stop.shape))


def heat(controls: Any, stage: Any) -> lab.Said:
    """A class's map over the canvas, and one of its places beside its window."""
    with controls:
        number = which_canvas()
        side = int(st.select_slider("Side of the canvas", (32, 48, 64, 96, 128), 64, key="extent", bind="query-params"))
        name = st.selectbox("Heat of", [DIGIT, *CLASSES], key="heat", bind="query-params")
        count = len(positions(side, WINDOW, STEP))
        state = st.session_state
        for key in ("row", "column"):
            if state.get(key, 0) > count - 1:
                state[key] = count - 1
        row = int(st.slider("Row of the map", 0, count - 1, 0, key="row", bind="query-params"))
        column = int(st.slider("Column of the map", 0, count - 1, 2, key="column", bind="query-params"))
    picture, found, alone = drawn(number, side), slid(number, side), cut(number, side)
    shares, shown = probabilities(found), _heat_of(probabilities(found), name)
    off = float(np.abs(found - alone).max())
    y, x = STEP * row, STEP * column
    window = picture.image[y : y + WINDOW, x : x + WINDOW, None]
    half = (WINDOW - STEP) / 2
    here, there = shares[:, row, column], probabilities(alone)[:, row, column]
    best = CLASSES[int(here.argmax())]
    places = ((picture.middles - half) // STEP).clip(0, count - 1).astype(int)  # the square over each digit's middle
    under = int((1 - shares[NOTHING, places[:, 1], places[:, 0]] > 0.5).sum())
    with stage:
        st.markdown(
            f"**{count}x{count} answers** in one pass. All {count * count} windows cut out and classified one by one: "
            f"the scores differ by at most **{off:.0e}**."
        )
        veiled(
            [
                Veiled(
                    picture.image[..., None],
                    f"A canvas with {len(picture.labels)} digits under the heat of {name}: the largest value is "
                    f"{shown.max():.2f}. A frame marks the window of row {row}, column {column}.",
                    f"Heat of {name}. Every square is one answer, drawn in the middle of its window.",
                    heat=shown,
                    place=(half, half, STEP * count, STEP * count),
                    frames=[Frame((x, y, WINDOW, WINDOW))],
                ),
                Veiled(
                    window,
                    f"The window of {WINDOW}x{WINDOW} pixels at row {row}, column {column}.",
                    f"The framed window: pixels {y} to {y + WINDOW - 1} down, {x} to {x + WINDOW - 1} across. "
                    f"The map says {best}, {here.max():.0%}.",
                ),
            ],
            least=170,
        )
        lab.chart(
            figures.two_ways(here, there),
            key="window",
            alt=f"Probabilities at row {row}, column {column}: the map says {best} with {here.max():.1%}, the window "
            f"alone {CLASSES[int(there.argmax())]} with {there.max():.1%}.",
            table=figures.bar_table(here, there),
            quick=True,
        )
    return lab.Said(
        notice=[
            f"The value at row {row}, column {column} is the answer for the {WINDOW}x{WINDOW} pixels in the frame, "
            "its receptive field. Move the frame: map and window always say the same.",
            f"Neighbours in the map look {STEP} pixels further: the product of the strides. So the map has "
            f"({side} - {WINDOW}) / {STEP} + 1 = {count} rows, and the heat is coarse.",
            f"{len(picture.labels)} digits are on this canvas; over the middle of {under} of them the heat of any "
            "digit is above a half. A window with a digit at its rim says nothing: the net learned to answer for "
            "the middle.",
            "The lecture's map is made of probabilities: the classes at one place add up to 1. Without a class for "
            "nothing, the net would have to name a digit everywhere.",
        ],
        call=f'scores(as_convolutions(load("digit_windows"), (1, 16, 16)), image)  # {found.shape}',
        shows=(scores, probabilities, patch_by_patch, as_convolutions),
        exports={"heat.csv": lambda: pd.DataFrame(shown).round(6).to_csv(index=False, header=False)},
    )


def _heat_of(shares: Floats, name: str) -> Floats:
    found: Floats = 1 - shares[NOTHING] if name == DIGIT else shares[CLASSES.index(name)]
    return found
