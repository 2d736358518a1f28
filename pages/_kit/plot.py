"""The browser component that draws a chart in plotly's own words, in a few milliseconds where plotly takes fifty.

It knows the words that our figures use, and no other: plotly draws what needs more of them, or many thousand cells.
"""

from collections.abc import Callable, Iterator
from math import isfinite
from typing import Any

import numpy as np

from pages._kit.component import component

POINT = "x y name text hovertemplate hoverinfo customdata showlegend legendgroup xaxis yaxis opacity type"
LOOK = "color size opacity symbol line.color line.width"
KNOWN = {
    "bar": f"{POINT} orientation width textposition textfont.color textfont.size insidetextanchor cliponaxis "
    "marker.color marker.line.color marker.line.width marker.pattern.shape marker.pattern.size "
    "marker.pattern.solidity marker.pattern.bgcolor marker.pattern.fgcolor",
    "scatter": f"{POINT} mode textposition textfont.color textfont.size cliponaxis connectgaps line.color line.width "
    f"line.dash line.shape {' '.join(f'marker.{word}' for word in LOOK.split())}",
    "heatmap": "z x0 y0 dx dy zmin zmax colorscale showscale xgap ygap text texttemplate textfont.color textfont.size "
    "hovertemplate hoverinfo xaxis yaxis type",
    "axis": "anchor autorange automargin categoryarray categoryorder constrain constraintoward domain dtick "
    "exponentformat fixedrange nticks range rangemode scaleanchor showgrid showticklabels side tickformat "
    "ticklabelstandoff ticksuffix ticktext tickvals title.text type visible zeroline",
    "layout": "height margin.l margin.r margin.t margin.b barmode bargap showlegend hovermode legend.orientation "
    "legend.x legend.y legend.xanchor legend.yanchor legend.traceorder legend.itemsizing",
    "annotations": "text x y xref yref xanchor yanchor xshift yshift showarrow font.size font.color bgcolor borderpad "
    "captureevents",
    "shapes": "type x0 x1 y0 y1 xref yref line.color line.width line.dash fillcolor opacity layer",
}
AS_THEY_ARE = {str, int, bool, type(None)}  # a list of these is sent as it is, without a look at each
SYMBOLS = {"circle", "circle-open", "square", "square-open", "diamond", "triangle-up", "x", "x-thin", "line-ns"}


def bring() -> None:
    """Send the code that draws, once per page; what does not change is then only referred to, move after move.

    Within each chart it would be sent again with every new number.
    """
    component("plot", html="<span hidden></span>", base=("axes", "marks"))(key="plot-code")


def plot(figure: dict[str, Any], *, key: str, alt: str, on_pick: Callable[[], None] | None = None) -> None:
    """Draw plotly's dictionary of data and layout; `alt` is what a screen reader says.

    A click on a point calls `on_pick`, which finds its trace's name and its place as `st.session_state[key].pick`.
    """
    mount = component("chart", html='<div class="plot"></div>')
    heard = {} if on_pick is None else {"on_pick_change": on_pick}
    mount(data={"figure": plain(figure), "alt": alt, "picks": bool(heard)}, key=key, **heard)


def plain(value: Any) -> Any:
    """The same in lists, numbers and words; a number that is none is None. Arrays keep six digits: more only travel.

    >>> plain({"x": np.array([1.0, np.nan]), "y": (np.float32(0.5), "a")})
    {'x': [1.0, None], 'y': [0.5, 'a']}
    """
    if isinstance(value, float):  # the most frequent by far
        return value if isfinite(value) else None
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items()}
    if isinstance(value, np.ndarray) and value.ndim == 1 and value.dtype.kind == "f":
        short = list(map(float, map("%.6g".__mod__, value.tolist())))
        return short if all(map(isfinite, short)) else [each if isfinite(each) else None for each in short]
    if isinstance(value, np.generic):
        return plain(value.item())
    if isinstance(value, list | tuple):
        kinds = set(map(type, value))
        if kinds <= AS_THEY_ARE or (kinds == {float} and all(map(isfinite, value))):
            return list(value)
    return [plain(each) for each in value] if isinstance(value, list | tuple | np.ndarray) else value


def unknown(figure: dict[str, Any]) -> set[str]:
    """The words of a figure that this drawing does not know; the tests ask, so that no chart loses something.

    >>> sorted(unknown({"data": [{"type": "bar", "x": [1], "y": [2], "base": 3}, {"type": "pie"}], "layout": {}}))
    ['bar.base', 'pie']
    """
    found = set[str]()
    for trace in figure["data"]:
        kind = trace.get("type", "scatter")
        found |= _missing(kind, trace) if kind in KNOWN else {kind}
        symbols = trace.get("marker", {}).get("symbol", ())
        found |= {f"symbol {each}" for each in ([symbols] if isinstance(symbols, str) else symbols)} - {
            f"symbol {each}" for each in SYMBOLS
        }
    for name, value in figure["layout"].items():
        part = "axis" if name[1:5] == "axis" else name
        if part in ("annotations", "shapes"):
            found |= {word for each in value for word in _missing(part, each)}
        else:
            found |= _missing(part, value) if part == "axis" else _missing("layout", {name: value})
    return found


def _missing(kind: str, part: dict[str, Any]) -> set[str]:
    return {f"{kind}.{word}" for word in _words(part)} - {f"{kind}.{word}" for word in KNOWN[kind].split()}


def _words(part: dict[str, Any], before: str = "") -> Iterator[str]:
    for name, value in part.items():
        if isinstance(value, dict):
            yield from _words(value, f"{before}{name}.")
        else:
            yield f"{before}{name}"
