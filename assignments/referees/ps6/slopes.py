"""grad_cam: which places of any layer argue for a class?"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from core.explain import gradcam
from core.explain.gradcam import Looked, look, votes, worth
from core.types import Floats, Heatmap
from core.units.activations import softmax
from grading.referee import Case, Drawn, Group, Mistake, Referee, Tolerance, case

if TYPE_CHECKING:
    from torch.nn import Sequential

FLOAT32 = Tolerance(1e-3, 1e-5, because="networks compute in float32, in which sums in another order differ")
Row = tuple[str, int, int]  # what the layer is, and up to two sizes


@dataclass(frozen=True)
class Plan:
    """A network in words: its layers, where its weights come from, and those of the dense layer if they are fixed."""

    rows: tuple[Row, ...]
    seed: int
    dense: tuple[tuple[float, ...], ...] = ()


def built(plan: Plan) -> "Sequential":
    """The network, layer by layer, in evaluation mode."""
    import torch
    from torch import nn

    made: dict[str, Callable[[int, int], nn.Module]] = {
        "conv": lambda taken, given: nn.Conv2d(taken, given, 3),
        "relu": lambda *_: nn.ReLU(),
        "tanh": lambda *_: nn.Tanh(),
        "halve": lambda *_: nn.MaxPool2d(2),
        "mean": lambda *_: nn.AdaptiveAvgPool2d(1),
        "flatten": lambda *_: nn.Flatten(),
        "dense": lambda taken, given: nn.Linear(taken, given),
    }
    with torch.random.fork_rng(devices=[]):  # nobody else's dice are touched
        net = nn.Sequential(*(made[kind](taken, given) for kind, taken, given in plan.rows))
    random = np.random.default_rng(plan.seed)
    with torch.no_grad():
        for name, weights in net.named_parameters():
            drawn = random.uniform(-1, 1, size=weights.shape) * (0.2 if "bias" in name else 1)
            weights.copy_(torch.tensor(drawn))
        if plan.dense:
            list(net.parameters())[-2].copy_(torch.tensor(plan.dense))  # the weights; its biases come last
    return net.eval()


def seen(plan: Plan, image: Floats, label: int, layer: int) -> Looked:
    """The maps of the layer, the slopes of the score, and all scores."""
    import torch

    net = built(plan)
    return look(net, torch.tensor(image[None], dtype=torch.float32), net[layer], label)[0]


def given(plan: Plan, image: Floats, label: int, layer: int) -> tuple[Any, ...]:
    """What the student gets."""
    import torch

    return built(plan), torch.tensor(image, dtype=torch.float32), label, layer


def grad_cam_of(plan: Plan, image: Floats, label: int, layer: int) -> Heatmap:
    """The reference."""
    return gradcam.grad_cam(seen(plan, image, label, layer))


def with_slopes(saw: Looked, slopes: Floats) -> Heatmap:
    """The answer with other slopes."""
    return gradcam.grad_cam(Looked(saw.maps, slopes, saw.scores))


def of_every_class(plan: Plan, image: Floats, layer: int) -> Floats:
    """The slopes of all scores, one after the other: (K, C, H, W)."""
    return np.stack([seen(plan, image, each, layer).slopes for each in range(plan.rows[-1][2])])


def of_all_scores(plan: Plan, image: Floats, label: int, layer: int) -> Heatmap:
    """The slope of the sum of the scores."""
    return with_slopes(seen(plan, image, label, layer), of_every_class(plan, image, layer).sum(axis=0))


def of_the_probability(plan: Plan, image: Floats, label: int, layer: int) -> Heatmap:
    """The slope of what softmax makes of the score."""
    saw = seen(plan, image, label, layer)
    p, slopes = softmax(saw.scores), of_every_class(plan, image, layer)
    return with_slopes(saw, p[label] * (slopes[label] - np.tensordot(p, slopes, axes=1)))


def of_the_first_answer(plan: Plan, image: Floats, label: int, layer: int) -> Heatmap:
    """The class with the highest score, whatever was asked for."""
    first = int(seen(plan, image, label, layer).scores.argmax())
    return grad_cam_of(plan, image, first, layer)


def one_too_early(plan: Plan, image: Floats, label: int, layer: int) -> Heatmap:
    """What goes into the layer, which may be the image itself."""
    import torch
    from torch import nn

    net, inputs = built(plan), torch.tensor(image[None], dtype=torch.float32)
    before = nn.Sequential(nn.Identity(), *net).eval()
    return gradcam.grad_cam(look(before, inputs, before[layer], label)[0])


def normalised(plan: Plan, image: Floats, label: int, layer: int) -> Heatmap:
    """The greatest value becomes 1."""
    heat = grad_cam_of(plan, image, label, layer)
    return heat / (heat.max() or 1.0)


def variant(change: Callable[[Looked], Heatmap]) -> Callable[[Plan, Floats, int, int], Heatmap]:
    """Something else made of the same maps and slopes."""
    return lambda plan, image, label, layer: change(seen(plan, image, label, layer))


def weighted(saw: Looked, weights: Floats) -> Floats:
    """Every map by its weight: (C, H, W)."""
    return saw.maps * weights[:, None, None]


def positive(values: Floats) -> Floats:
    """Cut at zero."""
    return np.maximum(values, 0)


def small_net(random: np.random.Generator, *, end: str) -> tuple[Plan, Floats]:
    """A network on two maps, and an image of another height than width."""
    maps, classes = (int(number) for number in random.permutation(np.arange(3, 7))[:2])
    high, wide = (int(side) for side in random.permutation([6, 7, 8])[:2])
    image, seed = random.uniform(-1, 2, size=(2, high, wide)), int(random.integers(10**9))
    begins: tuple[Row, ...] = (("conv", 2, maps), ("relu", 0, 0))
    pooled: tuple[Row, ...] = (("mean", 0, 0), ("flatten", 0, 0), ("dense", maps, classes))
    hidden = maps * ((high - 2) // 2) * ((wide - 2) // 2)
    rows: dict[str, tuple[Row, ...]] = {
        "mean": (*begins, *pooled),
        "dense": (
            *begins,
            *(("halve", 0, 0), ("flatten", 0, 0), ("dense", hidden, 7), ("tanh", 0, 0), ("dense", 7, classes)),
        ),
        "further": (("conv", 2, 3), ("relu", 0, 0), ("conv", 3, maps), ("tanh", 0, 0), *pooled),
    }
    return Plan(rows[end], seed), image


def drawn(end: str, layers: tuple[int, ...]) -> Drawn:
    """A class that is asked for although another one has the highest score."""

    def draw(random: np.random.Generator) -> Case:
        plan, image = small_net(random, end=end)
        layer = int(random.choice(layers))
        scores = seen(plan, image, 0, layer).scores
        return case(plan, image, int(random.choice(np.argsort(scores)[:-1])), layer)

    return draw


def all_for(random: np.random.Generator) -> Case:
    """Maps and weights above zero: no place argues against the class."""
    count, high, wide = (int(side) for side in random.permutation([2, 3, 4, 5])[:3])
    weights = random.uniform(-2, 2, size=(3, count))
    label = int(random.integers(3))
    weights[label] = random.uniform(0.5, 3, size=count)
    rows: tuple[Row, ...] = (("relu", 0, 0), ("mean", 0, 0), ("flatten", 0, 0), ("dense", count, 3))
    dense = tuple(tuple(row) for row in weights.tolist())
    return case(Plan(rows, 0, dense), random.uniform(0.2, 2, size=(count, high, wide)), label, 0)


PAIR = np.array([[[1.0, 0.0]], [[0.0, 1.0]]])
SIGNED = np.array([[[1.0, -1.0]], [[-1.0, 1.0]]])  # the first layer makes PAIR of it
FOUR = np.array([[[1.0, 2.0]], [[3.0, 0.0]]])
ON_MEANS = (("relu", 0, 0), ("mean", 0, 0), ("flatten", 0, 0), ("dense", 2, 2))
ON_PLACES = (("relu", 0, 0), ("flatten", 0, 0), ("dense", 4, 2))
VOTING = Plan(ON_MEANS, 0, ((2.0, -1.0), (0.0, 1.0)))
PLACED = Plan(ON_PLACES, 0, ((3.0, -1.0, 0.0, 2.0), (-4.0, 0.0, 1.0, 1.0)))
AGAINST = Plan(ON_MEANS, 0, ((-1.0, -2.0), (-3.0, 1.0)))
BRIGHT = np.array([[[1.0, 2.0, 0.5], [3.0, 1.0, 1.0]], [[0.5, 0.5, 1.0], [0.0, 2.0, 1.0]]])

grad_cam = Referee(
    name="grad_cam",
    points=2,
    reference=grad_cam_of,
    tolerance=FLOAT32,
    torch_or_numpy=True,
    given=given,
    groups=(
        Group(
            "worked examples",
            weight=1,
            visible=True,
            cases=(
                case(VOTING, SIGNED, 0, 0, title="voting, pair, 0, 0"),
                case(PLACED, FOUR, 0, 0, title="placed, four, 0, 0"),
                case(PLACED, FOUR, 1, 0, title="placed, four, 1, 0"),
            ),
        ),
        Group("networks that end in a mean and a dense layer", weight=2, drawn=drawn("mean", (1,)), count=5),
        Group("networks that end in another way", weight=2, drawn=drawn("dense", (1,)), count=5),
        Group("layers further from the end", weight=2, drawn=drawn("further", (1, 2)), count=5),
        Group("a layer with negative values", weight=1, drawn=drawn("further", (0,)), count=3),
        Group("classes for which every place argues", weight=1, drawn=all_for, count=4),
        Group(
            "classes for which no place argues",
            weight=1,
            cases=(case(AGAINST, BRIGHT, 0, 0), case(AGAINST, BRIGHT[:, :, :1], 0, 0), case(VOTING, PAIR * 0, 0, 0)),
        ),
    ),
    mistakes=(
        Mistake(
            "keeps what argues against",
            variant(votes),
            hint="Your map has negative values. What argues against the class is cut off at zero, at the very end.",
        ),
        Mistake(
            "cuts the weights",
            variant(lambda saw: positive(weighted(saw, positive(worth(saw.slopes))).sum(axis=0))),
            hint="You cut the weights of the maps at zero. Add up all maps, also those with negative weights, and cut "
            "the sum.",
        ),
        Mistake(
            "cuts every map",
            variant(lambda saw: np.asarray(positive(weighted(saw, worth(saw.slopes))).sum(axis=0))),
            hint="You cut every weighted map at zero before you add them up. Add first, so that maps may argue against "
            "each other, and cut the sum.",
        ),
        Mistake(
            "takes sizes",
            variant(lambda saw: np.abs(votes(saw))),
            hint="A vote against the class becomes zero, not a vote for it: cut, and do not take the absolute value.",
        ),
        Mistake(
            "adds the slopes up",
            variant(lambda saw: gradcam.grad_cam(saw) * saw.slopes[0].size),
            hint="The weight of a map is the mean of its slopes. Yours is their sum, larger by the number of places.",
        ),
        Mistake(
            "multiplies place by place",
            variant(lambda saw: positive((saw.slopes * saw.maps).sum(axis=0))),
            hint="You multiply every value by its own slope. Grad-CAM gives a map a single weight, the mean of its "
            "slopes.",
        ),
        Mistake(
            "shows the slopes",
            variant(lambda saw: positive(saw.slopes.mean(axis=0))),
            hint="Those are the slopes. The answer adds up the maps themselves, weighted by them.",
        ),
        Mistake(
            "weighs all maps alike",
            variant(lambda saw: positive(saw.maps.sum(axis=0))),
            hint="You add the maps as they are, so the answer is the same for every class. Weigh them by their slopes.",
        ),
        Mistake(
            "averages the maps",
            variant(lambda saw: gradcam.grad_cam(saw) / len(saw.maps)),
            hint="The weighted maps are added up; do not divide by their number.",
        ),
        Mistake(
            "asks for all classes",
            of_all_scores,
            hint="You follow the sum of all scores back. Take the score of the one class before you do.",
        ),
        Mistake(
            "asks for the probability",
            of_the_probability,
            hint="You follow a probability back. Take the score as the network gives it, before any softmax.",
        ),
        Mistake(
            "asks for the first answer",
            of_the_first_answer,
            hint="You explain the class with the highest score. Explain the one that is asked for.",
        ),
        Mistake(
            "normalises",
            normalised,
            hint="You divide by the greatest value. That is fine for a picture, but not asked for here.",
        ),
        Mistake(
            "looks one layer too early",
            one_too_early,
            hint="You look at what goes into the layer. Its own output is meant.",
        ),
    ),
)
