"""The arithmetic of a sliding window: how large is the output (lectures A, B, C, D and E).

One direction at a time; a square image asks twice. Source: Dumoulin and Visin, "A guide to convolution arithmetic for
deep learning", 2016.
"""

from core.errors import ShapeError
from core.types import Pair, pair


def reach(kernel: int, *, dilation: int = 1) -> int:
    """How many neighbouring pixels a window spans, the gaps of a dilated one included.

        reach = dilation * (kernel - 1) + 1

    >>> reach(3), reach(3, dilation=2)
    (3, 5)
    """
    _at_least(1, kernel=kernel, dilation=dilation)
    return dilation * (kernel - 1) + 1


def output_side(
    side: int, kernel: int, *, stride: int = 1, padding: int = 0, dilation: int = 1, ceil: bool = False
) -> int:
    """Output values along one direction of an image that is `side` pixels long.

        floor((side + 2 * padding - dilation * (kernel - 1) - 1) / stride) + 1

    `padding` pixels are added at both ends. What the last stride cannot reach is left unread: hence the floor. With
    `ceil` a last window reaches over the edge for it, unless it would begin there.

    >>> output_side(227, 11, stride=4)
    55
    >>> output_side(7, 3, stride=2), output_side(7, 3, padding=1), output_side(7, 3, dilation=3)
    (3, 7, 1)
    >>> output_side(112, 3, stride=2), output_side(112, 3, stride=2, ceil=True)
    (55, 56)
    """
    _at_least(1, side=side, stride=stride)
    _at_least(0, padding=padding)
    span, room = reach(kernel, dilation=dilation), side + 2 * padding
    if span > room:
        gaps = f" with dilation {dilation} spans {span} pixels and" if dilation > 1 else ""
        edges = f"{room} pixels ({side} and twice the padding of {padding})" if padding else f"{room} pixels"
        fits = (room - 1) // dilation + 1
        raise ShapeError(
            f"a kernel side of {kernel}{gaps} does not fit into {edges}: "
            f"a kernel side of at most {fits} or a padding of at least {-((side - span) // 2)} would"
        )
    found = (room - span) // stride + 1
    return found + (ceil and (room - span) % stride > 0 and found * stride < side + padding)


def output_shape(
    shape: Pair, kernel: Pair, *, stride: int | Pair = 1, padding: int | Pair = 0, dilation: int | Pair = 1
) -> Pair:
    """The same in both directions: (H, W), (kh, kw) -> (OH, OW).

    >>> output_shape((7, 9), (3, 1), stride=2)
    (3, 5)
    """
    rows, columns = (
        output_side(n, k, stride=s, padding=p, dilation=d)
        for n, k, s, p, d in zip(shape, kernel, pair(stride), pair(padding), pair(dilation), strict=True)
    )
    return rows, columns


def same_padding(kernel: int, *, dilation: int = 1) -> int:
    """The padding that keeps the size at stride 1 ("half" or "same" padding): (reach - 1) / 2.

    >>> same_padding(3), same_padding(7), same_padding(3, dilation=2)
    (1, 3, 2)
    """
    span = reach(kernel, dilation=dilation)
    if span % 2 == 0:
        raise ShapeError(
            f"a window that spans {span} pixels has no middle, so no equal padding on both sides keeps the size: "
            f"a kernel side of {kernel - 1} or {kernel + 1} would"
        )
    return (span - 1) // 2


def same_margins(side: int, window: int, *, stride: int = 1) -> Pair:
    """Pixels added before and after, so that a window finds ceil(side / stride) stops: what Keras calls "same".

        before + after = max(0, (ceil(side / stride) - 1) * stride + window - side),  the odd one after

    Unlike `same_padding` it serves windows of even side, at the price of a lopsided border.

    >>> same_margins(4, 2), same_margins(5, 3, stride=2), same_margins(4, 2, stride=2)
    ((0, 1), (1, 1), (0, 0))
    """
    _at_least(1, side=side, window=window, stride=stride)
    stops = -(-side // stride)
    added = max(0, (stops - 1) * stride + window - side)
    return added // 2, added - added // 2


def transposed_side(
    side: int, kernel: int, *, stride: int = 1, padding: int = 0, output_padding: int = 0, dilation: int = 1
) -> int:
    """Output values of transposed filtering along one direction.

        (side - 1) * stride + dilation * (kernel - 1) + 1 - 2 * padding + output_padding

    It undoes the size change of `output_side` with the same settings. Several input sizes lead to one output size
    when the floor drops pixels: `output_padding` says which of them to return to.

    >>> transposed_side(2, 3, stride=2, padding=1), transposed_side(2, 3, stride=2, padding=1, output_padding=1)
    (3, 4)
    """
    _at_least(1, side=side, stride=stride)
    _at_least(0, padding=padding, output_padding=output_padding)
    span = reach(kernel, dilation=dilation)
    if output_padding >= max(stride, dilation):
        raise ShapeError(
            f"output_padding {output_padding} asks for pixels that no step of the filter could have dropped: "
            f"below the larger of stride and dilation, so at most {max(stride, dilation) - 1}, would do"
        )
    full = (side - 1) * stride + span + output_padding
    if full <= 2 * padding:
        raise ShapeError(
            f"padding {padding} crops all {full} output pixels away: at most {(full - 1) // 2} would leave one"
        )
    return full - 2 * padding


def _at_least(least: int, **sizes: int) -> None:
    for name, size in sizes.items():
        if size < least:
            raise ShapeError(f"{name} must be {least} or more, got {size}")
