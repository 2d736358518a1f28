"""The view of photos: what detectors of drawn things see in them, and on request what those see that know photos."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from core.data.gallery import square
from core.data.photos import NAMES
from core.data.scenes import CLASSES
from core.detect.found import Found
from core.learning.train import Progress
from core.models import pretrained_detectors
from core.models.pretrained_detectors import PRETRAINED, bones
from core.types import Floats
from pages._kit import lab, watching
from pages._kit.background import Job
from pages._kit.photo_choice import OWN, photo_choice
from pages._kit.scrolling import folded
from pages._kit.shots import Shot, shots
from pages._parts.detection_studio import detectors

SIDES = (96, 192, 288)
JOB = "detection-photo"
LEAST = 0.05
FETCHED = {f"{each.is_} ({each.megabytes:g} MB)": each.name for each in PRETRAINED}


@dataclass(frozen=True, eq=False)
class Seen:
    """A photo, what was found in it, and what the labels are called."""

    image: NDArray[np.uint8]
    found: Found
    names: tuple[str, ...]
    by: str


def pictured(controls: Any, stage: Any) -> lab.Said:
    """A photo: what detectors that know drawn things only see in it, and what those see that know photos."""
    with controls:
        by = str(st.selectbox("Detector", [*detectors.ready(), *FETCHED], key="net", bind="query-params"))
        chosen = photo_choice(NAMES)
        if by not in FETCHED:
            side = int(st.select_slider("Pixels on a side", SIDES, 96, key="side", bind="query-params"))
        score = st.slider("Detections from a score of", LEAST, 0.95, 0.3, 0.05, key="score", bind="query-params")
        begin = by in FETCHED and st.button(
            "Fetch it and look", key="look", type="primary", disabled=chosen.image is None
        )
        if by in FETCHED:
            st.caption("Its weights come over the network, once, and are kept.")
    image = chosen.image
    if image is None:
        with stage:
            st.info("Hand in a picture; until then there is nothing to look at.")
        return lab.Said(["An upload is read on the server, kept in this session, and forgotten with it."], "", ())
    if by not in FETCHED:
        return _at_once(stage, by, image, side, score)
    setting = (f"{chosen.name} {hash(image.tobytes())}" if chosen.name == OWN else chosen.name, by)
    if begin:
        watching.begin(JOB, setting, lambda progress: _look(image, by, progress))
    job = watching.current(JOB)
    here = job if job and (job.running or job.setting == setting) else None
    with stage:
        if here is None or not here.found:
            shots([Shot(image / 255, f"The photo: {chosen.shows}.", f"The photo: {chosen.shows}")], most=520)
        if here is None:
            st.info("Press Fetch it and look, and the detector draws its boxes on this photo.")
        else:
            watching.watch(JOB, lambda job: _draw(job, score))
    done = here.found[-1] if here and here.found else None
    notice = [
        f"{len(PRETRAINED)} detectors that the makers of torchvision trained on COCO's photos, "
        f"with an AP of {min(each.ap for each in PRETRAINED):.2f} to {max(each.ap for each in PRETRAINED):.2f} there; "
        "the last one looks for people only, and for their joints.",
        "Photos are brought to a shorter side of 320 pixels. The three on ResNet-50 were trained at 800 and would take "
        "several seconds for it: small things are lost here.",
        "What is not among COCO's 80 classes is nothing, or the nearest of them.",
    ]
    exports: lab.Exports = {"detections.csv": lambda: _table(done, score).to_csv()} if done else {}
    call = f'found(fetch("{FETCHED[by]}"), image, least={score:g})'
    return lab.Said(notice, call, (pretrained_detectors.found, pretrained_detectors.fetch), exports)


def _at_once(stage: Any, by: str, image: NDArray[np.uint8], side: int, score: float) -> lab.Said:
    middle = _middle(image, side)
    found = detectors.detect(by, middle).above(score)
    values = _table(Seen(np.rint(255 * middle).astype(np.uint8), found, CLASSES, by), score)
    names = _names(values)
    with stage:
        told = "nothing" if not names else "1 thing" if len(names) == 1 else f"{len(names)} things"
        st.markdown(f"**{by}** finds {told} from a score of {score:.2f}.")
        alt = f"A photo with {len(found)} detections: {', '.join(names[:8]) or 'none'}."
        shots([Shot(middle, alt, boxes=found.boxes, labels=names)], most=520)
        folded("The numbers behind this picture", values, key="photo-numbers")
    notice = [
        "The detector knows circles, squares, triangles, stars and people of lines, and must call whatever it sees one "
        "of them or nothing. What is round and plain is a circle to it.",
        "Its scores do not say that it is far from home. They were learned on scenes in which everything was drawn.",
        "Make the picture larger, and other things get the size of those it learned: a detector has favourite sizes.",
        "There is no truth here, so no mistake can be named and no AP computed. Somebody has to draw the boxes first.",
    ]
    call = f"detect({by!r}, image).above({score:g})  # {len(found)} things"
    return lab.Said(notice, call, (Found.above,), {"detections.csv": values.to_csv})


def _look(image: NDArray[np.uint8], by: str, progress: Progress) -> Iterator[Seen]:
    """Fetch the detector, if it must be, and ask it."""
    name = FETCHED[by]
    net = pretrained_detectors.fetch(name, progress=lambda done, doing: progress(0.9 * done, doing))
    progress(0.95, "looking")
    found = pretrained_detectors.found(net, image, least=LEAST)
    yield Seen(image, found, pretrained_detectors.classes(name), by)


def _draw(job: Job, score: float) -> None:
    if not job.found:
        return
    seen: Seen = job.found[-1]
    found, values = seen.found.above(score), _table(seen, score)
    names = _names(values)
    told = f"{seen.by} finds {len(found)} things: {', '.join(names[:8]) or 'none'}."
    masks = found.masks > 0.5 if len(found.masks) else None
    shots(
        [Shot(seen.image / 255, told, boxes=found.boxes, labels=names, masks=masks, lines=bones(found.joints))],
        most=620,
    )
    folded("The numbers behind this picture", values, key="photo-numbers")


def _names(values: pd.DataFrame) -> list[str]:
    return [f"{name} {sure}" for name, sure in zip(values["class"], values["score"], strict=True)]


def _table(seen: Seen, score: float) -> pd.DataFrame:
    found = seen.found.above(score)
    return pd.DataFrame(
        {
            "class": [seen.names[label] for label in found.labels],
            "score": [f"{sure:.2f}" for sure in found.scores],
            "box": [" ".join(f"{side:.0f}" for side in box) for box in found.boxes],
        },
        index=pd.Index(range(1, 1 + len(found)), name="detection"),
    )


def _middle(pixels: NDArray[np.uint8], side: int) -> Floats:
    """The square in the middle, (side, side, 3) from 0 to 1."""
    short = min(pixels.shape[:2])
    top, left = ((length - short) // 2 / short for length in pixels.shape[:2])
    middle: Floats = square(pixels, (top, left), 1.0, out=side).astype(np.float64) / 255
    return middle
