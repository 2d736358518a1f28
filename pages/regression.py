"""Learning: A network that answers with numbers

One idea: where the answer is a number, there is no softmax at the end, and being a little off is only a little wrong.
"""

from collections.abc import Iterator

import streamlit as st

from core.learning.lesson import Lesson, lessons
from core.learning.regression import ENDS, JUDGED, RECIPE, disc_net, learn_discs, pixels_off, quadratic, said_of
from core.learning.train import Progress
from pages._kit import lab, watching
from pages._kit.background import Job
from pages._parts.regression import figures
from pages._parts.regression.work import judged

NAME, SHOWN = "discs", 12

lab.opening(
    __doc__,
    predict="Images of 24x24 pixels, each with a disc. How many pixels off is a small network that saw 400 of them?",
)
controls, stage = lab.columns()
with controls:
    count = int(
        st.select_slider("Discs to learn from", (50, 100, 200, 400, 800), 400, key="count", bind="query-params")
    )
    end = st.segmented_control(
        "The three outputs are taken", ENDS, default=ENDS[0], key="end", bind="query-params", required=True
    )
    seed = st.slider("Seed", 0, 9, 0, key="seed", bind="query-params", help="The same seed, the same weights to begin.")
    begin = st.button("Train", key="train", type="primary")
    behind = st.slider(
        "Share of a test disc that is hidden", 0.0, 0.75, 0.0, 0.25, key="hidden", bind="query-params",
        help="The network learns from whole discs only; move this at any time.",
    )  # fmt: skip
setting = (count, end, seed)


def work(progress: Progress) -> Iterator[Lesson]:
    """One training, on one core: layers this small are fastest so."""
    yield from learn_discs(count, end=end, seed=seed, progress=progress)


def draw(job: Job) -> None:
    """What the network says by now."""
    if not job.found:
        return
    asked, last = judged(behind), job.found[-1]
    answers, off = said_of(last, asked)
    st.html(figures.gallery(asked[:SHOWN], answers[:SHOWN]))
    st.caption("Dashed: true. Solid: what the network says.")
    how = f"with {behind:.0%} of each hidden" if behind else "whole"
    alt = f"After epoch {last.epoch} the numbers of {JUDGED} new discs, {how}, are {off:.2f} pixels off on average."
    st.markdown(alt)
    lab.chart(
        figures.said_against_true(asked, answers), key="said", alt=alt,
        table=figures.answers_table(asked[:SHOWN], answers[:SHOWN]), quick=True,
    )  # fmt: skip
    told = f"Pixels off by epoch, whole discs: {last.learned:.2f} on those learned from, {last.judged:.2f} on new ones."
    lab.chart(
        figures.by_epoch(job.found, epochs=RECIPE.epochs), key="epochs", alt=told,
        table=figures.record(job.found), quick=True,
    )  # fmt: skip


if begin:
    watching.begin(NAME, setting, work)
job = watching.current(NAME)
with stage:
    if job is None or job.setting != setting:
        st.html(figures.gallery(judged(behind)[:SHOWN], None))
        st.info("Dashed: what is true. Press Train, and see the network's circles come closer.")
    if job is not None and (job.setting == setting or job.running):
        watching.watch(NAME, draw)

found = job.found if job is not None and job.setting == setting else []
notice = (
    [f"It ends {found[-1].judged:.2f} pixels off on new discs, {found[-1].learned:.2f} on its own."] if found else []
)
lab.closing(
    notice=[
        *notice,
        "The loss is quadratic: its gradient by an output is the error itself, so far off means a large step, nearly "
        "right a small one. A class that is nearly right does not exist; a radius that is nearly right does.",
        "Through a softmax the three numbers sum to 1. A disc in the lower right corner has x and y near 1 both, which "
        "no softmax can say.",
        "Hide a half, and the circles shrink to the half that is seen: the network never learned that a disc goes on "
        "behind something. What a test may show, the training must have shown.",
    ],
    shows=(learn_discs, quadratic, pixels_off, disc_net, lessons),
    call=f'said_of(list(learn_discs({count}, end="{end}", seed={seed}))[-1], discs("test", {JUDGED}, hidden={behind}))',
    answer="About 0.9 pixels on discs it has never seen, with 400 to learn from; 1.6 with 50, 0.7 with 800.",
    quiz=("Q236", "Q237", "E31"),
    exports={"epochs.csv": lambda: figures.record(found).to_csv(index=False)} if found else {},
)
