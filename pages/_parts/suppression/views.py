"""Controls, picture and words of the lab: boxes that a visitor edits, and the rounds that decide between them."""

from dataclasses import dataclass
from typing import get_args

import numpy as np
import pandas as pd
import streamlit as st

from core.data.scenes import CLASSES
from core.detect.suppression import Step, Way, kept, kept_fast, staying, steps, weight
from pages._kit import lab
from pages._kit.box_editor import Drawn, Kind, box_editor, drawn, names, read, written
from pages._kit.scrolling import folded
from pages._parts.suppression import figures
from pages._parts.suppression.examples import EXAMPLES, FOUND, SIDE, found, seen

KINDS = (Kind("box", "#D55E00", scored=True),)
MOST = 30
LETTERS = 1200
WAYS: tuple[Way, ...] = get_args(Way)
THRESHOLDS = np.linspace(0, 1, 41)


@dataclass(frozen=True, eq=False)
class Setting:
    """The boxes, and the rule that decides between them."""

    example: str
    boxes: Drawn
    way: Way
    threshold: float
    spread: float
    own_class: bool

    @property
    def labels(self) -> np.ndarray | None:
        """The classes, if they matter."""
        return self.boxes.classes if self.own_class else None

    def rounds(self) -> list[Step]:
        """All rounds."""
        corners, scores, limit = self.boxes.boxes, self.boxes.scores, self.threshold
        return steps(corners, scores, threshold=limit, labels=self.labels, way=self.way, spread=self.spread)

    def staying(self, thresholds: np.ndarray) -> list[int]:
        """How many boxes the hard rule keeps at other thresholds."""
        return staying(self.boxes.boxes, self.boxes.scores, thresholds, labels=self.labels)


def controls() -> Setting:
    """What the visitor chooses; the boxes stand in the address as text."""
    example = st.selectbox("Picture", list(EXAMPLES), key="picture", bind="query-params", on_change=_begin)
    st.caption(EXAMPLES[example].note)
    way = st.segmented_control("Rule", WAYS, default="hard", key="rule", bind="query-params", required=True)
    threshold, spread = 0.5, 0.5
    if way == "gaussian":
        spread = st.slider("Spread of the Gaussian", 0.1, 1.0, 0.5, 0.05, key="spread", bind="query-params")
    else:
        threshold = st.slider("Too much: an IoU above", 0.0, 1.0, 0.5, 0.05, key="limit", bind="query-params")
    own_class = st.toggle("Every class for itself", key="own", bind="query-params")
    st.number_input("Rounds played", 0, MOST, 0, key="round", bind="query-params")
    with st.expander("Boxes as text"):
        text = st.text_area(
            "x1, y1, x2, y2, class, score", EXAMPLES[example].boxes, key="boxes", bind="query-params",
            max_chars=LETTERS, height=150,
        )  # fmt: skip
    boxes = read(text, (SIDE, SIDE), KINDS, CLASSES, most=MOST)
    return Setting(example, boxes, way, round(float(threshold), 2), round(float(spread), 2), own_class)


def stage(setting: Setting) -> int:
    """Picture, buttons and what the round did; the number of rounds that were played."""
    rounds, called = setting.rounds(), names(setting.boxes, KINDS)
    at = min(int(st.session_state.get("round", 0)), len(rounds))
    done = rounds[:at]
    out = {int(place): step for step in done for place in step.removed}
    scores = done[-1].scores if done else setting.boxes.scores
    notes = _notes(setting, done, called)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        faint = [place in out for place in range(len(setting.boxes))]
        alt = f"{len(setting.boxes)} boxes on a picture; after {at} rounds {at} are kept and {len(out)} removed."
        box_editor(
            seen(setting.example).image, setting.boxes, KINDS, classes=CLASSES, base=setting.example, alt=alt,
            key="editor", most=MOST, field="boxes", notes=notes, faint=faint, strong=[note == "kept" for note in notes],
        )  # fmt: skip
    with right:
        st.metric("Kept so far", f"{at} of {len(setting.boxes)}")
        _buttons(at, len(rounds))
        if not rounds:
            st.info("Draw a box on the picture, or choose another picture.", icon=":material/lightbulb:")
        st.markdown(_said(setting, done, rounds, called))
        if rounds and at == len(rounds):
            still = found(setting.example, _taken(setting.boxes, kept(rounds)))
            st.markdown(
                f"**Done.** **{still}** of the {_things(setting.example)} in the picture still "
                f"{'has' if still == 1 else 'have'} a box of the right class that fits by an IoU of {FOUND:g}."
            )
    _chart(setting, rounds, scores, called)
    if rounds:
        folded("Every round", table(setting, rounds).set_index("round"), key="rounds")
    return at


def table(setting: Setting, rounds: list[Step]) -> pd.DataFrame:
    """All rounds: which box was kept, and whom it removed or made weaker."""
    called, before = names(setting.boxes, KINDS), [setting.boxes.scores, *(step.scores for step in rounds)]
    rows = [
        {
            "round": number,
            "kept": called[step.chosen],
            "class": CLASSES[setting.boxes.classes[step.chosen]],
            "score": f"{before[number - 1][step.chosen]:.3f}",
            "removed": _list([called[place] for place in step.removed]),
            "lowered": _list([called[place] for place in step.hit if place not in step.removed]),
        }
        for number, step in enumerate(rounds, start=1)
    ]
    return pd.DataFrame(rows, columns=["round", "kept", "class", "score", "removed", "lowered"])


