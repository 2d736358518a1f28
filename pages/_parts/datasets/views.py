"""The two views of the data sets: one example with its truth, and what was written down for a picture on average."""

import json
from collections import Counter
from collections.abc import Callable
from typing import Any

import pandas as pd
import streamlit as st

from core.data import fetched
from core.data.annotations import (
    GENOME,
    GENOME_IMAGES,
    coco_annotation,
    coco_categories,
    per_image,
    run_lengths,
    working_years,
)
from core.data.parts import PARTS, Part, generator
from core.data.scenes import draw, sketch
from core.errors import CoreError
from core.learning.train import Progress
from pages._kit import lab, watching
from pages._kit.shots import Shot, shots
from pages._parts.datasets import figures
from pages._parts.datasets.sets import CIFAR, DIGITS, SCENES, SETS, Example, contents, example

ANY, MOST = "any", 60


def browse(controls: Any, stage: Any) -> lab.Said:
    """One set, and of what is on this machine one part, one class, one example at a time."""
    with controls:
        name = st.selectbox("Set", list(SETS), 0, key="set", bind="query-params")
        st.caption(SETS[name].says)
    if name == CIFAR and not fetched.has_cifar10():
        with stage:
            _offer()
        return _told(name, "train", 0, [], None, {})
    with controls:
        part = st.segmented_control("Part", PARTS, default="train", key="part", bind="query-params", required=True)
        chosen = SETS[name]
        wanted = st.selectbox(
            "Examples with",
            [ANY, *chosen.classes],
            0,
            key=f"with-{name.lower().replace(' ', '-')}",
            bind="query-params",
        )
        place = st.slider("Example", 0, MOST - 1, 0, key="example", bind="query-params")
        truths = st.pills(
            "Draw over it", chosen.truths, default=chosen.truths[:1], selection_mode="multi",
            key=f"truth-{name.lower().replace(' ', '-')}", bind="query-params",
        ) if chosen.truths else []  # fmt: skip
    with stage:
        with st.spinner("Drawing the set, once"):
            inside = contents(name, part)
        numbers = [number for number, classes in enumerate(inside) if wanted == ANY or wanted in classes]
        if not numbers:
            raise CoreError(f"among the first {len(inside)} examples of this part there is none with {wanted}")
        number = numbers[place % len(numbers)]
        seen = example(name, part, number)
        height, width, channels = seen.image.shape
        st.markdown(
            f"**Example {number}** shows {_listed(seen.classes)}. "
            f"As a vector it has d = {height} · {width} · {channels} = **{height * width * channels:,}** numbers."
        )
        _picture(seen, truths, f"{name}, example {number} of {part}")
        st.caption(f"The {part} part of {name}, {chosen.size(part)}.")
        counts = Counter(each for classes in inside for each in classes)
        table = pd.DataFrame({"class": chosen.classes, "times": [counts[each] for each in chosen.classes]})
        lab.chart(
            figures.counts(table, len(inside), set(seen.classes)),
            key="counts",
            alt=f"How often each class occurs in the first {len(inside)} examples: "
            + ", ".join(f"{row['class']} {row['times']}" for _, row in table.iterrows())
            + ".",
            table=table,
            quick=True,
        )
        if seen.scene is not None:
            _annotated(seen)
    exports: dict[str, Callable[[], str]] = {"counts.csv": lambda: table.to_csv(index=False)}
    if seen.scene is not None:
        exports["annotations.json"] = lambda: _json(seen)
    return _told(name, part, number, [len(inside), len(numbers)], seen, exports)


def genome(controls: Any, stage: Any) -> lab.Said:
    """How much was written down for each picture of Visual Genome, and what work that was."""
    with controls:
        images = st.number_input("Images", 1, 10_000_000, GENOME_IMAGES, 1000, key="images", bind="query-params")
        counts = {
            what: int(
                st.number_input(
                    what.capitalize(), 0, 1_000_000_000, count, 100_000,
                    key=what.replace(" ", "-"), bind="query-params",
                )
            )
            for what, count in GENOME.items()
        }  # fmt: skip
        seconds = st.slider("Seconds that each of them takes", 1, 60, 10, key="seconds", bind="query-params")
    means = per_image(counts, int(images))
    years = working_years(sum(counts.values()), seconds)
    table = pd.DataFrame({"what": list(means), "in all": list(counts.values()), "per image": list(means.values())})
    table["per image"] = table["per image"].round(1)
    with stage:
        first = next(iter(means))
        st.markdown(
            f"An image has **{means[first]:.1f} {first}** on average, and {sum(means.values()):,.0f} entries of all "
            f"kinds. At {seconds} s each that is **{years:,.0f} years** of one person's work."
        )
        lab.chart(
            figures.averages(means),
            key="averages",
            alt="Per image: " + ", ".join(f"{what} {mean:.1f}" for what, mean in means.items()) + ".",
            table=table,
            quick=True,
        )
    return lab.Said(
        notice=[
            f"{means['objects']:.1f} objects and {means['relationships']:.1f} relationships between them: "
            "most pairs of objects in a picture are never mentioned.",
            "The lecture's counts are round, 5.4 million for example, so the averages are known to two digits.",
            "Labels cost more than pictures. A set with boxes, masks and joints is smaller than one with a class each, "
            "and a drawn set costs nothing: its program knows the truth.",
            "Nouns in the regions are mapped to synsets of WordNet, so that man and person can be counted together.",
        ],
        call=f"per_image(GENOME, {int(images)})",
        shows=(per_image, working_years),
        exports={"averages.csv": lambda: table.to_csv(index=False)},
    )


