"""The views on words: a sentence for every box, and a sentence decoded word by word."""

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.data.scenes import CLASSES, boxes, labels
from core.detect.beyond.captions import Chances, beam, counted, greedy, sentence
from core.detect.found import Found
from core.detect.pictures import picture
from core.learning.threads import one_thread
from core.runtime.shared import shared
from core.types import Floats
from pages._kit import lab
from pages._kit.scrolling import scrolling
from pages._kit.shots import Shot, shots

PICTURES, READ, SURE = 40, 200, 0.4
SOURCES = ("a detector", "the truth")


@st.cache_resource(show_spinner=False, max_entries=80)
def seen(number: int, source: str) -> tuple[Floats, Found]:
    """A picture and the boxes on it: the corner detector's, or the true ones."""
    scene = picture("test", number)
    if source == SOURCES[1]:
        count = len(scene.targets)
        return scene.image.astype(np.float64), Found(boxes(scene.targets), labels(scene.targets), np.ones(count))
    from core.detect.corner.corner_net import detect

    with one_thread():
        found = detect(shared("corners"), np.rint(scene.image * 255).astype(np.uint8)[None])[0]
    return scene.image.astype(np.float64), found.above(SURE)


@st.cache_data(show_spinner=False)
def sentences() -> dict[str, list[str]]:
    """What is said of the things of many pictures, by class."""
    found: dict[str, list[str]] = {label: [] for label in CLASSES}
    for number in range(READ):
        scene = picture("train", number)
        for target in scene.targets:
            said = sentence(target.label, np.array(target.box), image=scene.image.astype(np.float64))
            found[target.label].append(said)
    return found


def dense(controls: Any, stage: Any) -> lab.Said:
    """Boxes and their sentences."""
    with controls:
        number = st.slider("Picture", 0, PICTURES - 1, 5, key="dense_picture", bind="query-params")
        source = st.segmented_control(
            "Boxes by", SOURCES, default=SOURCES[0], key="dense_source", bind="query-params", required=True
        )
    image, found = seen(number, source)
    said = [
        sentence(CLASSES[label], box, image=image)
        for box, label in zip(found.boxes, found.labels.tolist(), strict=True)
    ]
    index = pd.RangeIndex(1, len(said) + 1, name="box")
    table = pd.DataFrame({"sentence": said, "score": [f"{score:.2f}" for score in found.scores]}, index=index)
    with stage:
        numbered = [str(place) for place in index]
        alt = f"A drawn scene with {len(said)} boxes: {'; '.join(said) or 'nothing is found'}."
        left, right = st.columns(2)
        with left:
            shots([Shot(image, alt, boxes=found.boxes, labels=numbered)], most=420)
        with right:
            st.markdown("\n".join(f"{place}. {words}" for place, words in enumerate(said, start=1)) or "Nothing found.")
    notice = [
        "Detection with a longer answer: in place of a class alone, a region gets a sentence: size, colour and place "
        "are more than the class says.",
        "These sentences fill a form: the class comes from the detector, size and place from the box, the colour from "
        "the pixels in its middle. A network for dense captions has a recurrent part behind every region that learned "
        "from millions of sentences of people; such a one is not shipped here.",
        "A wrong box makes a wrong sentence. Compare the detector's boxes with the true ones.",
    ]
    call = 'sentence("circle", box, image=image)'
    return lab.Said(notice, call, (sentence,), {"captions.csv": lambda: str(table.to_csv())})


def decoding(controls: Any, stage: Any) -> lab.Said:
    """One word after the other: the likeliest each time, or the likeliest sentence."""
    with controls:
        label = st.selectbox("The picture shows a", CLASSES, 3, key="shows", bind="query-params")
        width = st.slider("Beginnings that are kept", 1, 12, 3, key="beam", bind="query-params")
    known = sentences()[label]
    chances = _chances(label)
    said, best = greedy(chances), beam(chances, width)
    rows = {
        place + 1: (
            (*said.words, "(end)")[place],
            f"{step[0][1]:.0%}",
            ", ".join(f"{_readable(word)} {share:.0%}" for word, share in step[1:4]) or "none",
        )
        for place, step in enumerate(said.steps)
    }
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["said", "chance", "it might have been"])
    listed = pd.DataFrame(
        [(" ".join(each.words), f"{each.chance:.2%}") for each in best],
        columns=["sentence", "chance"],
        index=pd.RangeIndex(1, len(best) + 1, name="place"),
    )
    with stage:
        st.markdown(f"**The likeliest word each time:** {' '.join(said.words)} ({said.chance:.2%})")
        st.html(scrolling(table.rename_axis("word"), label="Every word and what it might have been"))
        st.markdown(f"**With {width} {'beginning' if width == 1 else 'beginnings'} kept:**")
        st.html(scrolling(listed, label="The likeliest sentences"))
    more = best[0].chance / said.chance
    found = (
        f"The beam finds a sentence {more:.1f} times as likely as the greedy one."
        if more > 1.001
        else "Here the likeliest word each time leads to the likeliest sentence; with another class it may not."
    )
    told = [words for words in (" ".join(each.words) for each in best) if words not in known]
    if told:
        found += (
            f' None of the {len(known)} reads "{told[0]}": whoever remembers one word joins halves of different '
            "sentences."
        )
    notice = [
        found,
        "Greedy decoding cannot go back: a word that begins many sentences wins over one that begins the best one. "
        "A beam keeps several beginnings, at that many times the cost.",
        f"The chances are shares, counted in {len(known)} sentences about a {label}; each word knows only the one "
        "before it. In a captioning network a recurrent layer stands here that knows the picture and all words so far. "
        "How the sentence is then searched is the same.",
        "A longer sentence has more factors below 1, so short ones win: real decoders make up for it.",
    ]
    call = f"beam(chances, {width})  # greedy is beam(chances, 1)"
    return lab.Said(notice, call, (greedy, beam, counted), {"sentences.csv": lambda: str(listed.to_csv())})


def _readable(word: str) -> str:
    return word.replace("<", "(").replace(">", ")")


@st.cache_data(show_spinner=False, max_entries=10)
def _chances(label: str) -> Chances:
    return counted(sentences()[label])
