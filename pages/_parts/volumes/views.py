"""What the volumes lab shows of a network that runs: one layer's maps, and one cell of them worked out."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import streamlit as st

from core.data.digits import specimen
from core.data.photos import PHOTOS, grey_photo
from core.models.digit_net import DIGIT_NET, Trained, train
from core.nets.layers import Activation, Conv, Dense, Flatten
from core.nets.trace import Row, Trace, trace
from core.types import Floats
from core.units.cell import Cell, cell, unit
from core.units.forward import forward
from pages._kit import lab
from pages._kit.volume import Frame, Volume, volume
from pages._parts.volumes.figures import answers, code, formula, grids

PHOTO_SIDE = 40
KEYS = ("map", "row", "column")


@dataclass(frozen=True)
class Running:
    """A network on an image: its table, and every volume with the image first."""

    trained: Trained
    traced: Trace
    volumes: list[Floats]
    label: str


@st.cache_resource(show_spinner="The network is being trained on 1437 digits, once ...")
def digit_net() -> Trained:
    """The digit net, trained once for everybody who comes here."""
    return train()


def on_digit() -> Running:
    """The whole network on a digit that it never saw."""
    digit = st.slider("Digit", 0, 9, 4, key="digit", bind="query-params")
    number = st.slider("Which of them", 0, 29, 0, key="number", bind="query-params")
    trained, image = digit_net(), specimen(digit, number)
    return Running(trained, trained.traced, [image[None], *trained.volumes(image)], f"specimen({digit}, {number})")


def on_photo() -> Running:
    """The same filters on a photo: as far as they go."""
    name = st.segmented_control("Photo", PHOTOS, default="pagoda", key="photo", bind="query-params", required=True)
    trained, image = digit_net(), grey_photo(name, PHOTO_SIDE)[None]
    network = replace(DIGIT_NET, input=(1, PHOTO_SIDE, PHOTO_SIDE), layers=trained.features().network.layers)
    traced = trace(network)
    call = f'grey_photo("{name}", {PHOTO_SIDE})'
    return Running(trained, traced, [image, *forward(traced, trained.weights, image)], call)


def chosen_cell(shape: tuple[int, ...]) -> tuple[int, int, int]:
    """The controls for a cell of a volume; a place that another volume had and this one has not moves to its edge."""
    state, place = st.session_state, []
    sides = shape if len(shape) == 3 else (1, 1, shape[0])
    with st.container(horizontal=True, gap="small"):
        for name, side in zip(KEYS, sides, strict=True):
            if state.get(name, 0) > side - 1:
                state[name] = side - 1
            label = "Unit" if len(shape) == 1 and name == "column" else name.capitalize()
            start = 0 if name == "map" else side // 2
            many = side > 1
            place.append(
                st.number_input(label, 0, side - 1, start, key=name, bind="query-params", width=110) if many else 0
            )
    return place[0], place[1], place[2]


def picked() -> None:
    """A cell was chosen in a picture."""
    state = st.session_state
    cell = state.maps.cell
    if isinstance(cell, Mapping):
        state.update({name: int(cell[name]) for name in KEYS})


def show(run: Running, name: str, place: tuple[int, int, int]) -> tuple[Row, Cell | None]:
    """The maps of a layer with what goes in, and the chosen cell worked out."""
    number = [row.name for row in run.traced.rows].index(name)
    row, taken, made = run.traced.rows[number], run.volumes[number], run.volumes[number + 1]
    found = _worked_out(row, run, taken, place)
    last = made if made.ndim == 3 else made[None, None, :]
    below = taken if taken.ndim == 3 else taken[None, None, :]
    frames = []
    if found is not None and not isinstance(row.operation, Dense):
        frames = [Frame((found.maps[0], found.maps[-1]), found.rows, found.columns)]
    here = Frame((place[0], place[0]), (place[1], place[1]), (place[2], place[2]))
    before = "image" if number == 0 else run.traced.rows[number - 1].name
    photo = below is taken and taken.shape[0] == 1 and number == 0
    shown = [
        Volume(
            f"What goes in: {before}, {_drawn(below)}",
            below,
            "grey" if photo and below.shape[1] > 8 else "ink" if below.min() >= 0 else "signs",
            _reads(found, row),
            frames,
        ),
        Volume(
            f"What comes out: {name}, {_drawn(last)}",
            last,
            "ink" if last.min() >= 0 else "signs",
            "Click a cell, or press Tab and move it with the arrow keys.",
            [here],
            place,
        ),
    ]
    volume(shown, key="maps", on_cell=picked)
    if row.kind == "softmax":
        _answers(run)
    elif found is not None:
        _explain(row, found, place)
    elif isinstance(row.operation, Flatten):
        source = np.unravel_index(place[2], taken.shape)
        st.markdown(
            f"Value {place[2]} of the vector is map {source[0]}, row {source[1]}, column {source[2]} of the volume: "
            f"**{made[place[2]]:.4f}**. Nothing is computed here."
        )
    return row, found


def _worked_out(row: Row, run: Running, taken: Floats, place: tuple[int, int, int]) -> Cell | None:
    if isinstance(row.operation, Dense):
        return unit(row, run.trained.weights, taken, place[2])
    if isinstance(row.operation, Flatten) or row.kind == "softmax":
        return None
    return cell(row, run.trained.weights, taken, place)


def _drawn(values: Floats) -> str:
    return f"{values.shape[0]}@{values.shape[1]}x{values.shape[2]}" if values.shape[1] > 1 else f"1x{values.shape[2]}"


def _reads(found: Cell | None, row: Row) -> str:
    if found is None or isinstance(row.operation, Dense):
        return "Every value is read." if isinstance(row.operation, Dense) else ""
    where = f"rows {found.rows[0]} to {found.rows[1]}, columns {found.columns[0]} to {found.columns[1]}"
    if isinstance(row.operation, Activation):
        return "The same place of the same map is read."
    maps = f"all {len(found.maps)} maps" if len(found.maps) > 1 else "one map"
    return f"The chosen cell reads {where} of {maps}."


def _explain(row: Row, found: Cell, place: tuple[int, int, int]) -> None:
    """The sum with its numbers, the window behind it, and the line of code."""
    where = (
        f"unit {place[2]}" if isinstance(row.operation, Dense) else f"map {place[0]}, row {place[1]}, column {place[2]}"
    )
    st.markdown(f"**{row.name}, {where}:** {formula(row, found)}")
    if isinstance(row.operation, Conv) and found.kernel is not None:
        kept, count = 0, len(found.maps)
        if count > 1:
            st.caption(
                f"One number for each of the {count} input maps. Each is a 3x3 window times a slice of the filter:"
            )
            kept = st.slider("Slice of the filter, for input map", 0, count - 1, 0, key="slice", bind="query-params")
        st.html(grids(found, kept))
    used = (place[2],) if isinstance(row.operation, Dense) else place
    st.code(code(row, found, used), language="python", wrap_lines=True)


def _answers(run: Running) -> None:
    scores, shares = run.volumes[-2], run.volumes[-1]
    best = int(shares.argmax())
    told = ", ".join(f"{digit} {share:.1%}" for digit, share in enumerate(shares))
    st.markdown(f"The net says **{best}**, with {shares[best]:.1%}.")
    rows = {"digit": range(10), "score": scores.round(3), "probability": [f"{share:.4f}" for share in shares]}
    lab.chart(answers(scores, shares), key="answers", quick=True, alt=f"Probabilities: {told}.", table=rows)
