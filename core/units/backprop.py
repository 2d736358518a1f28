"""Backpropagation through a small dense network, term by term (lecture D).

Layer l has a matrix (units, inputs + 1) whose last column holds the biases. The loss of one sample is the squared
distance from its target, L = 1/2 sum over j of (y_j - t_j)^2; the loss of a set is the sum over its samples.
Source: Rumelhart, Hinton and Williams, "Learning representations by back-propagating errors", Nature 323, 1986.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np

from core.errors import LimitError, ShapeError
from core.types import Floats
from core.units.activations import Curve
from core.units.neuron import stepped

Place: TypeAlias = tuple[int, int, int]  # layer, unit, input; the input after the last is the bias
MOST_STEPS = 10_000


@dataclass(frozen=True)
class Net:
    """A matrix (units, inputs + 1) and an activation for every layer."""

    layers: tuple[Floats, ...]
    curves: tuple[Curve, ...]

    def __post_init__(self) -> None:
        """Sizes must go on from layer to layer."""
        if not self.layers or len(self.layers) != len(self.curves):
            raise ShapeError(f"one activation for each layer: got {len(self.layers)} and {len(self.curves)}")
        for number, (below, above) in enumerate(zip(self.layers, self.layers[1:], strict=False), start=2):
            if above.shape[1] != len(below) + 1:
                raise ShapeError(
                    f"layer {number} needs {len(below)} weights and a bias in each row, for the {len(below)} units "
                    f"below it: got {above.shape[1]} numbers"
                )

    @property
    def inputs(self) -> int:
        """How many values go in."""
        return int(self.layers[0].shape[1]) - 1

    @property
    def outputs(self) -> int:
        """How many values come out."""
        return len(self.layers[-1])

    def places(self) -> Iterator[Place]:
        """Every parameter, layer by layer and row by row."""
        for number, layer in enumerate(self.layers):
            for unit, entry in np.ndindex(*layer.shape):
                yield number, unit, entry


@dataclass(frozen=True)
class Pass:
    """One sample on its way forward and back: everything, layer by layer."""

    x: Floats
    target: Floats
    sums: tuple[Floats, ...]  # s of every unit
    outputs: tuple[Floats, ...]  # y = f(s) of every unit
    loss: float
    slopes: tuple[Floats, ...]  # f'(s)
    blame: tuple[Floats, ...]  # dL/ds: how the loss moves with the sum of every unit
    gradient: tuple[Floats, ...]  # dL/dw, shaped like the layers

    def below(self, layer: int) -> Floats:
        """What a layer takes, with a 1 for its bias."""
        return np.append(self.x if layer == 0 else self.outputs[layer - 1], 1.0)


def run(net: Net, x: Floats, target: Floats) -> Pass:
    """Forward, then backward: (inputs,), (outputs,) -> every value and every derivative.

        forward    s_i = sum over k of w_ik x_k + b_i,    y_i = f(s_i)
        backward   dL/ds_i = f'(s_i) sum over j of w~_ji dL/ds~_j    and at the end f'(s_i) (y_i - t_i)
                   dL/dw_ik = x_k dL/ds_i

    A tilde marks the layer above. Together they are the lecture's dL/dw_k = x_k f' sum over j of w~_j dL/dy~_j.

    >>> from core.units.activations import CURVES
    >>> one = Net((np.array([[2.0, 0.0]]),), (CURVES["linear"],))
    >>> run(one, np.array([3.0]), np.array([5.0])).loss, run(one, np.array([3.0]), np.array([5.0])).gradient
    (0.5, (array([[3., 1.]]),))
    """
    _fits(net, x[None], target[None])
    sums, outputs, value = list[Floats](), list[Floats](), x
    for layer, curve in zip(net.layers, net.curves, strict=True):
        sums.append(layer @ np.append(value, 1.0))
        value = curve.value(sums[-1])
        outputs.append(value)
    slopes = [curve.slope(each) for curve, each in zip(net.curves, sums, strict=True)]
    blame = [slopes[-1] * (value - target)]
    for layer, steepness in zip(reversed(net.layers[1:]), reversed(slopes[:-1]), strict=True):
        blame.insert(0, steepness * (layer[:, :-1].T @ blame[0]))
    below = [np.append(each, 1.0) for each in (x, *outputs[:-1])]
    gradient = [np.outer(each, taken) for each, taken in zip(blame, below, strict=True)]
    loss = 0.5 * float(((value - target) ** 2).sum())
    return Pass(x, target, tuple(sums), tuple(outputs), loss, tuple(slopes), tuple(blame), tuple(gradient))


def loss(net: Net, x: Floats, targets: Floats) -> float:
    """The loss of a set, summed: (N, inputs), (N, outputs) -> one number.

    >>> from core.units.activations import CURVES
    >>> one = Net((np.array([[2.0, 0.0]]),), (CURVES["linear"],))
    >>> loss(one, np.array([[3.0], [1.0]]), np.array([[5.0], [0.0]]))
    2.5
    """
    return 0.5 * float(((answers(net, x) - targets) ** 2).sum())


def answers(net: Net, x: Floats) -> Floats:
    """What comes out for a set of inputs: (N, inputs) -> (N, outputs).

    >>> from core.units.activations import CURVES
    >>> answers(Net((np.array([[2.0, 1.0]]),), (CURVES["ReLU"],)), np.array([[3.0], [-1.0]]))
    array([[7.],
           [0.]])
    """
    value = x
    for layer, curve in zip(net.layers, net.curves, strict=True):
        value = curve.value(value @ layer[:, :-1].T + layer[:, -1])
    return value


def gradient(net: Net, x: Floats, targets: Floats) -> tuple[Floats, ...]:
    """The full gradient, summed over a set: (N, inputs), (N, outputs) -> one array for each layer.

    The same rule as in `run`, with all samples at once.

    >>> from core.units.activations import CURVES
    >>> one = Net((np.array([[2.0, 0.0]]),), (CURVES["linear"],))
    >>> gradient(one, np.array([[3.0], [1.0]]), np.array([[5.0], [0.0]]))
    (array([[5., 3.]]),)
    """
    _fits(net, x, targets)
    below, slopes, value = list[Floats](), list[Floats](), x
    for layer, curve in zip(net.layers, net.curves, strict=True):
        below.append(np.concatenate([value, np.ones((len(x), 1))], axis=1))
        sums = below[-1] @ layer.T
        slopes.append(curve.slope(sums))
        value = curve.value(sums)
    blame = slopes[-1] * (value - targets)  # (N, units)
    found = [blame.T @ below[-1]]
    for number in reversed(range(len(net.layers) - 1)):
        blame = slopes[number] * (blame @ net.layers[number + 1][:, :-1])
        found.insert(0, blame.T @ below[number])
    return tuple(found)


def nudged(net: Net, place: Place, by: float) -> Net:
    """The net with one parameter moved.

    >>> from core.units.activations import CURVES
    >>> nudged(Net((np.array([[2.0, 0.0]]),), (CURVES["linear"],)), (0, 0, 1), 0.5).layers
    (array([[2. , 0.5]]),)
    """
    number, unit, entry = place
    layers = [layer.copy() for layer in net.layers]
    layers[number][unit, entry] += by
    return replace(net, layers=tuple(layers))


def finite_difference(net: Net, place: Place, x: Floats, targets: Floats, *, by: float = 1e-5) -> float:
    """The same derivative without a rule: move one parameter a little both ways and see what the loss does.

        (L(w + by) - L(w - by)) / (2 by)

    >>> from core.units.activations import CURVES
    >>> one = Net((np.array([[2.0, 0.0]]),), (CURVES["linear"],))
    >>> round(finite_difference(one, (0, 0, 0), np.array([[3.0]]), np.array([[5.0]])), 6)
    3.0
    """
    more, less = (loss(nudged(net, place, way), x, targets) for way in (by, -by))
    return (more - less) / (2 * by)


def descended(net: Net, slopes: Sequence[Floats], mu: float) -> Net:
    """One step against a gradient, every layer: theta - mu * gradient.

    >>> from core.units.activations import CURVES
    >>> descended(Net((np.array([[2.0, 0.0]]),), (CURVES["linear"],)), [np.array([[10.0, 0.0]])], 0.1).layers
    (array([[1., 0.]]),)
    """
    layers = tuple(stepped(layer, slope, mu) for layer, slope in zip(net.layers, slopes, strict=True))
    return replace(net, layers=layers)


def agreement(one: Sequence[Floats], other: Sequence[Floats]) -> float:
    """The cosine of the angle between two gradients: 1 the same way, 0 across, -1 against each other.

    >>> agreement([np.array([[1.0, 0.0]])], [np.array([[1.0, 1.0]])])
    0.7071067811865475
    """
    first, second = (np.concatenate([layer.ravel() for layer in each]) for each in (one, other))
    length = float(np.linalg.norm(first) * np.linalg.norm(second))
    return float(first @ second) / length if length else 0.0


def trained(
    net: Net,
    x: Floats,
    targets: Floats,
    *,
    mu: float,
    steps: int,
    seen: Callable[[int, Net], None] = lambda done, now: None,
) -> Net:
    """So many steps of gradient descent, each on the mean of all samples; `seen` is told after every step.

    >>> from core.units.activations import CURVES
    >>> start = Net((np.array([[0.0, 0.0]]),), (CURVES["linear"],))
    >>> trained(start, np.array([[-1.0], [1.0]]), np.array([[-2.0], [2.0]]), mu=0.5, steps=50).layers[0].round(3)
    array([[2., 0.]])
    """
    if not 0 <= steps <= MOST_STEPS:
        raise LimitError(f"from 0 to {MOST_STEPS:,} steps, got {steps:,}")
    for number in range(steps):
        net = descended(net, gradient(net, x, targets), mu / len(x))
        seen(number + 1, net)
    return net


def _fits(net: Net, x: Floats, targets: Floats) -> None:
    if x.shape[1:] != (net.inputs,) or targets.shape[1:] != (net.outputs,) or len(x) != len(targets):
        raise ShapeError(
            f"this net takes {net.inputs} values and gives {net.outputs}: "
            f"got samples of {x.shape[1:]} and targets of {targets.shape[1:]}"
        )
