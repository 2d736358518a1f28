"""The views of the lab on proposals: a search step by step, recall and precision, and other ways to propose."""

from typing import Any, cast

import numpy as np
import pandas as pd
import streamlit as st

from core.data.photos import photo
from core.data.scenes import boxes as boxes_of
from core.detect.pictures import picture
from core.detect.windows.proposal_recall import best_overlaps, grid_boxes, precision, random_boxes, recall
from core.detect.windows.proposals import (
    FAST,
    SPACES,
    TERMS,
    Search,
    Space,
    Strategy,
    Term,
    search,
    selective_search,
    similarity,
)
from core.detect.windows.proposers import PROPOSERS
from core.runtime.tasks import Task
from core.types import Floats
from pages._kit import lab, watching
from pages._kit.background import Job
from pages._kit.scrolling import folded
from pages._kit.shots import shots
from pages._parts.proposals import figures
from pages._parts.proposals.measuring import COUNTS, LEVELS, Measured, Pooled, Way, on_scene, on_scenes, pooled

PICTURES = 60
PHOTOS = ("cat", "coffee", "astronaut", "rocket", "flower")
WIDE = 160  # pixels of a photo
SCALES = (20, 50, 100, 200, 400)
ONE, MANY = "one scene", "many scenes"


def steps(controls: Any, stage: Any) -> lab.Said:
    """One search, merge by merge."""
    with controls:
        source = st.selectbox("Picture", ("A drawn scene", *PHOTOS), key="picture", bind="query-params")
        drawn = source == "A drawn scene"
        number = st.slider("Scene", 0, PICTURES - 1, 4, key="scene", bind="query-params") if drawn else 0
        done = st.slider(
            "How far, in % of all merges", 0, 100, 85, key="done", bind="query-params",
            help="0: only the segments. 100: one region is left.",
        )  # fmt: skip
        terms = st.pills("Similar by", TERMS, selection_mode="multi", default=TERMS, key="terms", bind="query-params")
        with st.expander("Colours, and how fine the segments are", key="more"):
            space = st.segmented_control(
                "Colours as", SPACES, default="HSV", key="space", bind="query-params", required=True
            )
            scale = st.select_slider("Scale of the segments", SCALES, 50, key="scale", bind="query-params")
    image, true = _scene(number) if drawn else (_photo(source), np.zeros((0, 4)))
    chosen = Strategy(cast(Space, space), float(scale), tuple(cast(Term, term) for term in TERMS if term in terms))
    found = _searched(str(number) if drawn else source, image, chosen)
    count, now = len(found.merged) + 1, round(done * len(found.merged) / 100)
    with stage:
        st.markdown(
            f"**{count} segments**, {now} of {len(found.merged)} merges: **{_many(count - now, 'region')}** left, and "
            f"**{count + now} boxes** were proposed on the way."
        )
        shots([figures.painted(image, found, now), figures.proposed(image, found, now, true)])
        least = float(found.similarities.min()) if len(found.similarities) else 0.0
        alt = f"Similarity of the two regions of each of {len(found.merged)} merges, the lowest {least:.2f}."
        lab.chart(figures.similarities(found, now), key="similar", quick=True, alt=alt)
        table = pd.DataFrame(
            {
                "merged": [f"{one} and {other}" for one, other in found.merged.tolist()],
                "similarity": [f"{each:.3f}" for each in found.similarities],
                "box": [", ".join(f"{each:g}" for each in box) for box in found.boxes[count:].tolist()],
            },
            index=pd.RangeIndex(1, count, name="merge"),
        )
        folded("The numbers behind this chart", table, key="merges-numbers")
    best = [share for _, share in figures.best_so_far(found.boxes, true)]
    notice = [
        f"{count} segments make 2·{count} - 1 = {2 * count - 1} regions, and each proposes the box around it. Small "
        "regions come first, the whole picture last: all sizes for the price of one search.",
        "The most similar neighbours go first. Size makes small regions merge early everywhere, so that no region "
        "swallows all others one by one; fill lets a region take what lies in its holes.",
        "Leave only colour, or only texture: other regions, other boxes. The paper runs several searches with other "
        "colours, scales and similarities, and takes the boxes of all of them.",
    ]
    if best:
        right = precision(found.boxes, true, (len(found.boxes),), at=0.5)[0]
        notice.insert(
            1,
            f"Here {_many(len(true), 'thing')} can be found. "
            f"{'The best box at the end has an IoU' if len(best) == 1 else 'The best boxes at the end have IoUs'} of "
            f"{' and '.join(f'{share:.2f}' for share in best)}. {right:.0%} of all boxes hold a thing with an IoU of "
            "0.5 or more: the others are the price of missing little.",
        )
    call = f'search(image, Strategy("{space}", {scale}, {chosen.terms})).regions({now})'
    return lab.Said(notice, call, (search, similarity), {"merges.csv": lambda: table.to_csv()})


