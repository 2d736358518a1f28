"""How close a map comes to the truth: on drawn scenes every pixel of the thing is known.

lambda, mu, the number of views and both thresholds were chosen on validation scenes; what the lab states is of test
scenes. `measure("test", 100)` repeats it.
"""

from dataclasses import dataclass

import numpy as np

from core.data.parts import Part
from core.data.scenes import CLASSES, Scene, draw, sketch
from core.errors import ShapeError
from core.explain.augmented import LAMBDA, MU, STEPS, Ask, coarse_maps, descend, plain, problem
from core.explain.views import random_views
from core.explain.weak import above
from core.types import Floats, Heatmap, Mask

VIEWS, LAST = 48, "14"  # views; the scene net's last maps
PLAIN_SHARE, SHARP_SHARE = 0.6, 0.7  # thresholds, as shares of the maximum


@dataclass(frozen=True)
class Closeness:
    """How a map compares with a mask: correlation of their values, and IoU of the map above a threshold."""

    correlation: float
    overlap: float


def closeness(heat: Heatmap, mask: Mask, share: float) -> Closeness:
    """A map (H, W) against a mask (H, W).

    >>> closeness(np.array([[0.0, 1.0]]), np.array([[False, True]]), 0.5)
    Closeness(correlation=1.0, overlap=1.0)
    """
    if heat.shape != mask.shape:
        raise ShapeError(f"need a map and a mask of one size, got {heat.shape} and {mask.shape}")
    found = above(heat, share)
    joint = int((found | mask).sum())
    flat = heat.std() == 0 or mask.all() or not mask.any()
    correlation = 0.0 if flat else float(np.corrcoef(heat.ravel(), mask.ravel())[0, 1])
    return Closeness(round(correlation, 12), int((found & mask).sum()) / joint if joint else 0.0)


def scene(part: Part, number: int) -> Scene:
    """The picture of the scene net's address, with its truth: one thing on 64x64 pixels."""
    from core.models.scene_net import SIDE, SIZES

    return draw(sketch(part, number, objects=(1, 1), sizes=SIZES, name="single things"), side=SIDE)


def ask_scenes(of: int, layer: str = LAST) -> Ask:
    """The scene net's Grad-CAM maps for a class: a function of pictures (N, 64, 64, 3) from 0 to 1 -> (N, n, n)."""
    from core.explain.gradcam import grad_cam, look
    from core.models.registry import load

    module = load("scenes")

    def ask(images: Floats) -> Floats:
        import torch

        inputs = torch.tensor(images, dtype=torch.float32).permute(0, 3, 1, 2) * 2 - 1
        return np.stack([grad_cam(seen) for seen in look(module, inputs, module.get_submodule(layer), of)])

    return ask


@dataclass(frozen=True)
class Measured:
    """One scene: how close the plain map comes, and the sharp one."""

    plain: Closeness
    sharp: Closeness


def measure(
    part: Part,
    scenes: int,
    *,
    start: int = 0,
    views: int = VIEWS,
    smooth: float = LAMBDA,
    small: float = MU,
    steps: int = STEPS,
) -> list[Measured]:
    """Plain and Augmented Grad-CAM of the true class on some scenes of a part, against the drawn masks."""
    from core.learning.threads import one_thread

    taken, found = random_views(views, np.random.default_rng(0)), list[Measured]()
    with one_thread():
        for number in range(start, start + scenes):
            drawn = scene(part, number)
            thing = drawn.targets[0]
            image = drawn.image.astype(np.float64)
            coarse = coarse_maps(ask_scenes(CLASSES.index(thing.label)), image, taken)
            wanted = problem(coarse, taken, side=len(image), smooth=smooth, small=small)
            sharp = descend(wanted, plain(wanted), steps=steps).heat
            found.append(
                Measured(closeness(plain(wanted), thing.mask, PLAIN_SHARE), closeness(sharp, thing.mask, SHARP_SHARE))
            )
    return found
