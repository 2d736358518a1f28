"""Architectures: Small filters against large

One idea: several small windows on top of each other see as much as a large one, with fewer weights and more bends.
"""

import pandas as pd
import streamlit as st

from core.blocks.miniatures import large_side, stacked
from core.errors import CoreError
from core.nets.build import code
from core.nets.layers import Conv
from core.nets.trace import trace
from pages._kit import lab
from pages._parts.receptive_field.figures import cone
from pages._parts.small_filters.figures import answer, columns, comparison, comparison_alt, count, findings

COUNTS = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024)

lab.opening(
    __doc__, predict="64 maps in, 64 maps out: how many parameters do three 3x3 layers have, and how many has one 7x7?"
)
controls, stage = lab.columns()
with controls:
    kernel = st.select_slider("Side of the small window", (3, 5, 7), 3, key="kernel", bind="query-params")
    times = st.slider("Layers in the stack", 1, 6, 3, key="layers", bind="query-params")
    maps = st.select_slider("Maps C, in and out of every layer", COUNTS, 64, key="maps", bind="query-params")
    side = st.slider("Side of the maps", 1, 224, 56, key="side", bind="query-params")
    bias = st.toggle("Count biases", True, key="bias", bind="query-params")
large_kernel = large_side(kernel, times)
try:
    stack = trace(stacked(maps, kernel, times, side=side, bias=bias))
    large = trace(stacked(maps, large_kernel, 1, side=side, bias=bias))
except CoreError as error:
    with stage:
        lab.impossible(error)
    st.stop()

fields = [max(row.receptive_field or (0, 0)) for row in (stack.rows[-1], large.rows[-1])]
table = pd.DataFrame(
    [[count(value) for value in columns(each).values()] for each in (stack, large)],
    index=[f"{times} of {kernel}x{kernel}", f"1 of {large_kernel}x{large_kernel}"],
    columns=[name if "memory" not in name else "Values kept" for name in columns(stack)],
).T.reset_index(names="what")
with stage:
    st.markdown(
        f"**{times} of {kernel}x{kernel}** against **one {large_kernel}x{large_kernel}**: {stack.parameters:,} and "
        f"{large.parameters:,} parameters. The large window has **{large.parameters / stack.parameters:.2f} times** as "
        "many."
    )
    lab.chart(comparison(stack, large), key="bars", quick=True, alt=comparison_alt(stack, large), table=table)
    same = "the same" if fields[0] == fields[1] else "not the same"
    st.markdown(f"What one output sees from the side: **{fields[0]}** and **{fields[1]}** pixels wide, {same}.")
    left, right = st.columns(2)
    titles = (f"{times} of {kernel}x{kernel}", f"One {large_kernel}x{large_kernel}")
    for place, traced, name, title in ((left, stack, "stack", titles[0]), (right, large, "large", titles[1])):
        layers = tuple(layer for layer in traced.network.layers if isinstance(layer.operation, Conv))
        with place:
            st.markdown(f"**{title}**")
            wide = max(traced.rows[-1].receptive_field or (0, 0))
            seen = f"Side view: one output of the {name} form sees {wide} columns of the image."
            lab.chart(cone(layers, 48, (24, 24)), key=f"cone-{name}", quick=True, alt=seen)
    st.caption("The bars count the ways from a pixel to the output: through a stack the middle has more than the rim.")

lab.closing(
    notice=findings(stack, large, kernel=kernel, times=times, side=large_kernel, maps=maps),
    shows=(stacked, large_side, trace),
    call=f"trace(stacked({maps}, {kernel}, {times}, side={side}, bias={bias})).parameters  # {stack.parameters:,}",
    answer=f"3·(9·64² + 64) = 110,784 against 49·64² + 64 = 200,768. As it is set: {answer(stack, large)}",
    quiz=("E05", "Q43"),
    prepares="ps1",
    exports={
        "stack.py": lambda: code(stack),
        "large.py": lambda: code(large),
        "comparison.csv": lambda: table.to_csv(index=False),
    },
)