def said(setting: Setting) -> lab.Said:
    """What the page says at its end."""
    rounds = setting.rounds()
    notice = [
        "Take the surest box and keep it. Remove every other one that overlaps it by more than the threshold. Boxes "
        "with an IoU of 0 are left alone, however many there are. Then the same with what is left.",
        "A low threshold removes neighbours that are things of their own, a high one leaves copies. In a crowd "
        "there is no right value: two people close together and two boxes on one person look the same to the rule.",
        "A removed box removes nobody. In the chain the second box falls to the first, so the third, which it would "
        "have beaten, stays.",
        "Every class for itself is the usual way: a person before a circle is two things in one place. But a box that "
        "was found as a circle and as a square then stays twice.",
        "Soft rules lower a score in place of removing the box. The second person survives with a lower score, and so "
        "do copies; a threshold on the score has to decide later.",
        "The loop compares every box that stays with all that are left. For the thousands of boxes of a real detector "
        "the code below does it in blocks; the tests hold both to torchvision's answer, box by box.",
    ]
    own = ", labels=labels" if setting.own_class else ""
    way = "" if setting.way == "hard" else f', way="{setting.way}"'
    way += f", spread={setting.spread:g}" if setting.way == "gaussian" else ""
    call = f"steps(boxes, scores, threshold={setting.threshold:g}{own}{way})  # keeps {kept(rounds).tolist()}"
    code = {"boxes.txt": written(setting.boxes, KINDS, CLASSES)}
    exports: lab.Exports = {"rounds.csv": lambda: table(setting, rounds).to_csv(index=False), **code}
    return lab.Said(notice, call, (steps, weight, kept_fast), exports)


def _buttons(at: int, most: int) -> None:
    with st.container(horizontal=True):
        st.button("Back", key="back", on_click=_go, args=(at - 1,), disabled=at == 0)
        st.button("Step", key="step", on_click=_go, args=(at + 1,), disabled=at >= most)
        st.button("All", key="all", on_click=_go, args=(most,), disabled=at >= most)


def _go(to: int) -> None:
    st.session_state["round"] = to


def _begin() -> None:
    """Another picture brings its own boxes."""
    st.session_state["boxes"] = EXAMPLES[st.session_state["picture"]].boxes
    st.session_state["round"] = 0


def _notes(setting: Setting, done: list[Step], called: list[str]) -> list[str]:
    notes = [""] * len(setting.boxes)
    for step in done:
        notes[step.chosen] = "kept"
        for place in step.hit:
            notes[place] = f"out by {called[step.chosen]}" if place in step.removed else f"now {step.scores[place]:.2f}"
    return notes


def _said(setting: Setting, done: list[Step], rounds: list[Step], called: list[str]) -> str:
    if not rounds:
        return ""
    if not done:
        first = rounds[0].chosen
        return f"{len(setting.boxes)} boxes wait. The surest is box {called[first]}: {setting.boxes.scores[first]:.2f}."
    step, scores = done[-1], (done[-2].scores if len(done) > 1 else setting.boxes.scores)
    lines = [f"Round {len(done)}: box **{called[step.chosen]}** is the surest, {scores[step.chosen]:.2f}. It stays."]
    for place, overlap in zip(step.hit.tolist(), step.overlaps.tolist(), strict=True):
        fate = "removed" if place in step.removed else f"lowered from {scores[place]:.2f} to {step.scores[place]:.2f}"
        lines.append(f"Box {called[place]} overlaps it by IoU {overlap:.2f}: {fate}.")
    if not len(step.hit) and len(step.waiting):
        whose = " of its class" if setting.own_class else ""
        lines.append(f"No other box{whose} overlaps it{'' if setting.way == 'gaussian' else ' too much'}.")
    lines.append(f"Left: {_list([called[place] for place in step.waiting])}.")
    return "\n\n".join(lines)


def _chart(setting: Setting, rounds: list[Step], scores: np.ndarray, called: list[str]) -> None:
    if setting.way == "hard":
        things = len(seen(setting.example).boxes)
        counts = setting.staying(THRESHOLDS)
        behind = pd.DataFrame({"threshold": [f"{limit:g}" for limit in THRESHOLDS], "boxes that stay": counts})
        alt = f"At {setting.threshold:g} the rule keeps {len(rounds)} of the boxes; "
        alt += f"in the picture: {_things(setting.example)}. "
        alt += f"From {counts[0]} at threshold 0 to {counts[-1]} at 1."
        figure = figures.staying(THRESHOLDS, counts, things, setting.threshold)
        lab.chart(figure, key="staying", quick=True, alt=alt, table=behind)
        there = _things(setting.example)
        st.caption(f"How many boxes stay at every threshold. Dotted: the one chosen. Dashed: the {there} to be found.")
        return
    behind = pd.DataFrame({"box": called, "before": setting.boxes.scores, "now": np.round(scores, 4)})
    alt = "Scores now: " + ", ".join(f"{name} {value:.2f}" for name, value in zip(called, scores, strict=True))
    figure = figures.scores(called, setting.boxes.scores, scores)
    lab.chart(figure, key="scores", quick=True, alt=alt, table=behind)
    st.caption("The score of every box, from the detector and after the rounds that were played.")


def _things(example: str) -> str:
    there = len(seen(example).boxes)
    return f"{there} thing{'' if there == 1 else 's'}"


def _taken(boxes: Drawn, places: np.ndarray) -> Drawn:
    return drawn(boxes.boxes[places], classes=boxes.classes[places], scores=boxes.scores[places])


def _list(words: list[str]) -> str:
    return ", ".join(words) or "none"
