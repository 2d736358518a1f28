"""Controls as they travel: what a browser remembers of each, and how it says that one was moved.

A control arrives as a protobuf message (`Slider`, `Selectbox`, ...) and goes back as a `WidgetState`. Streamlit's page
sends the state of every control with every move, and so does this.
"""

import random
from collections.abc import Callable
from typing import Any

from streamlit.proto.NumberInput_pb2 import NumberInput
from streamlit.proto.Slider_pb2 import Slider
from streamlit.proto.WidgetStates_pb2 import WidgetState

# What a visitor moves when a page has it, the most telling first.
MOVABLE = ("slider", "number_input", "selectbox", "button_group", "checkbox")


# Where the value of a control goes that has none yet.
_EMPTY = {"selectbox": "string_value", "button_group": "string_array_value", "slider": "double_array_value"}


def held(kind: str, widget: Any) -> WidgetState | None:
    """What a browser holds for a control that was just drawn: its default, or what the server set it to."""
    read = _HELD.get(kind)
    if read is None:
        return None
    state = WidgetState(id=widget.id)
    read(widget, state)
    return state


def moved(kind: str, widget: Any, state: WidgetState, chance: random.Random) -> WidgetState | None:
    """The same control with another value, drawn at random; None if it has no other."""
    if widget.disabled or kind not in MOVABLE:
        return None
    values = _others(kind, widget, state)
    if not values:
        return None
    new = WidgetState(id=widget.id)
    _write(new, state.WhichOneof("value") or _EMPTY[kind], chance.choice(values))
    return new


def in_address(state: WidgetState) -> str:
    """A control's value as it stands in the address.

    >>> in_address(WidgetState(id="stride", double_array_value={"data": [3.0]}))
    '3'
    """
    field = state.WhichOneof("value")
    value: Any = getattr(state, field) if field else ""
    parts = value.data if field in ("double_array_value", "string_array_value") else [value]
    return ",".join(str(part).lower() if isinstance(part, bool) else _plain(part) for part in parts)


def _plain(value: object) -> str:
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def _others(kind: str, widget: Any, state: WidgetState) -> list[Any]:
    """Every value the control could take, except the one it has."""
    if kind == "checkbox":
        return [not state.bool_value]
    if kind == "number_input":
        field = state.WhichOneof("value")
        now = getattr(state, field) if field else None
        near = [] if now is None else [now - widget.step, now + widget.step]
        return [
            int(value) if widget.data_type == NumberInput.INT else value
            for value in near
            if (not widget.has_min or value >= widget.min) and (not widget.has_max or value <= widget.max)
        ]
    if kind == "slider" and not widget.options:
        if len(state.double_array_value.data) != 1 or not widget.step:
            return []
        steps = round((widget.max - widget.min) / widget.step)
        every = [widget.min + step * widget.step for step in range(steps + 1)]
        return [value for value in every if value != state.double_array_value.data[0]]
    if kind == "selectbox":
        return [option for option in widget.options if option != state.string_value]
    options = list(widget.options) if kind == "slider" else [option.content for option in widget.options]
    return [option for option in options if list(state.string_array_value.data) != [option]]


def _write(state: WidgetState, field: str, value: Any) -> None:
    if field.endswith("_array_value"):
        getattr(state, field).data.append(value)
    else:
        setattr(state, field, value)


def _slider(widget: Slider, state: WidgetState) -> None:
    if widget.type == Slider.SELECT_SLIDER:
        chosen = widget.raw_value if widget.set_value else [widget.options[int(index)] for index in widget.default]
        state.string_array_value.data.extend(chosen)
    else:
        state.double_array_value.data.extend(widget.value if widget.set_value else widget.default)


def _number(widget: Any, state: WidgetState) -> None:
    field = "value" if widget.set_value else "default"
    if widget.HasField(field):
        whole = widget.data_type == NumberInput.INT
        _write(state, "int_value" if whole else "double_value", (int if whole else float)(getattr(widget, field)))


def _choice(widget: Any, state: WidgetState) -> None:
    if widget.set_value and widget.HasField("raw_value"):
        state.string_value = widget.raw_value
    elif not widget.set_value and widget.HasField("default"):
        state.string_value = widget.options[widget.default]


def _choices(widget: Any, state: WidgetState) -> None:
    options = [getattr(option, "content", option) for option in widget.options]
    chosen = widget.raw_values if widget.set_value else [options[index] for index in widget.default]
    state.string_array_value.data.extend(chosen)


def _check(widget: Any, state: WidgetState) -> None:
    state.bool_value = widget.value if widget.set_value else widget.default


def _text(widget: Any, state: WidgetState) -> None:
    state.string_value = widget.value if widget.set_value else widget.default


_HELD: dict[str, Callable[[Any, WidgetState], None]] = {
    "slider": _slider,
    "number_input": _number,
    "selectbox": _choice,
    "radio": _choice,
    "button_group": _choices,
    "multiselect": _choices,
    "checkbox": _check,
    "text_input": _text,
    "text_area": _text,
}
