"""Augmentation: every batch is changed a little before it is learned from, in ways that keep its labels (A, B, C).

AlexNet cut windows of 224x224 out of images of 256x256 and mirrored half of them. A digit may be moved and not
mirrored: a mirrored 2 is no 2.
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
