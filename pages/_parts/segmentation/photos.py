"""Photos in the studio: nobody has drawn their truth, so the visitor paints it, or compares two answers."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, cast
from zlib import crc32

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from core.learning.train import Progress
from core.measure.segmentation import LabelMap, counted_fast
from core.models import pretrained_segmenters
from core.models.pretrained_segmenters import PRETRAINED
from core.models.segmenters import border
from core.runtime.shared import shared
from core.segment.bright import brighter, brightness, otsu
from core.types import Floats
from pages._kit import watching
from pages._kit.painter import LARGEST, painter, put
from pages._kit.photo_choice import Chosen, photo_choice
from pages._kit.pictures import data_uri
from pages._kit.shots import Shot, shots
from pages._parts.segmentation import keep
from pages._parts.segmentation.answers import MODEL, NETS
from pages._parts.segmentation.case import Case, by_class, faded, inks, told

NAMES = ("ground", "thing")
INKS = inks(NAMES)
PHOTOS = ("flower", "coins", "coffee", "cat", "astronaut", "rocket", "pagoda", "camera")
UP, DOWN = "brighter than a threshold", "darker than a threshold"
FETCHED = {f"{each.is_} ({each.megabytes:g} MB)": each.name for each in PRETRAINED}
ANSWERS = (UP, DOWN, *NETS, *FETCHED)
PAINTED, OTHER = "what I paint", "another answer"
JOB, MOST_KEPT = "studio-photo", 8


@dataclass(frozen=True, eq=False)
class Ready:
    """A photo made small enough to paint on, and what is worked out of it once."""

    named: str
    image: NDArray[np.uint8]  # (H, W, 3)
    bright: NDArray[np.uint8]  # (H, W)
    grey: Floats  # (H, W, 1)
    picture: str  # as an address
    otsu: int


@dataclass(frozen=True, eq=False)
class Answer:
    """What a threshold or a net says, as far as it has said something."""

    said: str
    labels: LabelMap | None  # (H, W)


def photo(controls: Any, stage: Any) -> Case:
    """A photo, an answer, and what it is judged by."""
    with controls:
        chosen = photo_choice(PHOTOS)
    if chosen.image is None:
        with stage:
            st.info("Choose a photo of yours: a JPEG, a PNG or a WebP.")
        st.stop()
    ready = _prepared(f"{chosen.name} {crc32(chosen.image.tobytes()):08x}", chosen.image)
    with controls:
        answer = _answer(ready, "", "Answer by", ANSWERS.index(UP))
        by = st.segmented_control(
            "Judge it by", (PAINTED, OTHER), default=PAINTED, key="by", bind="query-params", required=True
        )
        other = _answer(ready, "other-", "The other answer by", ANSWERS.index("FCN-8s")) if by == OTHER else None
    base = f"photo {ready.named}"
    with stage:
        left, right = st.columns(2)
        with left:
            truth = _painted(ready, base, chosen) if other is None else _shown(ready, other, "The other answer")
        with right:
            found = _shown(ready, answer, "Answer")
            if other is None and found is not None:
                st.button("Paint on from this answer", key="take", on_click=_take, args=(base, found))
        watching.watch(JOB, lambda job: None)
    if other is None and truth is not None:
        with controls:
            keep.bring_back(base, truth, INKS)
    pair = None if truth is None or found is None else (truth, found)
    return Case(
        NAMES,
        np.zeros((2, 2), dtype=np.int64) if pair is None else counted_fast(*pair, 2),
        answer.said,
        notice=_notice(ready, compared=other is not None),
        near=None if pair is None else _near(*pair),
        truth=pair and pair[0],
        found=pair and pair[1],
        grey=ready.grey,
        shows=(brightness, brighter, otsu),
        exports=keep.exported(truth, INKS) if other is None and truth is not None else {},
    )


@st.cache_resource(show_spinner=False, max_entries=30)
def _prepared(named: str, _image: NDArray[np.uint8]) -> Ready:
    from PIL import Image

    high, wide = _image.shape[:2]
    scale = min(1.0, (LARGEST / (high * wide)) ** 0.5)
    size = max(1, min(LARGEST, int(wide * scale))), max(1, min(LARGEST, int(high * scale)))
    small = np.asarray(Image.fromarray(_image).resize(size, Image.Resampling.BOX))
    bright = brightness(small)
    return Ready(named, small, bright, faded(small / 255), data_uri(small), otsu(bright))


def _answer(ready: Ready, prefix: str, label: str, first: int) -> Answer:
    """The controls of one answer, and what it says."""
    by = st.selectbox(label, ANSWERS, first, key=f"{prefix}answer", bind="query-params")
    if by in (UP, DOWN):
        level = st.slider("Threshold", 0, 255, 128, key=f"{prefix}level", bind="query-params")
        st.caption(f"Otsu's threshold, which parts the two groups of pixels best, is {ready.otsu} for this photo.")
        return Answer(f"{by.split()[0]} than {level}", brighter(ready.bright, int(level), darker=by == DOWN))
    if by in NETS:
        st.caption(f"{by} of this house has seen drawn scenes only; what it names at all counts as thing.")
        return Answer(by, _by_net(ready.named, by, ready.image))
    kept = _kept()
    if (ready.named, by) not in kept:
        st.button(
            "Label the photo", key=f"{prefix}fetch", type="primary", on_click=watching.begin,
            args=(JOB, (ready.named, by), lambda progress: _fetched(FETCHED[by], ready.image, progress)),
        )  # fmt: skip
        st.caption("Its weights come over the network, once, and are kept. It names 20 classes; all count as thing.")
    return Answer(by, kept.get((ready.named, by)))


@st.cache_resource(show_spinner="The net looks at the photo", max_entries=60)
def _by_net(named: str, name: str, _image: NDArray[np.uint8]) -> LabelMap:
    from core.segment.padded import answers_anywhere

    net = shared(MODEL, part=f"nets.{NETS[name]}")
    thing: LabelMap = answers_anywhere(net, _image.astype(np.float32) / np.float32(255)) != 0
    return thing.astype(np.uint8)


def _fetched(name: str, image: NDArray[np.uint8], progress: Progress) -> Iterator[LabelMap]:
    """Fetch a net, if it must be, and label the photo."""
    net = pretrained_segmenters.fetch(name, progress=lambda done, doing: progress(0.9 * done, doing))
    progress(0.95, "labelling")
    yield (pretrained_segmenters.answers(net, image) != 0).astype(np.uint8)


def _kept() -> dict[tuple[str, str], LabelMap]:
    """What pretrained nets have said to this visitor."""
    kept: dict[tuple[str, str], LabelMap] = st.session_state.setdefault("_photo-answers", {})
    job = watching.current(JOB)
    if job and job.found:
        kept[cast(tuple[str, str], job.setting)] = job.found[-1]
        while len(kept) > MOST_KEPT:
            del kept[next(iter(kept))]
    return kept


def _painted(ready: Ready, base: str, chosen: Chosen) -> LabelMap:
    st.markdown("**Truth**, painted by you")
    start = np.zeros(ready.bright.shape, dtype=np.uint8)
    alt = f"A photo of {chosen.shows}, {start.shape[1]}x{start.shape[0]} pixels, to paint labels on."
    now = painter(ready.picture, start, INKS, base=base, alt=alt, key=keep.PAINTER, address=keep.PAINTED)
    if not now.any():
        st.caption("Nothing is painted yet: as long as all is ground, every thing in the answer counts as invented.")
    return now


def _shown(ready: Ready, answer: Answer, what: str) -> LabelMap | None:
    st.markdown(f"**{what}:** {answer.said}")
    if answer.labels is None:
        shots([Shot(ready.image / 255, "The photo; nothing is labelled yet.", "Nothing is labelled yet.")])
        return None
    share = f"{(answer.labels != 0).mean():.0%} of the pixels are called thing."
    shots([Shot(ready.grey, f"{told(what, answer.labels, NAMES)}", share, masks=by_class(answer.labels, NAMES))])
    return answer.labels


def _take(base: str, found: LabelMap) -> None:
    put(keep.PAINTER, base, found, address=keep.PAINTED)


def _near(truth: LabelMap, found: LabelMap) -> NDArray[np.int64]:
    near = _border(truth.astype(np.uint8).tobytes(), (truth.shape[0], truth.shape[1]))
    return counted_fast(truth[near], found[near], 2)


@lru_cache(maxsize=16)
def _border(content: bytes, shape: tuple[int, int]) -> NDArray[np.bool_]:
    """The pixels near borders of a painted truth, which stays the same while thresholds move."""
    return border(np.frombuffer(content, dtype=np.uint8).reshape(shape).astype(np.int64))


def _notice(ready: Ready, *, compared: bool) -> list[str]:
    if compared:
        return [
            "Two answers and no truth: the scores say how far the two agree, not which is right. Rows are the other "
            "answer. Swap the two, and precision and recall change places; IoU and Dice stay as they are.",
        ]
    return [
        "A photo comes without truth: somebody has to paint it, and every score is a score against that person. Paint "
        "the same thing twice, and compare yourself with yourself: no net should be asked for more.",
        "Whoever paints on from an answer, instead of from nothing, saves time and is kind to that answer: what looks "
        "nearly right is left as it is.",
        "A threshold knows one pixel at a time: where thing and ground are equally bright, none parts them. Otsu's, "
        f"{ready.otsu} here, is found without any truth, from how many pixels are how bright.",
    ]