def measured(controls: Any, stage: Any) -> lab.Said:
    """Recall and precision by the number of boxes, beside boxes drawn blindly."""
    with controls:
        on = st.segmented_control("Measured on", (ONE, MANY), default=ONE, key="on", bind="query-params", required=True)
        many = on == MANY
        number, pictures, begin = 4, 0, False
        if not many:
            number = st.slider("Scene", 0, PICTURES - 1, number, key="scene", bind="query-params")
        count = st.select_slider("Boxes looked at", COUNTS, 100, key="count", bind="query-params")
        if many:
            pictures = st.select_slider("Scenes", (5, 10, 20, 40, 60), 20, key="pictures", bind="query-params")
            begin = st.button("Measure on them", key="measure", type="primary")
        st.caption(
            f"Selective search as in the paper's fast version: {len(FAST)} searches together. The grid is drawn anew "
            "for every number of boxes. Scenes of the test part, seeds by their number."
        )
    if begin:
        watching.begin("proposals", pictures, Task(on_scenes, (pictures,)))
    work = watching.current("proposals") if many else None
    with stage:
        if work is None:
            if many:
                st.info(f"Press the button: some seconds for ten scenes. Until then, scene {number} alone.")
            _draw(pooled(_one(number)), count, f"scene {number} alone")
        else:
            watching.watch("proposals", lambda job: _draw(pooled(list(job.found)), count, _told(job)), now=pictures)
    ways = pooled(list(work.found)) if work and work.found else pooled(_one(number))
    place, own, lot = COUNTS.index(count), ways["selective search"], ways["boxes by lot"]
    table, few = _table(ways), COUNTS.index(5)
    fits = own.recall[place, 1] > lot.recall[place, 1]
    notice = [
        f"With {_many(count, 'box')} selective search holds {own.recall[place, 0]:.0%} of the things with an IoU of "
        f"0.5, boxes by lot {lot.recall[place, 0]:.0%}. At 0.7 they are {own.recall[place, 1]:.0%} and "
        f"{lot.recall[place, 1]:.0%}" + (": boxes of regions fit, boxes by lot merely lie near." if fits else "."),
        f"Boxes that hold nothing, even at 0.5: {1 - own.precision[place, 0]:.0%} of those of selective search, "
        f"{1 - lot.precision[place, 0]:.0%} of those by lot. That is meant: what is missed now is missed for good, "
        "what is too much the classifier throws away. Our grounds are plain; a photo falls into far more regions.",
        f"It makes {own.boxes:.0f} boxes of such a small picture; where the number looked at is larger, all are taken. "
        "Of a photo there are about two thousand, say the lectures.",
        "The order in which selective search names its boxes is half drawn by lot, as no region says of itself that it "
        f"is a thing. So a few boxes are a matter of luck: the first {COUNTS[few]} hold {own.recall[few, 0]:.0%} of "
        f"the things, the first 100 hold {own.recall[COUNTS.index(100), 0]:.0%}.",
    ]
    call = f"recall(best_overlaps(selective_search(image, random), true, COUNTS), {LEVELS[0]})"
    shows = (selective_search, best_overlaps, recall, precision, grid_boxes, random_boxes)
    return lab.Said(notice, call, shows, {"recall.csv": lambda: table.to_csv(index=False)})


