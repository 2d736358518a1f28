"""A pair of COCO files: the visitor's own, or one that we drew, so that there is something to look at."""

import json
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.data.annotations import coco_annotation, coco_categories
from core.detect.pictures import picture
from core.errors import CoreError
from core.measure.coco.confusion import most_confused, taken_for
from core.measure.coco.reading import Read
from core.measure.coco.scores import by_class, evaluate, numbers
from core.measure.coco.uploads import MOST_BYTES, read_uploads
from core.measure.confusion import Counts
from pages._kit import lab
from pages._kit.scrolling import folded, scrolling
from pages._parts.average_precision import figures
from pages._parts.average_precision.views import panel

DRAWN = 60  # pictures of our own pair
FEW = 20  # classes of which a chart shows the bars


def pair(controls: Any, stage: Any) -> lab.Said:
    """Two files in, COCO's numbers out, with a table for every class and what was taken for what."""
    with controls:
        kind = st.segmented_control(
            "What is compared", ("boxes", "joints"), default="boxes", key="kind", bind="query-params", required=True
        )
        sure = st.slider("Confusion: detections from a score of", 0.0, 1.0, 0.5, 0.05, key="sure", bind="query-params")
        files = [_uploaded(label, key) for label, key in (("What is true", "truth"), ("What was answered", "answers"))]
        st.caption(
            f"COCO's JSON, at most {MOST_BYTES // 2**20} MB each; read on the server, kept in this session, forgotten "
            "with it. Masks are judged by `fovea coco --type segm` on your own machine."
        )
    own = all(file is not None for file in files)
    if any(file is not None for file in files) and not own:
        with stage:
            st.info("One of the two files is still missing. Until then: a pair that we drew.")
    if kind == "joints" and not own:
        raise CoreError("the pair that we drew has boxes only: hand in two files with keypoints")
    found, twelve, alone = _judged(files, "bbox" if kind == "boxes" else "keypoints") if own else _ours()
    counts = taken_for(found.problem, confidence=sure)
    table = per_class(found, alone, counts)
    with stage:
        things, said = len(found.problem.truths.area), len(found.problem.answers.area)
        st.markdown(
            f"{'Your' if own else 'Our'} pair: {found.problem.images:,} pictures, {things:,} things, {said:,} "
            f"detections, {found.problem.classes} classes. AP **{_number(twelve['AP'])}**, at 0.5 "
            f"**{_number(twelve['AP50'])}**."
        )
        st.html(scrolling(panel(twelve), label="COCO's numbers"))
        if found.problem.classes <= FEW:
            heights = {name: max(row["AP"], 0.0) for name, row in zip(found.classes, alone, strict=True)}
            told = ", ".join(f"{name} {value:.3f}" for name, value in heights.items())
            lab.chart(figures.bars(heights, ""), key="every", quick=True, alt=f"AP of every class: {told}.")
        folded("Every class", table, key="every-class")
        alt = f"What was taken for what, at a score from {sure:g}: {_most(found, counts)}"
        lab.chart(figures.taken_for(counts, found.classes), key="confusion", quick=True, alt=alt)
        st.caption(
            "Rows: what is there. Columns: what it was called. Last column: missed; last row: nothing was there."
        )
    notice = [
        "The numbers are those of pycocotools, to the last bit; `fovea coco truth.json answers.json` prints them too.",
        f"Most often mixed up: {_most(found, counts)}",
        "COCO compares each class with itself only: a cat called dog is a missed cat and a false dog. For the table of "
        "confusion a detection takes the thing it overlaps most, by half or more, whatever its class.",
        "AP needs no threshold on the score, the table of confusion does: at 0 everything said counts, and the last "
        "row fills.",
        "A class of which the pictures hold nothing has no AP, and is left out of the mean.",
    ]
    call = f"numbers(*evaluate(read(truth, answers).problem))  # AP {twelve['AP']:.4f}"
    exports: dict[str, Any] = {"classes.csv": table.to_csv}
    if not own:
        exports |= dict(zip(("truth.json", "answers.json"), _drawn(), strict=True))
    return lab.Said(notice, call, (read_uploads, evaluate, by_class, taken_for), exports)


