"""What cross-entropy and focal loss were measured to reach: five ways to learn, with several rates, from several seeds.

A rate that suits one loss need not suit the other: each way has the one with the best mean on the validation part, and
is judged on the test part. `python -m core.detect.dense.focal_recorded` trains all of them and writes every look beside
this file, in a quarter of an hour.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import product
from pathlib import Path

import numpy as np

from core.detect.dense.focal_contest import Look, Way, contest
from core.learning.train import Progress

WAYS: Mapping[str, Way] = {
    "cross-entropy": Way(0.0, None),
    "focal loss": Way(),
    "focal loss without alpha": Way(alpha=None),
    "cross-entropy from p = 0.5": Way(0.0, None, prior=0.5),
    "focal loss from p = 0.5": Way(prior=0.5),
}
RATES = (0.015, 0.03, 0.06, 0.12)
SEEDS = (0, 1, 2)
NUMBERS = ("step", "ap50", "objects", "ground", "tested")
FILE = Path(__file__).with_suffix(".csv")


@dataclass(frozen=True)
class Measured:
    """One look at one of the trainings."""

    way: str
    rate: float
    seed: int
    look: Look


def rerun(
    ways: Sequence[str], rates: Sequence[float], seeds: Sequence[int], *, progress: Progress
) -> Iterator[Measured]:
    """Train again; the same way, rate and seed give the same numbers."""
    for name, rate, seed in product(ways, rates, seeds):
        for look in contest(replace(WAYS[name], rate=rate), seed=seed, progress=progress):
            yield Measured(name, rate, seed, look)


@cache
def recorded() -> tuple[Measured, ...]:
    """All looks, as they were written down.

    >>> len({each.seed for each in recorded()}) >= 3
    True
    """
    with FILE.open(encoding="utf-8", newline="") as file:
        return tuple(
            Measured(row["way"], float(row["rate"]), int(row["seed"]), _look(row)) for row in csv.DictReader(file)
        )


def _look(row: Mapping[str, str]) -> Look:
    tested = float(row["tested"]) if row["tested"] else None
    return Look(int(row["step"]), float(row["ap50"]), float(row["objects"]), float(row["ground"]), tested)


def ends(way: str, rate: float) -> list[Look]:
    """The last look of every seed of one way with one rate."""
    return [each.look for each in recorded() if (each.way, each.rate) == (way, rate) and each.look.tested is not None]


def chosen_by(way: str) -> dict[float, float]:
    """What each rate reaches on the validation part in the end, the mean of all seeds."""
    return {rate: float(np.mean([look.ap50 for look in ends(way, rate)])) for rate in RATES}


def rate_of(way: str) -> float:
    """The rate that suits a way best, by the validation part."""
    reached = chosen_by(way)
    return max(reached, key=lambda rate: reached[rate])


def best(way: str) -> list[Look]:
    """The last look of every seed with the rate that suits the way."""
    return ends(way, rate_of(way))


def mean_and_spread(way: str) -> tuple[float, float]:
    """AP50 on the test part with that rate: its mean over the seeds, and the standard deviation of one of them.

    >>> mean, spread = mean_and_spread("focal loss")
    >>> 0 <= mean <= 1, spread >= 0
    (True, True)
    """
    reached = np.array([look.tested for look in best(way)], dtype=np.float64)
    return float(reached.mean()), float(reached.std(ddof=1))


def write(found: Sequence[Measured], path: Path = FILE) -> None:
    """Write all looks down."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(("way", "rate", "seed", *NUMBERS))
        for each in found:
            look = each.look
            numbers = (
                "" if value is None else f"{value:.6g}" for value in (look.ap50, look.objects, look.ground, look.tested)
            )
            table.writerow((each.way, f"{each.rate:g}", each.seed, look.step, *numbers))


if __name__ == "__main__":
    found = list[Measured]()
    for each in rerun(list(WAYS), RATES, SEEDS, progress=lambda done, what: None):
        found.append(each)
        write(found)