def others(controls: Any, stage: Any) -> lab.Said:
    """What other papers do, as they say it."""
    with controls:
        st.markdown(
            "The lectures name these for reading. None but selective search runs here: what stands beside a name is "
            "what its authors write, on their pictures and machines of their time."
        )
    with stage:
        for each in PROPOSERS:
            with st.container(border=True, key=f"card-{each.name.lower().replace(' ', '-')}"):
                st.markdown(f"**{each.name}**, {each.year}")
                st.markdown(each.looks)
                st.markdown(f"They report: {each.reports}")
                st.caption(each.source)
    notice = [
        "All of them ask one question of a box: could it hold a thing, whatever thing? None knows a class.",
        "The fast ones look at simple measures of millions of windows; selective search looks at regions and never at "
        "a window that none of them fills.",
        "None learns from the features of the network that classifies afterwards. That is the step to the region "
        "proposal network.",
    ]
    table = pd.DataFrame([(each.name, each.year, each.reports, each.source) for each in PROPOSERS])
    table.columns = pd.Index(["method", "year", "reports", "source"])
    return lab.Said(notice, "PROPOSERS", (), {"proposers.csv": lambda: table.to_csv(index=False)})


def _many(count: int, what: str) -> str:
    """A number and what is counted, of one or of several."""
    return f"{count} {what}" if count == 1 else f"{count} {what}{'es' if what.endswith('x') else 's'}"


def _draw(ways: dict[Way, Pooled], count: int, told: str) -> None:
    if not ways:
        return
    place = COUNTS.index(count)
    for field in ("recall", "precision"):
        said = "; ".join(
            f"{way} {getattr(each, field)[place, 0]:.0%} and {getattr(each, field)[place, 1]:.0%}"
            for way, each in ways.items()
        )
        alt = f"{field.capitalize()} on {told} with {count} boxes at IoU 0.5 and 0.7: {said}."
        lab.chart(figures.curves(ways, field, count), key=f"{field}-chart", quick=True, alt=alt)
    st.caption(f"Measured on {told}. Solid: a thing counts as held from an IoU of 0.5 on, dotted: from 0.7 on.")
    folded("The numbers behind these charts", _table(ways).set_index("boxes"), key="recall-numbers")


def _told(job: Job) -> str:
    return _many(len(job.found) // 3, "scene") + ("" if not job.running else " so far")


def _table(ways: dict[Way, Pooled]) -> pd.DataFrame:
    rows = [
        (count, way, *(f"{value:.3f}" for field in (each.recall, each.precision) for value in field[place]))
        for way, each in ways.items()
        for place, count in enumerate(COUNTS)
    ]
    names = ["boxes", "way", *(f"{field} at {at:g}" for field in ("recall", "precision") for at in LEVELS)]
    return pd.DataFrame(rows, columns=names)


@st.cache_data(show_spinner=False, max_entries=16)
def _scene(number: int) -> tuple[Floats, Floats]:
    scene = picture("test", number)
    return scene.image.astype(np.float64), boxes_of(scene.targets)


@st.cache_data(show_spinner=False)
def _photo(name: str) -> Floats:
    from PIL import Image

    whole = Image.fromarray(photo(name))
    small = whole.resize((WIDE, round(WIDE * whole.height / whole.width)), Image.Resampling.BOX)
    return np.asarray(small) / 255.0


@st.cache_resource(show_spinner=False, max_entries=60)
def _searched(name: str, _image: Floats, strategy: Strategy) -> Search:
    return search(_image, strategy)


@st.cache_resource(show_spinner=False, max_entries=PICTURES)
def _one(number: int) -> list[Measured]:
    return list(on_scene(number))
