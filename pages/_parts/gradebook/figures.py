"""The charts of the gradebook: students by questions or assignments, how points are spread, where questions fail."""

from collections.abc import Sequence
from typing import Any

from classroom.staff.figures import Bin, Failure

BLUE, VERMILLION, ORANGE, GREY = "#0072B2", "#D55E00", "#E69F00", "#8A8F98"
SCALE = [[0, VERMILLION], [0.5, "#C9C2B8"], [1, BLUE]]  # none of it is a background's colour: a gap is seen
Figure = dict[str, Any]
SHARES = (
    ("full points", "full", BLUE, ""),
    ("a part", "part", ORANGE, "/"),
    ("none", "none", VERMILLION, "x"),
    ("not decided", "undecided", GREY, "."),
)


def heat(rows: Sequence[str], columns: Sequence[str], shares: Sequence[Sequence[float | None]]) -> Figure:
    """Questions or assignments as rows, students as columns; a share of the points in each, a gap where none is."""
    labels = [_told(short(row)) for row in rows]
    spread = [[None if share is None else 100 * share for share in row] for row in shares]
    return {
        "data": [
            {
                **{"type": "heatmap", "z": spread, "x": list(range(len(columns))), "y": list(range(len(rows)))},
                **{"zmin": 0, "zmax": 100, "colorscale": SCALE, "xgap": 1, "ygap": 1},
                "colorbar": {"title": {"text": "%"}, "thickness": 10, "outlinewidth": 0},
                "customdata": [[[_told(row), _told(column)] for column in columns] for row in rows],
                "hovertemplate": "%{customdata[1]}<br>%{customdata[0]}: %{z:.0f} %<extra></extra>",
                "hoverongaps": False,
            }
        ],
        "layout": {
            "height": 90 + 34 * max(2, len(rows)),
            "margin": {"l": 4, "r": 4, "t": 8, "b": 34},
            "xaxis": {
                "title": {"text": "students, from fewest points to most"},
                **{"showticklabels": False, "ticks": "", "showgrid": False, "zeroline": False, "fixedrange": True},
            },
            "yaxis": {
                **{"tickvals": list(range(len(rows))), "ticktext": labels, "autorange": "reversed"},
                **{"showgrid": False, "zeroline": False, "automargin": True, "fixedrange": True},
            },
        },
    }


def spread(bins: Sequence[Bin]) -> Figure:
    """How many students have how many points."""
    names = [span(one) for one in bins]
    return {
        "data": [
            {
                **{"type": "bar", "x": names, "y": [one.count for one in bins], "marker": {"color": BLUE}},
                **{"text": [one.count or "" for one in bins], "textposition": "outside", "cliponaxis": False},
                "hovertemplate": "%{x} points: %{y} students<extra></extra>",
            }
        ],
        "layout": {
            "height": 260,
            "margin": {"l": 4, "r": 4, "t": 24, "b": 34},
            "bargap": 0.08,
            "xaxis": {"title": {"text": "points"}, "type": "category", "fixedrange": True},
            "yaxis": {"visible": False, "rangemode": "tozero", "fixedrange": True},
        },
    }


def failing(failures: Sequence[Failure]) -> Figure:
    """Of each question: the shares of students with full points, a part, none, and without a decision."""
    labels = [_told(short(one.question.id)) for one in failures]
    places = list(range(len(failures)))
    data = []
    for title, field, colour, pattern in SHARES:
        counts = [getattr(one, field) for one in failures]
        totals = [one.graded + one.undecided or 1 for one in failures]
        data.append(
            {
                **{"type": "bar", "orientation": "h", "name": title, "y": places},
                "x": [100 * count / total for count, total in zip(counts, totals, strict=True)],
                "customdata": counts,
                "marker": {"color": colour, "pattern": _pattern(pattern, colour)},
                "hovertemplate": f"{title}: %{{customdata}} students (%{{x:.0f}} %)<extra></extra>",
            }
        )
    return {
        "data": data,
        "layout": {
            "barmode": "stack",
            "height": 100 + 34 * len(failures),
            "margin": {"l": 4, "r": 24, "t": 34, "b": 30},
            "legend": {"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "traceorder": "normal"},
            "xaxis": {"range": [0, 100], "ticksuffix": " %", "fixedrange": True},
            "yaxis": {
                **{"tickvals": places, "ticktext": labels, "autorange": "reversed"},
                **{"automargin": True, "fixedrange": True},
            },
        },
    }


def _told(name: str) -> str:
    """A name as nothing but letters: plotly reads a little HTML."""
    return name.replace("&", "&amp;").replace("<", "&lt;")


def _pattern(shape: str, colour: str) -> dict[str, Any]:
    return {"shape": shape, "size": 6, "solidity": 0.25, "bgcolor": colour, "fgcolor": "#FFFFFF"}


def short(label: str, most: int = 18) -> str:
    """What fits beside a chart on a phone.

    >>> short("intersection-over-union-test")
    'intersection-over…'
    """
    return label if len(label) <= most else f"{label[: most - 1]}…"


def span(one: Bin) -> str:
    """A bin in words: `2 to 3`."""
    return f"{one.low:g} to {one.high:g}"
