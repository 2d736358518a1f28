"""Drawn inputs for the filter tests: small images, kernels and settings that fit each other."""

from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st

from core.filters.arithmetic import reach
from core.types import Floats, Pair


@dataclass(frozen=True)
class Setting:
    image: Floats
    kernel: Floats
    stride: Pair
    padding: Pair
    dilation: Pair

    @property
    def options(self):
        return {"stride": self.stride, "padding": self.padding, "dilation": self.dilation}


def grids(rows, columns):
    def build(values):
        return np.array(values, dtype=np.float64).reshape(rows, columns)

    return st.lists(st.integers(-9, 9), min_size=rows * columns, max_size=rows * columns).map(build)


@st.composite
def filterings(draw, *, most_stride=3):
    """Any setting in which the window fits, including the ones where it fits exactly once."""
    kernel = (draw(st.integers(1, 4)), draw(st.integers(1, 4)))
    dilation = (draw(st.integers(1, 3)), draw(st.integers(1, 3)))
    padding = (draw(st.integers(0, 3)), draw(st.integers(0, 3)))
    stride = (draw(st.integers(1, most_stride)), draw(st.integers(1, most_stride)))
    sides = [
        max(1, reach(k, dilation=d) - 2 * p) + draw(st.integers(0, 5))
        for k, d, p in zip(kernel, dilation, padding, strict=True)
    ]
    return Setting(draw(grids(*sides)), draw(grids(*kernel)), stride, padding, dilation)
