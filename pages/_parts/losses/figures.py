"""The figures of the losses lab: a loss with its tangents, and a circle fitted to points that are not all right."""

from typing import Any, Literal

import numpy as np
import pandas as pd

from core.learning import losses
from core.types import Floats
from core.units.activations import sigmoid

BLUE, ORANGE, GREEN, GREY = "#0072B2", "#D55E00", "#009E73", "#8A8F98"
Figure = dict[str, Any]
Moved = Literal["the probability", "the score"]
REACH = 5.0  # of the scores


def slopes(p: float, wanted: float) -> tuple[float, float, float]:
    """Loss, its slope by the probability and its slope by the score."""
    chance, right = np.array([p]), np.array([wanted])
    score = np.log(chance / (1 - chance))
    parts = (
        losses.binary_cross_entropy(score, right),
        losses.binary_cross_entropy_by_probability(chance, right),
        losses.binary_cross_entropy_by_score(score, right),
    )
    loss, by_p, by_z = (float(part[0]) for part in parts)
    return loss, by_p, by_z


def tangents(p: float, wanted: float, moved: Moved) -> Figure:
    """The loss over what is moved, with its tangent and a line of the lecture's slope; both slopes over it below."""
    by_p = moved == "the probability"
    across = np.linspace(0.01, 0.99, 197) if by_p else np.linspace(-REACH, REACH, 201)
    chances = across if by_p else sigmoid(across)
    scores, right = np.log(chances / (1 - chances)), np.full(len(across), wanted)
    here = p if by_p else float(np.log(p / (1 - p)))
    loss, slope_p, slope_z = slopes(p, wanted)
    slope = slope_p if by_p else slope_z
    data = [_line(across, losses.binary_cross_entropy(scores, right), "the loss", BLUE)]
    ends = here + np.array([-1, 1]) * (0.3 if by_p else 3.0)
    if by_p:
        data.append(_line(ends, loss + slope_z * (ends - here), "slope as lecture E prints it", ORANGE, "dash"))
    data.append(_line(ends, loss + slope * (ends - here), f"the tangent, slope {slope:.3f}", GREEN))
    data.append(_dot(here, loss, BLUE))
    below = {"yaxis": "y2", "showlegend": False}
    by_probability = losses.binary_cross_entropy_by_probability(chances, right)
    by_score = losses.binary_cross_entropy_by_score(scores, right)
    data.append(_line(across, by_probability, "by the probability", GREEN if by_p else GREY) | below)
    data.append(_line(across, by_score, "by the score", ORANGE if by_p else GREEN, "dash" if by_p else "solid") | below)
    most = 7.8  # the slope by the probability has no bound: the drawing has
    data += [
        _dot(here, float(np.clip(slope_p, -most, most)), GREEN if by_p else GREY) | below,
        _dot(here, slope_z, ORANGE if by_p else GREEN) | below,
    ]
    sign = -1 if wanted else 1
    span = sorted((0.6 * -sign, sign * 8.2))
    ticks: dict[str, Any] = {"range": [0, 1]} if by_p else {"range": [-REACH, REACH]}
    near, far = ("left", "right") if wanted else ("right", "left")
    low, high = (0.02, 0.98) if by_p else (-REACH, REACH)
    steep, gentle = (low, high) if wanted else (high, low)  # the sides of the slope by the probability
    notes = [
        _note("<b>the loss</b>", 0, 1.0, "left", "bottom"),
        _note("<b>its derivatives</b>", 0, 0.44, "left", "bottom"),
        _note("by the score", *((steep, sign * 1.7, near) if by_p else (gentle, sign * 0.8, far)), "middle", "x", "y2"),
        _note("by the probability", gentle, sign * (3.2 if by_p else 2.6), far, "middle", "x", "y2"),
    ]
    if abs(slope_p) > most:
        beside = {"left": 0.16, "right": 0.84}[near] if by_p else here
        notes.append(_note(f"{slope_p:.3g}, beyond the drawing", beside, sign * 7.2, near, "middle", "x", "y2"))
    return {
        "data": data,
        "layout": {
            "height": 540,
            "margin": {"l": 8, "r": 8, "t": 64, "b": 8},
            "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.05, "yanchor": "bottom"},
            "xaxis": {
                **{"anchor": "y2", "fixedrange": True, "title": {"text": f"{moved} of yes"}, "zeroline": False},
                **ticks,
            },
            "yaxis": {"domain": [0.56, 0.98], "range": [-0.3, 5.2], "fixedrange": True},
            "yaxis2": {"domain": [0, 0.42], "range": span, "fixedrange": True},
            "annotations": notes,
        },
    }


def tangents_table(p: float, wanted: float) -> pd.DataFrame:
    """The numbers at one place."""
    loss, by_p, by_z = slopes(p, wanted)
    rows = {
        "probability": p,
        "score": float(np.log(p / (1 - p))),
        "loss": loss,
        "by the probability": by_p,
        "by the score": by_z,
    }
    return pd.DataFrame({"quantity": list(rows), "value": [f"{value:.4f}" for value in rows.values()]}).set_index(
        "quantity"
    )


