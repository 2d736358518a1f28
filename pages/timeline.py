"""Architectures: The years of ImageNet

One idea: between 2012 and 2015 learned features took the error of the ImageNet challenge from 26 % to below that of a
trained person; the last network is nineteen times as deep as the first, and no heavier.
"""

import streamlit as st

from core.data.imagenet import ENTRANTS, TURING_AWARD, parts
from core.measure.ranking import share_in_order, wrong_pairs
from core.nets.depth import depth
from pages._kit import lab
from pages._kit.scrolling import folded
from pages._parts.timeline.figures import (
    answer,
    fact_card,
    lessons,
    networks,
    table,
    timeline,
    timeline_alt,
)
from pages._parts.timeline.order import put_in_order
from pages._parts.timeline.work import counts

lab.opening(
    __doc__,
    predict="Order AlexNet, VGG, GoogLeNet and ResNet by their parameters. Which one has most, and which one fewest?",
)
known = counts()
controls, stage = lab.columns()
with controls:
    below = st.selectbox(
        "Beside the errors, show", ("Layers", "Parameters", "Multiply-accumulates"), 0, key="below", bind="query-params"
    )
    hidden = st.toggle("Hide the names", key="hidden", bind="query-params")
    st.markdown("**Put them in order**")
    put_in_order([each for each in ENTRANTS if each.name in known], known)

rows = table(ENTRANTS, known)
with stage:
    figure = timeline(ENTRANTS, known, below, hidden=hidden)
    alt = "Errors by year, names hidden." if hidden else timeline_alt(ENTRANTS, known, below)
    lab.chart(figure, key="timeline", alt=alt)
    if not hidden:
        folded("The numbers behind this chart", rows.set_index("name"), key="timeline-numbers")
    second = "two came second" if hidden else "ISI and VGG came second"
    more = "" if hidden else " Point at a bar to read more."
    st.caption(f"The winner in classification of every year; {second}.{more}")
    year, winners = TURING_AWARD
    st.caption(f"The Turing Award of {year} went to {', '.join(winners[:-1])} and {winners[-1]}, for deep networks.")
    st.html(networks(known))
    st.markdown("**How large is ImageNet?**")
    st.html(fact_card())

lab.closing(
    notice=lessons(ENTRANTS, known),
    shows=(depth, share_in_order, wrong_pairs, parts),
    call=f'depth(network("resnet152"))  # {known["ResNet"].depth}',
    answer=answer(known),
    quiz=("E26", "Q24"),
    errata=("N76", "N104"),
    exports={"imagenet.csv": lambda: rows.to_csv(index=False)},
)
