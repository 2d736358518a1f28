"""dense_to_conv: the weights of a dense layer as the filters of a convolution."""

import numpy as np

from assignments.referees.ps3.common import COPIED, grid
from core.segment.dense import dense_to_conv_keras, keras_to_torch
from core.types import Floats
from grading.referee import Case, Drawn, Group, Mistake, Referee, case

Volume = tuple[int, int, int]


def filters(weights: Floats, volume: Volume) -> Floats:
    """The reference."""
    return keras_to_torch(dense_to_conv_keras(weights, volume))


def any_layer(*, maps: tuple[int, ...], outputs: tuple[int, ...]) -> Drawn:
    """Volumes of which height, width, maps and the number of outputs all differ."""

    def draw(random: np.random.Generator) -> Case:
        depth = int(random.choice(maps))
        count = int(random.choice([each for each in outputs if each != depth]))
        height, width = (
            int(side) for side in random.permutation([s for s in (2, 3, 4, 5) if s not in (depth, count)])[:2]
        )
        return case(grid(random, (height * width * depth, count)), (height, width, depth))

    return draw


def cut_up(weights: Floats, volume: Volume) -> Floats:
    """The numbers in their order, in the shape that is wanted."""
    height, width, depth = volume
    filters(weights, volume)  # refuses
    return weights.reshape(-1, depth, height, width)


def maps_first(weights: Floats, volume: Volume) -> Floats:
    """The column of an output read as maps, rows, columns."""
    height, width, depth = volume
    filters(weights, volume)  # refuses
    return weights.T.reshape(-1, depth, height, width)


def columns_first(weights: Floats, volume: Volume) -> Floats:
    """The volume read column after column."""
    height, width, depth = volume
    filters(weights, volume)  # refuses
    return weights.reshape(width, height, depth, -1).transpose(3, 2, 1, 0)


def one_pixel(weights: Floats, volume: Volume) -> Floats:
    """A convolution of 1x1 over as many maps as there are numbers."""
    filters(weights, volume)  # refuses
    return weights.T[:, :, None, None]


def guessed(weights: Floats, volume: Volume) -> Floats:
    """As many outputs as the numbers are enough for."""
    return keras_to_torch(weights.reshape(*volume, -1))


def cut_to_fit(weights: Floats, volume: Volume) -> Floats:
    """The rows that the volume needs, or zeros for those that lack."""
    rows = int(np.prod(volume))
    return filters(np.pad(weights[:rows], ((0, max(0, rows - len(weights))), (0, 0))), volume)


EIGHT = np.arange(1.0, 9.0)[:, None]
COUNTED = np.arange(24.0).reshape(12, 2)
REFUSE = "The matrix needs one row for every number of the volume: otherwise raise a ValueError."

dense_to_conv = Referee(
    name="dense_to_conv",
    points=1,
    reference=filters,
    tolerance=COPIED,
    torch_or_numpy=True,
    groups=(
        Group(
            "examples of the lectures",
            weight=1,
            visible=True,
            cases=(
                case(EIGHT, (2, 2, 2), title="One output of two pixels by two, two maps"),
                case(COUNTED, (2, 3, 2), title="Two outputs of two rows, three columns, two maps"),
                case(np.arange(4000.0)[:, None], (20, 20, 10), title="One output of the lecture's volume"),
            ),
        ),
        Group("several maps and outputs", weight=3, drawn=any_layer(maps=(2, 3, 4), outputs=(2, 3, 4, 5)), count=9),
        Group("a single map", weight=1, drawn=any_layer(maps=(1,), outputs=(2, 3)), count=5),
        Group("a single output", weight=1, drawn=any_layer(maps=(2, 3), outputs=(1,)), count=5),
        Group(
            "volumes of one pixel, one row, or one column",
            weight=1,
            cases=(
                case(COUNTED, (1, 1, 12)),
                case(COUNTED, (1, 4, 3)),
                case(COUNTED, (4, 1, 3)),
                case(COUNTED.reshape(4, 6), (1, 1, 4)),
            ),
        ),
        Group(
            "matrices for another volume",
            weight=1,
            cases=(
                case(COUNTED, (2, 2, 2), raises=ValueError),
                case(COUNTED, (2, 3, 1), raises=ValueError),
                case(COUNTED, (3, 4, 2), raises=ValueError),
            ),
        ),
    ),
    mistakes=(
        Mistake(
            "reshapes at once",
            cut_up,
            hint="The shape is right, but the weights have changed places: reshape never moves a number. First split "
            "the axis of the rows, then bring the axes into their order.",
        ),
        Mistake(
            "reads the maps first",
            maps_first,
            hint="You read the rows of the matrix as map, row, column. Here they are counted row, column, map.",
        ),
        Mistake(
            "reads the columns first",
            columns_first,
            hint="You read the rows of the matrix as column, row, map. Here they are counted row, column, map.",
        ),
        Mistake(
            "swaps height and width",
            lambda weights, volume: filters(weights, volume).swapaxes(2, 3),
            hint="Rows and columns of your filters have changed places.",
        ),
        Mistake(
            "leaves the axes",
            lambda weights, volume: dense_to_conv_keras(weights, volume),
            hint="Your axes are row, column, map, output. PyTorch has them as output, map, row, column.",
        ),
        Mistake(
            "puts the maps last",
            lambda weights, volume: filters(weights, volume).transpose(0, 2, 3, 1),
            hint="The maps are the second axis of the answer, before rows and columns.",
        ),
        Mistake(
            "puts the maps before the outputs",
            lambda weights, volume: filters(weights, volume).swapaxes(0, 1),
            hint="The first axis of the answer is the output, the second is the map.",
        ),
        Mistake(
            "makes filters of one pixel",
            one_pixel,
            hint="A filter of one pixel sees one place only. The filter is as high and as wide as the volume.",
        ),
        Mistake(
            "flips the filters",
            lambda weights, volume: filters(weights, volume)[:, :, ::-1, ::-1],
            hint="Nothing is flipped: a layer of a network correlates.",
        ),
        Mistake("lets reshape find the outputs", guessed, hint=REFUSE),
        Mistake("makes the matrix fit", cut_to_fit, hint=REFUSE),
    ),
)
