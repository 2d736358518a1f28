"""When to take smaller steps: the learning rate, epoch by epoch (lectures B and D).

Source: Krizhevsky, Sutskever and Hinton, "ImageNet Classification with Deep Convolutional Neural Networks", NIPS 2012,
section 5: the rate was divided by 10, by hand, whenever the validation error no longer improved.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from core.errors import CoreError

Schedule: TypeAlias = Callable[[Sequence[float]], float]  # the validation errors so far -> share of the first rate


def constant(errors: Sequence[float]) -> float:
    """The same rate from beginning to end.

    >>> constant([0.9, 0.9, 0.9])
    1.0
    """
    return 1.0


@dataclass(frozen=True)
class Plateau:
    """Divide the rate when the error has not fallen below its lowest for more than `patience` epochs.

        share = 1 / factor ^ cuts        cuts = how often the patience ran out, at most `most`

    What the authors did by hand, as a rule: they cut three times.

    >>> by_hand = Plateau(patience=1)
    >>> by_hand([0.9, 0.5, 0.3]), by_hand([0.9, 0.5, 0.3, 0.4, 0.3]), by_hand([0.9, 0.5, 0.3, 0.4, 0.3, 0.2])
    (1.0, 0.1, 0.1)
    """

    factor: float = 10.0
    patience: int = 8
    most: int = 3

    def __post_init__(self) -> None:
        if self.factor <= 1 or self.patience < 0 or self.most < 0:
            raise CoreError(f"need a factor above 1, a patience and a number of cuts from 0, got {self}")

    def __call__(self, errors: Sequence[float]) -> float:
        """The share of the first rate for the next epoch."""
        return float(self.factor ** -len(self.cuts(errors)))

    def cuts(self, errors: Sequence[float]) -> tuple[int, ...]:
        """After which of the epochs the rate was divided, counted from 1.

        >>> Plateau(patience=0).cuts([0.5, 0.5, 0.4, 0.6])
        (2, 4)
        """
        found, lowest, waited = list[int](), float("inf"), 0
        for number, error in enumerate(errors, 1):
            lowest, waited = (error, 0) if error < lowest else (lowest, waited + 1)
            if waited > self.patience and len(found) < self.most:
                found.append(number)
                waited = 0
        return tuple(found)
