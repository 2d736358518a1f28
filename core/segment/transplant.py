"""Moving the weights of a dense layer into a convolution in Keras: lecture A's three lines, and what each variant does.

The two layers here keep and check their weights as Keras' layers do, and compute nothing else. A program is one choice
per line out of lists written below; nothing that anybody types is run. Volumes are (h, w, C), maps last.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from core.errors import CoreError
from core.types import Floats

Volume = tuple[int, int, int]
GET = "w7, b7 = model.layers[7].get_weights()"
LECTURE = ("w7.reshape(20, 20, 10, 256)", "model2.layers[7].set_weights(w7, b7)")


@dataclass
class KerasLayer:
    """A layer that holds a kernel and a bias, and takes no others than fit."""

    shapes: tuple[tuple[int, ...], tuple[int, ...]]
    weights: list[Floats] = field(default_factory=list)

    def get_weights(self) -> list[Floats]:
        """Kernel and bias, as one list."""
        return list(self.weights)

    def set_weights(self, weights: list[Floats]) -> None:
        """Take kernel and bias out of ONE list; each must have the shape that the layer has."""
        if len(weights) != len(self.shapes):
            raise ValueError(
                f"You called `set_weights(weights)` on a layer with a weight list of length {len(weights)}, but the "
                f"layer was expecting {len(self.shapes)} weights."
            )
        for given, wanted in zip(weights, self.shapes, strict=True):
            if np.shape(given) != wanted:
                raise ValueError(
                    f"Layer weight shape {wanted} is not compatible with provided shape {np.shape(given)}."
                )
        self.weights = list(weights)


@dataclass
class Names:
    """What the program's names stand for."""

    model2: KerasLayer
    w7: Floats
    b7: Floats
    volume: Volume
    units: int


Line = Callable[[Names], None]


def _dropped(names: Names) -> None:
    names.w7.reshape(*names.volume, names.units)


def _kept(names: Names) -> None:
    names.w7 = names.w7.reshape(*names.volume, names.units)


def _turned(names: Names) -> None:
    names.w7 = names.w7.T.reshape(*names.volume, names.units)


def _as_torch(names: Names) -> None:
    height, width, maps = names.volume
    names.w7 = names.w7.reshape(names.units, maps, height, width)


def _one_by_one(names: Names) -> None:
    names.w7 = names.w7.reshape(1, 1, -1, names.units)


def _two_arguments(names: Names) -> None:
    names.model2.set_weights(names.w7, names.b7)  # type: ignore[call-arg, arg-type]


def _one_list(names: Names) -> None:
    names.model2.set_weights([names.w7, names.b7])


def _bias_first(names: Names) -> None:
    names.model2.set_weights([names.b7, names.w7])


def _no_bias(names: Names) -> None:
    names.model2.set_weights([names.w7])


SECOND: dict[str, Line] = {
    LECTURE[0]: _dropped,
    "w7 = w7.reshape(20, 20, 10, 256)": _kept,
    "w7 = w7.T.reshape(20, 20, 10, 256)": _turned,
    "w7 = w7.reshape(256, 10, 20, 20)": _as_torch,
    "w7 = w7.reshape(1, 1, 4000, 256)": _one_by_one,
}
THIRD: dict[str, Line] = {
    LECTURE[1]: _two_arguments,
    "model2.layers[7].set_weights([w7, b7])": _one_list,
    "model2.layers[7].set_weights([b7, w7])": _bias_first,
    "model2.layers[7].set_weights([w7])": _no_bias,
}


@dataclass(frozen=True)
class Ran:
    """How the program ended: the line that failed and its error, or how far the scores of both layers are apart."""

    line: int | None = None  # counted from 1
    error: str = ""
    apart: float = float("nan")

    @property
    def right(self) -> bool:
        """Whether the convolution does what the dense layer did."""
        return self.line is None and self.apart < 1e-9


def run(second: str, third: str, *, volume: Volume = (20, 20, 10), units: int = 256) -> Ran:
    """The program with these lines, on random weights; then both layers get the same volume.

    >>> run(*LECTURE).line, run("w7 = w7.reshape(20, 20, 10, 256)", LECTURE[1]).line
    (3, 3)
    >>> run("w7 = w7.reshape(20, 20, 10, 256)", "model2.layers[7].set_weights([w7, b7])").right
    True
    """
    if second not in SECOND or third not in THIRD:
        raise CoreError("these lines are not among those that can be chosen")
    random, inputs = np.random.default_rng(0), int(np.prod(volume))
    dense = KerasLayer(((inputs, units), (units,)), [random.normal(size=(inputs, units)), random.normal(size=units)])
    w7, b7 = dense.get_weights()
    names = Names(KerasLayer(((*volume, units), (units,))), w7, b7, volume, units)
    for number, line in ((2, SECOND[second]), (3, THIRD[third])):
        try:
            line(names)
        except (TypeError, ValueError) as error:
            return Ran(number, f"{type(error).__name__}: {error}")
    image = random.normal(size=volume)
    kernel, bias = names.model2.get_weights()
    convolved = np.einsum("hwc,hwcl->l", image, kernel) + bias  # one place: the kernel covers the volume
    return Ran(apart=float(np.abs(convolved - (image.ravel() @ dense.weights[0] + dense.weights[1])).max()))