def disc(radii: Floats, fits: dict[str, float], truth: float, wild: int) -> Figure:
    """Measured points around the middle, and the circles that fit them best; the first `wild` points are off."""
    turn = 2 * np.pi * np.arange(len(radii)) / len(radii) + 0.35
    round_ = np.linspace(0, 2 * np.pi, 121)
    data = []
    for name, radius, colour, dash in (
        ("the true circle", truth, GREY, "dot"),
        ("least squares", fits["quadratic"], BLUE, "solid"),
        ("least distances", fits["absolute"], ORANGE, "dash"),
    ):
        told = f"{name}: {radius:.2f}"
        data.append(_line(radius * np.cos(round_), radius * np.sin(round_), told, colour, dash))
    for name, part, symbol, colour in (
        ("measured", slice(wild, None), "circle", GREEN),
        ("outlier", slice(0, wild), "x", "#CC79A7"),
    ):
        x, y = radii[part] * np.cos(turn[part]), radii[part] * np.sin(turn[part])
        if len(x):
            data.append(
                {
                    **{"type": "scatter", "mode": "markers", "name": name, "x": x.round(3), "y": y.round(3)},
                    **{"marker": {"symbol": symbol, "size": 10, "color": colour}},
                    **{"text": [f"{r:.2f} pixels" for r in radii[part]], "hovertemplate": "%{text}<extra></extra>"},
                }
            )
    places = np.stack([radii * np.cos(turn), radii * np.sin(turn)])
    low, high = np.minimum(places.min(axis=1), -truth - 1) - 0.5, np.maximum(places.max(axis=1), truth + 1) + 0.5
    bare = {"visible": False, "fixedrange": True}
    return {
        "data": data,
        "layout": {
            "height": 420,
            "margin": {"l": 8, "r": 8, "t": 56, "b": 8},
            "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom"},
            "xaxis": {**bare, "range": [float(low[0]), float(high[0])]},
            "yaxis": {**bare, "range": [float(low[1]), float(high[1])], "scaleanchor": "x"},
        },
    }


def valleys(radii: Floats, fits: dict[str, float]) -> Figure:
    """Mean loss over every guess of the radius: squares above, distances below, each with its lowest point."""
    guesses = np.linspace(0, max(12.0, float(radii.max())), 241)
    data, notes = [], []
    for distance, colour, axis, top in (("quadratic", BLUE, "y", 1.0), ("absolute", ORANGE, "y2", 0.44)):
        found = losses.mean_loss(guesses, radii, distance)  # type: ignore[arg-type]
        best = fits[distance]
        least = float(losses.mean_loss(np.array([best]), radii, distance)[0])  # type: ignore[arg-type]
        data += [
            _line(guesses, found, distance, colour) | {"yaxis": axis, "showlegend": False},
            _dot(best, least, colour) | {"yaxis": axis},
        ]
        what = (
            "mean of the squares, lowest at the mean" if axis == "y" else "mean of the distances, lowest at the median"
        )
        notes.append(_note(f"<b>{what}</b>", 0, top, "left", "bottom"))
    return {
        "data": data,
        "layout": {
            "height": 380,
            "margin": {"l": 8, "r": 8, "t": 28, "b": 8},
            "xaxis": {
                "anchor": "y2",
                "fixedrange": True,
                "title": {"text": "guess of the radius"},
                "range": [0, guesses[-1]],
            },
            "yaxis": {"domain": [0.58, 1], "fixedrange": True, "rangemode": "tozero"},
            "yaxis2": {"domain": [0, 0.42], "fixedrange": True, "rangemode": "tozero"},
            "annotations": notes,
        },
    }


def _line(x: Floats, y: Floats, name: str, colour: str, dash: str = "solid") -> Figure:
    return {
        **{"type": "scatter", "mode": "lines", "name": name, "line": {"color": colour, "dash": dash, "width": 3}},
        **{"x": x.round(4), "y": y.round(4), "hovertemplate": f"%{{x:.2f}}: %{{y:.3f}}<extra>{name}</extra>"},
    }


def _dot(x: float, y: float, colour: str) -> Figure:
    return {
        **{"type": "scatter", "mode": "markers", "showlegend": False, "x": [x], "y": [y], "hoverinfo": "skip"},
        "marker": {"size": 12, "color": colour, "line": {"color": "white", "width": 1.5}},
    }


def _note(
    text: str, x: float, y: float, xanchor: str, yanchor: str, xref: str = "paper", yref: str = "paper"
) -> Figure:
    return {
        **{"text": text, "x": x, "y": y, "xref": xref, "yref": yref, "xanchor": xanchor, "yanchor": yanchor},
        **{"showarrow": False, "font": {"size": 12}},
    }
