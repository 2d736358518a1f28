"""Learning: Walking down a loss

One idea: the gradient says which way is down; how far to go, and what to remember of the steps before, is the method's.
"""

import streamlit as st

from core.learning.optimisers import Adam, Sgd, largest_rate, walk
from pages._kit import lab
from pages._parts.optimisers import figures, views

lab.opening(
    __doc__,
    predict="A valley is 100 times steeper across than along. Does gradient descent reach its end sooner with a larger "
    "rate, or with momentum?",
)
controls, stage = lab.columns()
with controls:
    setting = views.controls()
found = views.walks(setting)
with stage:
    step = st.slider("Step", 0, views.STEPS, 40, key="step", bind="query-params")
    told = views.said(setting, found, step)
    st.markdown(told)
    for each in found:
        if each.walk.ran_away:
            st.warning(
                f"{each.name} runs away: every step overshoots the valley by more than the last one. "
                f"After {len(each.walk.losses) - 1} steps the weights would be beyond a million.",
                icon=":material/lightbulb:",
            )
    lab.chart(
        figures.landscape(setting.surface, found, step), key="map", quick=True, alt=told.replace("*", ""),
        table=figures.record(found),
    )  # fmt: skip
    alt = f"Loss above the lowest point over {views.STEPS} steps. {told}".replace("*", "")
    lab.chart(figures.descent(setting.surface, found, step), key="descent", quick=True, alt=alt)

lab.closing(
    notice=views.findings(setting, found),
    shows=(Sgd.step, Adam.step, walk, largest_rate),
    call=f"walk(SURFACES[{setting.surface!r}], {setting.first.call}, {setting.start}, {views.STEPS})",
    answer="With momentum. The walls allow no rate above 0.1, and with that the way along takes hundreds of steps. In "
    "a velocity the swings cancel and the way along adds up: a few dozen steps do.",
    quiz=("Q170", "Q171"),
    exports={"walks.csv": lambda: figures.whole(found)},
)
