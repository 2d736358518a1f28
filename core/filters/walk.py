"""A whole filtering, stop by stop: what the window reads, multiplies and adds (lectures C and D).

Correlation, convolution and transposed filtering are the same walk. They differ in the grid that is walked over and in
how the kernel is laid on it.
"""

from dataclasses import dataclass
from typing import Literal, TypeAlias, get_args

import numpy as np
from numpy.typing import NDArray

from core.errors import ShapeError
from core.filters.correlate import correlate_fast, flip, products, windows
from core.filters.matrix import filter_matrix
from core.filters.padding import Padding, filling_of, pad, padding_amount
from core.filters.transposed import spread_out, transposed_shape
from core.types import Floats, Mask, Pair

Manner: TypeAlias = Literal["correlation", "convolution", "transposed"]
MANNERS: tuple[Manner, ...] = get_args(Manner)


@dataclass(frozen=True)
class Walk:
    """Every number of one filtering; `taps` point into the flat `ground`, `sources` into the flat image."""

    ground: Floats  # (PH, PW) what the window walks over: the image with all that was put around and between
    sources: NDArray[np.int64]  # (PH, PW) which pixel of the image stands there, -1 where none does
    own: Mask  # (PH, PW) where the image itself stands, not a mirror of it
    laid: Floats  # (kh, kw) the kernel as it lies on the ground
    flipped: bool  # whether that is the kernel turned by half a turn
    taps: NDArray[np.int64]  # (OH, OW, kh, kw) the cells of the ground which a stop reads
    products: Floats  # (OH, OW, kh, kw)
    output: Floats  # (OH, OW)
    matrix: Floats  # (OH * OW, H * W) so that vec(output) = matrix vec(image)


def walk(
    image: Floats,
    kernel: Floats,
    *,
    manner: Manner = "correlation",
    padding: Padding = "valid",
    stride: int = 1,
    dilation: int = 1,
    output_padding: int = 0,
) -> Walk:
    """All stops of the window: image (H, W), kernel (kh, kw) -> a `Walk`.

    Transposed filtering undoes the size change of a correlation with the same settings: its padding is what that
    correlation had added, and is cropped. It walks at stride 1 over the image with stride - 1 zeros inserted.

    >>> walk(np.array([[4.0, 2.0]]), np.array([[0.5, 1.0, 0.5]]), manner="transposed", padding="same", stride=2).output
    array([[4., 3., 2.]])
    """
    if image.ndim != 2 or kernel.ndim != 2:
        raise ShapeError(f"need an image (H, W) and a kernel (kh, kw), got {image.shape} and {kernel.shape}")
    size = (kernel.shape[0], kernel.shape[1])
    amount, filling = padding_amount(size, padding, dilation=dilation), filling_of(padding)
    numbers = np.arange(1.0, 1.0 + image.size).reshape(image.shape)  # from 1: 0 stands for "no pixel here"
    if manner == "transposed":
        if filling != "zeros":
            raise ShapeError(
                f"transposed filtering crops what was padded, {filling} or not: valid, same or full would do"
            )
        if output_padding >= stride and output_padding > 0:  # PyTorch lets a dilation excuse it; no matrix would fit
            raise ShapeError(
                f"output_padding {output_padding} returns pixels that no stride of {stride} could have dropped: "
                f"at most {stride - 1} would do"
            )
        extra = _along(image, kernel, output_padding)
        shape = transposed_shape(image, kernel, stride, amount, extra, dilation)
        ground, sources, own = (
            spread_out(grid, size, stride=stride, padding=amount, output_padding=extra, dilation=dilation)
            for grid in (image, numbers, np.ones(image.shape))
        )
        matrix = filter_matrix(shape, kernel, stride=stride, padding=amount, dilation=dilation).T
        laid, step = flip(kernel), 1
    else:
        laid, step = (flip(kernel) if manner == "convolution" else kernel), stride
        ground, sources = pad(image, amount, filling), pad(numbers, amount, filling)
        own = pad(np.ones(image.shape), amount)
        matrix = filter_matrix(image.shape, laid, stride=stride, padding=amount, dilation=dilation, filling=filling)
    cells = np.arange(float(ground.size)).reshape(ground.shape)
    return Walk(
        ground=ground,
        sources=sources.astype(np.int64) - 1,
        own=own == 1,
        laid=laid,
        flipped=manner != "correlation",
        taps=windows(cells, size, stride=step, dilation=dilation).astype(np.int64),
        products=products(ground, laid, stride=step, dilation=dilation),
        output=correlate_fast(ground, laid, stride=step, dilation=dilation),
        matrix=matrix,
    )


def _along(image: Floats, kernel: Floats, extra: int) -> Pair:
    # A vector is drawn as one row: nothing is added across it.
    rows, columns = (0 if (n, k) == (1, 1) else extra for n, k in zip(image.shape, kernel.shape, strict=True))
    return rows, columns
