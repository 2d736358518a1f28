"""What the retrieval lab draws: the controls, the query, and what is found by pixels and in a layer."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from core.features.neighbours import METRICS, Metric, Places, distances, nearest, right_by_rank
from core.features.sets import (
    CLASSES,
    MOST,
    PIXELS,
    SETS,
    TITLES,
    SetName,
    before_classifier,
    pictures,
    spaces,
    taken_by,
    vectors_in,
    vectors_of,
)
from core.types import Floats
from pages._kit import lab
from pages._kit.scrolling import folded
from pages._kit.upload import upload
from pages._parts.retrieval.gallery import Hit, gallery

QUERIES = 200
OWN, MOST_SHOWN, FADED = "my own picture", 12, "#B9BEC6"


@dataclass(frozen=True)
class Setting:
    """Where to look, by what, and how many to show."""

    name: SetName
    layer: str
    metric: Metric
    k: int
    count: int  # of the pictures that can be found


@dataclass(frozen=True, eq=False)
class Found:
    """What one space gave: places of the pictures, nearest first, and how far they are."""

    space: str
    places: Places  # (k,)
    far: Floats  # (k,)


@dataclass(frozen=True, eq=False)
class Query:
    """The picture that is asked with; no label for an own one."""

    image: NDArray[np.uint8]
    inputs: Any  # a tensor (1, C, H, W)
    label: int | None
    number: int | None


def controls() -> tuple[Setting, Query | None]:
    """Draw the controls; no query while an own picture is asked for and none is there."""
    number = st.slider("Query", 0, QUERIES - 1, 3, key="query", bind="query-params", help="Nobody learned from these.")
    k = st.slider("Pictures to show", 1, MOST_SHOWN, 5, key="k", bind="query-params")
    metric = st.segmented_control("Distance", METRICS, default="l1", key="metric", bind="query-params", required=True)
    name = st.selectbox("Pictures", SETS, 2, format_func=TITLES.get, key="set", bind="query-params")
    layers = [space for space in spaces(name) if space != PIXELS]
    layer = st.selectbox(
        "Layer of the network", layers, layers.index(before_classifier(name)), key=f"layer-{name}", bind="query-params"
    )
    count = st.select_slider(
        "Pictures that can be found", (50, 100, 200, 400, MOST[name, "train"]), 200, key=f"count-{name}",
        bind="query-params",
    )  # fmt: skip
    setting = Setting(name, layer, metric, k, int(count))
    ask = st.toggle("Ask with my own picture", key="own", bind="query-params")
    return setting, _own(name) if ask else _known(name, number)


def find(setting: Setting, query: Query) -> tuple[Found, Found]:
    """The nearest in pixels and in the layer."""
    return _found(setting, query, PIXELS), _found(setting, query, setting.layer)


def stage(setting: Setting, query: Query, found: tuple[Found, Found]) -> pd.DataFrame:
    """The query and both galleries."""
    known = pictures(setting.name, "train", setting.count)
    name = CLASSES[setting.name]
    word = OWN if query.label is None else name[query.label]
    gallery(
        "The query", [Hit(query.image, word, "" if query.number is None else f"no. {query.number}", None)], query=True
    )
    rows = []
    for each in found:
        length = spaces(setting.name)[each.space][1]
        hits = list[Hit]()
        for place, far in zip(each.places.tolist(), each.far.tolist(), strict=True):
            label = int(known.labels[place])
            right = None if query.label is None else label == query.label
            hits.append(Hit(known.images[place], name[label], f"{far:.3g}", right))
            rows.append(
                {"by": each.space, "rank": len(hits), "picture": place, "class": name[label], "distance": f"{far:.4g}"}
            )
        said = "" if query.label is None else f": {sum(bool(hit.right) for hit in hits)} of {len(hits)} of its class"
        gallery(f"Nearest by {each.space}, {length:,} values{said}", hits)
    st.caption(
        "Below a picture: its class and its distance."
        + ("" if query.label is None else " Green frame: the query's class. Dashed frame: another class.")
    )
    table = pd.DataFrame(rows)
    folded("The numbers behind the galleries", table.set_index("by"), key="found-numbers")
    shares = {space: by_rank(setting, space) for space in (PIXELS, setting.layer)}
    lab.chart(
        ranks(shares, chance=1 / len(name), k=setting.k),
        key="ranks",
        alt=f"Share of what is found that has the query's class, by rank, over {QUERIES} queries. "
        + "; ".join(f"{space}: first {values[0]:.0%}, last {values[-1]:.0%}" for space, values in shares.items()),
        table=pd.DataFrame(
            {space: [f"{value:.1%}" for value in values] for space, values in shares.items()},
            index=pd.RangeIndex(1, MOST_SHOWN + 1, name="rank"),
        ),
        quick=True,
    )
    return table


def told(setting: Setting, query: Query | None, found: tuple[Found, Found] | None) -> list[str]:
    """What to notice."""
    lines = list[str]()
    if query is not None and query.label is not None and found is not None:
        known = pictures(setting.name, "train", setting.count).labels
        shares = [int((known[each.places] == query.label).sum()) for each in found]
        lines.append(
            f"Of the {setting.k} that each row shows, {shares[0]} by pixels and {shares[1]} by {setting.layer} have "
            f"the query's class. Over all {QUERIES} queries it is {share(setting, PIXELS):.0%} and "
            f"{share(setting, setting.layer):.0%}."
        )
    return [
        *lines,
        "Nothing is trained to find: the network learned to name classes, and its last but one layer turned out to be "
        "a measure of likeness. That is why features can be reused.",
        "Pixels compare place by place. What they call alike has the same ground, the same light, ink in the same "
        "places.",
        "Retrieval always finds something. Ask with a picture of something the set does not have: the distance is "
        "larger, and still there is a first place.",
    ]


def share(setting: Setting, space: str) -> float:
    """Share of what is found that has the query's class, over all queries."""
    return float(by_rank(setting, space)[: setting.k].mean())


