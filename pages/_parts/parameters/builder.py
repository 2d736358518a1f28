"""Choosing a network: one of the zoo on an image of any size, or a table that the visitor writes."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import streamlit as st

from core.nets import table
from core.nets.layers import Network
from core.nets.pasted.read import read
from core.nets.table import MOST_LETTERS, write
from core.nets.trace import Trace, parse_input, trace
from core.nets.zoo import names, network, without_top
from core.nets.zoo.densenet import dense_block, densenet
from core.nets.zoo.efficientnet import block
from core.nets.zoo.fcn import fcn
from core.nets.zoo.fractalnet import fractal, fractalnet
from core.nets.zoo.googlenet import googlenet, inception
from core.nets.zoo.inception_resnet_v2 import residual
from core.nets.zoo.inception_v3 import inception_v3, module
from core.nets.zoo.mobilenet import inverted, separable
from core.nets.zoo.nin import mlpconv
from core.nets.zoo.resnet import basic, bottleneck, cifar, resnet
from core.nets.zoo.resnet_v2 import resnet_v2
from core.nets.zoo.unet import unet
from core.nets.zoo.vgg import vgg

OWN = "My own table"
PUBLISHED = {network(name).name: name for name in names()}
FIRST = "VGG16"
START = write(network("lenet5"))
PASTING = (
    "`nn.Sequential` of PyTorch, `Sequential` and `model.add` of Keras are read, with the numbers written out. Nothing "
    "is run. Where the code does not say how large its image is, a remark does:"
)
CODE = """# input 3x32x32
model = nn.Sequential(
    nn.Conv2d(3, 16, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2),
    nn.Flatten(),
    nn.Linear(16 * 16 * 16, 10),
)"""
IMAGES = {"grey": 1, "colour": 3}
UNDOS = 50


MANY = 60  # rows that a table shows one by one
BLOCKS = "Blocks"
BUILDERS: dict[str, tuple[Callable[..., Any], ...]] = {  # what made a network, by how its name begins
    "nin": (mlpconv,),
    "googlenet": (googlenet, inception),
    "resnet50-v2": (resnet_v2,),
    "resnet101-v2": (resnet_v2,),
    "resnet152-v2": (resnet_v2,),
    "resnet20": (cifar, basic),
    "resnet56": (cifar, basic),
    "plain56": (cifar, basic),
    "resnet18": (resnet, basic),
    "resnet34": (resnet, basic),
    "plain34": (resnet, basic),
    "resnet": (resnet, bottleneck),
    "fractalnet": (fractalnet, fractal),
    "densenet": (densenet, dense_block),
    "mobilenet-v2": (inverted,),
    "mobilenet": (separable,),
    "efficientnet": (block,),
    "inception-v3": (inception_v3, module),
    "inception-resnet": (residual,),
    "fcn": (fcn,),
    "unet": (unet,),
    "vgg": (vgg,),
}


@dataclass(frozen=True)
class Choice:
    """What the visitor chose, at work, and the same without its top."""

    traced: Trace
    bare: Trace | None  # None where there is no top to take off, or nothing below it
    whole: Trace
    call: str  # the expression that makes it
    builders: tuple[Callable[..., Any], ...] = ()  # the functions that made its table


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
    whole, below = _followed(base)
    made = _builders(PUBLISHED.get(label, ""))
    if below is None:
        return Choice(whole, None, whole, call, made)
    top = st.toggle("Include the top: flatten and dense layers", True, key="top", bind="query-params")
    return Choice(whole if top else below, below, whole, call if top else f"without_top({call})", made)


def grain(traced: Trace) -> bool:
    """Whether to show a network in blocks: a long one is, unless told otherwise."""
    start = BLOCKS if len(traced.rows) > MANY else "Layers"
    return (
        st.segmented_control("Show", (BLOCKS, "Layers"), default=start, key="grain", bind="query-params", required=True)
        == BLOCKS
    )


@lru_cache(maxsize=16)
def _followed(base: Network) -> tuple[Trace, Trace | None]:
    """The network at work, and without its top, if it has one and something below; a slider elsewhere asks again."""
    bare = without_top(base)
    return trace(base), trace(bare) if bare.layers and len(bare.layers) < len(base.layers) else None


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
        "Your table, one layer per line, or code of PyTorch or Keras",
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
        kinds = ["txt", "py"]
        st.file_uploader("A table or code, at most 1 MB", kinds, key="upload", max_upload_size=1, on_change=_load)
        if state.get("_upload_wrong"):
            st.warning(state._upload_wrong)
    with st.expander("How to write a table"):
        st.code(table.__doc__, language=None, wrap_lines=True)
    with st.expander("How to paste code"):
        st.markdown(PASTING)
        st.code(CODE, language="python", wrap_lines=True)
    return read(text), 'read(open("table.txt").read())'


def _builders(name: str) -> tuple[Callable[..., Any], ...]:
    return next((made for start, made in BUILDERS.items() if name.startswith(start)), ())


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
    state.grain = BLOCKS if len(drawn.layers) > MANY else "Layers"


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
