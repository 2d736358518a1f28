"""The descent that all versions of t-SNE share: a layout is pulled and pushed, first with pulls made stronger.

What differs between the versions is how the force on every point is found, and that is a function.
Source of the learning rate N / exaggeration: Belkina et al., Nature Communications 10, 2019.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from core.errors import CoreError
from core.learning.train import Progress
from core.types import Floats


@dataclass(frozen=True)
class Phase:
    """Iterations with one setting; pulls are made `exaggeration` times stronger."""

    iterations: int
    exaggeration: float
    momentum: float


PHASES = (Phase(250, 12.0, 0.5), Phase(450, 1.0, 0.8))
LONGEST_STEP = 5.0  # of one point in one iteration; a layout is some tens wide
LEAST_RATE = 50.0


@dataclass(frozen=True)
class Frame:
    """A layout on the way, (N, 2), and the divergence of what it shows from what is (nan for the first one).

    Judging costs as much as a fifth of an iteration, so every second frame tells what the one before it told; the last
    is always judged.
    """

    iteration: int
    kl: float
    coordinates: NDArray[np.float32]


class Forces(Protocol):
    """The gradient of the divergence by the layout, and the divergence if it is asked for."""

    def __call__(self, layout: Floats, exaggeration: float, *, judge: bool) -> tuple[Floats, float]:
        """The gradient (N, 2), and the divergence without exaggeration (nan where not asked for)."""
        ...


def descend(
    start: Floats,
    forces: Forces,
    *,
    phases: tuple[Phase, ...] = PHASES,
    frames_every: int = 10,
    progress: Progress = lambda done, what: None,
) -> Iterator[Frame]:
    """Move every point against its gradient, with momentum and a gain of its own: (N, 2) -> frames.

        gain = gain + 0.2 where the gradient points against the last step's direction of descent, else 0.8 * gain
        step = momentum * step - rate * gain * gradient,    rate = N / exaggeration
        layout = layout + step

    `progress` is called before every iteration and may raise to stop. The last iteration is always a frame.

    >>> pull = lambda layout, exaggeration, judge: (layout, float((layout**2).sum()))
    >>> frames = descend(np.array([[1.0, 0.0], [-1.0, 0.0]]), pull, phases=(Phase(2, 1.0, 0.5),), frames_every=1)
    >>> [frame.iteration for frame in frames]
    [1, 2]
    """
    if start.ndim != 2 or frames_every < 1:
        raise CoreError(f"need a layout (N, 2) and frames every 1 iteration or more, got {start.shape}, {frames_every}")
    layout = start - start.mean(axis=0)
    step, gain = np.zeros_like(layout), np.ones_like(layout)
    total, number, kl = sum(phase.iterations for phase in phases), 0, np.nan
    for phase in phases:
        rate = max(len(layout) / phase.exaggeration, LEAST_RATE)
        for _ in range(phase.iterations):
            progress(number / total, f"iteration {number} of {total}")
            number += 1
            shown = number % frames_every == 0 or number == total
            judge = number == total or (shown and number // frames_every % 2 == 1)
            gradient, found = forces(layout, phase.exaggeration, judge=judge)
            kl = found if judge else kl
            gain = np.maximum(np.where(gradient * step < 0, gain + 0.2, gain * 0.8), 0.01)
            step = phase.momentum * step - rate * gain * gradient
            lengths = np.sqrt((step**2).sum(axis=1, keepdims=True))
            step *= np.minimum(1.0, LONGEST_STEP / np.maximum(lengths, LONGEST_STEP))
            layout = layout + step
            layout -= layout.mean(axis=0)
            if shown:
                yield Frame(number, kl, layout.astype(np.float32))
    progress(1.0, "done")
