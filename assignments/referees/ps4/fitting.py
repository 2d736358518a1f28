"""fit_mlp: a network with one hidden layer, some steps down from weights that are given."""

from collections.abc import Callable
from copy import deepcopy
from typing import Any, Literal

import numpy as np

from assignments.referees.ps4.common import FLOAT32, points, unlike
from core.learning.losses import Labels, one_hot
from core.learning.perceptron import Weights, descended, scores_of, slopes_of
from core.types import Floats
from grading.referee import Case, Drawn, Group, Mistake, Referee, case

Slopes = Callable[[Floats, Labels, Weights], Weights]
Look = Literal["numbers", "way"]  # what of an answer is compared


def fitted(features: Floats, labels: Labels, weights: Weights, steps: int, rate: float) -> Weights:
    """The reference."""
    return descended(features, labels, weights, steps=steps, rate=rate)


def asked(answer: Any, arguments: tuple[Any, ...], part: int, look: Look) -> Any:
    """What a case is about: one of the four arrays, or only its way from the start, however long.

    The way is measured by its number at the place where the right one is longest: twice as far or backwards is the
    same way.
    """
    if look == "numbers":
        return answer[part]
    start, right = arguments[2][part], fitted(*arguments)[part]
    way = np.asarray(answer[part], dtype=float) - start
    if way.shape != start.shape:
        return way
    longest = way.ravel()[np.abs(right - start).argmax()]
    return way / longest if longest else way


def one_of(*arguments: Any) -> Floats:
    """The reference, for one of the four arrays."""
    *given, part, look = arguments
    return np.asarray(asked(fitted(*given), tuple(given), part, look))


def part_of(function: Callable[..., Any], *arguments: Any) -> Any:
    """The student's answer, as far as the case is about it; what are not four arrays answers nothing."""
    *given, part, look = arguments
    answer = function(*deepcopy(given))  # what a student changes does not move the start
    four = isinstance(answer, tuple | list) and len(answer) == 4
    return asked(answer, tuple(given), part, look) if four else {"not four"}


def named(title: str, variant: Callable[..., Weights], hint: str) -> Mistake:
    """A mistake of the whole function, asked for one of the four arrays."""

    def of_a_part(*arguments: Any) -> Any:
        *given, part, look = arguments
        return asked(variant(*given), tuple(given), part, look)

    return Mistake(title, of_a_part, hint)


def moved(weights: Weights, slopes: Weights, rate: float) -> Weights:
    """One step down."""
    one, two, three, four = (weight - rate * slope for weight, slope in zip(weights, slopes, strict=True))
    return one, two, three, four


def by(slopes: Slopes) -> Callable[..., Weights]:
    """As many steps, by other slopes."""

    def variant(features: Floats, labels: Labels, weights: Weights, steps: int, rate: float) -> Weights:
        for _ in range(steps):
            weights = moved(weights, slopes(features, labels, weights), rate)
        return weights

    return variant


def times(factor: Callable[[Floats, Weights], float]) -> Callable[..., Weights]:
    """Slopes that are some times too long."""

    def slopes(features: Floats, labels: Labels, weights: Weights) -> Weights:
        one, two, three, four = slopes_of(features, labels, weights)
        many = factor(features, weights)
        return one * many, two * many, three * many, four * many

    return by(slopes)


def backwards(features: Floats, by_scores: Floats, weights: Weights, *, relu: bool = True) -> Weights:
    """From the slopes by the scores to those by the weights."""
    sums, hidden, _ = scores_of(features, weights)
    by_sums = by_scores @ weights[2].T * ((sums > 0) if relu else 1.0)
    return features.T @ by_sums, by_sums.sum(axis=0), hidden.T @ by_scores, by_scores.sum(axis=0)


def probabilities(scores: Floats, *, axis: int = 1) -> Floats:
    """Softmax along an axis."""
    powers = np.exp(scores - scores.max(axis=axis, keepdims=True))
    return np.asarray(powers / powers.sum(axis=axis, keepdims=True))


def careless(features: Floats, labels: Labels, weights: Weights) -> Weights:
    """Powers of whatever comes."""
    scores = scores_of(features, weights)[2]
    with np.errstate(over="ignore", invalid="ignore"):
        shares = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
        return backwards(features, (shares - one_hot(labels, scores.shape)) / len(features), weights)


def over_the_examples(features: Floats, labels: Labels, weights: Weights) -> Weights:
    """Softmax down the columns."""
    scores = scores_of(features, weights)[2]
    shares = probabilities(scores, axis=0)
    return backwards(features, (shares - one_hot(labels, scores.shape)) / len(features), weights)


def without_softmax(features: Floats, labels: Labels, weights: Weights) -> Weights:
    """Scores taken for probabilities."""
    scores = scores_of(features, weights)[2]
    return backwards(features, (scores - one_hot(labels, scores.shape)) / len(features), weights)


