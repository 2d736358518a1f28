"""A layer of units that may die: 32 random units on digits, and whether they learn from where they start (lecture A).

A unit of 8x8 = 64 weights, drawn once, all units with the same bias. The lower the bias, the fewer digits reach it.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np

from core.data.digits import held_out_digits, training_digits
from core.types import Floats
from core.units.activations import CURVES, Curve, dead
from core.units.backprop import Net, answers, trained

UNITS = 32
STEPS = 150
MU = 0.3


@dataclass(frozen=True)
class Learned:
    """What a layer made of so many steps: dead units before and after, held-out digits read right.

    Where the steps were too long for it, its weights ran away to infinity, and what it reads says nothing.
    """

    dead_before: float
    dead_after: float
    accuracy: float
    ran_away: bool = False


@cache
def start(bias: float = 0.0) -> tuple[Floats, Floats]:
    """The weights everything starts from: (UNITS, 65) with the bias as last column, and (10, UNITS + 1) above them."""
    rng = np.random.default_rng(0)
    units = rng.normal(0, np.sqrt(2 / 64), (UNITS, 65))
    scores = rng.normal(0, np.sqrt(2 / UNITS), (10, UNITS + 1))
    units[:, -1], scores[:, -1] = bias, 0.0
    return units, scores


@cache
def unit_sums() -> Floats:
    """What comes in at every unit for every training digit, without a bias: (N, UNITS).

    >>> unit_sums().shape
    (1437, 32)
    """
    images = training_digits().images.reshape(-1, 64)
    sums: Floats = images @ start()[0][:, :-1].T
    return sums


def learned(curve: Curve, bias: float, *, steps: int = STEPS, mu: float = MU) -> Learned:
    """Gradient descent on all training digits, from a bias that all units share.

    Far below 0 rectifiers get no gradient, and nothing but the biases of the answer is learned:

    >>> found = learned(CURVES["ReLU"], -4.0, steps=5)
    >>> found.dead_before, found.dead_after, found.accuracy < 0.2
    (1.0, 1.0, True)
    """
    learn, judge = training_digits(), held_out_digits()
    images, wanted = learn.images.reshape(-1, 64), np.eye(10)[learn.labels]
    net = Net(start(bias), (curve, CURVES["linear"]))
    before = dead(unit_sums(), curve, bias=bias).mean()
    with np.errstate(over="ignore", invalid="ignore"):  # that it ran away is said below
        net = trained(net, images, wanted, mu=mu, steps=steps)
        units = net.layers[0]
        after = dead(images @ units[:, :-1].T + units[:, -1], curve).mean()
        read = answers(net, judge.images.reshape(-1, 64)).argmax(axis=1)
    ran_away = not all(np.isfinite(layer).all() for layer in net.layers)
    return Learned(float(before), float(after), float((read == judge.labels).mean()), ran_away)
