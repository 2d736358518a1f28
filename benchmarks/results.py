"""What a bench returns, and the table it becomes: every row knows its goal and whether it holds."""

import math
import os
import platform
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Literal

import psutil

Statistic = Literal["median", "p95", "most", "ratio"]

READS = {"median": "median", "p95": "p95", "most": "largest", "ratio": "ratio"}
ENOUGH = 20  # values from which on a 95th percentile says more than the largest value
HEADINGS = ("What", "Fovea", "Beside it", "Ratio", "Goal", "Holds", "Command")


class LeftOut(Exception):
    """This machine lacks what a bench measures; what was measured elsewhere stays."""


def percentile(values: Sequence[float], percent: float) -> float:
    """The smallest of the values that at least `percent` of a hundred do not exceed (nearest rank).

    >>> percentile([10.0, 30.0, 20.0, 40.0], 50), percentile([10.0, 30.0, 20.0, 40.0], 95)
    (20.0, 40.0)
    """
    if not values or not 0 < percent <= 100:
        raise ValueError(f"need values and 0 < percent <= 100, got {len(values)} values and percent={percent}")
    return sorted(values)[math.ceil(len(values) * percent / 100) - 1]


@dataclass(frozen=True)
class Series:
    """The measured values of one quantity, all of them."""

    values: tuple[float, ...]
    unit: str

    @property
    def median(self) -> float:
        """Half of the values lie on each side."""
        return statistics.median(self.values)

    def __str__(self) -> str:
        """Median and 95th percentile if there are enough values, else median and range.

        >>> str(Series((2.0, 3.04, 10.0), "s"))
        '3.0 s (2.0 to 10, n = 3)'
        """
        least, most = min(self.values), max(self.values)
        if len(self.values) == 1:
            return f"{number(self.median)} {self.unit}"
        if len(self.values) >= ENOUGH:
            spread = f"p95 {number(percentile(self.values, 95))}, n = {len(self.values)}"
        else:
            spread = f"{number(least)} to {number(most)}, n = {len(self.values)}"
        return f"{number(self.median)} {self.unit} ({spread})"


@dataclass(frozen=True)
class Goal:
    """A promise about one statistic of a row."""

    statistic: Statistic
    most: float

    @property
    def said(self) -> str:
        """The bound as the table shows it."""
        return share(self.most) if self.statistic == "ratio" else number(self.most)


@dataclass(frozen=True)
class Row:
    """One line of the table."""

    what: str
    ours: Series
    peer: str = ""  # its name and version
    theirs: Series | None = None
    goals: tuple[Goal, ...] = ()

    @property
    def ratio(self) -> float | None:
        """Our median as a share of theirs."""
        return self.ours.median / self.theirs.median if self.theirs is not None and self.theirs.median else None

    @property
    def holds(self) -> bool | None:
        """Whether every goal is met; None without a goal."""
        return all(self._met(goal) for goal in self.goals) if self.goals else None

    def cells(self, command: str) -> tuple[str, ...]:
        """The row as the table shows it."""
        theirs = f"{self.theirs}, {self.peer}" if self.theirs is not None else ""
        goal = ", ".join(f"{READS[goal.statistic]} at most {goal.said}" for goal in self.goals)
        holds = {None: "", True: "yes", False: "**no**"}[self.holds]
        ratio = share(self.ratio) if self.ratio is not None else ""
        return self.what, str(self.ours), theirs, ratio, goal, holds, f"`{command}`"

    def _met(self, goal: Goal) -> bool:
        value = {
            "median": self.ours.median,
            "p95": percentile(self.ours.values, 95),
            "most": max(self.ours.values),
            "ratio": self.ratio,
        }[goal.statistic]
        return value is not None and value <= goal.most


@dataclass(frozen=True)
class Section:
    """What one bench found, how it looked, and what else it saw."""

    name: str
    how: str  # the bench's own docstring
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()

    @property
    def command(self) -> str:
        """What measures it again."""
        return f"python -m benchmarks {self.name}"


def number(value: float) -> str:
    """Three digits that count at most, never an exponent.

    >>> number(0.06543), number(3.04), number(117.4), number(12345.6), number(0)
    ('0.065', '3.0', '117', '12,346', '0')
    """
    if value == 0:
        return "0"
    if abs(value) >= 10:
        return f"{value:,.0f}"
    places = max(1, 1 - math.floor(math.log10(abs(value))))
    return f"{value:.{places}f}"


def share(ratio: float) -> str:
    """A ratio, with a digit more where it is near one.

    >>> share(0.065), share(1.044), share(12.4)
    ('0.065', '1.04', '12')
    """
    return f"{ratio:.2f}" if 0.9 <= ratio < 1.1 else number(ratio)


def machine(browser: str) -> str:
    """Where it was measured, without a name."""
    memory = psutil.virtual_memory().total / 2**30
    packages = ", ".join(f"{name} {version(name)}" for name in ("streamlit", "plotly", "pandas", "torch"))
    load = " ".join(f"{load:.2f}" for load in os.getloadavg())
    return (
        f"{os.cpu_count()} cores ({platform.machine()}, {platform.system()}), {memory:.0f} GiB of memory, "
        f"Python {platform.python_version()}, {packages}, Chromium {browser}; load average at the start {load}"
    )


def table(rows: Sequence[tuple[str, ...]]) -> str:
    """Rows of cells as one Markdown table."""
    lines = [HEADINGS, ("---",) * len(HEADINGS), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |" for cells in lines)
