"""The figures of the Inception lab: a module as a graph, the operations of its branches, the depth of a stack."""

from collections.abc import Sequence
from typing import Any

import pandas as pd

from core.nets.layers import Concat, Conv, Pool
from core.nets.shapes import drawn
from core.nets.trace import Row, Trace
from pages._kit.block_drawing import Box, Figure, Link, drawing
from pages._parts.parameters.figures import amount

ORDER = ("1x1", "3x3", "5x5", "pool")
PATTERN = {"shape": "/", "size": 6, "solidity": 0.3, "bgcolor": "#E69F00", "fgcolor": "#5C3D00"}


def branches(traced: Trace) -> dict[str, list[Row]]:
    """The rows of the first module by branch, without rectifiers: those that lead to each input of its pile."""
    rows = {row.name: row for row in traced.rows}
    pile = next(row for row in traced.rows if isinstance(row.operation, Concat))
    found = {}
    for branch, end in zip(ORDER, pile.of, strict=True):
        path, name = list[Row](), end
        while name != "input":
            if isinstance(rows[name].operation, Conv | Pool):
                path.insert(0, rows[name])
            (name,) = rows[name].of
        found[branch] = path
    return found


def branch_table(traced: Trace) -> pd.DataFrame:
    """Every row of the branches, and what it costs."""
    rows = [(branch, row) for branch, path in branches(traced).items() for row in path]
    return pd.DataFrame(
        {
            "layer": [f"{branch}: {row.kind} {row.shape[0]}" for branch, row in rows],
            "parameters": [f"{row.parameters:,}" for _, row in rows],
            "operations": [f"{row.macs:,}" for _, row in rows],
        }
    )


def graph(traced: Trace) -> Figure:
    """Input, four branches, pile: every box with the maps it makes and the operations it takes."""
    pile = next(row for row in traced.rows if isinstance(row.operation, Concat))
    boxes = [Box("input", f"{traced.input[0]} maps of {traced.input[1]}x{traced.input[2]}", 1.5, 0, "input")]
    links = []
    for place, path in enumerate(branches(traced).values()):
        below = "input"
        for step, row in enumerate(path):
            level = 2 if len(path) == 1 else 1 + step
            operation = row.operation
            if isinstance(operation, Conv):
                side = operation.kernel[0]
                label = f"<b>{side}x{side}</b>, {row.shape[0]}<br>{amount(row.macs)}"
                kind = "narrow" if len(path) == 2 and side == 1 else "look"
            else:
                label, kind = f"<b>pool 3x3</b><br>{row.shape[0]} stay", "pool"
            boxes.append(Box(row.name, label, place, level, kind, f"{drawn(row.shape)}: {row.macs:,} operations"))
            links.append(Link(below, row.name, ((place, 1),) if level == 2 and not step else ()))
            below = row.name
        links.append(Link(below, pile.name))
    boxes.append(
        Box(
            pile.name,
            f"pile: {' + '.join(str(shape[0]) for shape in pile.inputs)} = <b>{pile.shape[0]}</b> maps",
            1.5,
            3,
            "meet",
        )
    )
    return drawing(boxes, links, height=330)


def graph_alt(traced: Trace) -> str:
    """The graph in words."""
    said = []
    for branch, path in branches(traced).items():
        steps = " then ".join(f"{drawn(row.shape)} with {row.macs:,} operations" for row in path)
        said.append(f"branch {branch}: {steps}")
    return f"Module on {drawn(traced.input)}; {'; '.join(said)}; all together {drawn(pile_shape(traced))}."


def pile_shape(traced: Trace) -> tuple[int, ...]:
    """What the first module makes."""
    return next(row.shape for row in traced.rows if isinstance(row.operation, Concat))


def operations(shown: Trace, naive: Trace) -> Figure:
    """Multiply-accumulates of each branch: the 1x1 in front or behind, and the window; outlined, the naive module."""
    found, plain = branches(shown), branches(naive)
    narrow = [sum(row.macs for row in path if len(path) > 1 and _side(row) == 1) for path in found.values()]
    look = [sum(row.macs for row in path) - part for path, part in zip(found.values(), narrow, strict=True)]
    before = [sum(row.macs for row in path) for path in plain.values()]
    labels = [f"{branch} branch" for branch in ORDER]
    bars: list[dict[str, Any]] = [
        _bar(labels, look, "the branch's window", {"color": "#0072B2"}),
        _bar(labels, narrow, "its 1x1 reducer", {"color": "#E69F00", "pattern": PATTERN}),
        {
            "type": "scatter",
            "name": "without reducers",
            "x": before,
            "y": labels,
            "mode": "markers",
            "marker": {"symbol": "line-ns", "size": 26, "line": {"color": "#D55E00", "width": 4}},
            "text": [amount(value) for value in before],
            "hovertemplate": "%{y} without reducers: %{text}<extra></extra>",
        },
    ]
    totals = [part + more for part, more in zip(narrow, look, strict=True)]
    notes = [_note(total, label, amount(total)) for label, total in zip(labels, totals, strict=True)]
    for label, total, old in zip(labels, totals, before, strict=True):
        if old > total:
            notes.append(_note(old, label, amount(old)))
    most = max([*totals, *before, 1])
    return {
        "data": bars,
        "layout": {
            "height": 290,
            "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
            "barmode": "stack",
            "bargap": 0.4,
            "annotations": notes,
            "legend": {
                "orientation": "h",
                "x": 0,
                "xanchor": "left",
                "y": 1.02,
                "yanchor": "bottom",
                "traceorder": "normal",
            },
            "xaxis": {
                "range": [0, most * 1.28],
                "tickformat": "~s",
                "nticks": 5,
                "fixedrange": True,
                "title": {"text": "multiply-accumulates"},
            },
            "yaxis": {"autorange": "reversed", "fixedrange": True, "automargin": True},
        },
    }


