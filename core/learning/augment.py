"""Augmentation: every batch is changed a little before it is learned from, in ways that keep its labels (A, B, C).

AlexNet cut windows of 224x224 out of images of 256x256 and mirrored half of them. A digit may be moved and not
mirrored: a mirrored 2 is no 2.

This is what a training does to a batch, with PyTorch alone; core/augment/ changes one image and all its truth.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

from core.errors import ShapeError

if TYPE_CHECKING:
    from torch import Generator, Tensor

Augment: TypeAlias = Callable[["Tensor", "Generator"], "Tensor"]  # a batch of inputs, dice -> what is learned from


def shifted(images: "Tensor", reach: int, generator: "Generator") -> "Tensor":
    """Every image moved on its own by -reach to reach pixels, down and across: (N, C, H, W) -> (N, C, H, W).

    What leaves is lost; what comes in is the batch's darkest value, its background.

    >>> import torch
    >>> dot = torch.tensor([[[[0.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 0.0]]]])
    >>> moved = shifted(dot.expand(9, 1, 3, 3), 1, torch.Generator().manual_seed(0))
    >>> moved.shape, moved.sum(dim=(1, 2, 3)).unique()
    (torch.Size([9, 1, 3, 3]), tensor([1.]))
    """
    import torch
    from torch.nn.functional import pad

    if images.dim() != 4 or not images.numel() or reach < 0:
        raise ShapeError(f"need images (N, C, H, W) and a reach from 0, got {tuple(images.shape)} and {reach}")
    (count, channels, height, width), sides = images.shape, (reach, reach, reach, reach)
    room = pad(images, sides, value=float(images.min()))  # (N, C, H + 2 reach, W + 2 reach)
    start = torch.randint(0, 2 * reach + 1, (2, count, 1), generator=generator)
    rows, columns = start[0] + torch.arange(height), start[1] + torch.arange(width)  # (N, H), (N, W)
    image, channel = torch.arange(count)[:, None, None, None], torch.arange(channels)[:, None, None]
    return room[image, channel, rows[:, None, :, None], columns[:, None, None, :]]


def turned(images: "Tensor", degrees: "Tensor") -> "Tensor":
    """Every image turned about its middle, clockwise, by an angle of its own: (N, C, H, W), (N,) -> (N, C, H, W).

        image'(x) = image(R^-1 x),   R = (cos a, -sin a; sin a, cos a)

    What comes in is the batch's darkest value, its background.

    >>> import torch
    >>> turned(torch.tensor([[[[1.0, 2.0], [4.0, 3.0]]]]), torch.tensor([90.0]))[0, 0].round(decimals=3)
    tensor([[4., 1.],
            [3., 2.]])
    """
    import torch
    from torch.nn.functional import affine_grid, grid_sample

    if images.dim() != 4 or not images.numel() or degrees.shape != images.shape[:1]:
        raise ShapeError(f"need images (N, C, H, W) and N angles, got {tuple(images.shape)} and {tuple(degrees.shape)}")
    cosine, sine = torch.cos(torch.deg2rad(degrees)), torch.sin(torch.deg2rad(degrees))
    slant, nothing = images.shape[2] / images.shape[3], torch.zeros_like(cosine)  # PyTorch counts in half images
    rows = torch.stack([cosine, sine * slant, nothing]), torch.stack([-sine / slant, cosine, nothing])
    grid = affine_grid(torch.stack(rows).movedim(-1, 0), list(images.shape), align_corners=False)
    darkest = images.min()
    return grid_sample(images - darkest, grid, align_corners=False) + darkest


def turned_at_random(images: "Tensor", most: float, generator: "Generator") -> "Tensor":
    """Every image turned by an angle from -most to most degrees: (N, C, H, W) -> (N, C, H, W).

    >>> import torch
    >>> dot = torch.zeros(5, 1, 3, 3)
    >>> dot[:, :, 1, 1] = 1.0
    >>> turned_at_random(dot, 180, torch.Generator().manual_seed(0))[:, 0, 1, 1].round(decimals=3)
    tensor([1., 1., 1., 1., 1.])
    """
    import torch

    return turned(images, (2 * torch.rand(len(images), generator=generator) - 1) * most)
