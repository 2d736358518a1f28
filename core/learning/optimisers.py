"""Ways of walking down a loss: plain gradient descent, momentum, Nesterov's, Adam; with weight decay (B, C and D).

Weights and gradients are arrays of one shape, (...). A method keeps nothing itself: what it remembers goes in and
comes out. Sources: Sutskever et al., ICML 2013, for momentum; Kingma and Ba, "Adam", ICLR 2015, algorithm 1.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from core.errors import CoreError, ShapeError
from core.learning.schedule import Schedule, constant
from core.learning.surfaces import Surface
from core.types import Floats

if TYPE_CHECKING:
    from numpy.random import Generator

FAR = 1e6  # a walk that comes so far from where it began has run away
MOST_STEPS = 10_000


@dataclass(frozen=True)
class Memory:
    """What a method remembers between steps: how many there were, and running means of gradients and squares."""

    steps: int
    velocity: Floats
    squares: Floats


def fresh(weights: Floats) -> Memory:
    """Nothing remembered yet.

    >>> fresh(np.ones(2)).velocity
    array([0., 0.])
    """
    return Memory(0, np.zeros_like(weights), np.zeros_like(weights))


class Optimiser(Protocol):
    """A way of walking: weights, their gradient and a memory -> the next weights and the next memory."""

    def step(self, weights: Floats, gradient: Floats, memory: Memory, *, share: float = 1.0) -> tuple[Floats, Memory]:
        """One step, with a `share` of the rate."""


@dataclass(frozen=True)
class Sgd:
    """Gradient descent; with momentum the steps of the past go on, with Nesterov's it looks ahead."""

    rate: float
    momentum: float = 0.0
    nesterov: bool = False
    decay: float = 0.0

    def __post_init__(self) -> None:
        if self.rate <= 0 or not 0 <= self.momentum < 1 or self.decay < 0:
            raise CoreError(f"need a rate above 0, a momentum in [0, 1) and a decay from 0, got {self}")

    def step(self, weights: Floats, gradient: Floats, memory: Memory, *, share: float = 1.0) -> tuple[Floats, Memory]:
        """One step: (...), (...) -> (...).

            g        = gradient + decay * weights
            velocity = momentum * velocity + g
            weights  = weights - rate * velocity        (Nesterov: rate * (g + momentum * velocity))

        >>> ball = np.array([1.0])
        >>> moved, memory = Sgd(0.1, momentum=0.9).step(ball, ball, fresh(ball))
        >>> again, _ = Sgd(0.1, momentum=0.9).step(moved, moved, memory)
        >>> moved, again
        (array([0.9]), array([0.72]))
        """
        _same(weights, gradient)
        pull = gradient + self.decay * weights
        velocity = self.momentum * memory.velocity + pull
        way = pull + self.momentum * velocity if self.nesterov else velocity
        return weights - share * self.rate * way, Memory(memory.steps + 1, velocity, memory.squares)


@dataclass(frozen=True)
class Adam:
    """Every weight has a step size of its own: the mean of its gradients over the root of their mean square."""

    rate: float = 0.001
    first: float = 0.9  # beta 1
    second: float = 0.999  # beta 2
    epsilon: float = 1e-8
    decay: float = 0.0

    def __post_init__(self) -> None:
        if self.rate <= 0 or not 0 <= self.first < 1 or not 0 <= self.second < 1 or self.epsilon <= 0 or self.decay < 0:
            raise CoreError(f"need rate and epsilon above 0, both betas in [0, 1), a decay from 0, got {self}")

    def step(self, weights: Floats, gradient: Floats, memory: Memory, *, share: float = 1.0) -> tuple[Floats, Memory]:
        """One step: (...), (...) -> (...).

            m = b1 m + (1 - b1) g          v = b2 v + (1 - b2) g^2
            weights = weights - rate * m / (1 - b1^t) / (sqrt(v / (1 - b2^t)) + epsilon)

        Both means start at 0 and are too small at first; the divisions by 1 - b^t make up for it. The first step is
        as long as the rate in every direction, however steep:

        >>> ball = np.array([1.0, 1.0])
        >>> Adam(0.1).step(ball, np.array([1.0, -1000.0]), fresh(ball))[0].round(6)
        array([0.9, 1.1])
        """
        _same(weights, gradient)
        pull, steps = gradient + self.decay * weights, memory.steps + 1
        velocity = self.first * memory.velocity + (1 - self.first) * pull
        squares = self.second * memory.squares + (1 - self.second) * np.square(pull)
        mean, size = velocity / (1 - self.first**steps), np.sqrt(squares / (1 - self.second**steps))
        moved = weights - share * self.rate * mean / (size + self.epsilon)
        return moved, Memory(steps, velocity, squares)


