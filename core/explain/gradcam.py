"""Grad-CAM: the same question to any layer of any network, with slopes in place of weights (lecture A).

The score is followed back to the maps of one layer. A map whose growth would raise the score gets a large vote.
Source: Selvaraju et al., "Grad-CAM: Visual Explanations from Deep Networks via Gradient-based Localization", ICCV 2017.
"""

from dataclasses import dataclass
from threading import get_ident
from typing import TYPE_CHECKING

import numpy as np

from core.errors import CoreError, ShapeError
from core.types import FeatureMap, Floats, Heatmap

if TYPE_CHECKING:
    from torch import Tensor
    from torch.nn import Module


@dataclass(frozen=True, eq=False)
class Looked:
    """One picture, one layer, one class: the maps, the slope of the class's score by every value, and all scores."""

    maps: FeatureMap  # (C, H, W)
    slopes: FeatureMap  # (C, H, W)
    scores: Floats  # (K,)


def look(module: "Module", images: "Tensor", layer: "Module", of: int) -> tuple[Looked, ...]:
    """What one layer holds and what it is worth to class `of`, for every picture: (N, 3, S, S) -> N times Looked.

    The layer's output is caught on its way; what comes before it is not followed back, so a late layer costs little.
    """
    import torch

    if module.training:
        raise CoreError("put the network in evaluation mode first: in training every picture changes the others' maps")
    mine, caught = get_ident(), list[torch.Tensor]()

    def catch(_module: "Module", _taken: object, output: "Tensor") -> "Tensor | None":
        if get_ident() != mine:  # the hooks of a module fire for whoever runs it
            return None
        if not isinstance(output, torch.Tensor) or output.ndim != 4:
            raise ShapeError(
                f"this layer, {type(layer).__name__}, gives no maps (N, C, H, W): choose one before pooling"
            )
        caught.append(output.detach().contiguous().requires_grad_())
        return caught[-1].clone()  # a layer behind it may work in place

    hook = layer.register_forward_hook(catch)
    try:
        with torch.enable_grad():
            scores = module(images.contiguous())
            if len(caught) != 1:
                raise CoreError(f"this layer ran {len(caught)} times for one answer; Grad-CAM needs one that runs once")
            if scores.ndim != 2 or not 0 <= of < scores.shape[1]:
                raise CoreError(f"the network gives answers {tuple(scores.shape)}: there is no class {of} in them")
            (slopes,) = torch.autograd.grad(scores[:, of].sum(), caught[0])
    finally:
        hook.remove()
    maps, given = caught[0].detach().double().numpy(), scores.detach().double().numpy()
    return tuple(map(Looked, maps, slopes.double().numpy(), given))


def worth(slopes: FeatureMap) -> Floats:
    """How much every map is worth to the class: the mean of its slopes, (C, H, W) -> (C,).

        alpha[c] = mean over y and x of dS / dA[c, y, x]        (Selvaraju, eq. 1)

    >>> worth(np.array([[[1.0, 3.0]], [[0.0, -1.0]]]))
    array([ 2. , -0.5])
    """
    if slopes.ndim != 3:
        raise ShapeError(f"need slopes (C, H, W), got {slopes.shape}")
    means: Floats = slopes.mean(axis=(1, 2))
    return means


def votes(seen: Looked) -> Heatmap:
    """Every place's vote for the class, those against it below zero: (H, W).

        V[y, x] = sum over c of alpha[c] * A[c, y, x]

    >>> votes(Looked(np.array([[[1.0, 0.0]], [[0.0, 1.0]]]), np.array([[[2.0, 2.0]], [[-1.0, -1.0]]]), np.zeros(1)))
    array([[ 2., -1.]])
    """
    voted: Heatmap = np.tensordot(worth(seen.slopes), seen.maps, axes=1)
    return voted


def grad_cam(seen: Looked) -> Heatmap:
    """The places that argue for the class; what argues against it is cut off: (H, W).

        L[y, x] = max(0, V[y, x])        (Selvaraju, eq. 2)

    >>> grad_cam(Looked(np.array([[[1.0, 0.0]], [[0.0, 1.0]]]), np.array([[[2.0, 2.0]], [[-1.0, -1.0]]]), np.zeros(1)))
    array([[2., 0.]])
    """
    return np.maximum(votes(seen), 0.0)
