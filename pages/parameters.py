"""Architectures: Parameter calculator

One idea: a table of layers decides every size, every parameter and every multiplication of a network, before it runs.
"""

import streamlit as st

from core.errors import CoreError
from core.nets.blocks import blocks
from core.nets.build import code
from core.nets.challenge import judge
from core.nets.costs import parameters
from core.nets.export import as_csv, keras_summary
from core.nets.layers import Conv, Dense
from core.nets.receptive import Field
from core.nets.table import write
from core.nets.trace import trace
from pages._kit import lab
from pages._parts.parameters.builder import choose, grain
from pages._parts.parameters.challenge import COLUMNS as ASKED
from pages._parts.parameters.challenge import advice, challenge
from pages._parts.parameters.figures import amount, answer, bars, bars_alt, findings, memory, shown
from pages._parts.parameters.table import work_out

lab.opening(
    __doc__,
    predict="VGG16 has 138 million parameters. Which single layer holds most of them, and what share?",
)
controls, stage = lab.columns()
try:
    with controls:
        choice = choose()
except CoreError as error:
    with stage:
        lab.impossible(error)
    st.stop()

traced = choice.traced
with controls:
    hide = st.toggle("Challenge: hide a column, and fill it in", key="challenge", bind="query-params")
    if hide:
        column = st.selectbox("Hidden column", ASKED, ASKED.index("parameters"), key="hidden", bind="query-params")
    else:
        together = grain(traced)
        every = st.toggle("Show activations and dropout", key="every", bind="query-params")
        log = st.toggle("Logarithmic bars", key="log", bind="query-params")

with stage:
    with st.container(horizontal=True, gap="medium", key="totals"):
        if choice.bare is None:
            change = None
        elif traced is choice.whole:
            change = f"{choice.bare.parameters:,} without its top"
        else:
            change = f"{traced.parameters - choice.whole.parameters:,} with the top gone"
        st.metric("Parameters", f"{traced.parameters:,}", change, "off", delta_arrow="off", width="content")
        st.metric("Multiply-accumulates", amount(traced.macs), width="content")
        st.metric("Activations", memory(traced.activations), width="content")
        if traced.parameters:
            dense, conv = (traced.parameters_of(part) / traced.parameters for part in (Dense, Conv))
            rest = f"{conv:.1%} in convolutions"
            st.metric("In dense layers", f"{dense:.1%}", rest, "off", delta_arrow="off", width="content")
    if hide:
        challenge(traced, column)
    else:
        parts = blocks(traced) if together else shown(traced.rows, every=every)
        lab.chart(bars(traced, parts, log=log), key="bars", alt=bars_alt(traced, parts))
if not hide:
    work_out(traced, parts, every=every)

lab.closing(
    notice=advice(column) if hide else findings(traced, choice.whole, choice.bare),
    shows=(*choice.builders, trace, parameters, Field.through, *((judge,) if hide else ())),
    call=f"trace({choice.call}).parameters  # {traced.parameters:,}",
    answer=answer(traced),
    quiz=(
        *("Q36", "Q22", "Q03", "Q39", "Q23", "Q04", "Q05", "E02", "E03", "E04", "E06", "E07", "E25", "Q13", "E08"),
        *("E05", "E09", "E22", "E10", "E11"),
    ),
    errata=("N11", "N12", "N30", "N74", "N90", "N104", "N111"),
    prepares="ps1",
    exports={
        "layers.csv": lambda: as_csv(traced),
        "model.py": lambda: code(traced),
        "summary.txt": lambda: keras_summary(traced),
        "table.txt": lambda: write(traced.network),
    },
)
