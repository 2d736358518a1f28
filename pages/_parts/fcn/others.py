"""The cards of those who labelled pixels beside FCN: before it patch by patch, and after it with a whole way up."""

from typing import Any

import pandas as pd
import streamlit as st

from core.models.segmenters import SIDE
from core.segment.fcn import LEVELS, grid, skip_sum
from core.segment.papers import PAPERS
from pages._kit import lab


def others(controls: Any, stage: Any) -> lab.Said:
    """Four papers, side by side."""
    with controls:
        st.markdown(
            "A net that labels pixels needs to know **what** and **where**. The question in all four: how to get the "
            "places back that pooling took away."
        )
    table = pd.DataFrame([(paper.who, paper.way) for paper in PAPERS], columns=["who", "how"])
    with stage:
        for paper in PAPERS:
            with st.container(border=True):
                st.markdown(f"**{paper.who}** · {paper.way}")
                st.markdown(paper.what)
                st.caption(paper.where)
    notice = [
        "Before FCN, a net answered for one pixel at a time, and overlapping patches paid for the same convolutions "
        "again: see [two ways to train on pixels](pixel_training).",
        "FCN and the deconvolution network differ in the length of the way up. FCN's is three sums; Noh's mirrors all "
        "of VGG16. [U-Net](unet) keeps the long way and copies maps across.",
        "Deconvolution is a misleading name: nothing is inverted. The layer is a transposed convolution, see "
        "[upsampling and unpooling](upsampling).",
    ]
    call = f"[grid({SIDE}, stride) for stride in {LEVELS}]"
    return lab.Said(notice, call, (grid, skip_sum), {"papers.csv": lambda: table.to_csv(index=False)})
