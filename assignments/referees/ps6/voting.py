"""cam: what every place says of every class, and the score that comes of it."""

from collections.abc import Callable
from typing import Any

import numpy as np

from core.explain.cam import class_activation_map, scores_of
from core.types import FeatureMap, Floats
from core.units.activations import softmax
from grading.referee import Case, Drawn, Group, Mistake, Referee, Tolerance, case

Pair = tuple[Floats, Floats]
FLOAT32 = Tolerance(1e-4, 1e-5, because="a value adds up to seven products: float32 keeps five digits of it")
PARTS = ("votes", "scores")


def both(maps: FeatureMap, weights: Floats, bias: Floats) -> Pair:
    """The votes, and the scores."""
    votes = class_activation_map(maps, weights)
    return votes, scores_of(votes, bias)


def one_of(maps: FeatureMap, weights: Floats, bias: Floats, part: str) -> Floats:
    """The reference, for one of the two."""
    return both(maps, weights, bias)[PARTS.index(part)]


def part_of(function: Callable[..., Any], maps: FeatureMap, weights: Floats, bias: Floats, part: str) -> Any:
    """The student's answer, as far as the case is about it; what is no pair answers nothing."""
    answer = function(maps, weights, bias)
    pair = isinstance(answer, tuple | list) and len(answer) == len(PARTS)
    return answer[PARTS.index(part)] if pair else {"no pair"}


def named(title: str, variant: Callable[[Floats, Floats, Floats], Pair], hint: str) -> Mistake:
    """A mistake in what comes of the right votes, the maps and the bias."""

    def asked(maps: FeatureMap, weights: Floats, bias: Floats, part: str) -> Floats:
        return variant(class_activation_map(maps, weights), maps, bias)[PARTS.index(part)]

    return Mistake(title, asked, hint)


def drawn(part: str) -> Drawn:
    """Numbers of classes, of maps, of rows and of columns that all differ; weights and maps of both signs."""

    def draw(random: np.random.Generator) -> Case:
        classes, count, high, wide = (int(side) for side in random.permutation(np.arange(2, 8))[:4])
        weights, maps = random.uniform(-2, 2, size=(classes, count)), random.uniform(-1, 3, size=(count, high, wide))
        bias = random.uniform(0.5, 2, size=classes) * random.choice([-1, 1], size=classes)
        return case(maps, weights, bias, part)

    return draw


def cut(votes: Floats) -> Floats:
    """Without what is negative."""
    return np.maximum(votes, 0)


def single(part: str) -> tuple[Case, ...]:
    """One map, one class, one place."""
    line = np.array([[[3.0, -1.0, 4.0]]])
    return (
        case(line, np.array([[2.0], [-1.0]]), np.array([0.5, 0.0]), part),
        case(line.transpose(2, 0, 1), np.array([[1.0, 2.0, -3.0]]), np.array([-2.0]), part),
        case(line.transpose(0, 2, 1), np.array([[-2.0]]), np.array([1.0]), part),
    )


TWO_PLACES = np.array([[[1.0, 0.0]], [[0.0, 1.0]]])
TWO_CLASSES, BIAS = np.array([[2.0, -1.0], [0.0, 3.0]]), np.array([0.5, 0.0])
SEVEN, ONE = np.ones((1, 7, 7)), np.array([[1.0]])

cam = Referee(
    name="cam",
    points=1,
    reference=one_of,
    tolerance=FLOAT32,
    torch_or_numpy=True,
    given=lambda maps, weights, bias, part: (maps, weights, bias, part),
    ask=part_of,
    groups=(
        Group(
            "worked examples",
            weight=1,
            visible=True,
            cases=(
                *(case(TWO_PLACES, TWO_CLASSES, BIAS, part, title=f"two maps, two classes: {part}") for part in PARTS),
                *(case(SEVEN, ONE, BIAS[:1], part, title=f"seven by seven places: {part}") for part in PARTS),
            ),
        ),
        Group("the votes", weight=2, drawn=drawn("votes"), count=9, cases=single("votes")),
        Group("the scores", weight=2, drawn=drawn("scores"), count=9, cases=single("scores")),
    ),
    mistakes=(
        named(
            "adds the places up",
            lambda votes, maps, bias: (votes, votes.sum(axis=(1, 2)) + bias),
            hint="The network pools by a mean, so its score is the mean of the votes and the bias. You take their sum, "
            "which is larger by the number of places.",
        ),
        named(
            "forgets the bias",
            lambda votes, maps, bias: (votes, votes.mean(axis=(1, 2))),
            hint="The bias of a class belongs to its score, though to no place.",
        ),
        named(
            "gives every place the bias",
            lambda votes, maps, bias: (votes + bias[:, None, None], scores_of(votes, bias)),
            hint="The bias is no vote of any place: add it to the score only.",
        ),
        named(
            "adds the bias twice",
            lambda votes, maps, bias: (votes + bias[:, None, None], scores_of(votes, 2 * bias)),
            hint="The bias is no vote of any place. It is added to the score once, after the mean.",
        ),
        named(
            "averages the maps",
            lambda votes, maps, bias: (votes / len(maps), scores_of(votes / len(maps), bias)),
            hint="The weighted maps are added up; do not divide by their number.",
        ),
        named(
            "cuts what is negative",
            lambda votes, maps, bias: (cut(votes), scores_of(cut(votes), bias)),
            hint="A vote against the class counts, too. Without it the mean is not the score any more.",
        ),
        named(
            "shows no negative votes",
            lambda votes, maps, bias: (cut(votes), scores_of(votes, bias)),
            hint="Your scores are right, but a vote against the class belongs into the map as well: do not cut it off.",
        ),
        named(
            "scores by the largest vote",
            lambda votes, maps, bias: (votes, votes.max(axis=(1, 2)) + bias),
            hint="The network pools by a mean. The largest vote would be that of a network with global max pooling.",
        ),
        named(
            "spreads the score",
            lambda votes, maps, bias: (votes / votes[0].size, scores_of(votes, bias)),
            hint="You divide the votes by the number of places. The map is the weighted sum itself, and the mean comes "
            "after it, for the score.",
        ),
        named(
            "answers with probabilities",
            lambda votes, maps, bias: (votes, softmax(scores_of(votes, bias))),
            hint="Those are probabilities. The scores are what stands before the softmax.",
        ),
        named(
            "swaps rows and columns",
            lambda votes, maps, bias: (votes.swapaxes(1, 2), scores_of(votes, bias)),
            hint="Rows and columns of your votes have changed places.",
        ),
        named(
            "puts the classes last",
            lambda votes, maps, bias: (np.moveaxis(votes, 0, -1), scores_of(votes, bias)),
            hint="The first axis of the votes counts the classes; rows and columns come after it.",
        ),
    ),
)
