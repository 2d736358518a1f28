"""The view on scene graphs: a drawn scene, its things as nodes, what they are to each other as arrows."""

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.data.scenes import Scene, Sketch, boxes, draw, sketch
from core.detect.beyond.relations import RELATIONS, Triple, beside, from_boxes, from_sketch, read_backwards, recall
from pages._kit import lab
from pages._kit.drawing import (
    BLUE,
    BLUE_WORDS,
    CARD,
    VERMILLION,
    VERMILLION_WORDS,
    Drawing,
    arrow,
    drawings,
    words,
)
from pages._kit.scrolling import folded
from pages._kit.shots import COLOURS, Shot, shots

PICTURES, SIDE, WIDE = 40, 160, 420
KINDS = ("all", "where they are", "what hides what")


def sketched(number: int) -> Sketch:
    """A scene in which things hide each other."""
    return sketch("test", number, objects=(3, 4), sizes=(0.14, 0.24), overlap=0.75, name="scenes for graphs")


@st.cache_resource(show_spinner=False, max_entries=40)
def known(number: int) -> tuple[Scene, list[Triple]]:
    """The picture and all that is true of it."""
    drawn = sketched(number)
    return draw(drawn, side=SIDE), from_sketch(drawn, side=SIDE)


def view(controls: Any, stage: Any) -> lab.Said:
    """A scene, its graph, and a triple to say oneself."""
    with controls:
        number = st.slider("Picture", 0, PICTURES - 1, 3, key="graph_picture", bind="query-params")
        kind = st.segmented_control(
            "Arrows", KINDS, default=KINDS[0], key="graph_arrows", bind="query-params", required=True
        )
    scene, true = known(number)
    names = [f"{target.label} {place + 1}" for place, target in enumerate(scene.targets)]
    with controls:
        st.markdown("**Say a triple yourself**")
        subject = st.selectbox("Subject", names, None, key=f"subject-{number}", placeholder="which thing")
        relation = st.selectbox("Relation", RELATIONS, None, key=f"relation-{number}", placeholder="is what")
        other = st.selectbox("Object", names, None, key=f"object-{number}", placeholder="to which")
        if subject and relation and other:
            _judge((names.index(subject), relation, names.index(other)), true, names)
    shown = [
        each
        for each in true
        if kind == KINDS[0] or (each[1] in ("in front of", "behind")) == (kind == KINDS[2])
    ]  # fmt: skip
    table = pd.DataFrame(
        [(names[one], relation, names[two]) for one, relation, two in shown],
        columns=["subject", "relation", "object"],
        index=pd.RangeIndex(1, len(shown) + 1, name="triple"),
    )
    told = "; ".join(f"{names[one]} is {relation} {names[two]}" for one, relation, two in shown) or "no arrow"
    with stage:
        left, right = st.columns(2)
        with left:
            alt = f"A drawn scene with {', '.join(names)}, each in a box."
            image = scene.image.astype(np.float64)
            shots([Shot(image, alt, boxes=boxes(scene.targets), labels=names)], most=420)
        with right:
            drawings([Drawing(_graph(names, shown), WIDE, WIDE, f"A graph of {len(names)} nodes: {told}.")], most=420)
        if shown:
            one, relation, two = shown[0]
            st.caption(
                f"Read an arrow from its tail: {names[one]} is {relation} {names[two]}. Blue arrows say where things "
                "are, orange ones what hides what."
            )
        else:
            st.info("None of these things hides a part of another: no arrow to draw.")
        folded(f"All triples of this graph ({len(shown)})", table, key="triples")
    plain = from_boxes(boxes(scene.targets))
    count = len(names)
    notice = [
        f"{count} things make {count * (count - 1) // 2} pairs, and each has a relation. Written from both sides that "
        f"is {count * (count - 1)}: a graph grows with the square of its things.",
        f"Boxes alone give {recall(plain, true):.0%} of the triples here. Which of two things hides the other, no box "
        "says: it is read from the picture.",
        "Here the truth is known, as we drew it. A network has to guess things and relations; it lets nodes and arrows "
        "tell each other what they think they are, a few times over, before it decides: iterative message passing.",
        "People say far more than where: wears, rides, looks at. Such words depend on what both things are, and most "
        "pairs are never seen in training.",
    ]
    call = f"from_sketch(drawn, side={SIDE})  # {len(true)} triples"
    return lab.Said(notice, call, (from_sketch, from_boxes, beside), {"triples.csv": lambda: str(table.to_csv())})


def _judge(said: Triple, true: list[Triple], names: list[str]) -> None:
    one, relation, two = said
    if one == two:
        st.warning("A thing is nothing to itself here: choose two.", icon=":material/lightbulb:")
    elif said in true or read_backwards(said) in true:
        st.success(f"True: {names[one]} is {relation} {names[two]}.", icon=":material/check_circle:")
    else:
        right = [each for each in true if {each[0], each[2]} == {one, two}]
        told = " and ".join(f"{names[a]} is {what} {names[b]}" for a, what, b in right)
        st.warning(f"Not in the graph, which says: {told}.", icon=":material/cancel:")


def _graph(names: list[str], triples: list[Triple]) -> list[str]:
    """Nodes on a circle, arrows between them, words on the arrows."""
    turns = np.pi / 4 + 2 * np.pi * np.arange(len(names)) / max(len(names), 1)
    places = WIDE / 2 + 0.36 * WIDE * np.stack([-np.cos(turns), -np.sin(turns)], axis=1)
    parts, labels = [], []
    for one, relation, two in triples:
        hides = relation in ("in front of", "behind")
        across = places[two] - places[one]
        aside = np.array([-across[1], across[0]]) / max(float(np.linalg.norm(across)), 1e-9) * 10
        colour = VERMILLION if hides else BLUE
        parts.append(arrow(places[one] + aside, places[two] + aside, colour=colour, bare=34))
        middle = places[one] + 0.36 * across + aside
        labels.append(words(relation, *middle, size=14, colour=VERMILLION_WORDS if hides else BLUE_WORDS, ground=True))
    for place, name in enumerate(names):
        x, y = places[place]
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="31" fill="{CARD}" stroke="{COLOURS[place]}" '
                     f'stroke-width="5"/>')  # fmt: skip
        label, _, count = name.rpartition(" ")
        labels += [words(label, x, y - 6, size=14), words(count, x, y + 11, size=14)]
    return parts + labels
