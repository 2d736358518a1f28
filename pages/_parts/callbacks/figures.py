"""The figures of the callbacks lab: a curve with what was saved and where it stopped, and the stream of numbers."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from core.learning.stopping import Checkpoint, EarlyStopping, Waiting

BLUE, ORANGE, GREEN, GREY, PINK = "#0072B2", "#D55E00", "#009E73", "#8A8F98", "#CC79A7"
Figure = dict[str, Any]
Logs = Sequence[Mapping[str, float]]
NAMES = {
    "val_loss": "loss on other digits",
    "val_accuracy": "accuracy on other digits",
    "loss": "loss on its own digits",
    "accuracy": "accuracy on its own digits",
}


def replay(logs: Logs, rule: EarlyStopping, kept: Sequence[Waiting], saved: Sequence[int]) -> Figure:
    """The watched curve and its sibling; epochs that are saved, the best one, and the one where it stops."""
    watched, last = rule.monitor, kept[-1]
    sibling = watched.removeprefix("val_") if watched.startswith("val_") else f"val_{watched}"
    values, others = [each[watched] for each in logs], [each[sibling] for each in logs]
    epochs, end = list(range(1, len(logs) + 1)), last.epoch
    data = [
        _line(epochs[:end], others[:end], NAMES[sibling], GREY, "dot", 2),
        _line(epochs[:end], values[:end], f"{NAMES[watched]}, watched", BLUE, "solid", 3),
    ]
    if end < len(logs):
        data.append(_line(epochs[end - 1 :], values[end - 1 :], "never trained", BLUE, "dash", 1.5) | {"opacity": 0.45})
    if saved:
        data.append(_marks(saved, values, "saved", "square", ORANGE, 9))
    data.append(_marks([last.best_epoch], values, "best epoch", "diamond", GREEN, 15))
    shapes, notes = [], []
    if last.stopped:
        at = {"type": "line", "yref": "paper", "y0": 0, "y1": 1, "x0": last.stopped, "x1": last.stopped}
        shapes.append({**at, "line": {"color": PINK, "width": 2.5}})
        notes.append(
            {
                **{"text": f"stops after {last.stopped}", "x": last.stopped, "y": 1, "xref": "x", "yref": "paper"},
                **{"xanchor": "left" if last.stopped < len(logs) * 0.6 else "right", "yanchor": "top"},
                **{"showarrow": False, "xshift": 6 if last.stopped < len(logs) * 0.6 else -6, "font": {"size": 13}},
            }
        )
    return {
        "data": data,
        "layout": {
            "height": 440,
            "margin": {"l": 8, "r": 8, "t": 56, "b": 8},
            "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom"},
            "xaxis": {"range": [0, len(logs) + 1], "title": {"text": "epoch"}, "fixedrange": True, "zeroline": False},
            "yaxis": {"rangemode": "tozero", "fixedrange": True},
            "shapes": shapes,
            "annotations": notes,
        },
    }


def table(logs: Logs, rule: EarlyStopping, kept: Sequence[Waiting], saved: Sequence[int]) -> pd.DataFrame:
    """Every epoch that was trained: the watched number, the wait, and whether it was saved."""
    return pd.DataFrame(
        {
            rule.monitor: [f"{logs[each.epoch - 1][rule.monitor]:.4f}" for each in kept],
            "waited": [each.waited for each in kept],
            "saved": ["yes" if each.epoch in saved else "" for each in kept],
        },
        index=pd.Index([each.epoch for each in kept], name="epoch"),
    )


def keras(stop: EarlyStopping | None, save: Checkpoint | None) -> str:
    """The callbacks as one writes them in Keras."""
    lines = ["callbacks = ["]
    if stop:
        lines.append(
            f'    keras.callbacks.EarlyStopping(monitor="{stop.monitor}", min_delta={stop.min_delta:g}, '
            f"patience={stop.patience}, restore_best_weights={stop.restore_best_weights}),"
        )
    if save:
        ending = ".weights.h5" if save.save_weights_only else ".keras"
        every = f", period={save.period}" if save.period > 1 else ""
        lines.append(
            f'    keras.callbacks.ModelCheckpoint("model-{{epoch:02d}}{ending}", monitor="{save.monitor}", '
            f"save_best_only={save.save_best_only}, save_weights_only={save.save_weights_only}{every}),"
        )
    lines += [
        '    keras.callbacks.TensorBoard(log_dir="logs"),',
        "]",
        "model.fit(x, y, epochs=60, callbacks=callbacks)",
    ]
    return "\n".join(lines)


def stream(logs: Logs, epochs: int) -> Figure:
    """The numbers as they come: losses above, accuracies below."""
    data = []
    for name, colour, dash, axis in (
        ("loss", ORANGE, "dash", "y"), ("val_loss", BLUE, "solid", "y"),
        ("accuracy", ORANGE, "dash", "y2"), ("val_accuracy", BLUE, "solid", "y2"),
    ):  # fmt: skip
        steps = list(range(1, len(logs) + 1)) or [None]
        line = _line(steps, [each[name] for each in logs] or [None], name, colour, dash, 2.5)
        shown = {"yaxis": axis, "showlegend": axis == "y"}
        data.append({**line, **shown, "name": "its own digits" if colour == ORANGE else "other digits"})
    axis = {"fixedrange": True, "rangemode": "tozero"}
    return {
        "data": data,
        "layout": {
            "height": 440,
            "margin": {"l": 8, "r": 8, "t": 44, "b": 8},
            "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.04, "yanchor": "bottom"},
            "xaxis": {"anchor": "y2", "range": [0, epochs + 1], "title": {"text": "epoch"}, "fixedrange": True},
            "yaxis": {**axis, "domain": [0.55, 1], "title": {"text": "loss"}, "range": [0, 2]},
            "yaxis2": {**axis, "domain": [0, 0.45], "title": {"text": "accuracy"}, "range": [0, 1.02]},
        },
    }


def as_csv(logs: Logs) -> str:
    """The numbers of every epoch."""
    names = list(logs[0]) if logs else []
    lines = [f"{epoch}," + ",".join(f"{each[name]:.6g}" for name in names) for epoch, each in enumerate(logs, 1)]
    return "\n".join([",".join(["epoch", *names]), *lines]) + "\n"


def _line(x: Sequence[Any], y: Sequence[Any], name: str, colour: str, dash: str, width: float) -> Figure:
    return {
        **{"type": "scatter", "mode": "lines", "name": name, "x": list(x), "y": list(y)},
        **{"line": {"color": colour, "dash": dash, "width": width}},
        "hovertemplate": f"epoch %{{x}}: %{{y:.4f}}<extra>{name}</extra>",
    }


def _marks(epochs: Sequence[int], values: Sequence[float], name: str, symbol: str, colour: str, size: int) -> Figure:
    return {
        **{"type": "scatter", "mode": "markers", "name": name, "x": list(epochs)},
        **{"y": [values[epoch - 1] for epoch in epochs], "hovertemplate": f"{name}: epoch %{{x}}<extra></extra>"},
        "marker": {"symbol": symbol, "size": size, "color": colour, "line": {"color": "white", "width": 1.5}},
    }
