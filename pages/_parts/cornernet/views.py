"""The views of the corner lab: corner pooling on numbers, corners to boxes, and what pooling and tags are worth."""

from typing import Any

import streamlit as st

from core.detect.corner import corners
from core.detect.corner.corner_pooling import bottom_right, largest, top_left
from core.detect.corner.corners import peaks
from core.detect.corner.embedding import WITHIN, alike, pull, push
from core.filters.grids import read_words
from pages._kit import lab
from pages._kit.bench import bench
from pages._kit.board import board
from pages._kit.scrolling import folded
from pages._kit.stepper import edited
from pages._kit.veil import veiled
from pages._parts.cornernet import figures
from pages._parts.cornernet.answers import MANY, PICTURES, Setting, answer, maps_of, on_many
from pages._parts.cornernet.numbers import CORNERS, EXAMPLES, LOOKS, WHERE, Pooled, pool, pooling_scene

START = 12  # a picture in which corners of one class can be joined wrongly
SETTINGS = ("corner_across", "corner_along", "corner_kind")


def load_example() -> None:
    """Take both maps of the chosen example, for the chosen corner."""
    chosen = EXAMPLES[st.session_state["corner_example"]].of(st.session_state["corner_kind"])
    st.session_state.update({"corner_across": chosen.across, "corner_along": chosen.along})


def turn() -> None:
    """Another corner is looked for: turn the example with it; maps that a visitor wrote stay as they are."""
    state = st.session_state
    example = EXAMPLES[state["corner_example"]]
    known = {(each.across, each.along) for each in map(example.of, CORNERS)}
    if (state["corner_across"], state["corner_along"]) in known:
        load_example()


def on_numbers(controls: Any, stage: Any) -> lab.Said:
    """Two maps, the largest along rows and columns, and their sum."""
    with controls:
        name = st.selectbox(
            "Example", list(EXAMPLES), key="corner_example", bind="query-params", on_change=load_example
        )
        corner = st.segmented_control(
            "Corner", CORNERS, default=CORNERS[0], key="corner_kind", bind="query-params", required=True, on_change=turn
        )
        example = EXAMPLES[name].of(corner)
        st.caption(example.note)
        with st.expander("Maps as text"):
            across = st.text_area("Map A", example.across, max_chars=800, key="corner_across", bind="query-params")
            along = st.text_area("Map B", example.along, max_chars=800, key="corner_along", bind="query-params")
            st.caption("Rows end with a semicolon. Up to 12 by 12, both of one size.")
    with stage:
        place = bench(SETTINGS, load_example)
    with place:
        first, second = read_words(across, name="map A"), read_words(along, name="map B")
        found = pool(first, second, corner)
        row, column = found.best
        st.markdown(f"The sum is largest in **row {row + 1}, column {column + 1}**: {found.total[row, column]:g}.")
        board(
            pooling_scene(first, second, found),
            key="corner_walk",
            on_edit=lambda: edited("corner_walk", ("corner_across", "corner_along")),
        )
    pooling = top_left if corner == "top left" else bottom_right
    exports = {"sum.csv": lambda: "\n".join(",".join(f"{value:g}" for value in line) for line in found.total)}
    call = f"{pooling.__name__}(a, b)  # {found.total.shape}"
    return lab.Said(_found_on_numbers(found), call, (pooling, largest), exports)


def _found_on_numbers(found: Pooled) -> list[str]:
    row, column = found.best
    own = (float(found.across[row, column]), float(found.along[row, column]))
    wide, tall = LOOKS[found.corner]
    high, across = found.total.shape
    said = (
        "Both maps have 0 there: no filter that looks at that place alone could know it."
        if own == (0.0, 0.0)
        else f"The maps themselves have {own[0]:g} and {own[1]:g} there."
    )
    return [
        f"The {found.corner} corner looks {WHERE[wide]} for an edge that lies flat, and {WHERE[tall]} for one that "
        f"stands. {said}",
        "It pools over the whole rest of a row or column, however long: a convolution of 3x3 would need many layers to "
        "see as far. And it learns nothing itself; what it looks at is learned.",
        f"From the far end on every place but the first needs one comparison: {high * (across - 1)} in map A and "
        f"{across * (high - 1)} in map B, and then {high * across} additions.",
        f"Change a 0 of map A in row {row + 1}, far {WHERE[wide]}, into a 9: the maximum takes it. Learned maps have "
        "to be quiet where no edge is.",
    ]