@dataclass(frozen=True)
class Walk:
    """A walk over a surface: points (T + 1, 2), their losses (T + 1,), and whether it ran away."""

    points: Floats
    losses: Floats
    ran_away: bool


def walk(
    surface: Surface,
    optimiser: Optimiser,
    start: tuple[float, float],
    steps: int,
    *,
    noise: float = 0.0,
    generator: "Generator | None" = None,
    schedule: Schedule = constant,
) -> Walk:
    """Steps down a surface from a start; one that comes `FAR` away ends there.

    With `noise` every gradient is off by a normal draw of that deviation, as one of a small batch is.

    >>> from core.learning.surfaces import SURFACES
    >>> found = walk(SURFACES["bowl"], Sgd(0.5), (1.0, 0.0), 3)
    >>> found.points[:, 0], found.ran_away
    (array([1.   , 0.5  , 0.25 , 0.125]), False)
    """
    if not 0 <= steps <= MOST_STEPS or (noise and generator is None):
        raise CoreError(f"need 0 to {MOST_STEPS:,} steps, and dice where there is noise, got {steps} and {noise}")
    here = np.array(start, dtype=np.float64)
    memory, points, losses = fresh(here), [here], [float(surface.height(here))]
    for _ in range(steps):
        gradient = surface.gradient(here)
        if noise and generator is not None:
            gradient = gradient + noise * generator.normal(size=2)
        here, memory = optimiser.step(here, gradient, memory, share=schedule(losses[1:]))
        if not np.abs(here).max() < FAR:
            return Walk(np.array(points), np.array(losses), True)
        points.append(here)
        losses.append(float(surface.height(here)))
    return Walk(np.array(points), np.array(losses), False)


def largest_rate(curvature: float, momentum: float = 0.0) -> float:
    """Above this rate a walk along a direction of that curvature swings further out with every step.

        2 (1 + momentum) / curvature

    Without momentum a step leads from x to (1 - rate * curvature) x, which shrinks while the factor is above -1.

    >>> largest_rate(20.0), largest_rate(20.0, 0.9)
    (0.1, 0.19)
    """
    if curvature <= 0 or not 0 <= momentum < 1:
        raise CoreError(f"need a curvature above 0 and a momentum in [0, 1), got {curvature} and {momentum}")
    return 2 * (1 + momentum) / curvature


def method(kind: str) -> Callable[..., Optimiser]:
    """A method by the word a page uses for it.

    >>> method("Nesterov")(0.1, 0.9)
    Sgd(rate=0.1, momentum=0.9, nesterov=True, decay=0.0)
    """
    kinds: dict[str, Callable[..., Optimiser]] = {
        "gradient descent": lambda rate: Sgd(rate),
        "momentum": lambda rate, momentum: Sgd(rate, momentum),
        "Nesterov": lambda rate, momentum: Sgd(rate, momentum, nesterov=True),
        "Adam": Adam,
    }
    if kind not in kinds:
        raise CoreError(f"there is no method {kind[:40]!r}; there are {', '.join(kinds)}")
    return kinds[kind]


def _same(weights: Floats, gradient: Floats) -> None:
    if weights.shape != gradient.shape:
        raise ShapeError(f"every weight has one gradient, got {weights.shape} and {gradient.shape}")
