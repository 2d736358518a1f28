"""What the nearest-neighbour lab draws: controls, accuracy curves, a picture that only one space names right."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd
import streamlit as st

from core.features.neighbours import METRICS, Metric, Places, accuracy_by_size, nearest, voted
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
    vectors_in,
)
from pages._kit import lab
from pages._kit.scrolling import folded
from pages._parts.nearest import figures
from pages._parts.retrieval.gallery import Hit, gallery

JUDGED = 200
SHARES = (0.025, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0)

LECTURES = """# lecture C, Keras
image_features = fen.predict(x_test[i:i + 1])
features = fen.predict(x_train, batch_size=512)
distances = np.mean(np.abs(features - image_features), axis=-1)
order = distances.argsort()
y_train[order[0]]  # the label of the nearest"""


@dataclass(frozen=True)
class Setting:
    """Which pictures, which layer, how many neighbours vote, how many examples there are."""

    name: SetName
    layer: str
    k: int
    size: int  # the place in the list of sizes

    @property
    def sizes(self) -> tuple[int, ...]:
        """How many examples there may be."""
        return sizes(self.name)


def sizes(name: SetName) -> tuple[int, ...]:
    """A few numbers of examples up to all there are."""
    most = min(MOST[name, "train"], 600)
    return tuple(max(12, round(share * most)) for share in SHARES)


def controls() -> Setting:
    """Draw the controls."""
    k = st.slider("Neighbours that vote, k", 1, 11, 1, 2, key="k", bind="query-params")
    name = st.selectbox("Pictures", SETS, 1, format_func=TITLES.get, key="set", bind="query-params")
    size = st.select_slider(
        "Examples to be near to", sizes(name), sizes(name)[-1], key=f"size-{name}", bind="query-params"
    )
    layers = [space for space in spaces(name) if space != PIXELS]
    layer = st.selectbox(
        "Layer of the network", layers, layers.index(before_classifier(name)), key=f"layer-{name}", bind="query-params"
    )
    st.caption(f"Judged by {JUDGED} pictures that nobody learned from. Nothing is trained here: the examples are kept.")
    return Setting(name, layer, k, sizes(name).index(int(size)))


def stage(setting: Setting) -> tuple[figures.Curves, pd.DataFrame]:
    """The curves, and a picture on which the two spaces disagree."""
    found = curves(setting.name, setting.layer, setting.k)
    now = setting.sizes[setting.size]
    pixels, layer = (figures.best(found, space, setting.size) for space in (PIXELS, setting.layer))
    st.markdown(
        f"With {now} examples: **{pixels[1]:.1%}** by pixels ({pixels[0]}), **{layer[1]:.1%}** by {setting.layer} "
        f"({layer[0]}); in brackets the best distance."
    )
    table = figures.table(found, setting.sizes)
    chance = 1 / len(CLASSES[setting.name])
    lab.chart(
        figures.accuracy(found, setting.sizes, now=now, chance=chance),
        key="accuracy",
        alt=figures.alt(found, setting.size, now),
        quick=True,
    )
    folded("The numbers behind this chart", table, key="accuracy-numbers")
    _apart(setting)
    return found, table


def told(setting: Setting, found: figures.Curves) -> list[str]:
    """What to notice."""
    few, all_of_them = (found[setting.layer, "l1"][place] for place in (0, -1))
    return [
        f"In {setting.layer} already {setting.sizes[0]} examples give {few:.0%}, all {setting.sizes[-1]} give "
        f"{all_of_them:.0%}; by pixels all of them give {found[PIXELS, 'l1'][-1]:.0%}. "
        "A good space needs few examples.",
        "The choice of the space matters far more than the choice of the distance.",
        "More voters smooth over single mistakes, until they come from too far away: with few examples a large k asks "
        "other classes.",
        "The examples were also what the network learned from, as in the lecture. That flatters its features a little; "
        "the pictures that are named are new to both.",
        "No training, but every answer compares with every example: all the cost comes when it is used.",
    ]


@lru_cache(maxsize=12)
def curves(name: SetName, layer: str, k: int) -> dict[tuple[str, Metric], list[float]]:
    """Accuracy for every space, distance and number of examples; few examples are asked with fewer voters."""
    train, query = pictures(name, "train", sizes(name)[-1]).labels, pictures(name, "test", JUDGED).labels
    return {
        (space, metric): accuracy_by_size(order(name, space, metric), train, query, k, sizes(name))
        for space in (PIXELS, layer)
        for metric in METRICS
    }


@lru_cache(maxsize=30)
def order(name: SetName, space: str, metric: Metric) -> Places:
    """All examples for each judged picture, nearest first: (200, N)."""
    most = sizes(name)[-1]
    train, query = vectors_in(name, "train", most, space), vectors_in(name, "test", JUDGED, space)
    return nearest(train, query, most, metric)


def _apart(setting: Setting) -> None:
    """A picture that one space names right and the other wrong, with the nearest in each."""
    train, query = pictures(setting.name, "train", setting.sizes[-1]), pictures(setting.name, "test", JUDGED)
    firsts = {space: _among(setting, space) for space in (PIXELS, setting.layer)}
    right = {space: voted(train.labels, places) == query.labels for space, places in firsts.items()}
    only = np.flatnonzero(right[setting.layer] & ~right[PIXELS])
    st.markdown("## Where only one of them is right")
    if not len(only):
        st.markdown("There is no such picture among these.")
        return
    which = st.slider("Picture", 1, 20, 1, key="which", bind="query-params")
    place = only[(which - 1) % len(only)]
    names = query.classes
    st.markdown(f"{len(only)} of {JUDGED} are named right by {setting.layer} and wrong by pixels (l1).")
    first, *others = st.columns(3)
    with first:
        gallery("The picture", [Hit(query.images[place], names[query.labels[place]], "", None)], query=True)
    for column, (space, places) in zip(others, firsts.items(), strict=True):
        near = places[place].tolist()
        words = [names[train.labels[each]] for each in near]
        same = [bool(train.labels[each] == query.labels[place]) for each in near]
        hits = [Hit(train.images[each], word, "", ok) for each, word, ok in zip(near, words, same, strict=True)]
        with column:
            gallery(f"Nearest by {space}", hits)


def _among(setting: Setting, space: str) -> Places:
    """The k nearest of each judged picture among the examples that are there, by l1: (200, k)."""
    every, there = order(setting.name, space, "l1"), setting.sizes[setting.size]
    chosen: Sequence[np.ndarray] = [row[row < there][: setting.k] for row in every]
    return np.stack(chosen)