def on_scenes(controls: Any, stage: Any) -> lab.Said:
    """A drawn scene: heat of both corners, tags, pairs and boxes."""
    with controls:
        number = st.slider("Picture", 0, PICTURES - 1, START, key="picture", bind="query-params")
        threshold = st.slider("Lowest score of a corner, %", 5, 90, 30, 5, key="threshold", bind="query-params")
        tagged = st.toggle("Only pairs whose tags agree", True, key="tags", bind="query-params")
        within = WITHIN
        if tagged:
            within = st.slider("Tags may differ by", 0.1, 3.0, WITHIN, 0.1, key="within", bind="query-params")
    setting = Setting(threshold / 100, within if tagged else None)
    known, maps = answer(number, setting), maps_of(number)
    by_geometry = answer(number, Setting(setting.threshold, None))
    with stage:
        with st.container(horizontal=True, key="counts"):
            counts = {"Corners": len(known.first) + len(known.second), "Pairs": len(known.pairs)}
            counts |= {"Boxes right": int(known.right.sum()), "For nothing": known.false, "Missed": len(known.missed)}
            for label, value in counts.items():
                st.metric(label, value, width="content")
        veiled([figures.heat(known, maps.heat[0], 0), figures.heat(known, maps.heat[1], 1), figures.boxes(known)])
        told = (
            f"The tags of {len(known.first)} top-left and {len(known.second)} bottom-right corners, by class; "
            f"{len(known.pairs)} pairs are joined."
        )
        st.markdown("**Tags on a line**")
        if len(known.first) + len(known.second):
            lab.chart(figures.tags(known), key="line", quick=True, alt=told)
            st.caption("Corners of one thing lie close together; a dotted line joins every pair that is taken.")
        else:
            st.info("No corner reaches this score: lower it.")
        table = figures.corner_table(known)
        folded("Every corner of this picture", table, key="corner-numbers")
        folded("Every box of this picture", figures.box_table(known), key="box-numbers")
        with st.expander(f"This setting on {MANY} test pictures", key="many", on_change="rerun") as fold:
            if fold.open:
                _many(setting)
    notice = [
        f"Without tags the corners of this picture make {len(by_geometry.pairs)} pairs: every top-left corner may go "
        f"with every bottom-right one of its class that lies to the right and below; {by_geometry.false} boxes stand "
        f"for nothing then, {known.false} at your setting.",
        "A tag means nothing by itself: two things of one picture only have to differ. In the next picture the same "
        "number may belong to something else.",
        "No anchors: no sizes and shapes to choose, and 2 corners to find where a box has 4 sides. A box among w·h "
        "places is one of about (w·h)² pairs; corners need w·h places each.",
        "A low threshold brings more corners, and with them more chance pairs; a high one loses a thing as soon as one "
        "of its two corners is unsure.",
    ]
    call = f"pairs(first, second, within={setting.within})  # {len(known.pairs)} pairs"
    shows = (corners.pairs, peaks, alike, pull, push)
    return lab.Said(notice, call, shows, {"corners.csv": lambda: str(table.to_csv())})


def _many(setting: Setting) -> None:
    """With tags and without, on many pictures."""
    within = WITHIN if setting.within is None else setting.within
    for label, value in (("With tags", within), ("Without", None)):
        found = on_many(setting.threshold, value)
        st.markdown(
            f"**{label}:** AP50 {found['AP50']:.3f}, {found['boxes']:.1f} boxes a picture, of "
            f"{found['things']:.1f} things."
        )
