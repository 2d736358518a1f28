"""conv_layer: every filter reads all maps and makes one."""

import numpy as np

from assignments.referees.drawing import unlike
from assignments.referees.ps2.common import FILTERING, FLOAT32
from core.filters import layer
from core.filters.examples import BLOCK, LAPLACIAN, PLUS
from core.filters.grids import read_words, values
from core.types import FeatureMap, Floats
from grading.referee import Case, Drawn, Group, Mistake, Referee, case


def maps(volume: FeatureMap, filters: Floats, biases: Floats, stride: int = 1, padding: int = 0) -> FeatureMap:
    """The reference."""
    return layer.conv_layer(volume, filters, biases, stride=stride, padding=padding)


def drawn(*, steps: bool = False, padded: bool = False) -> Drawn:
    """Several maps and another number of filters; neither the maps nor the filters are square."""

    def draw(random: np.random.Generator) -> Case:
        depth, count = unlike(random, (2, 3, 4))
        sides = unlike(random, (1, 2, 3, 4))
        rows, columns = unlike(random, (6, 7, 8, 9))
        volume = random.standard_normal((depth, rows, columns))
        filters, biases = random.standard_normal((count, depth, *sides)), random.uniform(1, 3, size=count)
        biases *= np.where(np.arange(count) % 2, -1, 1)  # far from 0, so that a forgotten one shows
        stride, padding = (int(number) for number in random.integers((2, 1), (4, 3)))
        return case(volume, filters, biases, stride if steps else 1, padding if padded else 0)

    return draw


def plainest(random: np.random.Generator) -> Case:
    """One map, one filter, no bias worth mentioning: what correlation alone can do."""
    sides = unlike(random, (1, 2, 3, 4))
    rows, columns = unlike(random, (6, 7, 8, 9))
    return case(random.standard_normal((1, rows, columns)), random.standard_normal((1, 1, *sides)), np.zeros(1))


def padded_on_one_side(
    volume: FeatureMap, filters: Floats, biases: Floats, stride: int = 1, padding: int = 0
) -> FeatureMap:
    """Above and on the left, but not below and on the right."""
    return maps(np.pad(volume, ((0, 0), (padding, 0), (padding, 0))), filters, biases, stride)


def broadcast(volume: FeatureMap, filters: Floats, biases: Floats, stride: int = 1, padding: int = 0) -> FeatureMap:
    """A depth of 1 is stretched over all that meets it, as numpy's products do."""
    deep = max(volume.shape[0], filters.shape[1])
    volume = volume.repeat(deep, axis=0) if volume.shape[0] == 1 else volume
    filters = filters.repeat(deep, axis=1) if filters.shape[1] == 1 else filters
    return maps(volume, filters, biases, stride, padding)


def as_far_as_they_go(
    volume: FeatureMap, filters: Floats, biases: Floats, stride: int = 1, padding: int = 0
) -> FeatureMap:
    """Maps and slices in pairs; what has no partner is left out."""
    shared = min(volume.shape[0], filters.shape[1])
    return maps(volume[:shared], filters[:, :shared], biases, stride, padding)


def first_map(volume: FeatureMap, filters: Floats, biases: Floats, stride: int = 1, padding: int = 0) -> FeatureMap:
    """Only the first map and the first slice of each filter."""
    maps(volume, filters, biases, stride, padding)  # refuses another depth
    return maps(volume[:1], filters[:, :1], biases, stride, padding)


DEPTH = "A filter is as deep as its input. If the two depths differ, raise a ValueError before you multiply."
two_maps = np.array([[[1.0, 2.0, 3.0]], [[10.0, 20.0, 30.0]]])
one_filter = np.array([[[[1.0, 1.0]], [[0.0, 1.0]]]])
block, plus, laplacian = (values(read_words(text)) for text in (BLOCK, PLUS, LAPLACIAN))
COLOURS, SMALL = np.arange(36.0).reshape(3, 3, 4) - 11, np.arange(8.0).reshape(2, 1, 2, 2) - 3

