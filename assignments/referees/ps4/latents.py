"""latent: what a layer of a network gives, one vector for each image."""

from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from assignments.referees.ps4.common import FLOAT32, unlike
from core.features.latent import vectors
from core.types import Floats
from grading.referee import Case, Drawn, Group, Mistake, Referee, case

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module

Sizes = tuple[int, int, int, int, int]  # maps in, maps, rows and columns of a pooled map, units
IN_ORDER = (
    *("features.conv", "features.norm", "features.relu", "features.pool"),
    *("head.flat", "head.dense", "head.relu", "head.drop", "head.scores"),
)


def network(sizes: Sizes, seed: int, in_place: bool) -> "Module":
    """A small convolutional network as training left it: its mode is that of training, its weights are drawn."""
    import torch
    from torch import nn

    maps, filters, rows, columns, units = sizes
    norm = nn.BatchNorm2d(filters)
    mean, variance = torch.zeros(filters), torch.ones(filters)
    norm.running_mean, norm.running_var = mean, variance
    features = nn.Sequential(
        OrderedDict(
            conv=nn.Conv2d(maps, filters, 3),
            norm=norm,
            relu=nn.ReLU(inplace=in_place),
            pool=nn.MaxPool2d(2),
        )
    )
    head = nn.Sequential(
        OrderedDict(
            flat=nn.Flatten(),
            dense=nn.Linear(filters * rows * columns, units),
            relu=nn.ReLU(inplace=in_place),
            drop=nn.Dropout(0.5),
            scores=nn.Linear(units, 4),
        )
    )
    made, random = nn.Sequential(OrderedDict(features=features, head=head)), np.random.default_rng(seed)
    with torch.no_grad():
        for value in (*made.parameters(), mean, variance):
            value.copy_(torch.from_numpy(random.normal(size=tuple(value.shape))))
        variance.abs_().add_(0.5)
    return made


def given(sizes: Sizes, seed: int, in_place: bool, images: Floats, layer: str) -> tuple["Module", "Tensor", str]:
    """What the student gets: the network, the images as a tensor, and the name of the layer."""
    import torch

    return network(sizes, seed, in_place), torch.from_numpy(images).float(), layer


def taken(sizes: Sizes, seed: int, in_place: bool, images: Floats, layer: str) -> Floats:
    """The reference."""
    return vectors(*given(sizes, seed, in_place, images, layer))


def shaped(sizes: Sizes, layer: str, found: Floats) -> Floats:
    """The vectors of a layer as the layer gives them: (N, D) -> (N, maps, rows, columns) or (N, D)."""
    if layer.startswith("head"):
        return found
    _, filters, rows, columns, _ = sizes
    grow = 1 if layer in ("features.pool", "features") else 2
    return found.reshape(-1, filters, grow * rows, grow * columns)


def reshaped(change: Callable[[Floats], Floats]) -> Callable[..., Floats]:
    """The right numbers in another shape."""

    def variant(sizes: Sizes, seed: int, in_place: bool, images: Floats, layer: str) -> Floats:
        return change(shaped(sizes, layer, taken(sizes, seed, in_place, images, layer)))

    return variant


def elsewhere(steps: int) -> Callable[..., Floats]:
    """A layer earlier or later."""

    def variant(sizes: Sizes, seed: int, in_place: bool, images: Floats, layer: str) -> Floats:
        last = {"features": "features.pool", "head": "head.scores"}.get(layer, layer)
        place = IN_ORDER.index(last) + steps if layer in (*IN_ORDER, "features", "head") else len(IN_ORDER)
        if place < 0:
            return images.reshape(len(images), -1)
        return taken(sizes, seed, in_place, images, (*IN_ORDER, layer)[place])

    return variant


def while_training(sizes: Sizes, seed: int, in_place: bool, images: Floats, layer: str) -> Floats:
    """In the mode that the network came in; only used where no value is thrown away at random."""
    import torch

    taken(sizes, seed, in_place, images, layer)  # refuses
    made, found = network(sizes, seed, in_place), list[Any]()
    _part(made, layer).register_forward_hook(lambda module, taken, output: found.append(output.detach().clone()))
    with torch.no_grad():
        made(torch.from_numpy(images).float())
    return np.asarray(found[0].flatten(1).double().numpy())


def overwritten(sizes: Sizes, seed: int, in_place: bool, images: Floats, layer: str) -> Floats:
    """What the next layer has left of it."""
    if in_place and layer in ("features.norm", "head.dense"):
        return np.maximum(taken(sizes, seed, in_place, images, layer), 0.0)
    return taken(sizes, seed, in_place, images, layer)


def one_for_all(found: Floats) -> Floats:
    """A single vector of everything."""
    return found.reshape(-1)


def over_places(found: Floats) -> Floats:
    """The mean of every map."""
    return found.mean(axis=(2, 3)) if found.ndim == 4 else found


def maps_last(found: Floats) -> Floats:
    """Row, column, map in place of map, row, column."""
    return (found.transpose(0, 2, 3, 1) if found.ndim == 4 else found).reshape(len(found), -1)


