"""What cross-entropy and focal loss were measured to reach: four ways to learn, each from several seeds.

`python -m core.detect.dense.focal_recorded` trains them all and writes every look beside this file, in some minutes.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from core.detect.dense.focal_contest import Look, Way, contest
from core.learning.train import Progress

WAYS: Mapping[str, Way] = {
    "cross-entropy": Way(0.0, None),
    "focal loss": Way(),
    "cross-entropy from p = 0.5": Way(0.0, None, prior=0.5),
    "focal loss from p = 0.5": Way(prior=0.5),
}
SEEDS = (0, 1, 2)
NUMBERS = ("step", "ap50", "objects", "ground")
FILE = Path(__file__).with_suffix(".csv")


@dataclass(frozen=True)
class Measured:
    """One look at one of the trainings."""

    way: str
    seed: int
    look: Look


def rerun(ways: Sequence[str], seeds: Sequence[int], *, progress: Progress) -> Iterator[Measured]:
    """Train again; the same way and seed give the same numbers."""
    for seed in seeds:
        for name in ways:
            for look in contest(WAYS[name], seed=seed, progress=progress):
                yield Measured(name, seed, look)


@cache
def recorded() -> tuple[Measured, ...]:
    """All looks, as they were written down.

    >>> len({each.seed for each in recorded()}) >= 3
    True
    """
    with FILE.open(encoding="utf-8", newline="") as file:
        return tuple(
            Measured(row["way"], int(row["seed"]), Look(int(row["step"]), *(float(row[each]) for each in NUMBERS[1:])))
            for row in csv.DictReader(file)
        )


def ends(way: str) -> list[Look]:
    """The last look of every seed of one way."""
    seeds = sorted({each.seed for each in recorded() if each.way == way})
    return [max((e.look for e in recorded() if (e.way, e.seed) == (way, seed)), key=lambda e: e.step) for seed in seeds]


def mean_and_spread(way: str) -> tuple[float, float]:
    """AP50 at the end: its mean over the seeds, and the standard deviation of one of them.

    >>> mean, spread = mean_and_spread("focal loss")
    >>> 0 <= mean <= 1, spread >= 0
    (True, True)
    """
    reached = np.array([look.ap50 for look in ends(way)])
    return float(reached.mean()), float(reached.std(ddof=1))


def write(found: Sequence[Measured], path: Path = FILE) -> None:
    """Write all looks down."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(("way", "seed", *NUMBERS))
        for each in found:
            numbers = (
                each.look.step,
                *(f"{value:.6g}" for value in (each.look.ap50, each.look.objects, each.look.ground)),
            )
            table.writerow((each.way, each.seed, *numbers))


if __name__ == "__main__":
    found = list[Measured]()
    for each in rerun(list(WAYS), SEEDS, progress=lambda done, what: None):
        found.append(each)
        write(found)
