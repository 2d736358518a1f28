"""Choosing a network: one of the zoo on an image of any size, or a table that the visitor writes."""

from dataclasses import dataclass, replace

import streamlit as st

from core.nets import table
from core.nets.layers import Network
from core.nets.table import MOST_LETTERS, parse, write
from core.nets.trace import Trace, parse_input, trace
from core.nets.zoo import names, network, without_top

OWN = "My own table"
PUBLISHED = {network(name).name: name for name in names()}
FIRST = "VGG16"
START = write(network("lenet5"))
IMAGES = {"grey": 1, "colour": 3}
UNDOS = 50


@dataclass(frozen=True)
class Choice:
    """What the visitor chose, at work, and the same without its top."""

    traced: Trace
    bare: Trace | None  # None where there is no top to take off, or nothing below it
    whole: Trace
    call: str  # the expression that makes it


def choose() -> Choice:
    """Draw the controls and say what they are set to; what cannot be is a CoreError."""
    label = st.selectbox(
        "Network",
        [*PUBLISHED, OWN],
        list(PUBLISHED).index(FIRST),
        key="network",
        bind="query-params",
        on_change=_switched,
    )
    base, call = _own() if label == OWN else _published(PUBLISHED[label])
    st.session_state._network_text = write(base)
    bare = without_top(base)
    whole, top = trace(base), True
    if bare.layers and len(bare.layers) < len(base.layers):
        top = st.toggle("Include the top: flatten and dense layers", True, key="top", bind="query-params")
        below = trace(bare)
        return Choice(whole if top else below, below, whole, call if top else f"without_top({call})")
    return Choice(whole, None, whole, call)


def _published(name: str) -> tuple[Network, str]:
    drawn = network(name)
    image = st.segmented_control(
        "Image", IMAGES, default=_image(drawn), key="colour", bind="query-params", required=True
    )
    sides = st.text_input(
        "Height x width",
        _sides(drawn),
        key="sides",
        bind="query-params",
        max_chars=40,
        help=f"One number for a square. {drawn.name} was drawn for {_sides(drawn)}.",
    )
    maps, sides = IMAGES[image], sides.lower().replace("×", "x")
    given = parse_input(f"{maps}x{sides}" if "x" in sides else f"{maps}x{sides}x{sides}")
    call = f'network("{name}")' if given == drawn.input else f'replace(network("{name}"), input={given})'
    return replace(drawn, input=given), call


def _own() -> tuple[Network, str]:
    state = st.session_state
    text = st.text_area(
        "Your table, one layer per line",
        START,
        key="table",
        bind="query-params",
        height=320,
        max_chars=MOST_LETTERS,
        on_change=_remember,
    )
    state._table_shown = text
    start = state.get("_table_start", START)
    with st.container(horizontal=True, gap="small", key="edit"):
        past = bool(state.get("_tables"))
        st.button("Undo", key="undo", icon=":material/undo:", disabled=not past, on_click=_undo)
        st.button("Start again", key="again", disabled=text == start, on_click=_change, args=(start,))
    with st.expander("Load a file"):
        st.file_uploader("A table as text, at most 1 MB", "txt", key="upload", max_upload_size=1, on_change=_load)
        if state.get("_upload_wrong"):
            st.warning(state._upload_wrong)
    with st.expander("How to write a table"):
        st.code(table.__doc__, language=None, wrap_lines=True)
    return parse(text), 'parse(open("table.txt").read())'


def _image(drawn: Network) -> str:
    return next(name for name, maps in IMAGES.items() if maps == drawn.input[0])


def _sides(drawn: Network) -> str:
    return f"{drawn.input[1]}x{drawn.input[2]}"


def _switched() -> None:
    """Another network: on the image it was drawn for; a table of one's own starts from the network before."""
    state = st.session_state
    if state.network == OWN:
        state._table_start = state.table = state.get("_network_text", START)
        return
    if shown := state.pop("_table_shown", None):
        state._tables = [*state.get("_tables", []), shown][-UNDOS:]
    drawn = network(PUBLISHED[state.network])
    state.colour, state.sides = _image(drawn), _sides(drawn)


def _remember() -> None:
    state = st.session_state
    state._tables = [*state.get("_tables", []), state._table_shown][-UNDOS:]
    state._upload_wrong = None


def _change(text: str) -> None:
    st.session_state.table = text
    _remember()


def _undo() -> None:
    st.session_state.table = st.session_state._tables.pop()


def _load() -> None:
    """Put the text of an uploaded file where it can be edited."""
    state = st.session_state
    if state.upload is None:
        return
    try:
        text = state.upload.getvalue().decode("utf-8")
    except UnicodeDecodeError:
        state._upload_wrong = "This file is no text."
        return
    if len(text) > MOST_LETTERS:
        state._upload_wrong = f"A table has at most {MOST_LETTERS:,} letters; this file has {len(text):,}."
        return
    _change(text)