def through_closed_doors(features: Floats, labels: Labels, weights: Weights) -> Weights:
    """Back without asking which units had fired."""
    scores = scores_of(features, weights)[2]
    by_scores = (probabilities(scores) - one_hot(labels, scores.shape)) / len(features)
    return backwards(features, by_scores, weights, relu=False)


def without_relu(features: Floats, labels: Labels, weights: Weights) -> Weights:
    """Two layers in a row with nothing between them."""
    into, shift, out, last = weights
    hidden = features @ into + shift
    scores = hidden @ out + last
    by_scores = (probabilities(scores) - one_hot(labels, scores.shape)) / len(features)
    by_sums = by_scores @ out.T
    return features.T @ by_sums, by_sums.sum(axis=0), hidden.T @ by_scores, by_scores.sum(axis=0)


def weights_only(features: Floats, labels: Labels, weights: Weights) -> Weights:
    """Biases stay where they are."""
    one, two, three, four = slopes_of(features, labels, weights)
    return one, 0 * two, three, 0 * four


def last_layer_only(features: Floats, labels: Labels, weights: Weights) -> Weights:
    """Nothing comes back to the hidden layer."""
    one, two, three, four = slopes_of(features, labels, weights)
    return 0 * one, 0 * two, three, four


def one_after_the_other(features: Floats, labels: Labels, weights: Weights, steps: int, rate: float) -> Weights:
    """The way back goes through weights that were moved already."""
    for _ in range(steps):
        sums, _hidden, scores = scores_of(features, weights)
        by_scores = (probabilities(scores) - one_hot(labels, scores.shape)) / len(features)
        _, _, out, last = moved(weights, slopes_of(features, labels, weights), rate)
        by_sums = (sums > 0) * (by_scores @ out.T)
        weights = weights[0] - rate * features.T @ by_sums, weights[1] - rate * by_sums.sum(axis=0), out, last
    return weights


def piled_up(features: Floats, labels: Labels, weights: Weights, steps: int, rate: float) -> Weights:
    """The slopes of all steps so far are added up: nobody set them back to 0."""
    heap: Weights = tuple(np.zeros_like(each) for each in weights)  # type: ignore[assignment]
    for _ in range(steps):
        heap = moved(heap, slopes_of(features, labels, weights), -1.0)
        weights = moved(weights, heap, rate)
    return weights


def always_from_the_start(features: Floats, labels: Labels, weights: Weights, steps: int, rate: float) -> Weights:
    """The slopes of the first step, again and again."""
    return moved(weights, slopes_of(features, labels, weights), rate * steps)


def one_by_one(features: Floats, labels: Labels, weights: Weights, steps: int, rate: float) -> Weights:
    """A step after every example."""
    for _ in range(steps):
        for place in range(len(features)):
            weights = fitted(features[place : place + 1], labels[place : place + 1], weights, 1, rate)
    return weights


def drawn(*parts: int, steps: tuple[int, ...] = (1,), look: Look = "numbers", always_on: bool = False) -> Drawn:
    """Examples, features, hidden units and classes of different numbers; every unit fires for some, or for all."""

    def draw(random: np.random.Generator) -> Case:
        classes, inputs, hidden, examples = sorted(unlike(random, 2, 9, 4))
        features, part = points(random, examples, inputs), int(random.choice(parts))
        labels = random.integers(0, classes, size=examples)
        into, out = random.normal(size=(inputs, hidden)), random.normal(size=(hidden, classes))
        sums = features @ into
        off = -sums.min(axis=0) if always_on else -np.median(sums, axis=0)
        shift = off + random.uniform(0.05, 0.1, size=hidden)
        weights = (into, shift, out, random.normal(size=classes))
        return case(features, labels, weights, int(random.choice(steps)), float(random.uniform(0.2, 0.6)), part, look)

    return draw


# One feature, two hidden units, two classes: every number can be worked out by hand.
FIRST: Weights = (np.array([[1.0, -1.0]]), np.zeros(2), np.array([[1.0, 0.0], [0.0, 1.0]]), np.array([-2.0, 0.0]))
HAND = (np.array([[2.0], [-2.0]]), np.array([1, 0]), FIRST)
START: Weights = (
    np.array([[0.5, -1.0, 0.2], [0.3, 0.8, -0.6]]),
    np.array([0.1, 0.0, -0.2]),
    np.array([[1.0, -0.5], [0.4, 0.9], [-0.7, 0.3]]),
    np.array([0.0, 0.2]),
)
FOUR = (np.array([[1.0, 2.0], [-1.0, 0.5], [0.5, -1.5], [2.0, 1.0]]), np.array([0, 1, 1, 0]))
ASLEEP: Weights = (START[0], np.array([0.1, -50.0, -0.2]), START[2], START[3])
AT_ZERO: Weights = (np.array([[1.0, -2.0, 1.0], [1.0, 1.0, -1.0]]), np.array([-3.0, 0.0, 1.0]), START[2], START[3])

W1, B1, W2, B2 = EVERY = (0, 1, 2, 3)  # the places of the four arrays
PARTS = ("W1", "b1", "W2", "b2")

