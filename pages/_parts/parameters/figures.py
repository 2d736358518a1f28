"""The figures of the parameter calculator: three rows of bars over the same layers or blocks, and what to notice."""

from collections.abc import Sequence
from dataclasses import replace
from math import log10
from typing import Any, TypeAlias

from core.errors import CoreError
from core.nets.blocks import Block
from core.nets.layers import Activation, Conv, Dense, Dropout, Flatten
from core.nets.shapes import drawn
from core.nets.trace import BYTES, Row, Trace, trace

LOOKS = {
    "convolution": {"color": "#0072B2"},
    "dense": {
        "color": "#D55E00",
        "pattern": {"shape": "/", "size": 6, "solidity": 0.25, "bgcolor": "#D55E00", "fgcolor": "#FFFFFF"},
    },
    "other": {"color": "#8A8F98"},
}
TIED = (
    " The top is also what ties it to one size of image: change the size, and only the first dense layer changes its "
    "count."
)
MOST_NAMES = 60  # more would not be read along an axis

Part: TypeAlias = Row | Block  # a bar, a line of the table


def amount(count: int) -> str:
    """A large number as people say it.

    >>> amount(15_470_264_320), amount(285_000), amount(410)
    ('15.47 G', '285.0 k', '410')
    """
    if count >= 10**9:
        return f"{count / 10**9:,.2f} G"
    if count >= 10**6:
        return f"{count / 10**6:,.2f} M"
    return f"{count / 1000:,.1f} k" if count >= 10_000 else f"{count:,}"


def memory(values: int) -> str:
    """The bytes of so many values.

    >>> memory(15_237_608), memory(120)
    ('61.0 MB', '480 B')
    """
    size = values * BYTES
    if size >= 10**9:
        return f"{size / 10**9:,.2f} GB"
    if size >= 10**6:
        return f"{size / 10**6:,.1f} MB"
    return f"{size / 1000:,.1f} kB" if size >= 1000 else f"{size:,} B"


def shown(rows: Sequence[Row], *, every: bool) -> list[Row]:
    """The rows to look at: activations and dropout have neither weights nor windows, and keep no values."""
    return [row for row in rows if every or not isinstance(row.operation, Activation | Dropout)]


def heaviest(traced: Trace) -> Row:
    """The layer with most parameters."""
    return max(traced.rows, key=lambda row: row.parameters)


def kind(part: Part) -> str:
    """The word for the three looks of a bar."""
    return {Conv: "convolution", Dense: "dense"}.get(type(part.operation), "other")


