"""The figures of the ImageNet timeline: errors by year, what was counted below, the order to find, the fact card."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import quote

import pandas as pd

from core.data.imagenet import CLAIMS, HUMAN_ERROR, Entrant, parts
from core.nets.depth import depth
from core.nets.trace import trace
from core.nets.zoo import names, network
from pages._kit.ways import link
from pages._parts.parameters.figures import amount

ORANGE, BLUE, GREEN, GREY = "#E69F00", "#0072B2", "#009E73", "#8A8F98"
PERSON = "a person"
STYLE = """<style>
.facts { overflow-x: auto; }
.facts table { border-collapse: collapse; width: 100%; font-size: 0.875rem; }
.facts caption { text-align: left; padding: 0 0 0.5rem; }
.facts th, .facts td {
  padding: 0.4rem 0.6rem; text-align: left; vertical-align: top; min-width: 5.5rem;
  border-bottom: 1px solid color-mix(in srgb, currentColor 18%, transparent);
}
.facts a { color: inherit; }
</style>"""


@dataclass(frozen=True)
class Counted:
    """A network of the timeline, counted from its layer table."""

    shown: str
    depth: int
    parameters: int
    macs: int


def counted(entrants: Sequence[Entrant]) -> dict[str, Counted]:
    """What our tables say about those that our zoo can build, by the name of the entrant."""
    found = {}
    for each in entrants:
        if each.ours in names():
            traced = trace(network(each.ours))
            found[each.name] = Counted(traced.network.name, depth(traced.network), traced.parameters, traced.macs)
    return found


def timeline(entrants: Sequence[Entrant], counts: dict[str, Counted], below: str, *, hidden: bool) -> dict[str, Any]:
    """One row per entrant, year by year: the error on the left, and on the right what we count where we can."""
    rows = [f"{each.year}  {chr(65 + place) if hidden else each.name}" for place, each in enumerate(entrants)]
    data = []
    for learned, name, colour, shape in (
        (False, "designed features", ORANGE, "/"),
        (True, "learned features", BLUE, ""),
    ):
        own = [(row, each) for row, each in zip(rows, entrants, strict=True) if each.learned == learned]
        data.append(
            {
                **{"type": "bar", "orientation": "h", "name": name},
                "y": [row for row, _ in own],
                "x": [each.error for _, each in own],
                "text": [f"{each.error:g} %" for _, each in own],
                "customdata": ["" if hidden else f"{_placed(each)}; {each.note}" for _, each in own],
                **{"textposition": "outside", "cliponaxis": False},
                "marker": {
                    "color": colour,
                    "pattern": {"shape": shape, "size": 6, "solidity": 0.25, "bgcolor": colour, "fgcolor": "#FFFFFF"},
                },
                "hovertemplate": "%{y}: %{x} %<br>%{customdata}<extra></extra>",
            }
        )
    counted_rows = [
        (row, _value(counts[each.name], below)) for row, each in zip(rows, entrants, strict=True) if each.name in counts
    ]
    data.append(
        {
            **{"type": "bar", "orientation": "h", "xaxis": "x2", "showlegend": False},
            "y": [row for row, _ in counted_rows],
            "x": [value for _, value in counted_rows],
            "text": [_told(value, below) for _, value in counted_rows],
            **{"textposition": "outside", "cliponaxis": False},
            "marker": {"color": GREEN},
            "hovertemplate": "%{y}: %{text}<extra></extra>",
        }
    )
    data.append(
        {
            **{"type": "bar", "orientation": "h", "name": "a trained person"},
            **{"y": [PERSON], "x": [HUMAN_ERROR], "text": [f"{HUMAN_ERROR} %"]},
            **{"textposition": "outside", "cliponaxis": False},
            "marker": {"color": GREY},
            "hovertemplate": "one person, trained on the classes: %{x} %<extra></extra>",
        }
    )
    most = max((value for _, value in counted_rows), default=1)
    plain = {"showgrid": False, "zeroline": False, "fixedrange": True, "showticklabels": False, "side": "top"}
    return {
        "data": data,
        "layout": {
            "height": 140 + 34 * len(rows),
            "margin": {"l": 8, "r": 8, "t": 8, "b": 8},
            "barmode": "overlay",
            "bargap": 0.3,
            "xaxis": {"domain": [0, 0.56], "range": [0, 36], "title": {"text": "<b>top-5 error</b>"}, **plain},
            "xaxis2": {
                "domain": [0.62, 1],
                "range": [0, 2.1 * most],
                "title": {"text": f"<b>{below.lower()}</b>"},
                **plain,
            },
            "yaxis": {
                **{"categoryorder": "array", "categoryarray": [*rows, PERSON], "autorange": "reversed"},
                **{"automargin": True, "fixedrange": True, "ticklabelstandoff": 4},
            },
            "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": -0.02, "yanchor": "top"},
        },
    }


def timeline_alt(entrants: Sequence[Entrant], counts: dict[str, Counted], below: str) -> str:
    """The chart in words."""
    errors = ", ".join(f"{each.year} {each.name} {each.error:g} %" for each in entrants)
    bars = ", ".join(f"{name} {_told(_value(each, below), below)}" for name, each in counts.items())
    return f"Top-5 errors in the ImageNet challenge: {errors}. {below}: {bars}."


def table(entrants: Sequence[Entrant], counts: dict[str, Counted]) -> pd.DataFrame:
    """All entrants, with what we counted."""
    return pd.DataFrame(
        {
            "year": [each.year for each in entrants],
            "name": [each.name for each in entrants],
            "place": [each.place for each in entrants],
            "top-5 error, %": [f"{each.error:g}" for each in entrants],
            "layers": [str(counts[each.name].depth) if each.name in counts else "-" for each in entrants],
            "parameters": [f"{counts[each.name].parameters:,}" if each.name in counts else "-" for each in entrants],
            "source": [each.source for each in entrants],
            "note": [each.note for each in entrants],
        }
    )


def lessons(entrants: Sequence[Entrant], counts: dict[str, Counted]) -> list[str]:
    """What there is to notice."""
    designed = [each.error for each in entrants if not each.learned]
    alexnet = next(each for each in entrants if each.name == "AlexNet")
    told = "; ".join(
        f"{name} {each.depth} layers and {each.parameters / 1e6:.0f} million" for name, each in counts.items()
    )
    return [
        f"Designed features stayed between {min(designed):g} and {max(designed):g} % for three years. Learned ones "
        f"began with {alexnet.error:g} %. One AlexNet alone has 18.2 %; the mean of seven networks gave the rest.",
        f"Deeper need not be heavier: {told} parameters. GoogLeNet and ResNet leave out the large dense layers.",
        "Layers are counted along the longest way through a network: branches that stand side by side count once.",
        "These are errors of ensembles, and a wrong first guess is forgiven four times. An error below that of a "
        "person says something about this test, not about seeing.",
    ]


def answer(counts: dict[str, Counted]) -> str:
    """Which network has most parameters, and which fewest."""
    ordered = sorted(counts, key=lambda name: counts[name].parameters)
    told = ", ".join(f"{name} {counts[name].parameters:,}" for name in ordered)
    return f"{ordered[-1]} has most and {ordered[0]} fewest: {told}."


def networks(counts: dict[str, Counted]) -> str:
    """Ways to take the counted networks apart, layer by layer."""
    links = [link(f"parameters?network={quote(each.shown)}", name) for name, each in counts.items()]
    return f"<p>Take one apart, layer by layer: {', '.join(links)}.</p>"


def fact_card() -> str:
    """What three lectures say about the size of ImageNet, and what each number belongs to."""
    rows = "".join(
        f'<tr><th scope="row">Lecture {claim.lecture}</th><td>{escape(claim.words)}</td>'
        f"<td>{images}</td><td>{categories}</td></tr>"
        for claim in CLAIMS
        for images, categories in [parts(claim.size)]
    )
    head = "".join(f'<th scope="col">{text}</th>' for text in ("", "It says", "Its images fit", "Its categories fit"))
    return (
        f'{STYLE}<div class="facts" tabindex="0" role="region" aria-label="ImageNet in three lectures"><table>'
        "<caption>The whole collection has over 14 million images in over 20,000 categories. The challenge takes 1000 "
        "of these categories, with 1,281,167 images to train on.</caption>"
        f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _value(each: Counted, below: str) -> int:
    return {"Layers": each.depth, "Parameters": each.parameters, "Multiply-accumulates": each.macs}[below]


def _told(value: int, below: str) -> str:
    return f"{value}" if below == "Layers" else amount(value)


def _placed(each: Entrant) -> str:
    return "winner" if each.place == 1 else "second"
