"""Random stacks for the tests of receptive fields."""

from typing import TypeAlias

from hypothesis import assume
from hypothesis import strategies as st

from core.errors import ShapeError
from core.nets.layers import Conv, Layer, Pool
from core.nets.receptive import views
from core.types import Pair

Drawn: TypeAlias = tuple[tuple[Layer, ...], Pair, Pair]  # layers, image, neuron


@st.composite
def drawn_stacks(draw: st.DrawFn) -> Drawn:
    """Up to five layers that fit on a small image, with windows of any proportion, and one neuron of the last."""
    sides = st.tuples(st.integers(1, 4), st.integers(1, 4))
    small = st.tuples(st.integers(1, 3), st.integers(1, 3))
    layers = []
    for number in range(draw(st.integers(1, 5))):
        kernel, stride = draw(sides), draw(small)
        if draw(st.booleans()):
            padding = draw(st.tuples(st.integers(0, 3), st.integers(0, 3)))
            layers.append(Layer(f"conv{number}", Conv(1, kernel, stride, padding, draw(small))))
        else:
            padding = draw(st.tuples(st.integers(0, kernel[0] // 2), st.integers(0, kernel[1] // 2)))
            layers.append(
                Layer(f"pool{number}", Pool(draw(st.sampled_from(["max", "average"])), kernel, stride, padding))
            )
    image = draw(st.tuples(st.integers(8, 40), st.integers(8, 40)))
    try:
        sides_of_last = views(layers, image)[-1].sides
    except ShapeError:
        assume(False)
        raise
    neuron = draw(st.integers(0, sides_of_last[0] - 1)), draw(st.integers(0, sides_of_last[1] - 1))
    return tuple(layers), image, neuron
