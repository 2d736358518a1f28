"""The view of photos in the FCN lab: what our own net makes of them, and pretrained nets, fetched on request."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st
from numpy.typing import NDArray

from core.data.photos import COLLECTION
from core.learning.train import Progress
from core.models import pretrained_segmenters, segmenters
from core.models.pretrained_segmenters import PRETRAINED
from core.runtime.shared import shared
from core.segment.fcn import LEVELS
from pages._kit import lab, watching
from pages._kit.background import Job
from pages._kit.photo_choice import OWN, photo_choice
from pages._kit.scrolling import folded
from pages._kit.shots import Shot, shots
from pages._parts.fcn.figures import legend, paled

JOB = "fcn-photo"
OURS = "FCN-8s of this house (drawn scenes only)"
SHOWN = 6  # classes that get a colour of their own


@dataclass(frozen=True, eq=False)
class Labelled:
    """A photo and the labels a net gave it."""

    image: NDArray[np.uint8]
    labels: NDArray[np.int64]
    names: tuple[str, ...]
    by: str


def photos(controls: Any, stage: Any) -> lab.Said:
    """Photos, by a net that never saw one and by nets that saw thousands."""
    with controls:
        options = [each.name for each in COLLECTION if not each.grey][:6]
        chosen_photo = photo_choice(options)
        names = {OURS: "", **{f"{each.is_} ({each.megabytes:g} MB)": each.name for each in PRETRAINED}}
        chosen = st.selectbox("Net", list(names), 0, key="net", bind="query-params")
        begin = st.button("Label it", key="label", type="primary", disabled=chosen_photo.image is None)
        st.caption(
            "The last three were trained by the makers of torchvision on photos of COCO, and name the 20 classes of "
            "PASCAL VOC. Their weights come over the network, once, and are kept."
        )
    which, image = chosen_photo.name, chosen_photo.image
    seen = f"{which} {hash(image.tobytes())}" if which == OWN and image is not None else which
    setting = (seen, chosen)
    if begin and image is not None:
        watching.begin(JOB, setting, lambda progress: _label(image, names[chosen], chosen, progress))
    job = watching.current(JOB)
    with stage:
        if image is not None:
            shows = f"The photo: {chosen_photo.shows}"
            shots([Shot(image / 255, f"{shows}.", shows)], most=420)
        else:
            st.info("Choose a photo: a JPEG, PNG or WebP.")
        if job and (job.running or job.setting == setting):
            watching.watch(JOB, _draw)
        elif image is not None:
            st.info("Press Label it, and the net gives every pixel of this photo a label.")
    notice = [
        "Our own FCN learned from drawn scenes only, and still gives every pixel of a photo one of its six labels: it "
        "has no way to say that it does not know. What it learned holds for pictures like those it learned from.",
        "The nets of torchvision say ground wherever there is none of their 20 classes: a rocket, a cup of coffee and "
        "a pagoda are not among them, a cat is.",
        "The FCN on ResNet-50 dilates the filters of its last two stages in place of halving the maps, so that its "
        "coarsest have a stride of 8: another way to the same end as skips. The DeepLab dilates those of the last.",
    ]
    found = job.found[-1] if job and job.found and job.setting == setting else None
    exports: lab.Exports = {}
    if found is not None:
        exports = {"labels.csv": lambda: _shares(found).to_csv(index_label="class")}
    shown = f'photo("{which}")' if which != OWN else "my_photo"
    if names[chosen]:
        call, ran = (
            f'answers(fetch("{names[chosen]}"), {shown})',
            (pretrained_segmenters.answers, pretrained_segmenters.fetch),
        )
    else:
        call = f'answers(load("fcn"), fitted({shown}) / 255)'
        ran = (segmenters.answers, fitted)
    return lab.Said(notice, call, ran, exports)


def _label(image: NDArray[np.uint8], name: str, said: str, progress: Progress) -> Iterator[Labelled]:
    """Fetch the net, if it must be, and label the photo."""
    if not name:
        progress(0.5, "labelling")
        small = fitted(image)
        labels = segmenters.answers(shared("fcn"), small.astype(np.float32) / np.float32(255))
        yield Labelled(small, labels, segmenters.NAMES, "FCN-8s")
        return
    net = pretrained_segmenters.fetch(name, progress=lambda done, doing: progress(0.9 * done, doing))
    progress(0.95, "labelling")
    yield Labelled(image, pretrained_segmenters.answers(net, image), pretrained_segmenters.classes(), said)


def fitted(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """The photo made smaller, to sides that 32 divides; the shorter is that of the scenes."""
    from PIL import Image

    stride, scale = LEVELS[0], segmenters.SIDE / min(image.shape[:2])
    wide, high = (max(1, round(side * scale / stride)) * stride for side in (image.shape[1], image.shape[0]))
    return np.asarray(Image.fromarray(image).resize((wide, high), Image.Resampling.BOX))


def _shares(found: Labelled) -> pd.DataFrame:
    counts = np.bincount(found.labels.ravel(), minlength=len(found.names))
    there = [place for place in np.argsort(-counts) if counts[place]]
    share = [f"{counts[place] / found.labels.size:.1%}" for place in there]
    return pd.DataFrame({"share of the pixels": share}, index=[found.names[place] for place in there])


def _draw(job: Job) -> None:
    if not job.found:
        return
    found: Labelled = job.found[-1]
    values = _shares(found)
    kinds = [name for name in values.index if name != found.names[0]][:SHOWN]
    masks = [found.labels == found.names.index(name) for name in kinds]
    told = ", ".join(f"{name} {share}" for name, share in values["share of the pixels"].items())
    shown = Shot(
        paled(found.image / 255),
        f"{found.by} says: {told}.",
        f"{found.by}: " + (", ".join(kinds) or "nothing but ground"),
        masks=np.stack(masks) if masks else None,
    )
    shots([shown], most=420)
    st.html(legend(kinds))
    folded("The numbers behind this picture", values, key="photo-numbers")
