"""Learning: Few of one class

One idea: a network that is shown few of a class learns to ignore it, and of the remedies the best is the one that adds
something new to see.
"""

from collections.abc import Iterator

import streamlit as st

from core.data.wafers import DEFECTS, turned, wafer
from core.learning.imbalance import class_weights, equally_often, focal_loss
from core.learning.remedies import REMEDIES, Taught, learn_with
from core.learning.train import Progress
from core.measure.confusion import recalls
from pages._kit import lab, watching
from pages._kit.background import Job
from pages._parts.imbalance import figures

NAME = "remedies"

lab.opening(
    __doc__,
    predict="Most wafer maps show no pattern. Which remedy helps the rare patterns most: to show them more often, to "
    "let them weigh more, to care less for what is easy, or to show turned copies?",
)
controls, stage = lab.columns()
with controls:
    rare = int(st.select_slider("Maps of each pattern", (2, 4, 8, 16, 32, 64, 200), 8, key="rare", bind="query-params"))
    seed = st.slider("Seed", 0, 9, 0, key="seed", bind="query-params", help="The same seed, the same weights to begin.")
    begin = st.button("Train all five ways", key="train", type="primary")
    st.caption("A small network, 30 epochs each; judged by 300 other maps, 60 of every class. Some seconds in all.")


def work(progress: Progress) -> Iterator[Taught]:
    """Train one way after the other."""
    for place, remedy in enumerate(REMEDIES):
        own = watching.part(progress, place, len(REMEDIES))
        yield from learn_with(remedy, rare, seed=seed, progress=lambda done, what, own=own, r=remedy: own(done, r))


def lessons(job: Job | None) -> dict[str, Taught]:
    """The newest lesson of every remedy so far."""
    return {lesson.remedy: lesson for lesson in (job.found if job else [])}


def board(job: Job) -> None:
    """The recalls so far."""
    found = lessons(job)
    lab.chart(
        figures.recall_board(found),
        key="recalls",
        alt=figures.recall_alt(found),
        table=figures.table(found),
    )


if begin:
    watching.begin(NAME, (rare, seed), work)
job = watching.current(NAME)
found = lessons(job)
lazy = figures.share("no pattern", rare)
with stage:
    st.html(figures.one_of_each([wafer(label, "train", 0) for label in DEFECTS], rare))
    st.markdown(
        f"Who always says *no pattern* is right on **{lazy:.0%}** of maps like these, and finds none of the patterns."
    )
    if job is None:
        st.info("Press the button. Each row of the board is one training; it fills while you look.")
    elif job.setting != (rare, seed):
        st.caption(f"The board shows the training with {job.setting[0]} maps of each pattern, seed {job.setting[1]}.")
    watching.watch(NAME, board)
    if job is not None and not job.running and found:
        chosen = st.selectbox("What was taken for what", REMEDIES, key="chosen", bind="query-params")
        if chosen in found:
            lesson = found[chosen]
            st.caption("Rows: what the map shows. Columns: what it was taken for.")
            lab.chart(
                figures.confusion_board(lesson), key="confusion", alt=figures.confusion_alt(lesson),
                table=figures.named(lesson.counts),
            )  # fmt: skip

notice = []
if len(found) == len(REMEDIES):
    means = {remedy: float(recalls(lesson.counts).mean()) for remedy, lesson in found.items()}
    best = max(means, key=lambda remedy: means[remedy])
    notice.append(
        f"With nothing done {means['nothing']:.0%} of the test maps are recognised, with {best} {means[best]:.0%}."
    )
notice += [
    "Showing the same few maps more often, or letting them weigh more, moves the border between the classes. It adds "
    "nothing that could be learned: the network knows these few by heart.",
    "A turned map is another map of the same class, because a wafer has no upright. That is knowledge about the world, "
    "put into the data. Where the place matters it would be a lie.",
    "Focal loss was made for a detector with a hundred thousand easy examples to every hard one. With two hundred maps "
    "there is little to ignore.",
    "Accuracy hides all of it. Look at the recall of every class, and at their mean.",
]
lab.closing(
    notice=notice,
    shows=(learn_with, equally_often, class_weights, focal_loss, turned),
    call=f'list(learn_with("turned copies", {rare}, seed={seed}))[-1].counts',
    answer="The turned copies. With 8 maps of each pattern and seed 0, 77 % of the test maps are recognised with "
    "nothing done, 71 to 77 % with the other three, 94 % with the turned copies.",
    quiz=("Q234", "Q235", "Q32"),
    exports={"recalls.csv": lambda: figures.table(found).to_csv(index=False)} if found else {},
    prepares="ps8",
)
