"""focal_loss: what is answered well already counts little."""

import numpy as np

from core.learning.focal import focal_loss as focal
from core.learning.losses import Labels
from core.types import Floats
from core.units.activations import sigmoid
from grading.referee import Case, Drawn, Forbidden, Group, Mistake, Referee, Tolerance, case

EACH = Tolerance(1e-4, 1e-6, because="float32 carries seven digits, and the power of 1 - p loses some of them")


def of_the_right_answer(p: Floats, y: Labels) -> Floats:
    """The probability of what is there: (N,), (N,) -> (N,)."""
    return np.where(y == 1, p, 1 - p)


def focal_of(p: Floats, y: Labels, gamma: float) -> Floats:
    """The reference."""
    return focal(of_the_right_answer(p, y), gamma)


def surprise(p: Floats, y: Labels) -> Floats:
    """Plain cross-entropy: the focal loss with a gamma of 0."""
    return focal_of(p, y, 0.0)


def both_logarithms(p: Floats, y: Labels, gamma: float) -> Floats:
    """The formula with y and 1 - y in front, where 0 times an infinite logarithm is no number."""
    with np.errstate(divide="ignore", invalid="ignore"):
        yes, no = -((1 - p) ** gamma) * np.log(p), -(p**gamma) * np.log(1 - p)
        return np.asarray(y * yes + (1 - y) * no)


def any_answers(gammas: tuple[float, ...], *, ground: bool = True, sure: bool = False) -> Drawn:
    """Objects, and ground among them; some of the answers as sure and right as can be."""

    def draw(random: np.random.Generator) -> Case:
        count = int(random.integers(4, 9))
        p, y = random.uniform(0.05, 0.95, size=count), np.ones(count, dtype=np.int64)
        if ground:
            y[random.permutation(count)[: int(random.integers(2, count - 1))]] = 0
        if sure:
            p = np.where(random.permutation(count) < 2, y, p)
        return case(p, y, float(random.choice(gammas)))

    return draw


GAMMAS = (0.5, 2.0, 3.0, 5.0)

focal_loss = Referee(
    name="focal_loss",
    points=1,
    reference=focal_of,
    tolerance=EACH,
    torch_or_numpy=True,
    groups=(
        Group(
            "numbers of the lectures",
            weight=1,
            visible=True,
            cases=(
                case(np.array([0.9, 0.5]), np.array([1, 1]), 2.0, title="A hundredth and a quarter"),
                case(np.array([0.1, 0.9]), np.array([0, 0]), 2.0, title="Ground, answered well and badly"),
                case(np.array([0.9, 0.5]), np.array([1, 0]), 0.0, title="Gamma 0 is cross-entropy"),
            ),
        ),
        Group("objects only", weight=1, drawn=any_answers(GAMMAS, ground=False), count=8),
        Group("objects and ground", weight=1, drawn=any_answers(GAMMAS), count=12),
        Group("gamma 0", weight=1, drawn=any_answers((0.0,)), count=8),
        Group(
            "answers that are sure and right",
            weight=1,
            drawn=any_answers((0.0, *GAMMAS), sure=True),
            count=8,
            cases=(case(np.array([1.0, 0.5, 0.0]), np.array([1, 1, 0]), 2.0),),
        ),
    ),
    mistakes=(
        Mistake(
            "takes p for objects and ground alike",
            lambda p, y, gamma: focal(p, gamma),
            hint="Where y is 0, the right answer is ground, and its probability is 1 - p.",
        ),
        Mistake(
            "objects only",
            lambda p, y, gamma: np.where(y == 1, focal_of(p, y, gamma), 0.0),
            hint="Ground has a loss as well: where y is 0 it is that of the probability 1 - p.",
        ),
        Mistake(
            "factor of p alone",
            lambda p, y, gamma: (1 - p) ** gamma * surprise(p, y),
            hint="The factor, too, is one of the right answer: where y is 0 its base is 1 minus (1 - p), that is p.",
        ),
        Mistake(
            "quiets the hard ones",
            lambda p, y, gamma: of_the_right_answer(p, y) ** gamma * surprise(p, y),
            hint="Your factor is small where the answer is bad. The base of the power is 1 minus the probability.",
        ),
        Mistake(
            "subtracts the power",
            lambda p, y, gamma: (1 - of_the_right_answer(p, y) ** gamma) * surprise(p, y),
            hint="Mind the brackets: first subtract from 1, then take the power.",
        ),
        Mistake(
            "multiplies by gamma",
            lambda p, y, gamma: gamma * (1 - of_the_right_answer(p, y)) * surprise(p, y),
            hint="Gamma is the exponent of the factor; you multiply by it.",
        ),
        Mistake(
            "forgets the minus",
            lambda p, y, gamma: -focal_of(p, y, gamma),
            hint="The logarithm of a probability is negative, and the loss is minus that: it is never below zero.",
        ),
        Mistake(
            "balances as well",
            lambda p, y, gamma: np.where(y == 1, 0.25, 0.75) * focal_of(p, y, gamma),
            hint="You also multiply by alpha, the weight of the paper for objects and ground. Here there is none.",
        ),
        Mistake(
            "takes p for scores",
            lambda p, y, gamma: focal_of(sigmoid(p), y, gamma),
            hint="The numbers given are probabilities already: no sigmoid is needed.",
        ),
        Mistake(
            "takes the mean",
            lambda p, y, gamma: float(focal_of(p, y, gamma).mean()),
            hint="Return the loss of every answer, not their mean.",
        ),
        Mistake(
            "multiplies nothing by infinity",
            both_logarithms,
            hint="In y log(p) + (1 - y) log(1 - p) one of the two may be 0 times an infinite number, which is NaN: "
            "choose the probability of the right answer first, and take one logarithm.",
        ),
    ),
    forbidden=tuple(
        Forbidden(name, because="This function is the whole exercise. It needs one line: write it yourself.")
        for name in ("torchvision.ops.focal_loss.sigmoid_focal_loss", "torchvision.ops.sigmoid_focal_loss")
    ),
)
