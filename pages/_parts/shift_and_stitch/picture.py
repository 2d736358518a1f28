"""On a picture: the window net's coarse heat, and how the shifts fill it up to full resolution; and what that costs."""

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.learning.threads import one_thread
from core.models.window_net import CLASSES, NOTHING, STEP, WINDOW, prepared
from core.segment.heatmap import probabilities, scores
from core.segment.stitch import dilated, shift_and_stitch, stitched
from core.segment.windows import cost
from core.types import Floats
from pages._kit import lab
from pages._kit.veil import Veiled, veiled
from pages._parts.heat_map.figures import costs, spoken
from pages._parts.heat_map.maps import DIGIT, drawn, nets
from pages._parts.heat_map.work import NETS, counted, in_code

SIDE = 64
SHIFTS = STEP * STEP


@st.cache_data(show_spinner=False, max_entries=60)
def filled(number: int) -> tuple[Floats, Floats]:
    """The scores of all shifts, interleaved, and those of one dilated pass: (11, 49, 49) each."""
    sliding, image = nets()[1], prepared(drawn(number, SIDE).image)
    with one_thread():
        full = shift_and_stitch(lambda seen: scores(sliding, seen), image, STEP, window=WINDOW)
        return full, scores(dilated(sliding), image)


def picture(controls: Any, stage: Any) -> lab.Said:
    """The coarse map, the map so far, and one pass of the dilated net."""
    with controls:
        number = int(st.slider("Canvas", 0, 99, 6, key="canvas", bind="query-params"))
        run = int(st.slider("Shifts that were run", 1, SHIFTS, 6, key="shifts", bind="query-params"))
        name = st.selectbox("Heat of", [DIGIT, *CLASSES], key="heat", bind="query-params")
    canvas, (full, once) = drawn(number, SIDE), filled(number)
    apart = float(np.abs(full - once).max())
    heat = _heat_of(probabilities(full), name)
    places = np.add.outer(STEP * (np.arange(len(heat)) % STEP), np.arange(len(heat)) % STEP)
    so_far = np.where(places < run, heat, np.nan)
    first, side = heat[::STEP, ::STEP], len(heat)
    half, image = WINDOW / 2 - 0.5, canvas.image[..., None]
    fine = (half, half, side, side)
    step = (WINDOW - STEP) / 2
    rough = (step, step, STEP * len(first), STEP * len(first))
    known = int((places < run).sum())
    with stage:
        st.markdown(
            f"**{run} of {SHIFTS} shifts**: {known:,} of {side * side:,} answers. All of them and one pass of the "
            f"dilated net differ by at most **{apart:.0e}**."
        )
        veiled(
            [
                Veiled(image, f"The heat of {name} from one pass, {len(first)}x{len(first)} squares.",
                       f"One pass: {len(first)}x{len(first)} answers, {STEP} pixels apart.", first, rough),
                Veiled(image, f"The heat of {name} after {run} shifts: {known} pixels known, the others dark.",
                       f"{run} shift{'s' * (run > 1)}, interleaved. Dark: not asked yet.", so_far, fine),
                Veiled(image, f"The heat of {name} from one dilated pass, {side}x{side} pixels.",
                       f"Dilated, one pass: {side}x{side} answers.", _heat_of(probabilities(once), name), fine),
            ],
            least=200,
            most=330,
        )  # fmt: skip
    return lab.Said(
        notice=[
            f"The net looks {STEP} pixels further from answer to answer, so one pass gives {len(first)}x{len(first)} "
            f"answers and {STEP}·{STEP} = {SHIFTS} shifts give {side}x{side}.",
            f"{SIDE} pixels have room for {SIDE} - {WINDOW} + 1 = {side} windows of {WINDOW}. The map is that large, "
            "and no larger: at the border a window would need pixels that are not there.",
            "Full resolution does not make the net sharper: a digit's heat is as wide as the net's tolerance for a "
            "digit off the middle. What stride skipped comes back; what pooling forgot does not.",
            "The lecture calls it rigid: nothing is learned on the way up, and the price is a pass for every shift.",
        ],
        call=f"shift_and_stitch(lambda image: scores(sliding, image), image, {STEP}, window={WINDOW})  # {full.shape}",
        shows=(shift_and_stitch, stitched, dilated),
        exports={"heat.csv": lambda: pd.DataFrame(heat).round(6).to_csv(index=False, header=False)},
    )


def price(controls: Any, stage: Any) -> lab.Said:
    """What full resolution costs: all windows, all shifts, or one dilated pass."""
    with controls:
        name = st.selectbox("Classifier", list(NETS), 3, key="net", bind="query-params")
        side = int(st.slider("Side of the image", 232, 1024, 512, 8, key="side", bind="query-params"))
    found, window, jump = counted(name, side, 1)
    single = counted(name, side, jump)[0].convolutions
    ways = {
        "window by window": found.patches,
        f"{found.passes:,} shifted passes": found.convolutions,
        "one dilated pass": found.dilated,
    }
    rows = pd.DataFrame({"way": list(ways), "multiply-accumulates": [f"{each:,}" for each in ways.values()]})
    with stage:
        st.markdown(
            f"The net looks **{jump} pixels** further from answer to answer: **{jump}·{jump} = {found.passes:,} "
            f"shifts**, {found.convolutions / single:,.0f} times the work of one pass."
        )
        lab.chart(
            costs(ways),
            key="price",
            alt="Multiply-accumulates: " + ", ".join(f"{way} {spoken(value)}" for way, value in ways.items()) + ".",
            table=rows,
            quick=True,
        )
        st.caption("From one line of the grid to the next the work grows ten times.")
    return lab.Said(
        notice=[
            f"A factor of {jump} asks for {found.passes:,} shifts. For factors of 2, 4, 8, 16 and 32 it is 4, 16, 64, "
            "256 and 1,024. A shift leaves out rows and columns, so all together are a little less work than as many "
            "full passes.",
            f"All shifts are still {found.patches / found.convolutions:.3g} times cheaper than all windows of "
            f"{window}x{window}, because neighbouring windows of a pass share their features.",
            f"Dilated, the first layers are computed once for all shifts: {found.convolutions / found.dilated:.3g} "
            "times cheaper again. Its price is memory: every map stays at full size.",
            "A padded net (AlexNet, VGG16) gives nearly, not exactly, what its windows give; the counts hold.",
        ],
        call=f"cost({in_code(name)}, ({side}, {side}), stride=1)",
        shows=(cost, dilated),
        exports={"price.csv": lambda: rows.to_csv(index=False)},
    )


def _heat_of(shares: Floats, name: str) -> Floats:
    found: Floats = 1 - shares[NOTHING] if name == DIGIT else shares[CLASSES.index(name)]
    return found