def by_rank(setting: Setting, space: str) -> Floats:
    """The same for each rank, however many are shown."""
    return _by_rank(replace(setting, k=MOST_SHOWN, layer=""), space)


@lru_cache(maxsize=300)
def _by_rank(setting: Setting, space: str) -> Floats:
    train = vectors_in(setting.name, "train", setting.count, space)
    asked = vectors_in(setting.name, "test", QUERIES, space)
    known, truth = pictures(setting.name, "train", setting.count), pictures(setting.name, "test", QUERIES)
    return right_by_rank(nearest(train, asked, setting.k, setting.metric), known.labels, truth.labels)


def ranks(shares: Mapping[str, Floats], *, chance: float, k: int) -> dict[str, Any]:
    """How many of those found first, second, ... are right, over all queries; those shown are filled."""
    data = [
        {
            **{"type": "bar", "name": f"by {space}", "x": list(range(1, len(values) + 1)), "y": values.tolist()},
            "marker": {
                "color": [colour if rank < k else FADED for rank in range(len(values))],
                "pattern": {"shape": shape},
            },
            "hovertemplate": f"by {space}, found as number %{{x}}: %{{y:.0%}}<extra></extra>",
        }
        for (space, values), colour, shape in zip(shares.items(), ("#D55E00", "#0072B2"), ("/", ""), strict=True)
    ]
    line = {"color": "#8A8F98", "width": 1.5, "dash": "dot"}
    return {
        "data": data,
        "layout": {
            **{"height": 260, "margin": {"l": 8, "r": 8, "t": 8, "b": 8}, "barmode": "group"},
            "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom"},
            "xaxis": {
                **{"title": {"text": "found as number"}, "tickvals": list(range(1, MOST_SHOWN + 1))},
                **{"range": [0.4, MOST_SHOWN + 1.9], "fixedrange": True},
            },
            "yaxis": {"title": {"text": "of its class"}, "tickformat": ".0%", "range": [0, 1.03], "fixedrange": True},
            "shapes": [{"type": "line", "x0": 0.5, "x1": 12.5, "y0": chance, "y1": chance, "line": line}],
            "annotations": [
                {
                    **{"text": "chance", "x": 12.6, "y": chance, "showarrow": False},
                    **{"xanchor": "left", "yanchor": "middle"},
                }
            ],
        },
    }


def _found(setting: Setting, query: Query, space: str) -> Found:
    train = vectors_in(setting.name, "train", setting.count, space)
    if query.number is None:
        asked = vectors_of(setting.name, query.inputs, space)
    else:
        asked = vectors_in(setting.name, "test", QUERIES, space)[query.number : query.number + 1]
    places = nearest(train, asked, setting.k, setting.metric)[0]
    return Found(space, places, distances(train[places], asked, setting.metric)[0])


def _known(name: SetName, number: int) -> Query:
    asked = pictures(name, "test", QUERIES)
    return Query(asked.images[number], asked.inputs[number : number + 1], int(asked.labels[number]), number)


def _own(name: SetName) -> Query | None:
    picture = upload("A JPEG, PNG or WebP", key="picture")
    if picture is None:
        return None
    inputs = taken_by(name, picture)
    values = inputs[0].permute(1, 2, 0).numpy()
    seen = (values - values.min()) / max(float(np.ptp(values)), 1e-6) * 255
    image = np.broadcast_to(np.rint(seen).astype(np.uint8), (*seen.shape[:2], 3))
    return Query(np.ascontiguousarray(image), inputs, None, None)
