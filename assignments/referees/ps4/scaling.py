"""standardize: every feature measured by the ruler of the training part."""

from collections.abc import Callable
from typing import Any

import numpy as np

from assignments.referees.ps4.common import FLOAT32, unlike
from core.features.handcrafted import standardise
from core.types import Floats
from grading.referee import Drawn, Group, Mistake, Referee, case

Both = tuple[Floats, Floats]


def both(train: Floats, test: Floats) -> Both:
    """The reference."""
    first, second = standardise(train, test)
    return first, second


def ruled(train: Floats, test: Floats, zero: Floats, unit: Floats) -> Both:
    """By another zero and another unit; columns that never change in training become 0."""
    changes = np.ptp(train, axis=0) > 0
    unit = np.where(changes, unit, 1.0)
    return (train - zero) / unit * changes, (test - zero) / unit * changes


def apart(train: Floats, test: Floats) -> Both:
    """Each by a ruler of its own."""
    return both(train, train)[0], both(test, test)[0]


def together(train: Floats, test: Floats) -> Both:
    """One ruler made of all there is."""
    every = np.concatenate([train, test])
    return both(every, train)[1], both(every, test)[1]


def root(count: int) -> float:
    """How much larger the deviation is with one example less below the line."""
    return float(np.sqrt(count / (count - 1))) if count > 1 else 1.0


def by_row(train: Floats, test: Floats) -> Both:
    """Every example by itself."""
    each = [(part - part.mean(axis=1, keepdims=True)) / part.std(axis=1, keepdims=True) for part in (train, test)]
    return each[0], each[1]


def constants_over(train: Floats, test: Floats, unit: float) -> Both:
    """A column that never changes in training is divided by something else."""
    spread = train.std(axis=0)
    spread = np.where(spread > 0, spread, unit)
    return (train - train.mean(axis=0)) / spread, (test - train.mean(axis=0)) / spread


def nothing_over_nothing(train: Floats, test: Floats) -> Both:
    """Divided by 0."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return constants_over(train, test, 0.0)


def one_of(train: Floats, test: Floats, part: int) -> Floats:
    """The reference, for one of the two tables."""
    return both(train, test)[part]


def part_of(function: Callable[[Floats, Floats], Any], train: Floats, test: Floats, part: int) -> Any:
    """The student's answer, as far as the case is about it; what is no pair answers nothing."""
    answer = function(train, test)
    return answer[part] if isinstance(answer, tuple | list) and len(answer) == 2 else {"no pair"}


def named(title: str, variant: Callable[[Floats, Floats], Both], hint: str) -> Mistake:
    """A mistake of the whole function, asked for one of the tables."""
    return Mistake(title, lambda train, test, part: variant(train, test)[part], hint)


def asked_for(part: int, draw: Callable[[np.random.Generator], Both]) -> Drawn:
    """One of the two tables."""
    return lambda random: case(*draw(random), part)


def tables(*, constant: bool = False) -> Callable[[np.random.Generator], Both]:
    """Features of very different sizes; the test part lies elsewhere. Some columns never change in training."""

    def draw(random: np.random.Generator) -> Both:
        rows, more, columns = unlike(random, 3, 9, 3)
        size = 10.0 ** random.uniform(-1, 2, size=columns)
        train = random.normal(size=(rows, columns)) * size + random.uniform(1, 3, size=columns) * size
        test = random.normal(size=(more, columns)) * size * 1.5 + random.uniform(-1, 1, size=columns) * size
        if constant:
            for column in random.permutation(columns)[: int(random.integers(1, columns))]:
                train[:, column] = float(random.choice([-7, -3, 0, 2, 12]))  # whole numbers: their mean is exact
        return train, test

    return draw


def alike(random: np.random.Generator) -> Both:
    """Columns that never change, not in testing either."""
    train, test = tables(constant=True)(random)
    still = np.ptp(train, axis=0) == 0
    test[:, still] = train[0, still]
    return train, test