def per_class(found: Read, alone: list[dict[str, float]], counts: Counts) -> pd.DataFrame:
    """COCO's numbers of every class, and how often it was right, missed and invented."""
    some = [name for name in ("AP", "AP50", "AP75", "APs", "APm", "APl") if name in (alone[0] if alone else {})]
    diagonal = np.diag(counts)[:-1]
    return pd.DataFrame(
        {
            **{name: [_number(row[name]) for row in alone] for name in some},
            **{"right": diagonal, "missed": counts[:-1, -1], "false": counts[-1, :-1]},
        },
        index=pd.Index(found.classes, name="class"),
    )


def _uploaded(label: str, key: str) -> Any:
    return st.file_uploader(f"{label} (JSON)", ["json"], key=key, max_upload_size=MOST_BYTES // 2**20)


def _judged(files: list[Any], kind: Any) -> tuple[Read, dict[str, float], list[dict[str, float]]]:
    """Read and evaluated once for each pair, and kept in the session."""
    asked = (kind, *((file.file_id, file.size) for file in files))
    kept = st.session_state.get("_pair", (None, None))
    if kept[0] != asked:
        with st.spinner("Reading and judging"):
            kept = asked, _evaluated(read_uploads(files[0].getvalue(), files[1].getvalue(), kind))
        st.session_state["_pair"] = kept
    judged: tuple[Read, dict[str, float], list[dict[str, float]]] = kept[1]
    return judged


def _evaluated(found: Read) -> tuple[Read, dict[str, float], list[dict[str, float]]]:
    curves = evaluate(found.problem)
    return found, numbers(*curves, found.problem.kind), by_class(*curves, found.problem.kind)


@st.cache_resource(show_spinner=False)
def _ours() -> tuple[Read, dict[str, float], list[dict[str, float]]]:
    return _evaluated(read_uploads(*_drawn()))


@st.cache_data(show_spinner=False)
def _drawn() -> tuple[bytes, bytes]:
    """Scenes and their truth, and answers that are near it, sometimes of another class, sometimes of nothing."""
    random = np.random.default_rng(0)
    truth: dict[str, Any] = {"images": [], "categories": coco_categories(), "annotations": []}
    answers = list[dict[str, Any]]()
    classes = len(truth["categories"])
    for number in range(DRAWN):
        seen = picture("test", number)
        truth["images"].append({"id": number, "width": 96, "height": 96})
        for target in seen.targets:
            entry = {"id": len(truth["annotations"]) + 1, "image_id": number, **coco_annotation(target)}
            truth["annotations"].append(entry)
            for _ in range(int(random.choice(3, p=(0.1, 0.7, 0.2)))):
                away = np.array(entry["bbox"]) * (1 + random.normal(0, 0.07, 4))
                strange = random.random() < 0.12
                label = int(random.integers(1, classes + 1)) if strange else entry["category_id"]
                answers.append(_answer(number, label, away, random.beta(3, 3) if strange else random.beta(6, 2)))
        if random.random() < 0.4:
            answers.append(
                _answer(number, int(random.integers(1, classes + 1)), random.uniform(5, 50, 4), random.beta(2, 4))
            )
    return json.dumps(truth).encode(), json.dumps(answers).encode()


def _answer(image: int, label: int, box: Any, confidence: float) -> dict[str, Any]:
    corners = [round(float(side), 2) for side in np.maximum(box, 1.0)]
    return {"image_id": image, "category_id": label, "bbox": corners, "score": round(float(confidence), 3)}


def _most(found: Read, counts: Counts) -> str:
    pairs = most_confused(counts, most=3)
    told = [f"{found.classes[true]} taken for {found.classes[said]} ({count})" for true, said, count in pairs]
    return f"{', '.join(told) or 'nothing'}."


def _number(value: float) -> str:
    return f"{value:.3f}" if value > -1 else "none"
