"""pool2d: one value for every window of every map."""

import numpy as np

from assignments.referees.drawing import unlike
from assignments.referees.ps2.common import ROUNDED
from core.filters.pooling import average_pool, max_pool
from core.types import FeatureMap, Floats
from grading.referee import Case, Drawn, Forbidden, Group, Mistake, Referee, case


def pooled(volume: FeatureMap, size: int, stride: int | None = None, mode: str = "max") -> FeatureMap:
    """The reference: map after map."""
    way = {"max": max_pool, "average": average_pool}[mode]
    return np.stack([way(each, size, stride=stride) for each in volume])


def drawn(*modes: str, steps: bool = False, below: bool = False) -> Drawn:
    """Maps that are not square and into which the windows do not fit evenly.

    Where the largest value is asked for, none is negative unless all are: that is a kind of its own.
    """

    def draw(random: np.random.Generator) -> Case:
        size = int(random.integers(2, 4))
        stride = int(random.choice([step for step in (1, 2, 3, 4) if step != size])) if steps else size
        rows, columns = unlike(random, (3, 4, 5))
        rows, columns = (stride * (count - 1) + size for count in (rows, columns))
        columns += 1 if stride > 1 else 0  # one left over
        volume = random.standard_normal((int(random.integers(2, 4)), rows, columns))
        mode = modes[int(random.integers(len(modes)))]
        if mode == "max":
            volume = -np.abs(volume) - 0.1 if below else np.abs(volume)
        return case(volume, size, stride if steps else None, mode) if steps or mode != "max" else case(volume, size)

    return draw


def hanging_over(volume: FeatureMap, size: int, stride: int | None = None, mode: str = "max") -> FeatureMap:
    """A last window that hangs over the edge and takes what is there."""
    step = stride or size
    pooled(volume, size, stride, mode)  # refuses what does not fit
    take = np.max if mode == "max" else np.mean
    (rows, columns), tops = volume.shape[1:], [range(0, n - size + step, step) for n in volume.shape[1:]]
    return np.array(
        [
            [[take(each[r : min(r + size, rows), c : min(c + size, columns)]) for c in tops[1]] for r in tops[0]]
            for each in volume
        ]
    )


def across_maps(volume: FeatureMap, size: int, stride: int | None = None, mode: str = "max") -> Floats:
    """One window through all maps."""
    separate = pooled(volume, size, stride, mode)
    answer: Floats = separate.max(axis=0) if mode == "max" else separate.mean(axis=0)
    return answer


def unrefused(volume: FeatureMap, size: int, stride: int | None = None, mode: str = "max") -> FeatureMap:
    """Maps without values."""
    if size <= min(volume.shape[1:]):
        return pooled(volume, size, stride, mode)
    rows, columns = (max(0, (n - size) // (stride or size) + 1) for n in volume.shape[1:])
    return np.zeros((len(volume), rows, columns))


LECTURE = np.array([[[1.0, 2, 6, 3], [3, 5, 2, 1], [1, 2, 2, 1], [7, 3, 4, 8]]])
WIDE = (7 * np.arange(30.0).reshape(2, 3, 5)) % 11

pool2d = Referee(
    name="pool2d",
    points=1,
    reference=pooled,
    tolerance=ROUNDED,
    torch_or_numpy=True,
    groups=(
        Group(
            "examples of the lectures",
            weight=1,
            visible=True,
            cases=(
                case(LECTURE, 2, title="The largest values"),
                case(LECTURE, 2, 2, "average", title="Their means"),
                case(LECTURE, 2, 1, title="Stride 1"),
                case(np.concatenate([LECTURE, -LECTURE]), 2, title="Two maps"),
            ),
        ),
        Group(
            "largest values, windows side by side",
            weight=2,
            drawn=drawn("max"),
            count=5,
            cases=(case(WIDE, 3), case(WIDE.swapaxes(1, 2), 3), case(WIDE, 1)),
        ),
        Group(
            "means, windows side by side",
            weight=2,
            drawn=drawn("average"),
            count=5,
            cases=(case(WIDE, 3, 3, "average"),),
        ),
        Group("other strides", weight=2, drawn=drawn("max", "average", steps=True), count=10),
        Group(
            "maps with negative numbers only",
            weight=2,
            drawn=drawn("max", below=True),
            count=3,
            cases=(case(-1 - WIDE, 2, 1),),
        ),
        Group(
            "windows that do not fit",
            weight=1,
            cases=(
                case(WIDE, 4, raises=ValueError),
                case(WIDE.swapaxes(1, 2), 4, 1, "average", raises=ValueError),
                case(WIDE[:1], 6, 3, raises=ValueError),
            ),
        ),
    ),
    mistakes=(
        Mistake(
            "always moves by the window",
            lambda volume, size, stride=None, mode="max": pooled(volume, size, None, mode),
            hint="Your windows always lie side by side. If a stride is given, they move by that.",
        ),
        Mistake(
            "moves by one pixel",
            lambda volume, size, stride=None, mode="max": pooled(volume, size, stride or 1, mode),
            hint="Without a stride your window moves by one pixel. It should move by its own side.",
        ),
        Mistake(
            "adds up",
            lambda volume, size, stride=None, mode="max": (
                pooled(volume, size, stride, mode) * (size**2 if mode == "average" else 1)
            ),
            hint="You add up the values of the window. Their mean is the sum over their number.",
        ),
        Mistake(
            "always takes the largest",
            lambda volume, size, stride=None, mode="max": pooled(volume, size, stride),
            hint='With mode "average" the answer is the mean of the window.',
        ),
        Mistake(
            "starts from 0",
            lambda volume, size, stride=None, mode="max": np.maximum(
                pooled(volume, size, stride, mode), 0 if mode == "max" else -np.inf
            ),
            hint="If all values of a window are negative, your answer is 0. The largest of them is negative, too.",
        ),
        Mistake(
            "takes the largest of all maps",
            across_maps,
            hint="Every map is pooled on its own: as many maps come out as went in.",
        ),
        Mistake(
            "hangs over the edge",
            hanging_over,
            hint="Your last windows hang over the edge. A window that does not fit completely is left out.",
        ),
        Mistake(
            "swaps the axes",
            lambda *arguments: pooled(*arguments).swapaxes(1, 2),
            hint="Rows and columns of your maps have changed places.",
        ),
        Mistake(
            "answers the impossible",
            unrefused,
            hint="A window larger than the map fits nowhere: raise a ValueError.",
        ),
    ),
    forbidden=tuple(
        Forbidden(name, because="This function does the whole exercise. Slide the window yourself.")
        for name in (
            "torch.max_pool2d",
            "torch.nn.functional.max_pool2d",
            "torch.nn.functional.max_pool2d_with_indices",
            "torch.nn.functional.avg_pool2d",
            "torch.nn.functional.lp_pool2d",
        )
    ),
)
