"""Architectures: Residual blocks

One idea: layers that learn a change to their input start from handing it on, so more of them can do no harm.
"""

import numpy as np
import pandas as pd
import streamlit as st

from core.blocks.miniatures import tower
from core.blocks.residual import alone, block, chain, change, random_kernels, weighted_layers
from core.learning.compare import compare
from core.learning.train import train
from core.nets.build import code
from core.nets.trace import trace
from core.nets.zoo.resnet import BASIC, BOTTLENECK, basic, bottleneck
from pages._kit import lab
from pages._parts.residual import training
from pages._parts.residual.figures import IMAGE, blocks, blocks_alt, kept, record, walk, walk_alt
from pages._parts.residual.words import of_blocks, of_identity, of_training

VIEWS = ("identity", "two kinds", "training")

lab.opening(__doc__, predict="All weights of 20 blocks are zero. What comes out, with shortcuts and without?")
controls, stage = lab.columns()
with controls:
    view = st.segmented_control("Look at", VIEWS, default=VIEWS[0], key="view", bind="query-params", required=True)
story = []
if view == "identity":
    with controls:
        size = st.slider("Size of the weights", 0.0, 1.5, 0.0, 0.05, key="size", bind="query-params")
        count = st.slider("Blocks in a row", 1, 30, 20, key="count", bind="query-params")
        draw = st.slider(
            "Draw number", 0, 20, 0, key="draw", bind="query-params", help="The same number, the same weights."
        )
        st.caption("1 is He's size: variance 2/9 for a window of 3x3.")
    kernels = random_kernels(count, size, np.random.default_rng(draw))
    residual, plain = (chain(IMAGE, kernels, shortcut=shortcut) for shortcut in (True, False))
    with stage:
        told = [
            "nothing is left" if each is None else f"{each:.0%} like the input"
            for each in (kept(residual), kept(plain))
        ]
        st.markdown(f"After {count} blocks: with shortcuts: **{told[0]}**. Without: **{told[1]}**.")
        lab.chart(walk(residual, plain), key="walk", quick=True, alt=walk_alt(residual, plain))
        st.caption("Every image on its own scale; below it, its largest value.")
    notice, shows = of_identity(residual, plain, size=size), (change, block, chain)
    call = f"chain(image, random_kernels({count}, {size}, np.random.default_rng({draw})))[-1]"
    exports = {"last.csv": "\n".join(",".join(f"{v:.6g}" for v in row) for row in residual[-1].tolist()) + "\n"}
elif view == "two kinds":
    with controls:
        maps = st.select_slider(
            "Maps of the block", (16, 32, 64, 128, 256, 512, 1024, 2048), 256, key="maps", bind="query-params"
        )
        side = st.slider("Side of the maps", 1, 112, 56, key="side", bind="query-params")
    two = [trace(alone(kind, maps, side)) for kind in ("basic", "bottleneck")]
    with stage:
        lab.chart(blocks(*two), key="blocks", quick=True, alt=blocks_alt(*two))
        st.markdown("**Counting layers with weights:** stem, convolutions of all blocks, dense layer.")
        counted = {depth: weighted_layers(depth) for depth in (*BASIC, *BOTTLENECK)}
        kind = {depth: "basic" if depth in BASIC else "bottleneck" for depth in counted}
        rows = [(f"ResNet-{depth}", kind[depth], told) for depth, (_, told) in counted.items()]
        st.table(pd.DataFrame(rows, columns=["network", "block", "layers"]))
    notice, shows = of_blocks(*two), (basic, bottleneck, weighted_layers)
    call = f'trace(alone("bottleneck", {maps}, {side})).parameters  # {two[1].parameters:,}'
    exports = {"basic.py": lambda: code(two[0]), "bottleneck.py": lambda: code(two[1])}
else:
    with controls:
        setting, newest = training.controls()
    with stage:
        story = training.stage(setting, newest=newest)
    notice, shows = of_training(story), (tower, train, compare)
    call = f"compare(runners, learned, tested, Recipe(epochs={setting.epochs}), seed={setting.seed})"
    exports = {"curves.csv": lambda: record(story).to_csv(index=False)} if story else {}

lab.closing(
    notice=notice,
    shows=shows,
    call=call,
    answer="With shortcuts the image, unchanged: each block adds nothing to it. Without them, nothing but zeros.",
    quiz=("Q16", "Q17", "E12"),
    errata=("N111",),
    prepares="ps1",
    exports=exports,
)
