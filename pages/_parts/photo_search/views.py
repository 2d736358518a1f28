"""The search: a word, what is found, what is missed, and why."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import streamlit as st

from core.data.gallery import gallery
from core.features.photo_search import MOST_LETTERS, Found, matching, search, similar, truly
from core.models.pretrained import imagenet_classes
from pages._kit import lab
from pages._kit.scrolling import folded
from pages._parts.photo_search import figures
from pages._parts.photo_search.gallery import cards, said

EXAMPLES = ("cat", "tripod", "espresso", "clock", "person", "rabbit")


@dataclass(frozen=True)
class Setting:
    """A word, and how sure the network must be."""

    query: str
    least: float


def controls() -> Setting:
    """Draw the controls."""
    query = st.text_input(
        "Find photos of", "cat", key="find", bind="query-params", max_chars=MOST_LETTERS, placeholder="a word"
    )
    photos = len({piece.photo for piece in gallery()})
    st.caption(
        f"Try {', '.join(EXAMPLES)}. The gallery has {len(gallery())} pictures, cut from {photos} photos: whole, and "
        "most of them in parts too."
    )
    least = st.slider("At least so sure", 0.01, 0.95, 0.2, 0.01, key="least", bind="query-params", format="percent")
    return Setting(query.strip(), float(least))


def stage(setting: Setting) -> Found:
    """What is found, what is missed, and the whole gallery."""
    names, pieces = imagenet_classes(), gallery()
    found = search(said(), names, setting.query, least=setting.least)
    there = truly(setting.query, [piece.shows for piece in pieces])
    missed = [place for place in np.flatnonzero(there) if place not in set(found.shown.tolist())]
    _told(setting, found)
    if len(found.shown):
        st.html(cards(found.shown.tolist(), found.confidence))
    if missed and setting.query:
        st.markdown(f"**Missed: {len(missed)} that a person describes with this word**")
        st.html(cards(missed, found.confidence))
    if found.classes:
        pictures = [piece.name for piece in pieces]
        lab.chart(
            figures.surest(found, pictures, setting.least),
            key="surest",
            alt=figures.surest_alt(found, pictures, setting.least),
            quick=True,
        )
        folded("The numbers behind this chart", results(setting).set_index("picture"), key="numbers")
    with st.expander(f"The whole gallery ({len(pieces)})", key="all", on_change="rerun") as fold:
        if fold.open:
            st.html(cards(range(len(pieces))))
    return found


def _told(setting: Setting, found: Found) -> None:
    """One sentence: how many, by which classes; or why there are none."""
    names = imagenet_classes()
    if not setting.query:
        st.info("Type a word. There are 1000 classes, and each has a name.")
        return
    if not found.classes:
        near = similar(setting.query, names)
        st.warning(
            "None of the 1000 classes has this name, so nothing can be found, whatever is in the photos."
            + (f" Spelled alike: {', '.join(near)}." if near else ""),
            icon=":material/lightbulb:",
        )
        return
    listed = ", ".join(names[place] for place in found.classes[:6]) + (", ..." if len(found.classes) > 6 else "")
    st.markdown(
        f"**{len(found.shown)}** of {len(gallery())} pictures, by {len(found.classes)} "
        f"class{'es' if len(found.classes) > 1 else ''}: {listed}."
    )
    if not len(found.shown):
        best = int(found.confidence.argmax())
        st.info(f"The surest picture reaches {found.confidence[best]:.1%}: {gallery()[best].shows}.")


def results(setting: Setting) -> pd.DataFrame:
    """Every picture with its confidence, as a table."""
    found, rows, names = (
        search(said(), imagenet_classes(), setting.query, least=setting.least),
        said(),
        imagenet_classes(),
    )
    shown = set(found.shown.tolist())
    return pd.DataFrame(
        {
            "picture": [piece.name for piece in gallery()],
            "a person says": [piece.shows for piece in gallery()],
            "the network says": [names[int(row.argmax())] for row in rows],
            "confidence of the query": found.confidence.round(4),
            "shown": [place in shown for place in range(len(rows))],
        }
    )


def notice(setting: Setting) -> list[str]:
    """What to notice, from the numbers."""
    names, rows = imagenet_classes(), said()
    cats, clocks, persons = (len(matching(word, names)) for word in ("cat", "clock", "person"))
    clock = next(place for place, piece in enumerate(gallery()) if piece.photo == "clock")
    best = int(rows[clock].argmax())
    return [
        f'"cat" names {cats} classes, and their probabilities are added: the network need not know which cat it is. '
        "A name is not a meaning: tabby is a cat without the word, and a Madagascar cat is a lemur.",
        f'"person" names {persons} classes. Two of the photos are of people, and no setting finds them: a classifier '
        "cannot say what is not on its list.",
        f'"clock" names {clocks} classes, and the blurred clock is found only far below 20%: the network says '
        f"{names[best]}, {rows[clock][best]:.0%}.",
        '"rabbit" names a class, wood rabbit, and no photo shows one. Put the threshold at 1% and see whether '
        "something else turns up: the probabilities of a picture always add up to 1, whatever is on it.",
        "Move the threshold: a high one shows less and is right more often, a low one misses less. "
        "Detection has the same trade under the names precision and recall.",
    ]
