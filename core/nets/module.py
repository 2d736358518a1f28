"""What PyTorch has no word for: a network whose rows branch and join, and a convolution without weight sharing."""

from collections import deque
from collections.abc import Iterator, Mapping, Sequence

import torch
from torch import Tensor, nn

from core.nets.layers import INPUT, Add, Concat, Crop, Mean, Merge, Scale
from core.nets.shapes import cropped
from core.nets.trace import Row


class Graph(nn.Module):
    """The rows of a table in their order; the last row's volume is the answer."""

    def __init__(self, rows: Sequence[Row], layers: Mapping[str, nn.Module]) -> None:
        super().__init__()
        self.rows = tuple(rows)
        self.layers = nn.ModuleList(layers.values())
        self.places = {name: place for place, name in enumerate(layers)}
        self.last_use = {name: row.name for row in rows for name in row.of}

    def forward(self, images: Tensor) -> Tensor:
        """The last volume: (N, C, H, W) -> (N, ...). A volume is forgotten as soon as no further row takes it."""
        (answer,) = deque((volume for _, volume in self.steps(images)), maxlen=1)
        return answer

    def steps(self, images: Tensor) -> Iterator[tuple[str, Tensor]]:
        """Every row by name with the volume it makes, one after the other."""
        made = {INPUT: images}
        for row in self.rows:
            volume = self.step(row, [made[name] for name in row.of])
            made[row.name] = volume
            for name in row.of:
                if self.last_use[name] == row.name:
                    made.pop(name, None)
            yield row.name, volume

    def step(self, row: Row, taken: Sequence[Tensor]) -> Tensor:
        """One row at work."""
        if isinstance(row.operation, Merge):
            return merged(row.operation, taken)
        answer: Tensor = self.layers[self.places[row.shares or row.name]](taken[0])
        return answer


def merged(operation: Merge, taken: Sequence[Tensor]) -> Tensor:
    """Where rows meet: their volumes become one.

    >>> merged(Mean(), [torch.ones(1, 2), torch.zeros(1, 2)])
    tensor([[0.5000, 0.5000]])
    """
    first = taken[0]
    match operation:
        case Add(share=share):
            return torch.stack([first, *(volume * share for volume in taken[1:])]).sum(dim=0)
        case Mean():
            return torch.stack(list(taken)).mean(dim=0)
        case Concat():
            return torch.cat(list(taken), dim=1)
        case Scale():
            return first * taken[1][:, :, None, None]
        case Crop(offset=offset):
            (high, wide), (rows, columns) = first.shape[2:], taken[1].shape[2:]
            top, left = cropped(high, rows, offset), cropped(wide, columns, offset)
            return first[:, :, top : top + rows, left : left + columns]


class ShiftedBatchNorm(nn.modules.batchnorm._BatchNorm):
    """A normalisation of volumes or vectors that learns a shift and no scale."""

    def __init__(self, num_features: int, eps: float = 1e-5, device: str | None = None) -> None:
        super().__init__(num_features, eps, device=device)
        self.register_parameter("weight", None)

    def reset_parameters(self) -> None:
        """Start at mean 0, variance 1 and no shift."""
        self.reset_running_stats()
        nn.init.zeros_(self.bias)

    def _check_input_dim(self, input: torch.Tensor) -> None:
        """Any number of sides will do."""


class LocalConv2d(nn.Module):
    """A convolution that shares nothing: every place of the map has filters and biases of its own."""

    def __init__(
        self,
        in_channels: int,
        out_channels: int,
        kernel_size: int | tuple[int, int],
        sides: tuple[int, int],
        stride: int | tuple[int, int] = 1,
        bias: bool = True,
        device: str | None = None,
    ) -> None:
        super().__init__()
        high, wide = kernel_size if isinstance(kernel_size, tuple) else (kernel_size, kernel_size)
        down, across = stride if isinstance(stride, tuple) else (stride, stride)
        self.window, self.step = (high, wide), (down, across)
        self.sides = (sides[0] - high) // down + 1, (sides[1] - wide) // across + 1
        places, inputs = self.sides[0] * self.sides[1], in_channels * high * wide
        limit = inputs**-0.5
        self.weight = nn.Parameter(torch.empty(places, out_channels, inputs, device=device).uniform_(-limit, limit))
        self.bias = None
        if bias:
            self.bias = nn.Parameter(torch.empty(out_channels, places, device=device).uniform_(-limit, limit))

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """Cut the windows out and give each to its own filters: (N, C, H, W) -> (N, filters, OH, OW)."""
        windows = nn.functional.unfold(images, self.window, stride=self.step)  # (N, C * kh * kw, places)
        values = torch.einsum("pfi,nip->nfp", self.weight, windows)
        if self.bias is not None:
            values = values + self.bias
        # contiguous: PyTorch 2.13 gives wrong gradients of a BatchNorm in evaluation on a volume that lies maps last
        return values.contiguous().view(len(images), -1, *self.sides)
