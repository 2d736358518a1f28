"""Architectures: Dense connections

One idea: a layer that reads everything made before it needs to add only a few maps of its own.
"""

import pandas as pd
import streamlit as st

from core.blocks.dense import block, connections, plain_twin
from core.errors import CoreError
from core.nets.build import code
from core.nets.export import as_csv
from core.nets.trace import trace
from core.nets.zoo.densenet import dense_block
from pages._kit import lab
from pages._parts.densenet.figures import arcs, arcs_alt, costs, findings, reads

lab.opening(
    __doc__, predict="Six layers, 64 maps come in, each layer adds 32. How many maps leave, over how many direct links?"
)
controls, stage = lab.columns()
with controls:
    layers = st.slider("Layers in the block", 1, 16, 6, key="layers", bind="query-params")
    growth = st.slider("Growth rate: maps each layer adds", 1, 64, 32, key="growth", bind="query-params")
    maps = st.slider("Maps of the input", 1, 256, 64, key="maps", bind="query-params")
    side = st.slider("Side of the maps", 1, 112, 56, key="side", bind="query-params")
    narrow = st.toggle("1x1 layers first, to 4 times the growth rate", key="narrow", bind="query-params")
    chosen = layers if layers == 1 else st.slider("Light up layer", 1, 16, 4, key="lit", bind="query-params")
lit = min(chosen, layers)
try:
    dense = trace(block(layers, growth, maps, side, narrow=narrow))
    chain = trace(plain_twin(dense.network))
except CoreError as error:
    with stage:
        lab.impossible(error)
    st.stop()

table = pd.DataFrame(
    {
        "layer": list(range(1, layers + 1)),
        "reads": [f"{count} maps" for count in reads(dense)],
        "from": ["input", *(f"input and {place} layer{'s' if place > 1 else ''}" for place in range(1, layers))],
        "then there are": [f"{count + growth} maps" for count in reads(dense)],
    }
)
with stage:
    with st.container(horizontal=True, gap="medium", key="totals"):
        st.metric(
            "Maps that leave", dense.rows[-1].shape[0], f"{maps} come in", "off", delta_arrow="off", width="content"
        )
        links = f"{layers}·{layers + 1}/2"
        st.metric("Direct links", connections(layers), links, "off", delta_arrow="off", width="content")
        more = f"a plain chain: {chain.parameters:,}"
        st.metric("Parameters", f"{dense.parameters:,}", more, "off", delta_arrow="off", width="content")
    lab.chart(
        arcs(dense, growth=growth, chosen=lit), key="arcs", quick=True, alt=arcs_alt(dense, growth=growth), table=table
    )
    st.caption("Arcs: direct links. Below: where the maps that a layer reads come from.")
    alt = f"Parameters by convolution. Dense block {dense.parameters:,}, plain chain {chain.parameters:,} in all."
    lab.chart(costs(dense, chain), key="costs", quick=True, alt=alt)

lab.closing(
    notice=findings(dense, chain, growth=growth),
    shows=(block, dense_block, plain_twin, connections),
    call=f"trace(block({layers}, {growth}, {maps}, {side}, narrow={narrow})).rows[-1].shape  # {dense.rows[-1].shape}",
    answer=f"64 + 6·32 = 256 maps over 6·7/2 = 21 links. As it is set: {dense.rows[-1].shape[0]} maps, "
    f"{connections(layers)} links.",
    quiz=("Q93",),
    prepares="ps1",
    exports={"block.py": lambda: code(dense), "layers.csv": lambda: as_csv(dense)},
)
