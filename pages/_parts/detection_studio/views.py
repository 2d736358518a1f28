"""Two views: one scene with every mistake named, and many scenes counted."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from core.data.scenes import CLASSES, Scene, boxes
from core.detect.found import Found, problem
from core.errors import CoreError
from core.measure.coco.scores import evaluate, numbers
from core.measure.mistakes import Judged, counted, judged
from pages._kit import lab
from pages._kit.scrolling import scrolling
from pages._kit.shots import Shot, shots
from pages._parts.detection_studio import detectors, figures
from pages._parts.detection_studio.detectors import SCENES, Kind

SCENE_NUMBERS, MANY = 60, 60


def scene(controls: Any, stage: Any) -> lab.Said:
    """One scene: what is there, what was found, and what is wrong with it."""
    with controls:
        name, kind = _detector(), _kind()
        number = st.slider("Scene", 0, SCENE_NUMBERS - 1, 6, key="scene", bind="query-params")
        score, enough = _thresholds()
    seen = detectors.scene(kind, number)
    found = detectors.answered(name, kind, number).above(score)
    told = detectors.verdict(found, seen, enough=enough)
    counts = counted([told])
    missed = [place for place, state in enumerate(told.things) if state == "missed"]
    with stage:
        st.markdown(
            f"{len(seen.targets)} things, {len(found)} detections: **{counts['right']} right**, "
            f"{len(found) - counts['right']} wrong, {len(missed)} missed."
        )
        shots([_truth(seen, told), _answers(seen, found, told)], least=240)
        alt = "Detections by kind: " + ", ".join(f"{word} {count}" for word, count in counts.items()) + "."
        lab.chart(figures.kinds({name: counts}), key="kinds", quick=True, alt=alt)
        st.html(scrolling(_table(found, told), label="Detections, the surest first"))
    notice = [
        "Lower the score: more things are found, and more mistakes come with them. Which kind comes first says what "
        "the detector is unsure about.",
        "Raise the IoU that counts: what was right becomes badly placed. The box was never better; the question is "
        "stricter.",
        "A duplicate is a thing found twice that suppression let pass; badly placed is a box that is near enough to "
        "mean a thing and too far off to count.",
        "Both: badly placed on a thing of another class. Background: a box on nothing. A thing for which a badly "
        "placed or wrongly named detection was meant is not called missed: it was seen.",
    ]
    call = f"judged(boxes, labels, scores, truths, true_labels, enough={enough:g}).detections"
    exports = {"detections.csv": lambda: _table(found, told).to_csv()}
    return lab.Said(notice, call, (judged,), exports)


def many(controls: Any, stage: Any) -> lab.Said:
    """Sixty scenes: each detector's mistakes by kind, beside its AP."""
    with controls:
        kind = _kind()
        score, enough = _thresholds()
        chosen = st.pills(
            "Detectors", detectors.ready(), selection_mode="multi", default=detectors.ready()[:1], key="several",
            bind="query-params",
        )  # fmt: skip
    if not chosen:
        raise CoreError("choose one detector at least")
    rows, by_kind = list[dict[str, Any]](), dict[str, dict[str, int]]()
    with stage, st.spinner(f"Asking about {MANY} scenes"):
        for name in chosen:
            seen = [detectors.scene(kind, number) for number in range(MANY)]
            all_found = [detectors.answered(name, kind, number) for number in range(MANY)]
            pairs = zip(all_found, seen, strict=True)
            told = [detectors.verdict(one.above(score), each, enough=enough) for one, each in pairs]
            scores = numbers(*evaluate(problem(all_found, [each.targets for each in seen])))
            by_kind[name] = counted(told)
            rows.append(
                {"detector": name, "AP50": f"{scores['AP50']:.3f}", "AP": f"{scores['AP']:.3f}", **by_kind[name]}
            )
    table = pd.DataFrame(rows).set_index("detector").T
    with stage:
        told_of = "; ".join(f"{row['detector']} AP50 {row['AP50']}, {row['right']} right" for row in rows)
        st.markdown(f"{MANY} scenes, {kind}: **{told_of}**.")
        lab.chart(figures.kinds(by_kind), key="mistakes", quick=True, alt=f"Mistakes by kind. {told_of}.")
        st.html(scrolling(table.rename_axis("number"), label="Scores and mistakes of each detector"))
    notice = [
        "AP says how good, the kinds say what is wrong, and so what to work on: badly placed boxes want a better "
        "regression, wrong classes a better classifier, duplicates another suppression, missed things more proposals.",
        "AP looks at all scores, the kinds only at detections from the score you set.",
        "Small or crowded scenes are not what the detectors learned from. See which kind of mistake grows: the mean "
        "hides it.",
    ]
    call = f"counted([judged(...) for _ in range({MANY})])"
    return lab.Said(notice, call, (counted, judged), {"mistakes.csv": table.to_csv})


def _detector() -> str:
    names = detectors.ready()
    if not names:
        raise CoreError("none of the detectors has weights yet: make models trains them")
    return str(
        st.segmented_control("Detector", names, default=names[0], key="detector", bind="query-params", required=True)
    )


def _kind() -> Kind:
    chosen = st.selectbox("Scenes", SCENES, key="scenes", bind="query-params")
    return next(kind for kind in SCENES if kind == chosen)


def _thresholds() -> tuple[float, float]:
    score = st.slider("Detections from a score of", 0.05, 0.95, 0.3, 0.05, key="score", bind="query-params")
    return score, st.slider("IoU from which one counts", 0.15, 0.95, 0.5, 0.05, key="enough", bind="query-params")


def _truth(seen: Scene, told: Judged) -> Shot:
    pairs = zip(seen.targets, told.things, strict=True)
    names = [target.label if state == "found" else f"{target.label}: {state}" for target, state in pairs]
    alt = f"A scene with {len(names)} things: {', '.join(names)}."
    return Shot(
        seen.image.astype(np.float64),
        alt,
        "What is there, and what became of it if it was not found",
        boxes=boxes(seen.targets),
        labels=names,
    )


def _answers(seen: Scene, found: Found, told: Judged) -> Shot:
    names = _names(found, told.detections)
    alt = f"The same scene with {len(names)} detections: {', '.join(names[:10]) or 'none'}."
    return Shot(
        seen.image.astype(np.float64),
        alt,
        "What was found; a kind stands beside each mistake",
        boxes=found.boxes,
        labels=names,
    )


def _names(found: Found, kinds: Sequence[str]) -> list[str]:
    """What is right has only its class: the mistakes are to be seen."""
    pairs = zip(found.labels, kinds, strict=True)
    return [CLASSES[label] if kind == "right" else f"{CLASSES[label]}: {kind}" for label, kind in pairs]


def _table(found: Found, told: Judged) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "class": [CLASSES[label] for label in found.labels],
            "score": [f"{sure:.2f}" for sure in found.scores],
            "kind": list(told.detections),
            "box": [" ".join(f"{side:.0f}" for side in box) for box in found.boxes],
        },
        index=pd.Index(range(1, 1 + len(found)), name="detection"),
    )
