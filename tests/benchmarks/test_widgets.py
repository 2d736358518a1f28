"""What a browser would hold for a control, and what moving it changes."""

import random
from typing import Any

import pytest
from streamlit.proto.ButtonGroup_pb2 import ButtonGroup
from streamlit.proto.Checkbox_pb2 import Checkbox
from streamlit.proto.NumberInput_pb2 import NumberInput
from streamlit.proto.Selectbox_pb2 import Selectbox
from streamlit.proto.Slider_pb2 import Slider
from streamlit.proto.TextInput_pb2 import TextInput

from benchmarks.widgets import held, in_address, moved

STRIDE = Slider(id="stride", type=Slider.SLIDER, default=[2], min=1, max=4, step=1)
DEPTH = Slider(id="depth", type=Slider.SELECT_SLIDER, default=[1], min=0, max=2, step=1, options=["a", "b", "c"])
SIDE = NumberInput(id="side", data_type=NumberInput.INT, default=5, step=2, has_min=True, min=5, has_max=True, max=11)
PADDING = Selectbox(id="padding", options=["valid", "same"], default=0)
VIEW = ButtonGroup(id="view", options=[ButtonGroup.Option(content=word) for word in ("grid", "matrix")], default=[1])
TORCH = Checkbox(id="torch", default=False)

CONTROLS = [
    pytest.param("slider", STRIDE, "2", {"1", "3", "4"}, id="slider"),
    pytest.param("slider", DEPTH, "b", {"a", "c"}, id="select-slider"),
    pytest.param("number_input", SIDE, "5", {"7"}, id="number-at-its-least"),
    pytest.param("selectbox", PADDING, "valid", {"same"}, id="selectbox"),
    pytest.param("button_group", VIEW, "matrix", {"grid"}, id="segmented-control"),
    pytest.param("checkbox", TORCH, "false", {"true"}, id="toggle"),
]


@pytest.mark.parametrize(("kind", "widget", "first", "others"), CONTROLS)
def test_moves_to_every_other_value_and_no_further(kind: str, widget: Any, first: str, others: set[str]) -> None:
    state = held(kind, widget)
    assert state is not None
    assert in_address(state) == first
    seen = [moved(kind, widget, state, random.Random(seed)) for seed in range(60)]
    assert {in_address(new) for new in seen if new is not None} == others
    assert {new.WhichOneof("value") for new in seen if new is not None} == {state.WhichOneof("value")}


@pytest.mark.parametrize(("kind", "widget", "first", "others"), CONTROLS)
def test_leaves_a_disabled_control_alone(kind: str, widget: Any, first: str, others: set[str]) -> None:
    locked = type(widget)()
    locked.CopyFrom(widget)
    locked.disabled = True
    assert moved(kind, locked, held(kind, locked), random.Random(0)) is None


def test_holds_what_the_server_set_before_the_default() -> None:
    assert in_address(held("slider", Slider(id="s", default=[2], value=[3], set_value=True))) == "3"
    assert in_address(held("selectbox", Selectbox(id="p", options=["a", "b"], raw_value="b", set_value=True))) == "b"
    assert in_address(held("text_input", TextInput(id="t", default="a", value="b", set_value=True))) == "b"


def test_holds_nothing_for_a_choice_nobody_made_and_for_what_is_no_control() -> None:
    assert held("radio", Selectbox(id="quiz", options=["a", "b"])).WhichOneof("value") is None
    assert held("markdown", None) is None


def test_a_range_slider_is_not_moved() -> None:
    between = Slider(id="between", default=[1, 3], min=1, max=4, step=1)
    assert moved("slider", between, held("slider", between), random.Random(0)) is None


def test_makes_the_first_choice_in_an_empty_list() -> None:
    empty = Selectbox(id="year", options=["2012", "2015"])
    state = held("selectbox", empty)
    assert state is not None
    chosen = moved("selectbox", empty, state, random.Random(0))
    assert chosen is not None
    assert in_address(chosen) in ("2012", "2015")