TRAIN = np.array([[2.0, 100], [4, 100], [6, 100], [8, 100]])
TEST = np.array([[5.0, 100], [10, 130]])
ONE, TWO = np.array([[3.0, -2, 8]]), np.array([[4.0, -2, 9], [3, 0, 8]])

standardize = Referee(
    name="standardize",
    points=1,
    reference=one_of,
    tolerance=FLOAT32,
    torch_or_numpy=True,
    given=lambda train, test, part: (train, test, part),
    ask=part_of,
    groups=(
        Group(
            "worked example",
            weight=1,
            visible=True,
            cases=(
                case(TRAIN, TEST, 0, title="four examples, two features: the training part"),
                case(TRAIN, TEST, 1, title="four examples, two features: the test part"),
            ),
        ),
        Group("the training part", weight=1, drawn=asked_for(0, tables()), count=6),
        Group("the test part", weight=2, drawn=asked_for(1, tables()), count=6),
        Group(
            "features that never change",
            weight=1,
            drawn=asked_for(0, alike),
            count=4,
            cases=(case(ONE, TWO, 0), case(ONE, ONE, 1)),
        ),
        Group(
            "features that change in the test part only", weight=1, drawn=asked_for(1, tables(constant=True)), count=6
        ),
    ),
    mistakes=(
        named(
            "rulers of their own",
            apart,
            hint="You measure the test part by its own mean and deviation. It has to be measured by those of training, "
            "or the same parcel is another one in another part.",
        ),
        named(
            "one ruler of both",
            together,
            hint="Your mean and deviation have seen the test part. Nothing of it is known while the ruler is made.",
        ),
        named(
            "leaves the test part alone",
            lambda train, test: (both(train, test)[0], test),
            hint="The test part is to be shifted and scaled as well, or the network meets numbers it has never seen.",
        ),
        named(
            "forgets to shift",
            lambda train, test: ruled(train, test, np.zeros(train.shape[1]), train.std(axis=0)),
            hint="Take the mean of the column off before you divide.",
        ),
        named(
            "forgets to scale",
            lambda train, test: ruled(train, test, train.mean(axis=0), np.ones(train.shape[1])),
            hint="You take the mean off and do not divide by the deviation.",
        ),
        named(
            "divides by the variance",
            lambda train, test: ruled(train, test, train.mean(axis=0), train.var(axis=0)),
            hint="You divide by the variance. The deviation is its square root.",
        ),
        named(
            "one example less",
            lambda train, test: ruled(train, test, train.mean(axis=0), train.std(axis=0) * root(len(train))),
            hint="Here the variance is a mean over all N examples, not a sum divided by N - 1; torch's std does the "
            "latter.",
        ),
        named(
            "from 0 to 1",
            lambda train, test: ruled(train, test, train.min(axis=0), np.ptp(train, axis=0)),
            hint="You stretch each column from its least to its greatest value. Asked for are mean and deviation.",
        ),
        named(
            "one mean for all",
            lambda train, test: ((train - train.mean()) / train.std(), (test - train.mean()) / train.std()),
            hint="Each feature has a mean and a deviation of its own, or the largest one drowns the others: take axis "
            "0.",
        ),
        named(
            "row by row",
            by_row,
            hint="You standardize every example by itself. Means are taken down the columns, over the examples.",
        ),
        named(
            "0 divided by 0",
            nothing_over_nothing,
            hint="A column that never changes has the deviation 0, and nothing can be divided by it.",
        ),
        named(
            "divides by 1 where nothing changes",
            lambda train, test: constants_over(train, test, 1.0),
            hint="What never changed in training has no ruler: that column becomes 0 in the test part, too.",
        ),
        named(
            "divides by nearly nothing",
            lambda train, test: constants_over(train, test, 1e-8),
            hint="A tiny number below the line makes the slightest change in the test part enormous: that column "
            "becomes 0.",
        ),
    ),
)
