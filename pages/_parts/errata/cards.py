"""The list of errata: a card for each with both statements side by side, and how many figures of a lecture hold."""

from collections.abc import Sequence
from html import escape
from typing import Any

import pandas as pd
import streamlit as st

from pages._kit.discovery import Lab, open_to_all
from syllabus.errata import Erratum, address, erratum, working
from syllabus.tables import table

LOOKS = (
    ("agrees", "right", "#0072B2", "#FFFFFF"),
    ("lecture is wrong", "wrong", "#D55E00", "#FFFFFF"),
    ("not stated", "left open", "#56B4E9", "#111111"),
    ("not computable", "nothing to compute", "#C9CDD2", "#111111"),
)
STYLE = """<style>
.errata article { border-top: 1px solid color-mix(in srgb, currentColor 18%, transparent); padding: 1rem 0 0.75rem; }
.errata h2 { font-size: 1.0625rem; font-weight: 600; margin: 0 0 0.5rem; padding: 0; line-height: 1.4; }
.errata h2 a { margin-right: 0.35rem; }
.errata .pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(15rem, 1fr)); gap: 0.75rem; }
.errata .pair > div { padding: 0.5rem 0.75rem; overflow-wrap: anywhere; }
.errata .stated { border-left: 4px solid #D55E00; background: color-mix(in srgb, #D55E00 9%, transparent); }
.errata .right { border-left: 4px solid #0072B2; background: color-mix(in srgb, #0072B2 11%, transparent); }
.errata small { display: block; font-size: 0.8125rem; }
.errata p { margin: 0.6rem 0 0; }
.errata summary { cursor: pointer; font-size: 0.875rem; margin-top: 0.5rem; }
.errata pre { white-space: pre-wrap; overflow-wrap: anywhere; font-size: 0.8125rem; margin: 0.5rem 0 0; }
.errata a { color: inherit; text-decoration: underline; }
</style>"""


def cards(found: Sequence[Erratum], labs: Sequence[Lab]) -> str:
    """Every correction as HTML: what the lecture has, what is right, why, where to try it, how it was computed."""
    return f'{STYLE}<div class="errata">{"".join(_card(each, labs) for each in found)}</div>'


def _card(each: Erratum, labs: Sequence[Lab]) -> str:
    several = len(each.lectures) > 1
    lectures = f"Lecture{'s' * several} {', '.join(each.lectures)} {'have' if several else 'has'}"
    tried = "".join(f' <a href="{escape(way)}">{escape(title)}</a>.' for way, title in _ways(each.id, labs))
    code = working(each.id)
    how = f"<details><summary>How {each.id} was computed</summary><pre>{escape(code)}</pre></details>" if code else ""
    return (
        f'<article><h2><a href="?find={each.id}">{each.id}</a> {escape(each.quantity)}</h2>'
        f'<div class="pair"><div class="stated"><small>{lectures}</small>{escape(each.stated)}</div>'
        f'<div class="right"><small>Right</small>{escape(each.correct)}</div></div>'
        f"<p>{escape(each.reason)}{' Try it:' + tried if tried else ''}</p>{how}</article>"
    )


def _ways(id: str, labs: Sequence[Lab]) -> list[tuple[str, str]]:
    """Labs that show it: one with the right setting where a question knows it, else those that speak of it."""
    titles = {lab.name: lab.title for lab in labs}
    known = address(id)
    if known and known.partition("?")[0] in titles:
        return [(known, titles[known.partition("?")[0]])]
    return [(lab.name, lab.title) for lab in labs if f'"{id}"' in lab.path.read_text(encoding="utf-8")]


def counts() -> pd.DataFrame:
    """How many figures of every lecture are right, wrong, left open, or no matter of computing."""
    rows = table("numbers").values()
    return pd.DataFrame(
        {
            "lecture": list("ABCDE"),
            **{
                name: [
                    sum(row["verdict"] == verdict and letter in row["lectures"] for row in rows) for letter in "ABCDE"
                ]
                for verdict, name, _, _ in LOOKS
            },
        }
    )


def bars(counted: pd.DataFrame) -> dict[str, Any]:
    """One bar per lecture, in four parts."""
    data = [
        {
            "type": "bar",
            "orientation": "h",
            "y": [f"Lecture {letter}" for letter in counted["lecture"]],
            "x": counted[name].tolist(),
            "name": name,
            "text": [str(count) if count > 2 else "" for count in counted[name]],
            "textposition": "inside",
            "insidetextanchor": "middle",
            "textangle": 0,
            "textfont": {"color": ink},
            "marker": {"color": colour, "line": {"color": "#FFFFFF", "width": 1.5}},
            "hovertemplate": f"%{{y}}: %{{x}} figures {name}<extra></extra>",
        }
        for _, name, colour, ink in LOOKS
    ]
    return {
        "data": data,
        "layout": {
            "barmode": "stack",
            "height": 300,
            "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
            "xaxis": {"title": {"text": "figures of the lecture"}, "fixedrange": True},
            "yaxis": {"autorange": "reversed", "automargin": True, "fixedrange": True},
            "legend": {
                "orientation": "h",
                "x": 0,
                "xanchor": "left",
                "y": 1.0,
                "yanchor": "bottom",
                "traceorder": "normal",
            },
        },
    }


def bars_alt(counted: pd.DataFrame) -> str:
    """The bars in words."""
    said = "; ".join(f"{row.lecture}: {row.right} right, {row.wrong} wrong" for row in counted.itertuples())
    return f"Figures of each lecture, recomputed. {said}."


@st.cache_data(show_spinner=False)
def drawn(ids: tuple[str, ...]) -> str:
    """The cards of these corrections; the texts never change while the app runs."""
    return cards([erratum(id) for id in ids], open_to_all())