fit_mlp = Referee(
    name="fit_mlp",
    points=2,
    reference=one_of,
    tolerance=FLOAT32,
    torch_or_numpy=True,
    given=lambda *arguments: arguments,
    ask=part_of,
    groups=(
        Group(
            "worked examples",
            weight=1,
            visible=True,
            cases=(
                *(
                    case(*HAND, 1, 0.5, part, "numbers", title=f"two examples, one step: {PARTS[part]}")
                    for part in EVERY
                ),
                *(
                    case(*HAND, 2, 0.5, part, "numbers", title=f"two examples, two steps: {PARTS[part]}")
                    for part in EVERY
                ),
            ),
        ),
        Group("a single step: W2", weight=1, drawn=drawn(W2), count=4),
        Group("a single step: W1", weight=1, drawn=drawn(W1), count=4),
        Group(
            "a single step: b1 and b2",
            weight=1,
            drawn=drawn(B1),
            count=3,
            cases=(case(*FOUR, START, 1, 0.3, B2, "numbers"),),
        ),
        Group("the way of W1 in a single step, however long", weight=1, drawn=drawn(W1, look="way"), count=3),
        Group("the way of W2 in a single step, however long", weight=1, drawn=drawn(W2, look="way"), count=3),
        Group("units that always fire", weight=1, drawn=drawn(W1, always_on=True), count=3),
        Group("several steps", weight=2, drawn=drawn(*EVERY, steps=(2, 3, 5)), count=6),
        Group(
            "units that never fire, and sums of exactly 0",
            weight=1,
            cases=(
                *(case(*FOUR, ASLEEP, 1, 0.5, part, "numbers") for part in (W1, B1, W2)),
                *(case(*FOUR, AT_ZERO, 1, 0.5, part, "numbers") for part in (W1, B1)),
            ),
        ),
        Group(
            "scores far from 0",
            weight=1,
            cases=tuple(
                case(far * FOUR[0], FOUR[1], START, 1, 0.5, part, "numbers")
                for far, part in ((2000.0, B2), (-3000.0, B2), (2000.0, W2))
            ),
        ),
        Group(
            "a single example, and no step",
            weight=1,
            cases=(
                *(case(FOUR[0][1:2], FOUR[1][1:2], START, 3, 0.5, part, "numbers") for part in (W1, B2)),
                *(case(*FOUR, START, 0, 0.25, part, "numbers") for part in EVERY),
            ),
        ),
    ),
    mistakes=(
        named(
            "sums where a mean belongs",
            times(lambda features, weights: float(len(features))),
            hint="The loss is a mean over the examples, so its slopes are divided by their number.",
        ),
        named(
            "divides by the classes, too",
            times(lambda features, weights: 1 / len(weights[3])),
            hint="The loss is a mean over the examples alone: every example has one loss, however many classes there "
            "are.",
        ),
        named(
            "climbs",
            times(lambda features, weights: -1.0),
            hint="You add the slopes, and the loss grows. Downhill is against the slope: subtract.",
        ),
        named(
            "forgets the biases",
            by(weights_only),
            hint="The biases learn as well: each has a slope, the sum over the examples.",
        ),
        named(
            "learns the last layer only",
            by(last_layer_only),
            hint="The hidden layer stays as it was. The slopes have to be carried on through W2 to W1 and b1.",
        ),
        named(
            "learns while walking back",
            one_after_the_other,
            hint="All four slopes belong to the same weights. You change W2 before the way back has gone through it.",
        ),
        named(
            "asks not who fired",
            by(through_closed_doors),
            hint="A hidden unit whose sum is negative gives 0, whatever its weights: for that example its slope is 0.",
        ),
        named(
            "has no ReLU",
            by(without_relu),
            hint="Between the two layers negative sums become 0. Without that, two layers are no more than one.",
        ),
        named(
            "has no softmax",
            by(without_softmax),
            hint="You take the scores for probabilities: softmax comes first.",
        ),
        named(
            "softmax over the examples",
            by(over_the_examples),
            hint="The probabilities of one example add up to 1: softmax runs along a row, over the classes.",
        ),
        named(
            "overflows",
            by(careless),
            hint="The power of a large score is infinite. Subtract the largest score of each row first.",
        ),
        named(
            "takes a single step",
            lambda features, labels, weights, steps, rate: fitted(features, labels, weights, min(steps, 1), rate),
            hint="You take one step and stop.",
        ),
        named(
            "piles slopes up",
            piled_up,
            hint="Your slopes still hold those of the steps before. In torch they are added up until you set them to "
            "0.",
        ),
        named(
            "always the first slopes",
            always_from_the_start,
            hint="Every step needs new slopes, at the weights that the step before has left.",
        ),
        named(
            "a step for every example",
            one_by_one,
            hint="A step looks at all examples together. You move the weights after each of them.",
        ),
        named(
            "a step too many",
            lambda features, labels, weights, steps, rate: fitted(features, labels, weights, steps + 1, rate),
            hint="You take one step more than asked for.",
        ),
    ),
)
