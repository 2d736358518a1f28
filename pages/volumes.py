"""Architectures: Volumes through a CNN

One idea: a CNN is a chain of volumes; the maps get smaller and more numerous, and every value in them can be worked
out.
"""

import streamlit as st

from core.models.digit_net import train
from core.nets.trace import trace
from core.nets.zoo.lecture_drawing import LECTURE_DRAWING
from core.units.cell import cell, unit
from core.units.forward import forward, step
from pages._kit import lab
from pages._kit.scrolling import folded
from pages._parts.parameters.challenge import advice, challenge
from pages._parts.volumes.figures import chain, chain_alt, chain_table, findings, label
from pages._parts.volumes.views import chosen_cell, on_digit, on_photo, show

SOURCES = ("A digit", "A photo", "The lectures' drawing")

lab.opening(
    __doc__,
    predict="A value of conv2 below reads a 3x3 window, and 8 maps lie below it. How many numbers is that?",
)
controls, stage = lab.columns()
with controls:
    source = st.radio("What goes through", SOURCES, key="source", bind="query-params")
    run = on_digit() if source == SOURCES[0] else on_photo() if source == SOURCES[1] else None
    cell_slot = st.container()
    hide = st.toggle("Challenge: hide the shapes, and fill them in", key="challenge", bind="query-params")
traced = run.traced if run else trace(LECTURE_DRAWING)
with stage:
    if hide:
        challenge(traced, "output")
    else:
        names = [row.name for row in traced.rows]
        start = "conv2" if run else "conv1"
        name = st.segmented_control("Layer", names, default=start, key="layer", bind="query-params", required=True)
        row = traced.rows[names.index(name)]
        lab.chart(chain(traced, name), key="chain", quick=True, alt=chain_alt(traced))
        folded("The numbers behind this chart", chain_table(traced), key="chain-numbers")
        st.caption("Above each volume its shape, maps@height x width; below it the layer and its parameters.")
        if run:
            with cell_slot:
                place = chosen_cell(row.shape)
            show(run, name, place)
        else:
            made = f"**{name}** makes {label(row.shape)} of {label(row.taken)}, with {row.parameters:,} parameters"
            st.markdown(f"{made}: {row.formula}." if row.formula else f"{made}.")
            st.caption("A drawing has no weights. Send a digit or a photo through to see values.")

notice = [findings(traced)]
if run:
    notice.append(
        f"This network was trained here, on 1437 digits, within seconds: it reads {run.trained.accuracy:.1%} of the "
        f"360 digits that were held out. It has {run.trained.traced.parameters:,} parameters."
    )
if source == SOURCES[1]:
    last = traced.rows[-1].shape
    notice.append(
        "The filters slide over an image of any size. The dense layer behind them does not: it has weights for 64 "
        f"values, and {label(last)} are {last[0] * last[1] * last[2]:,}. So the chain ends here, until a convolution "
        "takes its place."
    )
notice.append(
    "A window reaches through all maps below it. A drawing that shows it on a single map is wrong: every filter is as "
    "deep as its input."
)
lab.closing(
    notice=advice("output") if hide else notice,
    shows=(trace, forward, step, cell, unit, train) if run else (trace,),
    call=f"net = train()\nforward(net.traced, net.weights, {run.label}[None])" if run else "trace(LECTURE_DRAWING)",
    answer="3·3·8 = 72, and one bias is added. Choose conv2 and a cell: each of the eight numbers in its sum is nine "
    "products.",
    quiz=("Q01", "Q09", "Q88"),
    prepares="ps1",
    exports={"volumes.csv": lambda: chain_table(traced).to_csv()},
)