def _part(made: "Module", layer: str) -> "Module":
    return made.get_submodule(layer)


def unknown(sizes: Sizes, seed: int, in_place: bool, images: Floats, layer: str) -> Floats:
    """Another error than was asked for."""
    if layer not in (*IN_ORDER, "features", "head"):
        raise KeyError(layer)
    return taken(sizes, seed, in_place, images, layer)


def asked(random: np.random.Generator, layer: str, *, images: int = 0, in_place: bool = False) -> Case:
    """A question about a network drawn: images, maps, rows, columns and units are all of different numbers."""
    rows, columns = unlike(random, 2, 4, 2)
    maps, filters = unlike(random, 1, 4, 2)
    units, count = unlike(random, 5, 9, 2)
    sizes = (maps, filters + 1, rows, columns, units)
    shape = (images or count, maps, 2 * rows + 2, 2 * columns + 2)
    return case(sizes, int(random.integers(10**6)), in_place, random.normal(size=shape), layer)


def some(*layers: str, images: int = 0, in_place: bool = False) -> Drawn:
    """One of these layers."""

    def draw(random: np.random.Generator) -> Case:
        return asked(random, str(random.choice(layers)), images=images, in_place=in_place)

    return draw


SHOWN = np.random.default_rng(4)

latent = Referee(
    name="latent",
    points=1,
    reference=taken,
    tolerance=FLOAT32,
    torch_or_numpy=True,
    given=given,
    groups=(
        Group(
            "networks like that of the notebook",
            weight=1,
            visible=True,
            cases=tuple(
                Case(asked(SHOWN, layer).arguments, title=f"the layer {layer!r}")
                for layer in ("head.dense", "features.norm", "head.relu")
            ),
        ),
        Group(
            "layers that give vectors",
            weight=1,
            drawn=some("head.dense"),
            count=3,
            cases=(asked(SHOWN, "head.relu"),),
        ),
        Group(
            "layers that give maps",
            weight=2,
            drawn=some("features.conv", "features.norm", "features.pool"),
            count=3,
            cases=tuple(asked(SHOWN, layer) for layer in ("features.norm", "features.pool")),
        ),
        Group("a part that holds several layers", weight=1, drawn=some("features"), count=3),
        Group(
            "a single image",
            weight=1,
            drawn=some("features.pool", "head.dense", images=1),
            count=2,
            cases=tuple(asked(SHOWN, layer, images=1) for layer in ("features.norm", "head.dense")),
        ),
        Group(
            "layers whose values the next one overwrites",
            weight=1,
            drawn=some("features.norm", "head.dense", in_place=True),
            count=3,
        ),
        Group(
            "layers that are not there",
            weight=1,
            cases=tuple(
                case(*asked(SHOWN, layer).arguments, raises=ValueError) for layer in ("features.dense", "scores", "")
            ),
        ),
    ),
    mistakes=(
        Mistake(
            "while training",
            while_training,
            hint="The network is still in training mode, where batch normalisation looks at the other images: "
            "call model.eval() first.",
        ),
        Mistake(
            "gives the scores",
            lambda sizes, seed, in_place, images, layer: taken(sizes, seed, in_place, images, "head.scores"),
            hint="Those are the scores at the end of the network, whichever layer was asked for.",
        ),
        Mistake(
            "gives what goes in",
            elsewhere(-1),
            hint="That is what the layer takes. Asked for is what it gives.",
        ),
        Mistake(
            "goes one layer too far",
            elsewhere(1),
            hint="You stop one layer too late: the layer that was named is the last one to be run.",
        ),
        Mistake(
            "keeps the maps",
            reshaped(lambda found: found),
            hint="Each image has one vector: maps are to be flattened, image by image.",
        ),
        Mistake(
            "one vector for all",
            reshaped(one_for_all),
            hint="You flatten the images into one vector. Keep the first axis: there is one row for each image.",
        ),
        Mistake(
            "averages over the map",
            reshaped(over_places),
            hint="You take the mean of every map. A map is flattened here, so that no number is lost.",
        ),
        Mistake(
            "maps last",
            reshaped(maps_last),
            hint="Your numbers are in another order: first all of map 0, row by row, then all of map 1.",
        ),
        Mistake(
            "drops the only image's axis",
            reshaped(lambda found: found.reshape(len(found), -1).squeeze()),
            hint="A single image gives a table with one row, not a vector.",
        ),
        Mistake(
            "the first image only",
            reshaped(lambda found: found[:1].reshape(1, -1)),
            hint="There is a row for every image; you give that of the first alone.",
        ),
        Mistake(
            "keeps what is overwritten",
            overwritten,
            hint="A layer with inplace=True writes into the numbers that you kept. Keep a copy of them: "
            "tensor.clone().",
        ),
        Mistake(
            "takes the name for granted",
            unknown,
            hint="If no layer has that name, raise a ValueError; your function ends in another error.",
        ),
    ),
)