def _offer() -> None:
    """CIFAR-10 is not here: say so, fetch it, or leave it."""
    st.info(
        "CIFAR-10 is not on this machine yet. It can be fetched, 170 MB, if there is a network; then its photographs "
        "can be looked at. The other sets are built in and need none.",
        icon=":material/lightbulb:",
    )
    job = watching.current("cifar10")
    st.button(
        "Fetch CIFAR-10",
        key="fetch",
        type="primary",
        disabled=job is not None and job.running,
        on_click=lambda: watching.begin("cifar10", "cifar10", _fetch, for_all=True),
    )
    watching.watch("cifar10", lambda job: None)


def _fetch(progress: Progress) -> Any:
    fetched.fetch_cifar10(progress=progress)
    yield True


def _picture(seen: Example, truths: list[str], title: str) -> None:
    boxes = seen.boxes if "boxes" in truths else None
    many = boxes is not None and len(boxes) > 8
    drawn = [
        f"{len(what)} {word}"
        for word, what in (("boxes", seen.boxes), ("masks", seen.masks), ("figures with joints", seen.joints))
        if what is not None and word.split()[-1] in truths
    ]
    over = f" Drawn over it: {', '.join(drawn)}." if drawn else ""
    shot = Shot(
        seen.image,
        f"{title}: {_listed(seen.classes)}.{over}",
        boxes=boxes,
        labels=() if many else seen.classes,
        masks=seen.masks if "masks" in truths else None,
        joints=seen.joints if "joints" in truths else None,
        sharp=max(seen.image.shape) < 100,
    )
    shots([shot], most=420)


def _annotated(seen: Example) -> None:
    """What COCO would write down for the scene."""
    written = [coco_annotation(target) for target in seen.scene.targets] if seen.scene else []
    lines = [
        f"bbox {each['bbox']}, area {each['area']}, {len(each['segmentation']['counts'])} runs"
        + (f", {each['num_keypoints']} joints" if "keypoints" in each else "")
        for each in written
    ]
    with st.expander("The same, as COCO writes it down", key="coco", on_change="rerun") as fold:
        if fold.open:
            st.code("\n".join(lines) or "[]", language="python", wrap_lines=True)


def _told(
    name: str,
    part: Part,
    number: int,
    found: list[int],
    seen: Example | None,
    exports: dict[str, Callable[[], str]],
) -> lab.Said:
    scene = seen.scene if seen else None
    said = [
        "Train, validation and test never mix: what is drawn comes from its set, part and number alone, and what was "
        "photographed or written lies in one part only. The same number in another part is another picture.",
        "CIFAR-10 has 60,000 images of 32x32 pixels, ten classes of 6000 each. As a vector each has "
        "32 · 32 · 3 = 3072 numbers.",
        "COCO has about 200,000 annotated images and 80 classes. Its box is x, y, width and height, its mask the "
        "lengths of runs, and every joint carries a note whether it can be seen.",
    ]
    if seen is not None and seen.masks is not None and len(seen.masks) and name != SCENES:
        share = seen.masks.any(axis=0).mean()
        said.append(f"The masks of this example cover {share:.0%} of its pixels.")
    if scene and any(target.seen < 1 for target in scene.targets):
        hidden = min(scene.targets, key=lambda target: target.seen)
        said.append(
            f"Of the {hidden.label} only {hidden.seen:.0%} can be seen. Its mask and its box hold what can be seen, "
            "as COCO's do."
        )
    if found and found[1] < found[0]:
        said.append(f"{found[1]} of the first {found[0]} examples have what is asked for, and the slider goes round.")
    return lab.Said(
        notice=said,
        call=_call(name, part, number),
        shows=(generator, sketch, draw, coco_annotation, run_lengths) if name == SCENES else (generator,),
        exports=exports,
    )


def _call(name: str, part: Part, number: int) -> str:
    """The line that gives the example."""
    own = {"train": "training", "test": "held_out"}.get(part, part) if name == DIGITS else part
    return SETS[name].call.format(part=own, number=number) + "  # the same every time"


def _json(seen: Example | None) -> str:
    targets = seen.scene.targets if seen and seen.scene else ()
    whole = {
        "images": [{"id": 1, "width": targets[0].mask.shape[1], "height": targets[0].mask.shape[0]}] if targets else [],
        "annotations": [{"id": 1 + each.number, "image_id": 1, **coco_annotation(each)} for each in targets],
        "categories": coco_categories(),
    }
    return json.dumps(whole)


def _listed(classes: tuple[str, ...]) -> str:
    counts = Counter(classes)
    return ", ".join(f"{each} ×{count}" if count > 1 else each for each, count in counts.items()) or "nothing"
