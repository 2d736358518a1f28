"""regularized_loss: the loss on the data, and a price for large weights."""

from collections.abc import Callable, Mapping

import numpy as np

from core.learning.penalty import penalised, squares
from core.types import Floats
from grading.referee import Case, Drawn, Group, Mistake, Referee, Tolerance, case

Parameters = Mapping[str, Floats]
SUM = Tolerance(1e-4, 1e-5, because="a sum of up to a hundred squares: float32 keeps five digits of it")


def whole(loss: float, parameters: Parameters, c: float, biases: bool) -> float:
    """The reference."""
    return penalised(loss, parameters, c, biases=biases)


def priced(price: Callable[[list[Floats]], float]) -> Callable[..., float]:
    """The loss with another price of the arrays that count."""

    def variant(loss: float, parameters: Parameters, c: float, biases: bool) -> float:
        if c < 0:
            raise ValueError(c)
        return loss + c * price([values for name, values in parameters.items() if biases or not name.endswith("bias")])

    return variant


def spelt(loss: float, parameters: Parameters, c: float, biases: bool) -> float:
    """Whatever has the word in its name is taken for a bias."""
    return whole(loss, {name: values for name, values in parameters.items() if biases or "bias" not in name}, c, True)


def by_shape(loss: float, parameters: Parameters, c: float, biases: bool) -> float:
    """What has a single axis is taken for a bias."""
    return whole(loss, {name: values for name, values in parameters.items() if biases or values.ndim > 1}, c, True)


def any_network(biases: tuple[bool, ...], *, odd: bool = False, free: bool = False) -> Drawn:
    """Two or three layers with weights and biases of both signs; or with names and shapes that mislead."""

    def draw(random: np.random.Generator) -> Case:
        parameters: dict[str, Floats] = {}
        for layer in range(int(random.integers(2, 4))):
            units, inputs = (int(side) for side in random.choice([2, 3, 4, 5], size=2, replace=False))
            shape = (units, inputs) if random.integers(2) else (units, inputs, 1, 2)
            parameters[f"body.{layer}.weight"] = random.uniform(-2, 1, size=shape)
            parameters[f"body.{layer}.bias"] = random.uniform(0.5, 1.5, size=units)
        if odd:
            parameters["unbiased.weight"] = random.uniform(0.5, 1.5, size=(3, 2))
            parameters["norm.weight"] = random.uniform(0.5, 1.5, size=4)
        c = 0.0 if free else float(random.uniform(0.01, 0.3))
        return case(float(random.uniform(0.5, 3)), parameters, c, bool(random.choice(biases)))

    return draw


HEAD = {"head.weight": np.array([[1.0, -2.0], [0.0, 3.0]]), "head.bias": np.array([0.5, -0.5])}
REFUSED = "With a price below zero, large weights would be a reward: raise a ValueError."

regularized_loss = Referee(
    name="regularized_loss",
    points=1,
    reference=whole,
    tolerance=SUM,
    torch_or_numpy=True,
    groups=(
        Group(
            "examples of the notebook",
            weight=1,
            visible=True,
            cases=(
                case(0.5, HEAD, 0.01, False, title="Weights only"),
                case(0.5, HEAD, 0.01, True, title="Weights and biases"),
            ),
        ),
        Group("weights only", weight=2, drawn=any_network((False,)), count=8),
        Group("weights and biases", weight=2, drawn=any_network((True,)), count=8),
        Group("layers with odd names and shapes", weight=1, drawn=any_network((False,), odd=True), count=6),
        Group(
            "weights that are free, and networks with hardly any",
            weight=1,
            drawn=any_network((False, True), free=True),
            count=4,
            cases=(
                case(1.5, {}, 0.5, False),
                case(0.25, {"head.bias": np.array([2.0, 1.0])}, 0.5, False),
                case(0.75, {"head.weight": np.array([[1.0]])}, 1.0, False),
            ),
        ),
        Group(
            "prices below zero",
            weight=1,
            cases=(case(0.5, HEAD, -0.01, False, raises=ValueError), case(0.5, HEAD, -1.0, True, raises=ValueError)),
        ),
    ),
    mistakes=(
        Mistake(
            "adds up the sizes",
            priced(lambda arrays: float(sum(np.abs(values).sum() for values in arrays))),
            hint="You add up the absolute values, which is another price, called L1. Here it is the squares.",
        ),
        Mistake(
            "takes means",
            priced(lambda arrays: float(sum(np.square(values).mean() for values in arrays))),
            hint="You take the mean of the squares of each layer. It is their sum.",
        ),
        Mistake(
            "squares the sums",
            priced(lambda arrays: float(sum(values.sum() ** 2 for values in arrays))),
            hint="You add up first and square the sum, so that weights of both signs cancel. Square each of them.",
        ),
        Mistake(
            "takes the root",
            priced(lambda arrays: float(np.sqrt(sum(np.square(values).sum() for values in arrays)))),
            hint="You take the root of the sum, the length of the weights. Here the price is the sum itself.",
        ),
        Mistake(
            "halves the price",
            priced(lambda arrays: float(sum(np.square(values).sum() for values in arrays)) / 2),
            hint="You halve the price, as some books do. In the formula above there is no one half.",
        ),
        Mistake(
            "forgets the data",
            lambda loss, parameters, c, biases: whole(0.0, parameters, c, biases),
            hint="That is the price alone: add it to the loss on the data.",
        ),
        Mistake(
            "prices the biases always",
            lambda loss, parameters, c, biases: whole(loss, parameters, c, True),
            hint="Biases have a price only where `biases` is true.",
        ),
        Mistake(
            "prices no biases",
            lambda loss, parameters, c, biases: whole(loss, parameters, c, False),
            hint="Where `biases` is true, the squares of the biases belong into the sum as well.",
        ),
        Mistake(
            "squares the price, too",
            lambda loss, parameters, c, biases: whole(loss, parameters, c * abs(c), biases),
            hint="You square c as well. It stands before the sum as it is.",
        ),
        Mistake(
            "leaves out whatever has the word in its name",
            spelt,
            hint="A bias is what has a name that ends with the word. A layer may have it in the middle of its name.",
        ),
        Mistake(
            "tells biases by their shape",
            by_shape,
            hint="Not everything with a single axis is a bias: the names tell which ones are.",
        ),
        Mistake(
            "prices the last layer only",
            lambda loss, parameters, c, biases: whole(loss, dict(list(parameters.items())[-2:]), c, biases),
            hint="You price the last layer alone. Go through all parameters.",
        ),
        Mistake(
            "takes any price",
            lambda loss, parameters, c, biases: loss + c * squares(parameters, biases=biases),
            hint=REFUSED,
        ),
    ),
)
