"""A column of the layer table to fill in: every row is checked by itself, with a hint that names the usual mistake."""

from collections.abc import Sequence
from typing import get_args
from zlib import crc32

import streamlit as st

from core.nets.blocks import blocks
from core.nets.challenge import Asked, asks, judge
from core.nets.shapes import drawn
from core.nets.table import write
from core.nets.trace import Row, Trace
from core.nets.wording import described
from core.nets.workings import workings
from core.types import Shape
from syllabus.questions import read_number, read_shape

COLUMNS: tuple[Asked, ...] = get_args(Asked)
MANY = 24  # fields that one sitting fills in
RIGHT, WRONG, SHOWN = ":material/check_circle: **right**", ":material/cancel: **wrong**", "**shown**"
RULES: dict[Asked, str] = {
    "output": "A side is what is left after the window has found room, divided by the stride: (side + 2·padding - "
    "kernel)/stride, rounded down, + 1. The number of maps is the number of filters.",
    "parameters": "A filter has a weight for every place of its window in every map that comes in, and one bias. A "
    "unit of a dense layer has a weight for every value that comes in, and one bias.",
    "receptive field": "A window adds its side less 1, counted in pixels of the image: times the product of all "
    "strides below it.",
}


def advice(column: Asked) -> list[str]:
    """What helps to fill in a column, and gives nothing away."""
    return [
        f"**The rule for this column.** {RULES[column]}",
        "A wrong number is traced back to the usual mistake that makes it, where there is one. "
        "Lecture A has such a number in print, see below.",
        "LeNet-5 is a good first network; a table of your own works, too.",
    ]


def challenge(traced: Trace, column: Asked) -> None:
    """Every row that is worth asking, with a field, a verdict and a way to see the answer; the score on top."""
    rows = _asked(traced, column)
    mark = f"try-{column}-{crc32(write(traced.network).encode())}"
    score = st.empty()
    forms = {layer.name: described(layer).partition(": ")[2] for layer in traced.network.layers}
    known, done = True, {"right": 0, "shown": 0}
    for row in rows:
        verdict = _ask(row, column, forms[row.name], key=f"{mark}-{row.name}", known=known)
        known = verdict in done
        if known:
            done[verdict] += 1
    helped = f", {done['shown']} shown" if done["shown"] else ""
    told = f"{done['right']} of {len(rows)} right{helped}"
    if not rows:
        told = f"No layer here has a {column} to work out: only convolutions and poolings widen it."
    elif done["right"] == len(rows):
        told = f"All {len(rows)} right."
    with score.container(horizontal=True, vertical_alignment="center", key="score"):
        st.markdown(f"**{told}**", width="content")
        keys = [f"{mark}-{row.name}" for row in rows]
        st.button("Clear all", key="clear", on_click=_clear, args=(keys,))


def _asked(traced: Trace, column: Asked) -> list[Row]:
    """The rows to ask; of a long network those of one block, which the visitor chooses."""
    rows = [row for row in traced.rows if asks(row, column)]
    if len(rows) <= MANY:
        return rows
    parts = {block.name: [row for row in block.rows if asks(row, column)] for block in blocks(traced)}
    worth = [name for name, own in parts.items() if own]
    return parts[st.selectbox("Block to fill in", worth, key="part", bind="query-params")]


def _ask(row: Row, column: Asked, form: str, *, key: str, known: bool) -> str:
    """One row; says "right", "wrong", "shown", or nothing where nothing was typed."""
    state = st.session_state
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key=f"row-{row.name}"):
        typed = st.text_input(
            f"**{row.name}**: {form}{_given(row, column, known)}",
            key=key,
            max_chars=40,
            width=230,
            placeholder={"output": "maps x height x width", "parameters": "a number"}.get(
                column, "one side, in pixels"
            ),
        )
        if not state.get(f"{key}-shown"):
            st.button("Show", key=f"{key}-show", help=f"Show the {column} of {row.name}", on_click=_show, args=(key,))
    if state.get(f"{key}-shown"):
        st.markdown(f"{SHOWN} {workings(row, column)}")
        return "shown"
    if not typed.strip():
        return ""
    read = _read(typed, column)
    if read is None:
        st.markdown(
            "This cannot be read: " + ("a whole number." if column == "parameters" else "sides such as 6x28x28.")
        )
        return "wrong"
    verdict = judge(row, column, read)
    st.markdown(f"{RIGHT if verdict.right else WRONG} {verdict.hint}")
    return "right" if verdict.right else "wrong"


def _given(row: Row, column: Asked, known: bool) -> str:
    """What goes in, unless it is the answer of the row before."""
    if column == "receptive field" or (column == "output" and not known):
        return ""
    return f", on {drawn(row.taken)}"


def _read(typed: str, column: Asked) -> Shape | None:
    number = read_number(typed)
    if number is not None and number == int(number) and (column == "parameters" or "," not in typed):
        return (int(number),)
    return None if column == "parameters" else read_shape(typed)


def _show(key: str) -> None:
    st.session_state[f"{key}-shown"] = True


def _clear(keys: Sequence[str]) -> None:
    for key in keys:
        st.session_state[key] = ""
        st.session_state.pop(f"{key}-shown", None)
