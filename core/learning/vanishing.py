"""How much of the gradient reaches each layer of a deep network before its first step (lectures A, B and C).

Dense layers of 32 units on digits: a plain chain, one with shortcuts that add, and one where every layer reads all
before it. Nothing is trained. Sources: Glorot and Bengio, AISTATS 2010; He et al., CVPR 2016; Huang et al., CVPR 2017.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from core.data.digits import training_digits
from core.errors import CoreError
from core.learning.threads import one_thread
from core.units.activations import CURVES, dead

if TYPE_CHECKING:
    from torch import Tensor

Kind: TypeAlias = Literal["plain", "residual", "dense"]
Curve: TypeAlias = Literal["ReLU", "leaky ReLU", "tanh", "sigmoid", "linear"]
KINDS: tuple[Kind, ...] = ("plain", "residual", "dense")
ACTIVATIONS: tuple[Curve, ...] = ("ReLU", "leaky ReLU", "tanh", "sigmoid", "linear")
WIDTH, GROWTH, IMAGES, MOST_DEPTH = 32, 8, 200, 60


@dataclass(frozen=True)
class Depths:
    """By layer, from the image up: length of the gradient, share of dead units, deviation of what it hands on."""

    gradients: tuple[float, ...]
    dead: tuple[float, ...]
    signals: tuple[float, ...]

    @property
    def fading(self) -> float:
        """The gradient of the first layer over that of the last."""
        return self.gradients[0] / self.gradients[-1] if self.gradients[-1] else 0.0


def activate(sums: "Tensor", curve: Curve) -> "Tensor":
    """An activation of `core.units.activations` that autograd can follow: any shape -> the same.

    >>> import torch
    >>> activate(torch.tensor([-2.0, 3.0]), "leaky ReLU")
    tensor([-0.0200,  3.0000])
    """
    import torch

    functions: dict[str, Callable[[Tensor], Tensor]] = {
        "ReLU": torch.relu,
        "leaky ReLU": torch.nn.functional.leaky_relu,
        "tanh": torch.tanh,
        "sigmoid": torch.sigmoid,
        "linear": lambda values: values,
    }
    if curve not in functions:
        raise CoreError(f"the activation is one of {', '.join(functions)}, got {str(curve)[:40]!r}")
    return functions[curve](sums)


@one_thread()  # on layers this small two threads took forty times the processor time
def at_start(
    kind: Kind, depth: int, curve: Curve, *, size: float = 1.0, bias: float = 0.0, norm: bool = False, seed: int = 0
) -> Depths:
    """One pass forward and one back through a network as it is drawn.

        plain: h = f(W h)        residual: h = h + f(W h) / sqrt(depth)        dense: h = f(W [all before])

    Weights are normal with deviation size * sqrt(2 / inputs) for rectifiers, size * sqrt(1 / inputs) for the others:
    with size 1 the signal keeps its length. `norm` brings every unit's sums to mean 0 and deviation 1 over the images.

    >>> at_start("plain", 20, "sigmoid").fading < 1e-6 < 0.1 < at_start("residual", 20, "sigmoid").fading
    True
    """
    import torch
    from torch.nn.functional import cross_entropy

    if kind not in KINDS or not 1 <= depth <= MOST_DEPTH or size <= 0:
        raise CoreError(f"need one of {', '.join(KINDS)}, a depth of 1 to {MOST_DEPTH} and a size above 0")
    dice, digits = torch.Generator().manual_seed(seed), training_digits()
    images = torch.tensor(digits.images[:IMAGES].reshape(IMAGES, -1), dtype=torch.float64)
    images = (images - images.mean()) / images.std()
    spread = size * (2.0 if "ReLU" in curve else 1.0) ** 0.5

    def drawn(inputs: int, outputs: int, spread: float) -> "Tensor":
        wide: Tensor = torch.randn(inputs, outputs, generator=dice, dtype=torch.float64) * (spread / inputs**0.5)
        wide.requires_grad = True
        return wide

    here = images @ drawn(images.shape[1], WIDTH, 1.0).detach()  # (N, WIDTH), a fixed first look
    pile, weights, sums, signals = [here], list["Tensor"](), list["Tensor"](), list[float]()
    for _ in range(depth):
        read = torch.cat(pile, dim=1) if kind == "dense" else here
        weights.append(drawn(read.shape[1], GROWTH if kind == "dense" else WIDTH, spread))
        before = read @ weights[-1]
        if norm:
            before = (before - before.mean(dim=0)) / (before.var(dim=0, unbiased=False) + 1e-5).sqrt()
        sums.append(before + bias)
        made = activate(sums[-1], curve)
        here = here + made / depth**0.5 if kind == "residual" else made
        pile.append(here)
        signals.append(float(here.detach().std()))
    top = torch.cat(pile, dim=1) if kind == "dense" else here
    loss = cross_entropy(top @ drawn(top.shape[1], 10, 1.0), torch.tensor(digits.labels[:IMAGES]))
    lengths = [float(each.norm()) for each in torch.autograd.grad(loss, weights)]
    gone = [float(dead(each.detach().numpy(), CURVES[curve]).mean()) for each in sums]
    return Depths(tuple(lengths), tuple(gone), tuple(signals))


def fades(found: Depths) -> float:
    """By which factor the gradient shrinks from layer to layer, on average: below 1 it vanishes, above 1 it explodes.

    >>> fades(Depths((0.25, 0.5, 1.0), (0.0,) * 3, (1.0,) * 3))
    0.5
    """
    lengths = np.array(found.gradients)
    if len(lengths) < 2 or not lengths.all():
        return 0.0 if len(lengths) > 1 else 1.0
    return float((lengths[0] / lengths[-1]) ** (1 / (len(lengths) - 1)))