def bars(traced: Trace, parts: Sequence[Part], *, log: bool) -> dict[str, Any]:
    """Parameters, multiply-accumulates and memory of the same layers or blocks, one above the other."""
    names, kinds = ["input", *(part.name for part in parts)], ["other", *map(kind, parts)]
    volume = traced.input[0] * traced.input[1] * traced.input[2]
    panels = (
        ("Parameters", [0, *(part.parameters for part in parts)], traced.parameters, f"{traced.parameters:,}", amount),
        ("Multiply-accumulates", [0, *(part.macs for part in parts)], traced.macs, amount(traced.macs), amount),
        (
            "Memory of activations",
            [BYTES * values for values in (volume, *(part.values for part in parts))],
            BYTES * traced.activations,
            memory(traced.activations),
            lambda size: memory(size // BYTES),
        ),
    )
    data, notes, axes = [], [], {}
    for place, (title, values, total, told, in_words) in enumerate(panels):
        axis = "y" if place == 0 else f"y{place + 1}"
        top, bottom = 1 - place * 0.345, 1 - place * 0.345 - 0.25
        for look, marker in LOOKS.items():
            own = [(name, value) for name, value, its in zip(names, values, kinds, strict=True) if its == look]
            data.append(
                {
                    "type": "bar",
                    "x": [name for name, _ in own],
                    "y": [value for _, value in own],
                    "text": [in_words(value) for _, value in own],
                    "textposition": "none",
                    "name": look,
                    "legendgroup": look,
                    "showlegend": place == 0,
                    "marker": {**marker, "line": {"width": 0}},
                    "yaxis": axis,
                    "hovertemplate": f"%{{x}}: %{{text}}<extra>{title}</extra>",
                }
            )
        most = max(values)
        at = values.index(most)
        notes.append(
            {
                "text": f"<b>{title}</b>, {told} in all",
                **{"xref": "paper", "x": 0, "xanchor": "left", "yref": "paper", "y": top + 0.012, "yanchor": "bottom"},
                "showarrow": False,
            }
        )
        if most:
            left = at < len(names) / 2
            notes.append(
                {
                    "text": f"{names[at]}: {in_words(most)}, {most / total:.0%}",
                    **{"x": at, "xanchor": "left" if left else "right", "xshift": -8 if left else 8},
                    **{"yref": axis, "y": _height(most, log), "yanchor": "bottom"},
                    "showarrow": False,
                }
            )
        axes["yaxis" if place == 0 else f"yaxis{place + 1}"] = {
            "domain": [bottom, top],
            "type": "log" if log else "linear",
            "range": [0, _height(most or 1, log) * 1.25 + (0.2 if log else 0)],
            "nticks": 4,
            "fixedrange": True,
            "tickformat": "~s",
            "ticksuffix": "B" if place == 2 else "",
            "zeroline": False,
        }
    return {
        "data": data,
        "layout": {
            "height": 640,
            "margin": {"l": 8, "r": 8, "t": 62, "b": 8},
            "barmode": "overlay",
            "bargap": 0.15,
            "annotations": notes,
            "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.06, "yanchor": "bottom"},
            "xaxis": {
                **{"categoryorder": "array", "categoryarray": names, "anchor": "y3", "tickangle": -90},
                **{"fixedrange": True, "automargin": True, "range": [-0.6, len(names) - 0.4]},
                "showticklabels": len(names) <= MOST_NAMES,
            },
            **axes,
        },
    }


def bars_alt(traced: Trace, parts: Sequence[Part]) -> str:
    """The bars in words."""
    most, busiest = (max(parts, key=lambda part: getattr(part, what)) for what in ("parameters", "macs"))
    largest = max(parts, key=lambda part: part.values)
    what = "blocks" if isinstance(most, Block) else "layers"
    return (
        f"Three rows of bars over the {len(parts)} {what} of {traced.network.name}. Most parameters: {most.name}, "
        f"{most.parameters:,} of {traced.parameters:,}. Most multiply-accumulates: {busiest.name}, {busiest.macs:,} of "
        f"{traced.macs:,}. Most memory of the {what}: {largest.name}, {memory(largest.values)} of "
        f"{memory(traced.activations)}."
    )


def findings(traced: Trace, whole: Trace, bare: Trace | None) -> list[str]:
    """What there is to notice in this network."""
    said = []
    if traced.parameters:
        said.append(_parameters_line(traced))
    if any(isinstance(row.operation, Conv) for row in traced.rows):
        multiplied = sum(row.macs for row in traced.rows if isinstance(row.operation, Conv)) / traced.macs
        said.append(
            f"**Work sits where filters visit many places:** convolutions do {multiplied:.1%} of the "
            f"{amount(traced.macs)} multiply-accumulates with {traced.parameters_of(Conv) / traced.parameters:.1%} of "
            "the parameters. A dense weight is used once per image, a filter's weight at every place."
        )
    said.append(_memory_line(traced))
    if bare and bare.parameters and whole.parameters > bare.parameters:
        said.append(
            f"Without its top the network has {bare.parameters:,} parameters in place of {whole.parameters:,}, "
            f"{whole.parameters / bare.parameters:.1f} times fewer."
            + (TIED if any(isinstance(row.operation, Flatten) for row in whole.rows) else "")
        )
    maps = {1: 3, 3: 1}.get(traced.input[0])
    if maps and traced.parameters:
        said += _other_image(traced, maps)
    return said


def answer(traced: Trace) -> str:
    """Which layer holds most, and what share."""
    if not traced.parameters:
        return f"{traced.network.name} has no parameters at all: none of its layers learns."
    most = heaviest(traced)
    return (
        f"In {traced.network.name} it is {most.name}, with {most.parameters:,} of {traced.parameters:,} parameters: "
        f"{most.parameters / traced.parameters:.1%}. The count: {most.formula}."
    )


def _other_image(traced: Trace, maps: int) -> list[str]:
    """What changes on a grey image or a colour one: the first layer alone, unless a branch brings the image further."""
    try:
        other = trace(replace(traced.network, input=(maps, *traced.input[1:])))
    except CoreError:
        return []  # a row that adds the image fits one number of maps only
    pairs = [pair for pair in zip(traced.rows, other.rows, strict=True) if pair[0].parameters != pair[1].parameters]
    if len(pairs) != 1:
        return []
    first, changed = pairs[0]
    return [
        f"On a {'colour' if maps == 3 else 'grey'} image only {first.name} would change, from {first.parameters:,} "
        f"to {changed.parameters:,}: {other.parameters:,} in all. Later layers never meet the colours."
    ]


def _parameters_line(traced: Trace) -> str:
    most, dense = heaviest(traced), traced.parameters_of(Dense) / traced.parameters
    share = f"{most.name} alone has {most.parameters:,}, {most.parameters / traced.parameters:.1%} of all"
    if isinstance(most.operation, Dense):
        return f"**Parameters sit where many values meet many units:** {share}; dense layers together have {dense:.1%}."
    return (
        f"**Parameters sit where maps are many:** {share}. Its map is small, {drawn(most.shape)}, its filters are deep."
    )


def _memory_line(traced: Trace) -> str:
    keeping = [row for row in traced.rows if row.values]
    half, kept = sum(row.values for row in keeping) / 2, 0
    for place, row in enumerate(keeping):
        kept += row.values
        if kept >= half:
            where = " sits in the first layers" if place + 1 < len(keeping) / 2 else ""
            return (
                f"**Memory{where}:** half of what the layers keep is there after "
                f"{row.name}, number {place + 1} of the {len(keeping)} that keep any. One image keeps "
                f"{memory(traced.activations)}, and training holds as much again for the gradients: "
                f"{memory(2 * traced.activations)}."
            )
    return f"One image keeps {memory(traced.activations)}, the input alone."


def _height(value: float, log: bool) -> float:
    return log10(value) if log else value
