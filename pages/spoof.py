"""Learning: Live or spoof?

One idea: a classifier tells real prints from fakes by the traces of the fakes it has seen, and of no others.
"""

from collections.abc import Iterator

import numpy as np
import streamlit as st

from core.data.prints import print_of, spectrum
from core.learning.lesson import Lesson, lessons
from core.learning.spoof import binary_cross_entropy, learn_spoofs, scores, spoof_net
from core.learning.train import Progress
from core.measure.threshold import equal_error, false_accepts, false_rejects
from pages._kit import lab, watching
from pages._parts.spoof import figures
from pages._parts.spoof.work import asked

NAME = "spoof"
KNOWN = {"paper and screen": ("paper", "screen"), "paper only": ("paper",), "screen only": ("screen",)}

lab.opening(
    __doc__,
    predict="A network learned to tell live prints from fakes on paper. What does it say of a fake on a screen?",
)
controls, stage = lab.columns()
with controls:
    known = st.selectbox("Fakes it learns from", KNOWN, 1, key="known", bind="query-params")
    count = int(
        st.select_slider("Live prints to learn from", (50, 100, 200, 400), 200, key="count", bind="query-params")
    )
    seed = st.slider("Seed", 0, 9, 0, key="seed", bind="query-params", help="The same seed, the same weights to begin.")
    begin = st.button("Train", key="train", type="primary")
    effort = st.slider(
        "Traces that the faker hides", 0.0, 1.0, 0.0, 0.25, key="effort", bind="query-params",
        help="In the test only: the network learned from careless fakes. Move this at any time.",
    )  # fmt: skip
    threshold = st.slider(
        "Let in from this score on", 0.0, 1.0, 0.5, 0.01, key="threshold", bind="query-params",
        help="The score is the network's probability of live.",
    )  # fmt: skip
setting = (known, count, seed)


def work(progress: Progress) -> Iterator[Lesson]:
    """One training, on one core: layers this small are fastest so."""
    yield from learn_spoofs(count, known=KNOWN[known], seed=seed, progress=progress)


if begin:
    watching.begin(NAME, setting, work)
job = watching.current(NAME)
mine = job is not None and job.setting == setting
found = None
if job is not None and mine and job.found:
    found = {source: scores(job.found[-1], prints) for source, prints in asked(effort).items()}
with stage:
    st.html(figures.strip(3, effort))
    st.caption(
        "Above: one print of each source. Below: its frequencies, the slow ones in the middle, bright is strong."
    )
    if job is None or not (mine or job.running):
        st.info("Look for the traces, then press Train.")
    else:
        watching.watch(NAME, lambda _: None)
    if found is not None:
        wrong = figures.shares(found, threshold)
        said = (
            f"At a threshold of {threshold:.2f}, **{wrong['live']:.0%}** of the live prints are kept out, "
            f"**{wrong['paper']:.0%}** of the fakes on paper are let in and **{wrong['screen']:.0%}** of those on a "
            "screen."
        )
        st.markdown(said)
        lab.chart(
            figures.errors(found, threshold), key="errors", alt=said.replace("*", ""), table=figures.table(found),
            quick=True,
        )  # fmt: skip

notice = []
if found is not None:
    place, both = equal_error(found["live"], np.concatenate([found["paper"], found["screen"]]))
    notice.append(
        f"At a threshold of {place:.2f} as large a share of the live is kept out as of the fakes is let in: {both:.1%}."
    )
lab.closing(
    notice=[
        *notice,
        "A print on paper lost its fast changes: its frequencies fade towards the border, but for the dots it is "
        "printed with. A screen leaves two bright spots beside the middle: its lines.",
        "Nobody told the network about frequencies. Filters of 5x5 and one mean of every map are enough to see them.",
        "What it has never seen is no trace to it: trained on one kind of fake it lets the other kind in.",
        "No threshold is right for everybody. A phone may let in a fake now and then; at a border, real ones wait.",
    ],
    shows=(learn_spoofs, binary_cross_entropy, spoof_net, false_accepts, false_rejects, print_of, spectrum, lessons),
    call=f"scores(list(learn_spoofs({count}, known={KNOWN[known]}, seed={seed}))[-1], new_prints({effort})['screen'])",
    answer="That it is live: with 200 prints and seed 0 it lets in 83 of 100 fakes on a screen and none on paper.",
    quiz=("Q28", "Q238", "Q239"),
    exports={"errors.csv": lambda: figures.table(found).to_csv(index=False)} if found is not None else {},
)