conv_layer = Referee(
    name="conv_layer",
    points=2,
    reference=maps,
    tolerance=FLOAT32,
    torch_or_numpy=True,
    groups=(
        Group(
            "worked examples",
            weight=1,
            visible=True,
            cases=(
                case(two_maps, one_filter, np.array([100.0]), title="One filter reads two maps"),
                case(block[None], np.stack([plus, laplacian])[:, None], np.array([0.0, 1.0]), 2, title="Two filters"),
                case(two_maps, np.ones((1, 2, 3, 3)), np.zeros(1), 1, 1, title="Zeros around both maps"),
            ),
        ),
        Group("one map, one filter, and a bias of 0", weight=1, drawn=plainest, count=4),
        Group("several maps and filters", weight=2, drawn=drawn(), count=7),
        Group("larger strides", weight=2, drawn=drawn(steps=True), count=7),
        Group("padding", weight=2, drawn=drawn(padded=True), count=7),
        Group("padding and larger strides together", weight=1, drawn=drawn(steps=True, padded=True), count=7),
        Group(
            "filters of another depth than the input",
            weight=1,
            cases=(
                case(COLOURS, SMALL, np.zeros(2), raises=ValueError),
                case(COLOURS, np.ones((2, 2, 2, 3)), np.ones(2), 1, 1, raises=ValueError),
                case(COLOURS[:1], np.arange(36.0).reshape(2, 3, 2, 3), np.zeros(2), 2, raises=ValueError),
                case(COLOURS[:2], np.ones((1, 3, 1, 1)), np.zeros(1), raises=ValueError),
            ),
        ),
    ),
    mistakes=(
        Mistake(
            "forgets the biases",
            lambda volume, filters, biases, *rest: maps(volume, filters, 0 * biases, *rest),
            hint="The biases are missing: each filter adds its own to every value of its map.",
        ),
        Mistake(
            "adds the bias for every map",
            lambda volume, filters, biases, *rest: maps(volume, filters, len(volume) * biases, *rest),
            hint="A filter adds up what it finds on all its maps, and then its bias once, not once for every map.",
        ),
        Mistake(
            "one bias for all",
            lambda volume, filters, biases, *rest: maps(volume, filters, np.full_like(biases, biases[0]), *rest),
            hint="Every filter has a bias of its own: filter n adds the bias with number n.",
        ),
        Mistake(
            "reads the first map only",
            first_map,
            hint="A filter reads all maps of its input, each with a slice of its own, and adds up what it finds.",
        ),
        Mistake(
            "takes the mean of the maps",
            lambda volume, filters, biases, *rest: maps(volume, filters / len(volume), biases, *rest),
            hint="What a filter finds on its maps is added up; do not take the mean.",
        ),
        Mistake(
            "flips the filters",
            lambda volume, filters, *rest: maps(volume, filters[:, :, ::-1, ::-1], *rest),
            hint="A layer does not turn its filters: it correlates, whatever its name says.",
        ),
        Mistake(
            "ignores the stride",
            lambda volume, filters, biases, stride=1, padding=0: maps(volume, filters, biases, 1, padding),
            hint="Your window moves by one pixel; it should move by `stride`.",
        ),
        Mistake(
            "ignores the padding",
            lambda volume, filters, biases, stride=1, padding=0: maps(volume, filters, biases, stride),
            hint="The padding makes every map larger on all four sides before the window slides over it.",
        ),
        Mistake(
            "pads one side",
            padded_on_one_side,
            hint="You pad above and on the left only. The padding is added on all four sides.",
        ),
        Mistake(
            "puts the maps last",
            lambda *arguments: np.moveaxis(maps(*arguments), 0, -1),
            hint="The first axis of your answer should count the maps: (N, OH, OW).",
        ),
        Mistake("stretches a depth of 1", broadcast, hint=DEPTH),
        Mistake("takes as many maps as there are", as_far_as_they_go, hint=DEPTH),
    ),
    forbidden=FILTERING,
)
