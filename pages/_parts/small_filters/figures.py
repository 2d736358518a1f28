"""The figures of the lab on small filters: what the stack costs beside one large window, and what both see."""

from typing import Any

from core.nets.layers import Activation
from core.nets.trace import BYTES, Trace
from pages._kit.block_drawing import Figure
from pages._parts.parameters.figures import amount, memory

LOOKS = (
    {"color": "#0072B2"},
    {
        "color": "#D55E00",
        "pattern": {"shape": "/", "size": 6, "solidity": 0.3, "bgcolor": "#D55E00", "fgcolor": "#FFFFFF"},
    },
)


def columns(traced: Trace) -> dict[str, int]:
    """What both are compared by."""
    return {
        "Parameters": traced.parameters,
        "Multiply-accumulates": traced.macs,
        "Nonlinearities": sum(isinstance(row.operation, Activation) for row in traced.rows),
        "Activation memory": traced.activations,
    }


def count(value: int) -> str:
    """A number that fits into a cell on a phone: every digit up to a billion, rounded above.

    >>> count(110_784), count(6_366_298_112_000)
    ('110,784', '6,366.30 G')
    """
    return f"{value:,}" if value < 10**9 else amount(value)


def said(column: str, value: int) -> str:
    """A value of a column in words."""
    return memory(value) if column == "Activation memory" else amount(value)


def comparison(stack: Trace, large: Trace) -> Figure:
    """Four pairs of bars, each on a scale of its own."""
    data, axes, notes = list[dict[str, Any]](), dict[str, Any](), list[dict[str, Any]]()
    labels = ["stack", "one large"]
    for panel, (column, one) in enumerate(columns(stack).items()):
        other, axis = columns(large)[column], "" if panel == 0 else str(panel + 1)
        left, top = 0.54 * (panel % 2), 1.0 - 0.55 * (panel // 2)
        most = max(one, other, 1)
        data.append(
            {
                "type": "bar",
                "orientation": "h",
                "x": [
                    one * (BYTES if column == "Activation memory" else 1),
                    other * (BYTES if column == "Activation memory" else 1),
                ],
                "y": labels,
                "xaxis": f"x{axis}",
                "yaxis": f"y{axis}",
                "marker": {
                    "color": [look["color"] for look in LOOKS],
                    "pattern": {"shape": ["", "/"], "size": 6, "solidity": 0.3, "fgcolor": "#FFFFFF"},
                    "line": {"width": 0},
                },
                "text": [said(column, one), said(column, other)],
                "textposition": "none",
                "showlegend": False,
                "hovertemplate": f"%{{y}}: %{{text}}<extra>{column}</extra>",
            }
        )
        most *= BYTES if column == "Activation memory" else 1
        for label, value in zip(labels, data[-1]["x"], strict=True):
            inside = value > 0.55 * most
            notes.append(
                {
                    **{"xref": f"x{axis}", "yref": f"y{axis}", "x": value, "y": label, "showarrow": False},
                    "text": said(column, one if label == "stack" else other),
                    **{"xanchor": "right" if inside else "left", "xshift": -4 if inside else 4},
                    **(
                        {"font": {"color": "#FFFFFF"}, "bgcolor": "#0072B2" if label == "stack" else "#B84F00"}
                        if inside
                        else {}
                    ),
                }
            )
        notes.append(
            {
                **{"xref": "paper", "yref": "paper", "x": left, "xanchor": "left", "y": top - 0.1, "yanchor": "bottom"},
                **{"text": f"<b>{column}</b>", "showarrow": False},
            }
        )
        axes[f"xaxis{axis}"] = {
            **{"domain": [left, left + 0.46], "anchor": f"y{axis}", "range": [0, most * 1.02]},
            **{"visible": False, "fixedrange": True},
        }
        axes[f"yaxis{axis}"] = {
            **{"domain": [top - 0.43, top - 0.11], "anchor": f"x{axis}", "autorange": "reversed", "fixedrange": True},
            **{"showticklabels": panel % 2 == 0, "automargin": True},
        }
    layout = {"height": 310, "margin": {"l": 8, "r": 8, "t": 4, "b": 4}, "bargap": 0.2, "annotations": notes, **axes}
    return {"data": data, "layout": layout}


def comparison_alt(stack: Trace, large: Trace) -> str:
    """The bars in words."""
    each = [
        f"{column.lower()} {said(column, one)} against {said(column, other)}"
        for (column, one), other in zip(columns(stack).items(), columns(large).values(), strict=True)
    ]
    return f"The stack against one large window: {'; '.join(each)}."


def findings(stack: Trace, large: Trace, *, kernel: int, times: int, side: int, maps: int) -> list[str]:
    """What there is to notice, in the numbers of this setting."""
    first, biased = stack.rows[0], getattr(stack.rows[0].operation, "bias", False)
    plus = (f" + {times if times > 1 else ''}C", " + C") if biased else ("", "")
    told = [
        f"{times * kernel**2}C²{plus[0]} = {stack.parameters:,} parameters against {side**2}C²{plus[1]} = "
        f"{large.parameters:,}, with C = {maps}: {times} times {first.formula}, against {large.rows[0].formula}."
    ]
    if times > 1:
        told.append(
            f"Both see {side}x{side}, because each layer adds {kernel - 1} to the field: "
            f"1 + {times}·{kernel - 1} = {side}."
        )
        told.append(
            f"The stack bends {times} times, the large window once. Without the rectifiers in between it would be one "
            f"linear {side}x{side} filter, and only one of those that are {times} small ones after each other."
        )
        told.append(
            f"The price is memory: every layer keeps its maps, {memory(stack.activations)} against "
            f"{memory(large.activations)}, and training keeps them until the gradient has come back."
        )
    else:
        told.append("One layer is no stack yet: both sides are the same. Add a layer, and the large window must grow.")
    return told


def answer(stack: Trace, large: Trace) -> str:
    """Which has more parameters, for the prediction."""
    return f"{stack.parameters:,} in the stack, {large.parameters:,} in the large window."
