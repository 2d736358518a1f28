"""cross_entropy and cross_entropy_slope: how wrong are the scores, and which way do they have to move?"""

import numpy as np

from core.learning import losses
from core.learning.losses import Labels, cross_entropy_by_scores, one_hot
from core.types import Floats
from core.units.activations import softmax
from grading.referee import Case, Drawn, Forbidden, Group, Mistake, Referee, Tolerance, case

FLOAT32 = Tolerance(1e-4, 1e-5, because="float32 carries seven digits, and scores in the thousands use up four of them")


def mean_loss(logits: Floats, labels: Labels) -> float:
    """The reference of cross_entropy."""
    return float(losses.cross_entropy(logits, labels).mean())


def mean_slope(logits: Floats, labels: Labels) -> Floats:
    """The reference of cross_entropy_slope: of the mean, so a share of every example's own."""
    return cross_entropy_by_scores(logits, labels) / len(labels)


def loss_of(p: Floats, labels: Labels) -> float:
    """The loss of probabilities, however they were come by."""
    with np.errstate(divide="ignore"):
        return float(-np.log(p[np.arange(len(labels)), labels]).mean())


def slope_of(p: Floats, labels: Labels) -> Floats:
    """The slopes of probabilities, however they were come by."""
    return (p - one_hot(labels, p.shape)) / len(labels)


def overflowing(logits: Floats) -> Floats:
    """The powers as the formula has them."""
    with np.errstate(over="ignore", invalid="ignore"):
        powers = np.exp(logits)
        return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def over_examples(logits: Floats) -> Floats:
    """Softmax down the columns."""
    return softmax(logits.T).T


def over_all(logits: Floats) -> Floats:
    """One softmax for the whole table."""
    return softmax(logits.ravel()).reshape(logits.shape)


def with_a_floor(logits: Floats, labels: Labels) -> float:
    """A little is added so that the logarithm never fails."""
    return float(-np.log(softmax(logits)[np.arange(len(labels)), labels] + 1e-12).mean())


def by_probabilities(logits: Floats, labels: Labels) -> Floats:
    """The derivative by the probabilities, -1/p at the label."""
    with np.errstate(divide="ignore"):
        slope = -1 / np.where(one_hot(labels, logits.shape) > 0, softmax(logits), np.inf)
    return np.asarray(slope / len(labels))


def any_scores(examples: int | None = None) -> Drawn:
    """Never as many classes as examples, so that the axes cannot be mixed up unseen; the surest class may be wrong."""

    def draw(random: np.random.Generator) -> Case:
        rows = examples or int(random.integers(2, 6))
        columns = rows + int(random.integers(1, 4))
        if rows > 3 and random.integers(2):
            columns = rows - 1
        return case(2 * random.standard_normal((rows, columns)), random.integers(0, columns, size=rows))

    return draw


def huge_scores(random: np.random.Generator) -> Case:
    """Scores in the thousands, whose powers no float can hold; in the first row the label has hardly a chance."""
    rows, columns = int(random.integers(2, 5)), int(random.integers(5, 8))
    logits = random.integers(-12, 13, size=(rows, columns)) / 4 + random.choice([-1, 1]) * random.integers(1500, 3000)
    labels = random.integers(0, columns, size=rows)
    logits[0, labels[0]] -= random.integers(800, 1200)
    return case(logits, labels)


def groups() -> tuple[Group, ...]:
    """The same kinds of cases for both."""
    scores = np.log(np.array([[0.5, 0.25, 0.25], [0.1, 0.1, 0.8]]))
    return (
        Group(
            "worked examples",
            weight=1,
            visible=True,
            cases=(
                case(np.array([[0.0, 0.0]]), np.array([0]), title="Two equal scores"),
                case(scores, np.array([0, 1]), title="Two examples of three classes"),
            ),
        ),
        Group(
            "a single example", weight=1, drawn=any_scores(1), count=8, cases=(case(np.array([[3.0]]), np.array([0])),)
        ),
        Group("several examples", weight=1, drawn=any_scores()),
        Group("scores far from zero", weight=1, drawn=huge_scores, count=10),
    )


