"""activation: four curves, value by value."""

from collections.abc import Callable
from typing import Any

import numpy as np

from assignments.referees.ps2.common import ROUNDED
from core.types import Floats
from core.units import activations as curves
from grading.referee import Case, Drawn, Group, Mistake, Referee, case

NAMES = {"relu": "ReLU", "leaky": "leaky ReLU", "tanh": "tanh", "sigmoid": "sigmoid"}


def curve(x: Floats, name: str, slope: float = curves.SLOPE) -> Floats:
    """The reference."""
    return curves.curve(NAMES.get(name, name), slope=slope).value(x)


def drawn(name: str) -> Drawn:
    """Arrays with one to three axes, with numbers on both sides of 0 and not too near to it."""

    def draw(random: np.random.Generator) -> Case:
        shape = tuple(int(side) for side in random.integers(2, 5, size=int(random.integers(1, 4))))
        x = random.uniform(0.2, 4, size=shape) * random.choice([-1, 1], size=shape)
        x.flat[:2] = -1.5, 2.5
        steep = (float(random.uniform(0.1, 0.6)),) if name == "leaky" and random.random() < 0.7 else ()
        return case(x, name, *steep)

    return draw


def instead(name: str, other: Callable[[Floats, float], Floats]) -> Callable[..., Floats]:
    """All curves right but one."""

    def answer(x: Floats, asked: str, slope: float = curves.SLOPE) -> Floats:
        return other(np.asarray(x, dtype=float), slope) if asked == name else curve(x, asked, slope)

    return answer


def quotients(x: Floats, name: str, slope: float = curves.SLOPE) -> Floats:
    """Both S-shaped curves as quotients in which the exponentials of large numbers meet."""
    with np.errstate(over="ignore", invalid="ignore"):
        up, down = np.exp(np.asarray(x, dtype=float)), np.exp(-np.asarray(x, dtype=float))
        others: dict[str, Any] = {"tanh": (up - down) / (up + down), "sigmoid": up / (1 + up)}
    return others[name] if name in others else curve(x, name, slope)


STRAIGHT = np.linspace(-2, 2, 9)
HUGE = np.array([[-1000.0, -750.0, 0.0], [750.0, 0.0, 1000.0]])
WHOLE = np.array([[-7, -3, -1, 0], [1, 2, 4, 9]])

activation = Referee(
    name="activation",
    points=1,
    reference=curve,
    tolerance=ROUNDED,
    torch_or_numpy=True,
    groups=(
        Group(
            "examples of the lectures",
            weight=1,
            visible=True,
            cases=(
                case(np.array([-2.0, 0.0, 3.0]), "relu", title="ReLU"),
                case(np.array([-2.0, 3.0]), "leaky", title="Leaky ReLU with its usual slope"),
                case(np.array([-2.0, 3.0]), "leaky", 0.2, title="Leaky ReLU with a slope of its own"),
                case(np.array([-1.0, 0.0, 1.0]), "tanh", title="Hyperbolic tangent"),
                case(np.array([-1.0, 0.0, 1.0]), "sigmoid", title="Logistic function"),
            ),
        ),
        Group("ReLU", weight=1, drawn=drawn("relu"), count=6),
        Group("leaky ReLU", weight=2, drawn=drawn("leaky"), count=12, cases=(case(STRAIGHT, "leaky"),)),
        Group("hyperbolic tangent", weight=1, drawn=drawn("tanh"), count=6),
        Group("logistic function", weight=2, drawn=drawn("sigmoid"), count=6),
        Group("very large and very small numbers", weight=1, cases=tuple(case(HUGE, name) for name in NAMES)),
        Group("arrays of whole numbers", weight=1, cases=tuple(case(WHOLE, name) for name in NAMES)),
        Group(
            "names that it does not know",
            weight=1,
            cases=(case(STRAIGHT, "softmax", raises=ValueError), case(STRAIGHT, "identity", 0.2, raises=ValueError)),
        ),
    ),
    mistakes=(
        Mistake(
            "sigmoid as the lectures print it",
            instead("sigmoid", lambda x, slope: curves.sigmoid_as_printed(x)),
            hint="That is the function that two lectures print. The logistic function has -x in the exponent, not -2x.",
        ),
        Mistake(
            "sigmoid falls",
            instead("sigmoid", lambda x, slope: curves.sigmoid(-x)),
            hint="Your sigmoid falls where it should rise: mind the sign in the exponent.",
        ),
        Mistake(
            "tanh without the 2 in the exponent",
            instead("tanh", lambda x, slope: curves.tanh(x / 2)),
            hint="Your tanh is too flat: it has -2x in the exponent.",
        ),
        Mistake(
            "tanh between 0 and 1",
            instead("tanh", lambda x, slope: curves.sigmoid_as_printed(x)),
            hint="Your tanh runs between 0 and 1. Stretch it and move it down: it runs between -1 and 1.",
        ),
        Mistake(
            "ReLU folds",
            instead("relu", lambda x, slope: np.abs(x)),
            hint="Your ReLU turns negative numbers positive. It should make them 0.",
        ),
        Mistake(
            "ReLU answers its derivative",
            instead("relu", lambda x, slope: curves.relu_slope(x)),
            hint="Your ReLU gives its steepness, 0 or 1. It should leave positive numbers as they are.",
        ),
        Mistake(
            "leaky ReLU has one slope only",
            instead("leaky", lambda x, slope: curves.leaky_relu(x)),
            hint="The slope is an argument: use it in place of the fixed number.",
        ),
        Mistake(
            "leaky ReLU folds",
            instead("leaky", lambda x, slope: np.maximum(x, -slope * x)),
            hint="Your leaky ReLU turns negative numbers positive. They stay negative, only much smaller.",
        ),
        Mistake(
            "infinity over infinity",
            quotients,
            hint="For numbers far from 0 you divide infinity by infinity. Use the forms of the text.",
        ),
        Mistake(
            "keeps whole numbers whole",
            lambda x, *rest: curve(x, *rest).astype(x.dtype),
            hint="Whole numbers came back as whole numbers, so the fractions are lost: answer with floats.",
        ),
        Mistake(
            "answers any name",
            lambda x, name, *rest: curve(x, name if name in NAMES else "linear", *rest),
            hint="For a name that is none of the four, raise a ValueError.",
        ),
    ),
)
