"""Building a stack of windows and pointing at one of its neurons, with buttons, words and an address."""

import contextlib
from dataclasses import dataclass

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from core.errors import CoreError
from core.nets.layers import Layer
from core.nets.receptive import View, views
from core.nets.stack import STACKS, extended, next_dilation, parse_stack, shortened
from core.types import Pair
from pages._kit.look import by_address

START = "conv 3 same times 3"
SIDES = ("fitting", 16, 24, 32, 48, 64, 96, 128, 160, 192, 224, 227, 256)
UNDOS = 50


@dataclass(frozen=True)
class Choice:
    """A stack on an image of that side, the volumes it makes, and a neuron of one of them."""

    text: str
    side: int
    volumes: tuple[View, ...]
    depth: int  # layers from the image up to the neuron
    neuron: Pair

    @property
    def layers(self) -> tuple[Layer, ...]:
        """The layers below the neuron."""
        return parse_stack(self.text)[: self.depth]

    @property
    def view(self) -> View:
        """The neuron's volume."""
        return self.volumes[self.depth]


def choose(pointer: DeltaGenerator) -> Choice:
    """Draw the controls and say what they are set to; a stack that cannot be is a CoreError.

    What builds the stack stands here, what points at a neuron stands in `pointer`.

    The address leaves out what stands at its first option. So the first options are the ones to start from.
    """
    state = st.session_state
    now = st.query_params.get("stack", START)  # the address, until the text field has drawn itself
    if not by_address():
        now = state.get("stack", now)
    state.preset = next((name for name, (stack, _) in STACKS.items() if stack == now), None)
    st.selectbox("Start from", STACKS, key="preset", placeholder="Your own stack", on_change=_load)
    text = st.text_area(
        "Stack, from the image up", START, key="stack", bind="query-params", on_change=_remember, height="content"
    )
    _buttons(text)
    state._shown = text
    layer = st.container()
    with pointer:
        place = st.container()
        chosen = st.select_slider("Side of the image", SIDES, key="side", bind="query-params")
    layers = parse_stack(text)
    side = chosen if isinstance(chosen, int) else _fitting(text)
    volumes = views(layers, side)
    names = [view.name for view in reversed(volumes[1:])]
    with layer:
        name = st.selectbox("Layer of the neuron", names, key="layer", bind="query-params")
    depth = len(names) - names.index(name)
    rows, columns = volumes[depth].sides
    with place:
        return Choice(text, side, volumes, depth, (_position("row", rows), _position("column", columns)))


def _fitting(text: str) -> int:
    """The side a stack was drawn for, or one that shows the whole field and something around it."""
    known = dict(STACKS.values())
    field = views(parse_stack(text), 10**9)[-1].columns.size
    return known.get(text) or min(max(48, 2 * round(0.6 * field)), 256)


def _buttons(text: str) -> None:
    try:
        wide, layers = next_dilation(text), len(parse_stack(text)) if text.strip() else 0
    except CoreError:
        wide, layers = 2, 0
    with st.container(horizontal=True, gap="small", key="edit"):
        for key, label, item in (
            ("conv", "Conv", "conv 3 same"),
            ("pool", "Pool", "pool 2"),
            ("dilated", f"Dilated {wide}", f"conv 3 same dilation {wide}"),
        ):
            st.button(label, key=key, icon=":material/add:", help=f"Add on top: {item}", on_click=_add, args=(item,))
        st.button("Last", key="last", icon=":material/remove:", disabled=layers < 2, on_click=_drop)
        st.button("Undo", key="undo", icon=":material/undo:", disabled=not st.session_state.get("past"), on_click=_undo)


def _position(what: str, most: int) -> int:
    """A place on the map, counted from its middle: the middle is there on every map, and not worth an address."""
    middle = most // 2
    if most == 1:
        st.caption(f"The map has one {what}.")
        return 0
    places = range(-middle, most - middle)
    label = f"{what.title()} of the neuron, from the middle"
    return middle + int(st.select_slider(label, places, 0, key=what, bind="query-params"))


def _remember() -> None:
    """The visitor changed the stack: keep the one before, and look from the last layer of the new one."""
    state = st.session_state
    state.past = [*state.get("past", []), state._shown][-UNDOS:]
    _look_from_last()


def _look_from_last() -> None:
    with contextlib.suppress(CoreError):
        st.session_state.layer = parse_stack(st.session_state.stack)[-1].name


def _change(stack: str) -> None:
    st.session_state.stack = stack
    _remember()


def _load() -> None:
    _change(STACKS[st.session_state.preset][0])
    st.session_state.side = SIDES[0]


def _add(item: str) -> None:
    try:
        _change(extended(st.session_state.stack, item))
    except CoreError as error:
        st.toast(str(error))


def _drop() -> None:
    _change(shortened(st.session_state.stack))


def _undo() -> None:
    st.session_state.stack = st.session_state.past.pop()
    _look_from_last()
