"""Padding inside the net breaks the equality: which values of a window change, layer by layer."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import streamlit as st

from core.models.window_net import canvas
from core.segment.dense import as_convolutions
from core.segment.heatmap import patch_by_patch, probabilities, scores, unlike
from core.types import Floats
from pages._kit import lab
from pages._kit.panels import Panel, panels
from pages._parts.heat_map import figures
from pages._parts.heat_map.maps import which_canvas

if TYPE_CHECKING:
    from torch.nn import Module, Sequential

STRIDE, SIDE = 4, 64


@dataclass(frozen=True)
class Reader:
    """A built-in reader of digits, the window it was trained on, and what it expects of pixels from 0 to 1."""

    name: str
    window: int
    low: float
    high: float
    pads: str


READERS = {
    "no padding, 16x16": Reader("digit_windows", 16, -1.0, 1.0, "No layer pads."),
    "padded, 8x8": Reader("digits", 8, 0.0, 1.0, "Both 3x3 convolutions pad by 1."),
    "padded, 12x12": Reader("placed", 12, -0.5, 2.4, "The 5x5 convolution pads by 2, the 3x3 one by 1."),
}


@st.cache_resource(show_spinner=False)
def reader(name: str) -> tuple["Module", "Sequential"]:
    """A reader as it was trained, and converted."""
    from core.models.registry import load

    module, side = load(READERS[name].name), READERS[name].window
    return module, as_convolutions(module, (1, side, side))


@st.cache_data(show_spinner=False, max_entries=100)
def both(name: str, number: int) -> tuple[Floats, Floats, list[tuple[str, float]]]:
    """The scores in one pass and window by window, and what becomes of the window in the middle."""
    module, sliding = reader(name)
    kind = READERS[name]
    image = (kind.low + (kind.high - kind.low) * canvas("test", number, side=SIDE).image[None]).astype(np.float32)
    slid, cut = scores(sliding, image), patch_by_patch(module, image, window=kind.window, stride=STRIDE)
    return slid, cut, unlike(sliding, image, (24, 24), kind.window)


def padding(controls: Any, stage: Any) -> lab.Said:
    """One pass against window by window, for nets that pad and one that does not."""
    with controls:
        name = st.radio("Reader of digits", list(READERS), 1, key="reader", bind="query-params")
        number = which_canvas()
        digit = int(st.slider("Probability of digit", 0, 9, 1, key="digit", bind="query-params"))
        st.caption(READERS[name].pads)
    slid, cut, layers = both(name, number)
    one, other = probabilities(slid)[digit], probabilities(cut)[digit]
    off, moved = float(np.abs(slid - cut).max()), float((slid.argmax(axis=0) != cut.argmax(axis=0)).mean())
    span = float(np.abs(cut).max())
    with stage:
        st.markdown(
            f"Scores differ by up to **{off:.2g}** (the largest is {span:.3g}); **{moved:.0%}** of the windows get "
            "another answer."
        )
        lab.chart(
            panels(
                [
                    Panel("one pass", one, most=1.0),
                    Panel("window by window", other, most=1.0),
                    Panel("difference", one - other, "signs", 1.0),
                ],
                height=250,
            ),
            key="three",
            alt=f"Probability of {digit} at {one.shape[0]}x{one.shape[1]} places, in one pass and window by window; "
            f"the largest difference is {np.abs(one - other).max():.2f}.",
            quick=True,
        )
        st.caption(
            "Probabilities from 0, dark, to 1, yellow. The difference is orange where one pass says more, blue where "
            "it says less."
        )
        st.markdown("One window, on its own and as a part of the image: how many of its values differ?")
        told = ", ".join(f"{layer} {share:.0%}" for layer, share in layers)
        rows = pd.DataFrame(
            [(layer, f"{share:.1%}") for layer, share in layers], columns=["layer", "values that differ"]
        )
        rows.index = pd.RangeIndex(1, len(rows) + 1, name="number")
        lab.chart(figures.spoilt(layers), key="spoilt", alt=f"Values that differ: {told}.", table=rows, quick=True)
    clean = layers[-1][1] == 0
    return lab.Said(
        notice=[
            "Without padding a value depends on the pixels of its window and on nothing else: both ways are equal."
            if clean
            else "A padded layer puts zeros around what it gets. For a window cut out they stand at the window's rim; "
            "in one pass over the image they stand at the image's rim, and the window's rim sees its neighbours.",
            f"Here {layers[0][1]:.0%} of the first layer's values differ, and {layers[-1][1]:.0%} of the last one's"
            + ("." if clean else ": every layer that pads or looks around carries the difference further inwards."),
            "So the equality of one pass and patches is a law for nets without padding. For others the map is still of "
            "use: it is another net's map, one that sees the true neighbours where it was trained on zeros.",
            "This reader of digits has no class for nothing. On empty ground it must name some digit, both ways."
            if READERS[name].name != "digit_windows"
            else "It has a class for nothing, so empty ground is dark in the map of every digit.",
        ],
        call=f'unlike(as_convolutions(load("{READERS[name].name}"), ...), image, (24, 24), {READERS[name].window})',
        shows=(unlike, patch_by_patch, scores),
        exports={"difference.csv": lambda: pd.DataFrame(one - other).round(6).to_csv(index=False, header=False)},
    )