def operations_alt(shown: Trace, naive: Trace) -> str:
    """The bars in words."""
    each = ", ".join(f"{branch} {sum(row.macs for row in path):,}" for branch, path in branches(shown).items())
    return f"Operations by branch: {each}. Together {shown.macs:,}; without reducers {naive.macs:,}."


def growth(stacks: Sequence[tuple[str, Trace]]) -> Figure:
    """Maps after every module of a stack, one line for each form."""
    looks = (("#D55E00", "dash", "square"), ("#0072B2", "solid", "circle"))
    data = []
    for (name, traced), (colour, dash, symbol) in zip(stacks, looks, strict=False):
        depths = depth_by_module(traced)
        data.append(
            {
                "type": "scatter",
                "name": name,
                "x": list(range(len(depths))),
                "y": depths,
                "mode": "lines+markers",
                "line": {"color": colour, "dash": dash, "width": 3},
                "marker": {"symbol": symbol, "size": 9},
                "hovertemplate": "after %{x}: %{y:,} maps<extra>" + name + "</extra>",
            }
        )
    return {
        "data": data,
        "layout": {
            "height": 280,
            "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
            "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom"},
            "xaxis": {"title": {"text": "modules"}, "dtick": 1, "fixedrange": True},
            "yaxis": {"title": {"text": "maps"}, "rangemode": "tozero", "fixedrange": True},
        },
    }


def depth_by_module(traced: Trace) -> list[int]:
    """Maps of the input and after every pile."""
    return [traced.input[0], *(row.shape[0] for row in traced.rows if isinstance(row.operation, Concat))]


def findings(shown: Trace, naive: Trace, stacks: Sequence[tuple[str, Trace]], *, lecture: bool) -> list[str]:
    """What there is to notice in this module."""
    heaviest = max(branches(naive).items(), key=lambda item: sum(row.macs for row in item[1]))
    share = sum(row.macs for row in heaviest[1]) / naive.macs
    said = [
        f"Without reducers the {heaviest[0]} branch alone takes {share:.0%} of the {amount(naive.macs)} operations: a "
        f"window pays for its area and for all {naive.input[0]} maps below it.",
    ]
    if shown.macs != naive.macs:
        verb, factor = (
            ("saves", naive.macs / shown.macs) if shown.macs < naive.macs else ("costs", shown.macs / naive.macs)
        )
        said.append(
            f"With 1x1 layers the module takes {shown.macs:,} operations in place of {naive.macs:,}: it {verb} a "
            f"factor of {factor:.2f}. The reducers themselves are cheap, because their window is one pixel."
        )
    if lecture and shown.macs != naive.macs:
        twice = branches(shown)["3x3"][-1].macs
        said.append(
            f"The lecture prints 358 M for this module. Its six products add up to {shown.macs:,}. Add the 3x3 branch "
            f"of {twice:,} a second time, and {shown.macs + twice:,} comes out: the printed total."
        )
    told = " and ".join(f"{depth_by_module(traced)[-1]:,} ({name})" for name, traced in stacks)
    times = len(depth_by_module(stacks[0][1])) - 1
    said.append(
        f"After {times} modules there are {told} maps. A pooling keeps all the maps it gets, so without a 1x1 behind "
        "it the pile can only grow; with one, every module decides its depth itself."
    )
    return said


def _side(row: Row) -> int:
    return row.operation.kernel[0] if isinstance(row.operation, Conv) else 0


def _bar(labels: list[str], values: list[int], name: str, marker: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "bar",
        "orientation": "h",
        "name": name,
        "x": values,
        "y": labels,
        "text": [amount(value) for value in values],
        "textposition": "none",
        "marker": {**marker, "line": {"width": 0}},
        "hovertemplate": "%{y}: %{text}<extra>" + name + "</extra>",
    }


def _note(x: float, label: str, text: str) -> dict[str, Any]:
    return {"x": x, "y": label, "text": text, "showarrow": False, "xanchor": "left", "xshift": 5}
