"""What both ways cost: counted for any image and stride, and measured on this machine on demand."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from statistics import median
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.learning.train import Progress
from core.models.patch_net import PATCH_NET
from core.models.window_net import WINDOW_NET
from core.nets.layers import Network
from core.nets.zoo import network
from core.segment.dense import as_convolutions
from core.segment.heatmap import MOST_WINDOWS, patch_by_patch, scores
from core.segment.windows import Cost, cost, sliding_field
from pages._kit import lab, watching
from pages._kit.background import Job
from pages._parts.heat_map import figures

NETS: dict[str, tuple[Callable[[], Network], str]] = {
    "digits, 16x16": (lambda: WINDOW_NET, "digit_windows"),
    "sea lions, 24x24": (lambda: PATCH_NET, "patches"),
    "AlexNet, 227x227": (lambda: network("alexnet"), ""),
    "VGG16, 224x224": (lambda: network("vgg16"), ""),
}
ROUNDS, MOST_WORK = 5, 30_000_000_000


@dataclass(frozen=True)
class Timed:
    """Seconds of one round of both ways."""

    patches: float
    convolutions: float


@st.cache_data(show_spinner=False, max_entries=500)
def counted(name: str, side: int, stride: int) -> tuple[Cost, int, int]:
    """The cost, the window's side and the net's own step."""
    table = NETS[name][0]()
    return cost(table, (side, side), stride=stride), table.input[1], sliding_field(table).jump


def work(controls: Any, stage: Any) -> lab.Said:
    """Patches, shifted passes and one dilated pass, as multiply-accumulates."""
    with controls:
        name = st.selectbox("Classifier", list(NETS), key="net", bind="query-params")
        side = int(st.slider("Side of the image", 32, 1024, 256, 8, key="image", bind="query-params"))
        stride = int(st.slider("An answer every so many pixels", 1, 32, 4, key="every", bind="query-params"))
    found, window, jump = counted(name, side, stride)
    ways = {
        "window by window": found.patches,
        f"{found.passes} pass{'es' * (found.passes > 1)} over the image": found.convolutions,
        "one pass, dilated, every pixel": found.dilated,
    }
    with stage:
        st.markdown(
            f"**{found.answers:,} answers.** Window by window takes {figures.spoken(found.patches)} "
            f"multiply-accumulates, the convolutional net {figures.spoken(found.convolutions)}: "
            f"**{_times(found.ratio)}**."
        )
        lab.chart(
            figures.costs(ways),
            key="costs",
            alt="Multiply-accumulates: " + ", ".join(f"{way} {figures.spoken(value)}" for way, value in ways.items()),
            table=pd.DataFrame({"way": list(ways), "multiply-accumulates": [f"{each:,}" for each in ways.values()]}),
            quick=True,
        )
        st.caption("From one line of the grid to the next the work grows ten times.")
        _measuring(name, side, found, stride, jump)
    shared = (window / stride) ** 2
    return lab.Said(
        notice=[
            f"A window of {window} pixels every {stride}: a pixel away from the rim lies in about {shared:,.0f} "
            "windows, and is looked at as often. In one pass its features are computed once."
            if stride < window
            else "The windows do not overlap: there is little that one pass could share.",
            *(
                [
                    f"The work falls by less, {found.ratio:.3g} times. Pixels near the rim lie in fewer windows, "
                    + ("" if _pads(NETS[name][0]()) else "the maps of this unpadded net shrink inside every window, ")
                    + "and the dense layers are paid for every answer both ways."
                ]
                if 1 < found.ratio < 0.9 * shared
                else []
            ),
            f"The net looks {jump} pixels further from answer to answer. "
            + (
                "So one pass gives all that is asked."
                if found.passes == 1
                else f"For an answer every {stride} pixels it is run {found.passes} times on shifted images."
            ),
            "Dilated, it answers at every pixel in one pass; that pays only if so many answers are wanted.",
            "For a pixelwise answer choose 1: the lecture's sliding-window segmentation. It is correct and wasteful.",
            *(
                [
                    "Time is more than products: thousands of small windows must also be cut out and handed over. So a "
                    "measured ratio is another one than the counted."
                ]
                if NETS[name][1]
                else []
            ),
        ],
        call=f"cost({in_code(name)}, ({side}, {side}), stride={stride})",
        shows=(cost, sliding_field),
        exports={"cost.csv": lambda: pd.Series(ways).to_csv(header=["multiply-accumulates"])},
    )


def in_code(name: str) -> str:
    """What the table of a classifier is called in code.

    >>> in_code("digits, 16x16"), in_code("VGG16, 224x224")
    ('WINDOW_NET', 'network("vgg16")')
    """
    known = {"digit_windows": "WINDOW_NET", "patches": "PATCH_NET"}
    return known.get(NETS[name][1]) or f'network("{name.partition(",")[0].lower()}")'


def _pads(table: Network) -> bool:
    return any(any(getattr(layer.operation, "padding", (0, 0))) for layer in table.layers)


def _times(ratio: float) -> str:
    return f"{ratio:.3g} times the work" if ratio >= 1 else f"only {ratio:.2f} of the work, because of the many shifts"


def _measuring(name: str, side: int, found: Cost, stride: int, jump: int) -> None:
    """A button that runs both ways on this machine; said as a ratio."""
    model = NETS[name][1]
    if not model or stride % jump or found.patches > MOST_WORK or found.answers > MOST_WINDOWS:
        st.caption(
            f"Both ways can be timed here where one pass answers at every place that is asked for (a multiple of "
            f"{jump} pixels), and up to {MOST_WINDOWS:,} windows and {figures.spoken(MOST_WORK)} multiply-accumulates."
            if model
            else "For digits and sea lions both ways can be timed here."
        )
        return
    setting = f"{name}, on {side}x{side} pixels, an answer every {stride}"
    job = watching.current("sliding")
    if st.button("Time both here", key="time", disabled=bool(job and job.running)):
        watching.begin("sliding", setting, lambda progress: timed(model, side, stride, jump, progress))
    watching.watch("sliding", _measured)


def _measured(job: Job) -> None:
    found: list[Timed] = list(job.found)
    if not found:
        return
    ratio = median(each.patches / each.convolutions for each in found)
    quick = 1000 * median(each.convolutions for each in found)
    st.markdown(
        f"Measured here, {job.setting}: window by window takes **{ratio:.2g} times as long** as one pass (median of "
        f"{len(found)} rounds; {quick:.3g} ms a pass)."
    )


def timed(model: str, side: int, stride: int, jump: int, progress: Progress) -> Iterator[Timed]:
    """Both ways by turns, on noise: the arithmetic does not care what is on the image."""
    from core.models.registry import load

    table = WINDOW_NET if model == "digit_windows" else PATCH_NET
    maps, window = table.input[0], table.input[1]
    module = load(model)
    sliding = as_convolutions(module, (maps, window, window))
    image = np.random.default_rng(0).uniform(-1, 1, size=(maps, side, side)).astype(np.float32)
    scores(sliding, image)
    for number in range(ROUNDS):
        progress(number / ROUNDS, f"round {number + 1} of {ROUNDS}")
        began = time.perf_counter()
        scores(sliding, image)
        between = time.perf_counter()
        patch_by_patch(module, image, window=window, stride=stride)
        yield Timed(time.perf_counter() - between, between - began)
