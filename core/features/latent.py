"""Latent vectors: what a network makes of an image on the way to its answer (lectures A and C).

A layer is named as torch names it: "0", "1", ... in a plain sequence, "features.3" inside something larger.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from threading import get_ident
from typing import TYPE_CHECKING

import numpy as np

from core.errors import CoreError, ShapeError
from core.types import Floats, Shape

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module

BATCH = 512  # as the lecture's fen.predict(..., batch_size=512)


@dataclass(frozen=True)
class Stop:
    """A layer whose values can be taken: its name in the module, its kind, and the shape of what it gives."""

    name: str
    kind: str
    shape: Shape

    @property
    def length(self) -> int:
        """How many values that is as one vector."""
        return int(np.prod(self.shape))


def latent(module: "Module", inputs: "Tensor", layer: str, *, batch: int = BATCH) -> Floats:
    """What a layer gives for every input, in evaluation mode and without gradients: (N, ...) -> (N, ...).

    The module is left as it was. Several threads may ask the same module at once.

    >>> import torch
    >>> twice = torch.nn.Sequential(torch.nn.Linear(1, 1, bias=False), torch.nn.ReLU())
    >>> _ = twice[0].weight.data.fill_(2.0)
    >>> latent(twice, torch.tensor([[3.0], [-1.0]]), "0").ravel(), latent(twice, torch.tensor([[-1.0]]), "1").ravel()
    (array([ 6., -2.]), array([0.]))
    """
    return latents(module, inputs, [layer], batch=batch)[layer]


def latents(module: "Module", inputs: "Tensor", layers: Sequence[str], *, batch: int = BATCH) -> dict[str, Floats]:
    """The same for several layers, in one pass: (N, ...) -> (N, ...) for each."""
    if not len(inputs) or batch < 1:
        raise ShapeError(f"need one input or more and a batch from 1, got {len(inputs)} and {batch}")
    starts = range(0, len(inputs), batch)
    found = [_taken(module, inputs[start : start + batch], layers) for start in starts]
    return {layer: np.concatenate([each[layer] for each in found]) for layer in layers}


def vectors(module: "Module", inputs: "Tensor", layer: str, *, batch: int = BATCH) -> Floats:
    """The same, each as one vector: (N, ...) -> (N, D)."""
    found = latent(module, inputs, layer, batch=batch)
    return found.reshape(len(found), -1)


def stops(module: "Module", inputs: "Tensor") -> list[Stop]:
    """Every layer that holds no other layers, in the order they run, with the shape it gives for one of these inputs.

    >>> import torch
    >>> net = torch.nn.Sequential(torch.nn.Conv2d(1, 4, 3), torch.nn.ReLU(), torch.nn.Flatten())
    >>> [(stop.name, stop.kind, stop.shape) for stop in stops(net, torch.zeros(1, 1, 5, 5))]
    [('0', 'Conv2d', (4, 3, 3)), ('1', 'ReLU', (4, 3, 3)), ('2', 'Flatten', (36,))]
    """
    leaves = {name: part for name, part in module.named_modules() if name and not list(part.children())}
    found = _taken(module, inputs[:1], list(leaves))
    return [Stop(name, type(leaves[name]).__name__, values.shape[1:]) for name, values in found.items()]


def _taken(module: "Module", inputs: "Tensor", layers: Sequence[str]) -> dict[str, Floats]:
    """The values of some layers, in the order they ran."""
    import torch

    known = dict(module.named_modules())
    unknown = [name for name in layers if name not in known or not name]
    if unknown:
        names = ", ".join(name for name in known if name)
        raise CoreError(f"there is no layer {unknown[0][:40]!r} in this network; it has {names[:400]}")
    mine, found = get_ident(), dict[str, Floats]()

    def keep(name: str) -> object:
        def hook(_module: object, _inputs: object, output: "Tensor") -> None:
            if get_ident() == mine:  # the hooks of a module fire for whoever runs it
                found[name] = output.detach().cpu().numpy().astype(np.float64)

        return known[name].register_forward_hook(hook)

    modes = {part: part.training for part in known.values() if part.training}
    hooks = [keep(name) for name in layers]
    try:
        module.eval()
        with torch.no_grad():
            module(inputs)
    finally:
        for hook in hooks:
            hook.remove()  # type: ignore[attr-defined]
        for part in modes:
            part.training = True
    if missing := set(layers) - set(found):
        raise CoreError(f"layer {sorted(missing)[0]!r} does not run for this input")
    return found
