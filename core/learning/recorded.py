"""A training to look back on: a small network on few digits, some of them with a wrong label, for 60 epochs.

It learns the digits within a few epochs and then, one by one, the wrong labels by heart: what callbacks are there to
prevent. `python -m core.learning.recorded` trains it and writes the numbers of every epoch beside this file.
"""

import csv
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from core.data.digits import held_out_digits, training_digits
from core.learning.callbacks import Callback
from core.learning.examples import Examples
from core.learning.start import started
from core.learning.train import Epoch, Progress, Recipe, train
from core.nets.layers import Activation, Dense, Flatten, Network, numbered

if TYPE_CHECKING:
    from torch.nn import Module

DIGITS, WRONG, UNITS = 200, 0.15, 32  # to learn from; share of labels drawn anew; units of the hidden layer
RECIPE = Recipe(epochs=60, batch=16, rate=0.05)
NUMBERS = ("loss", "accuracy", "val_loss", "val_accuracy")
FILE = Path(__file__).with_suffix(".csv")


def network() -> Network:
    """64 pixels, one hidden layer, ten scores.

    >>> from core.nets.trace import trace
    >>> trace(network()).parameters
    2410
    """
    return Network("Small MLP", (1, 8, 8), numbered(Flatten(), Dense(UNITS), Activation("relu"), Dense(10)))


def mislabelled_digits(seed: int) -> tuple[Examples, Examples]:
    """Digits to learn from, of which some have a wrong label, and 360 others, rightly labelled.

    >>> learn, judge = mislabelled_digits(0)
    >>> len(learn), len(judge)
    (200, 360)
    """
    import torch

    learn, judge = training_digits(), held_out_digits()
    dice = torch.Generator().manual_seed(seed)
    labels = torch.tensor(learn.labels[:DIGITS])
    drawn = torch.rand(DIGITS, generator=dice) < WRONG
    labels[drawn] = torch.randint(0, 10, (int(drawn.sum()),), generator=dice)
    parts = [torch.tensor(each, dtype=torch.float32)[:, None] for each in (learn.images[:DIGITS], judge.images)]
    return Examples(parts[0], labels), Examples(parts[1], torch.tensor(judge.labels))


def rerun(
    seed: int = 0, *, callbacks: Sequence[Callback] = (), progress: Progress = lambda done, what: None
) -> tuple["Module", Iterator[Epoch]]:
    """The network and its training, epoch by epoch; the same seed gives the same numbers."""
    import torch

    module = started(network(), seed=seed)
    learn, judge = mislabelled_digits(seed)
    dice = torch.Generator().manual_seed(seed)
    return module, train(module, learn, judge, RECIPE, generator=dice, callbacks=callbacks, progress=progress)


@cache
def recorded() -> tuple[dict[str, float], ...]:
    """The numbers of every epoch, as they were written down.

    >>> len(recorded()), sorted(recorded()[0])
    (60, ['accuracy', 'loss', 'val_accuracy', 'val_loss'])
    """
    with FILE.open(encoding="utf-8", newline="") as file:
        return tuple({name: float(row[name]) for name in NUMBERS} for row in csv.DictReader(file))


def write(told: Sequence[Epoch]) -> None:
    """Write the numbers of all epochs beside this file."""
    with FILE.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(("epoch", *NUMBERS))
        for epoch in told:
            table.writerow((epoch.number, *(f"{epoch.logs[name]:.6g}" for name in NUMBERS)))


if __name__ == "__main__":
    write(list(rerun()[1])[1:])
