"""The figures of the joint loss: two losses of one weight, their mix by alpha, and trainings against each other."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from core.detect.single.joint import joint_loss, least_loss, one_weight
from core.detect.single.joint_training import Trained, front
from core.types import Floats

BLUE, VERMILLION, GREEN, GREY = "#0072B2", "#D55E00", "#009E73", "#8A8F98"
Figure = dict[str, Any]


def valley(alpha: float, units: float) -> Figure:
    """S, R and their mix over the one weight, with the place where each is least."""
    theta = np.linspace(-1.6, 1.6, 129)
    s, r = np.square(theta - 1), units**2 * np.square(theta + 1)
    mix = np.asarray(joint_loss(s, r, alpha))
    best, s_best, r_best = one_weight(np.array([alpha]), units)[0]
    least = float(joint_loss(float(s_best), float(r_best), alpha))
    found = {
        **{"type": "scatter", "mode": "markers", "name": "least L", "x": [best], "y": [least]},
        "marker": {"symbol": "diamond", "size": 12, "color": GREEN, "line": {"color": "white", "width": 1.5}},
        "hovertemplate": "weight %{x:.2f}: L is %{y:.3f}<extra></extra>",
    }
    lines = [
        _line(theta, s, "S, the class", BLUE, "dash"),
        _line(theta, r, "R, the box", VERMILLION, "dot"),
        _line(theta, mix, "L, the mix", GREEN, "solid"),
    ]
    return _framed([*lines, found], "the weight", "loss", [0, 6], [-1.6, 1.6])


def along(alpha: float, units: float) -> Figure:
    """What S, R and L are at the best weight, for every alpha; L bends downwards and is least at the ends."""
    alphas = np.linspace(0, 1, 101)
    _, s, r = one_weight(alphas, units).T
    lines = [
        _line(alphas, s, "S at the best weight", BLUE, "dash"),
        _line(alphas, r, "R at the best weight", VERMILLION, "dot"),
        _line(
            alphas,
            np.array([joint_loss(*each) for each in zip(s, r, alphas.tolist(), strict=True)]),
            "L at the best weight",
            GREEN,
            "solid",
        ),
    ]
    figure = _framed(lines, "alpha", "loss", [0, 4.2 * max(1.0, min(units**2, 1.5))], [0, 1])
    figure["layout"]["shapes"] = [_upright(alpha)]
    return figure


def scatter(trained: Sequence[Trained], chosen: float) -> Figure:
    """Every training by right classes and mean IoU; those that nobody beats are joined."""
    data: list[Figure] = []
    across, up = [20.0, 80.0], [0.4, 0.9]
    if trained:
        across = _around([100 * each.right for each in trained], 6.0)
        up = _around([each.overlap for each in trained], 0.06)
        best = front(trained)
        order = [trained[place] for place in np.flatnonzero(best).tolist()]
        order.sort(key=lambda each: each.right)
        data.append(
            {
                **{"type": "scatter", "mode": "lines", "name": "Pareto front", "line": {"color": GREEN, "width": 2}},
                **{"x": [100 * each.right for each in order], "y": [each.overlap for each in order]},
                "hoverinfo": "skip",
            }
        )
        groups = (("on the front", GREEN, "circle", best), ("beaten in both", GREY, "x", ~best))
        for name, colour, symbol, members in groups:
            some = [trained[place] for place in np.flatnonzero(members).tolist()]
            data.append(
                {
                    **{"type": "scatter", "mode": "markers+text", "name": name, "textposition": "bottom center"},
                    **{"x": [100 * each.right for each in some], "y": [each.overlap for each in some]},
                    "text": [f"{each.alpha:g}" for each in some],
                    **({} if colour == GREEN else {"mode": "markers"}),
                    "marker": {
                        **{"symbol": symbol, "color": colour},
                        "size": [18 if each.alpha == chosen else 10 for each in some],
                    },
                    "hovertemplate": "alpha %{text}: %{x:.0f} % right, IoU %{y:.2f}<extra></extra>",
                }
            )
    return _framed(data, "right classes, %", "mean IoU", up, across)


def by_alpha(trained: Sequence[Trained], chosen: float) -> Figure:
    """What each training reached against its alpha: the share found, and its two parts."""
    places = [f"{each.alpha:g}" for each in trained]
    data = [
        {**_marks(places, [each.right for each in trained], "right classes", BLUE, "circle"), "opacity": 0.9},
        {**_marks(places, [each.overlap for each in trained], "mean IoU", VERMILLION, "square"), "opacity": 0.9},
        _marks(places, [each.found for each in trained], "found: the measure", GREEN, "diamond"),
    ]
    figure = _framed(data, "alpha", "share", [0, 1], None)
    figure["layout"]["xaxis"].update({"type": "category"})
    if f"{chosen:g}" in places:
        figure["layout"]["shapes"] = [_upright(places.index(f"{chosen:g}"))]
    return figure


def own_loss(trained: Sequence[Trained]) -> Figure:
    """The loss of every training as alpha moves, a straight line each, and the least of them all."""
    alphas = np.linspace(0, 1, 51)
    s = np.array([each.classification for each in trained])
    r = np.array([each.regression for each in trained])
    data = [
        {
            **_line(alphas[[0, -1]], np.array([r_, s_]), f"trained at {each.alpha:g}", GREY, "dot"),
            "showlegend": False,
        }
        for each, s_, r_ in zip(trained, s, r, strict=True)
    ]
    if trained:
        data.append(_line(alphas, least_loss(s, r, alphas), "the least of them", GREEN, "solid"))
    return _framed(data, "alpha by which they are judged", "L", [0, 1.6], [0, 1])


def table(trained: Sequence[Trained]) -> pd.DataFrame:
    """What every training reached."""
    return pd.DataFrame(
        {
            "S": [f"{each.classification:.2f}" for each in trained],
            "R": [f"{each.regression:.2f}" for each in trained],
            "own L": [f"{joint_loss(each.classification, each.regression, each.alpha):.2f}" for each in trained],
            "right": [f"{each.right:.0%}" for each in trained],
            "IoU": [f"{each.overlap:.2f}" for each in trained],
            "found": [f"{each.found:.0%}" for each in trained],
        },
        index=pd.Index([f"{each.alpha:g}" for each in trained], name="alpha"),
    )


def _marks(x: Sequence[str], y: Sequence[float], name: str, colour: str, symbol: str) -> Figure:
    return {
        **{"type": "scatter", "mode": "lines+markers", "name": name, "x": list(x), "y": list(y)},
        **{"line": {"color": colour, "width": 2}, "marker": {"symbol": symbol, "size": 9, "color": colour}},
        "hovertemplate": f"alpha %{{x}}, {name}: %{{y:.2f}}<extra></extra>",
    }


def _line(x: Floats, y: Floats, name: str, colour: str, dash: str) -> Figure:
    return {
        **{"type": "scatter", "mode": "lines", "name": name, "x": x.round(4), "y": np.asarray(y).round(4)},
        **{"line": {"color": colour, "dash": dash, "width": 2.5}},
        "hovertemplate": f"{name}, %{{x:.2f}}: %{{y:.3f}}<extra></extra>",
    }


def _around(values: Sequence[float], margin: float) -> list[float]:
    """From a little below the least to a little above the largest."""
    return [min(values) - margin, max(values) + margin]


def _upright(x: float) -> Figure:
    line = {"color": GREY, "width": 2, "dash": "dot"}
    return {"type": "line", "yref": "paper", "y0": 0, "y1": 1, "x0": x, "x1": x, "line": line}


def _framed(data: list[Figure], x: str, y: str, heights: list[float], widths: list[float] | None) -> Figure:
    across: Figure = {"title": {"text": x}, "fixedrange": True, "zeroline": False}
    return {
        "data": data,
        "layout": {
            "height": 320,
            "margin": {"l": 8, "r": 8, "t": 56, "b": 8},
            "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom"},
            "xaxis": {**across, **({"range": widths} if widths else {})},
            "yaxis": {"title": {"text": y}, "range": heights, "fixedrange": True, "zeroline": False},
        },
    }
