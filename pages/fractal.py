"""Architectures: Paths of a fractal

One idea: short and long ways through one network make it trainable without residuals, if it learns to live with any.
"""

import numpy as np
import pandas as pd
import streamlit as st

from core.blocks.fractal import drop_global, drop_local, only_column, path_depths, thinned, whole, width
from core.nets.build import code
from core.nets.layers import Conv, Network
from core.nets.table import write
from core.nets.trace import trace
from core.nets.zoo.fractalnet import fractal
from pages._kit import lab
from pages._parts.fractal.figures import depths, findings, fractal_alt, fractal_graph

DROPS = ("nothing", "at meetings", "all columns but one", "columns I choose")
MAPS, SIDE = 64, 32

lab.opening(__doc__, predict="A fractal of order 4 has 15 layers. How many different ways lead through it?")
controls, stage = lab.columns()
with controls:
    order = st.slider("Order: columns of the fractal", 1, 5, 4, key="order", bind="query-params")
    drop = st.selectbox("Drop", DROPS, key="drop", bind="query-params")
    rows = fractal("f", "input", MAPS, order)
    rate, draw, column = 0.5, 0, 1
    if drop == "at meetings":
        rate = st.slider("Probability of dropping an input", 0.0, 1.0, 0.5, 0.05, key="rate", bind="query-params")
    if drop in DROPS[1:3]:
        draw = st.slider(
            "Draw number", 0, 40, 0, key="draw", bind="query-params", help="The same number, the same draw."
        )
    if drop == DROPS[3]:
        column = 1 if order == 1 else st.slider("Column that stays", 1, order, 1, key="column", bind="query-params")
generator = np.random.default_rng(draw)
kept = {
    "nothing": lambda: whole(rows),
    "at meetings": lambda: drop_local(rows, rate, generator),
    "all columns but one": lambda: drop_global(rows, generator),
    "columns I choose": lambda: only_column(rows, column),
}[drop]()
every, live = path_depths(rows), path_depths(rows, kept)
left = thinned(rows, kept)
full, rest = (
    trace(Network(name, (MAPS, SIDE, SIDE), table)) for name, table in (("fractal", rows), ("live part", left))
)
layers = [sum(isinstance(layer.operation, Conv) for layer in table) for table in (rows, left)]
table = pd.DataFrame(
    {
        "layers on the path": list(every),
        "paths": [f"{count:,}" for count in every.values()],
        "live": [f"{live.get(depth, 0):,}" for depth in every],
    }
)
with stage:
    with st.container(horizontal=True, gap="medium", key="totals"):
        of = f"of {sum(every.values()):,}"
        st.metric("Live paths", f"{sum(live.values()):,}", of, "off", delta_arrow="off", width="content")
        st.metric("Shortest", min(live), f"{min(every)} with all", "off", delta_arrow="off", width="content")
        st.metric("Longest", max(live), f"{max(every)} with all", "off", delta_arrow="off", width="content")
        st.metric("Live layers", layers[1], f"of {layers[0]}", "off", delta_arrow="off", width="content")
    lab.chart(fractal_graph(rows, kept), key="fractal", quick=True, alt=fractal_alt(rows, kept))
    told = ", ".join(f"{count:,} of depth {depth}" for depth, count in live.items())
    lab.chart(depths(rows, kept), key="depths", quick=True, alt=f"Live paths: {told}.", table=table)

made = {
    "nothing": "whole(rows)",
    "at meetings": f"drop_local(rows, {rate}, np.random.default_rng({draw}))",
    "all columns but one": f"drop_global(rows, np.random.default_rng({draw}))",
    "columns I choose": f"only_column(rows, {column})",
}[drop]
shown = {DROPS[1]: (drop_local,), DROPS[2]: (drop_global, only_column), DROPS[3]: (only_column,)}.get(drop, ())
lab.closing(
    notice=findings(rows, kept, live_parameters=rest.parameters, parameters=full.parameters),
    shows=(fractal, path_depths, *shown),
    call=f'rows = fractal("f", "input", {MAPS}, {width(rows)})\npath_depths(rows, {made})  # {live}',
    answer="26: from one layer to eight in a row. "
    f"The fractal as it is set has {sum(every.values()):,}, of which {sum(live.values()):,} are live.",
    quiz=("Q18",),
    prepares="ps1",
    exports={
        "paths.csv": lambda: table.to_csv(index=False),
        "live.py": lambda: code(rest),
        "table.txt": lambda: write(rest.network),
    },
)