ROWS = "The probabilities of one example add up to 1: softmax runs along a row, over the classes."
APART = "Each example has a softmax of its own: divide by the sum of its row, not by the sum of everything."
LARGEST = (
    "The power of a large score is infinite. Subtract the largest score of each row first: only differences count."
)
SHORTCUTS = tuple(
    Forbidden(name, because="This function is the point of the exercise. Write softmax and logarithm yourself.")
    for name in (
        "torch.log_softmax",
        "torch.nn.functional.cross_entropy",
        "torch.nn.functional.log_softmax",
        "torch.nn.functional.softmax",
        "torch.softmax",
    )
)

cross_entropy = Referee(
    name="cross_entropy",
    points=1,
    reference=mean_loss,
    tolerance=FLOAT32,
    groups=groups(),
    mistakes=(
        Mistake(
            "adds up",
            lambda logits, labels: mean_loss(logits, labels) * len(labels),
            hint="You add the losses of the examples up. The answer is their mean: divide by N.",
        ),
        Mistake(
            "divides by the classes, too",
            lambda logits, labels: mean_loss(logits, labels) / logits.shape[1],
            hint="You divide by examples times classes. Every example has a single loss: divide by N alone.",
        ),
        Mistake(
            "forgets the minus",
            lambda logits, labels: -mean_loss(logits, labels),
            hint="The logarithm of a probability is negative, and the loss is minus that: it is never below zero.",
        ),
        Mistake(
            "asks about the surest class",
            lambda logits, labels: mean_loss(logits, logits.argmax(axis=1)),
            hint="You take the probability of the class with the largest score. It is that of the label that counts.",
        ),
        Mistake("softmax over the examples", lambda logits, labels: loss_of(over_examples(logits), labels), hint=ROWS),
        Mistake("one softmax for all", lambda logits, labels: loss_of(over_all(logits), labels), hint=APART),
        Mistake("overflows", lambda logits, labels: loss_of(overflowing(logits), labels), hint=LARGEST),
        Mistake(
            "has a floor",
            with_a_floor,
            hint="Where the probability of the label rounds to 0, the loss is still finite: do not take the logarithm "
            "of a probability, work it out from the scores.",
        ),
        Mistake(
            "loses what rounds to 0",
            lambda logits, labels: loss_of(softmax(logits), labels),
            hint="Where the probability of the label rounds to 0, its logarithm is infinite and the loss is not: work "
            "it out from the scores.",
        ),
    ),
    forbidden=SHORTCUTS,
)

cross_entropy_slope = Referee(
    name="cross_entropy_slope",
    points=1,
    reference=mean_slope,
    tolerance=FLOAT32,
    torch_or_numpy=True,
    groups=groups(),
    mistakes=(
        Mistake(
            "does not divide",
            lambda logits, labels: mean_slope(logits, labels) * len(labels),
            hint="These are the slopes of a sum. The loss is a mean over N examples: its slopes are N times smaller.",
        ),
        Mistake(
            "divides by the classes, too",
            lambda logits, labels: mean_slope(logits, labels) / logits.shape[1],
            hint="You divide by examples times classes. Every example has a single loss: divide by N alone.",
        ),
        Mistake(
            "slopes by the probabilities",
            by_probabilities,
            hint="Those are the slopes by the probabilities. Asked for are those by the scores, before the softmax.",
        ),
        Mistake(
            "slopes uphill",
            lambda logits, labels: -mean_slope(logits, labels),
            hint="Your slopes have the wrong sign: a higher score of the right class makes the loss smaller.",
        ),
        Mistake(
            "forgets what is right",
            lambda logits, labels: softmax(logits) / len(labels),
            hint="You return the probabilities. At the label 1 is subtracted: its score has to rise, not to fall.",
        ),
        Mistake(
            "moves the label alone",
            lambda logits, labels: mean_slope(logits, labels) * one_hot(labels, logits.shape),
            hint="The scores of the other classes have slopes as well: each has to fall by its probability.",
        ),
        Mistake("softmax over the examples", lambda logits, labels: slope_of(over_examples(logits), labels), hint=ROWS),
        Mistake("one softmax for all", lambda logits, labels: slope_of(over_all(logits), labels), hint=APART),
        Mistake("overflows", lambda logits, labels: slope_of(overflowing(logits), labels), hint=LARGEST),
    ),
    forbidden=SHORTCUTS,
)
