"""U-Net on paper: sizes, crops and channels of a net without padding, for any side and depth (lecture A).

Going down, two 3x3 convolutions take 2 pixels each and a pooling halves; going up, a transposed convolution doubles,
and the maps of the same level on the way down, cropped to fit, are put beside. The answer is smaller than the picture.
Source: Ronneberger, Fischer and Brox, "U-Net: Convolutional Networks for Biomedical Image Segmentation", MICCAI 2015.
"""

from dataclasses import dataclass

from core.errors import ShapeError

LOST = 4  # pixels of a side that two 3x3 convolutions without padding take
DEEPEST, LARGEST = 6, 4096
FIRST = 64  # channels of the first level


@dataclass(frozen=True)
class Level:
    """One level of the U: what enters and leaves its two pairs of convolutions, as sides and channels of square maps.

    The lowest level has no way up: its `joined`, `left` and `crop` are 0.
    """

    number: int  # 0 is the top
    channels: int
    entered: int  # side of the maps that come in from above
    kept: int  # after two convolutions; what is copied across
    joined: int  # side of what comes up from below, doubled: the copy is cropped to it
    left: int  # after two more convolutions
    crop: int  # pixels cut off every side of the copy


def u_net(side: int, *, depth: int = 4, first: int = FIRST) -> tuple[Level, ...]:
    """All levels for a picture of side x side pixels, from the top down; `depth` poolings.

        kept = entered - 4,   next level's entered = kept / 2,   joined = 2 * (what leaves the level below)

    >>> [(level.channels, level.kept, level.crop) for level in u_net(572)]
    [(64, 568, 88), (128, 280, 40), (256, 136, 16), (512, 64, 4), (1024, 28, 0)]
    """
    if not 0 <= depth <= DEEPEST or not 1 <= side <= LARGEST or first < 1:
        raise ShapeError(
            f"a side from 1 to {LARGEST}, 0 to {DEEPEST} poolings and at least one channel, "
            f"got {side}, {depth} and {first}"
        )
    entered = [side]
    for number in range(depth + 1):
        kept = entered[-1] - LOST
        if kept < 1:
            raise ShapeError(
                f"level {number} gets maps of {entered[-1]}x{entered[-1]}, and two 3x3 convolutions without padding "
                f"take {LOST} pixels: nothing is left. {_instead(side, depth)}"
            )
        if number < depth:
            if kept % 2:
                raise ShapeError(
                    f"level {number} would pool maps of {kept}x{kept}: an odd side has no halves, and the copies "
                    f"would no longer lie over what comes up. {_instead(side, depth)}"
                )
            entered.append(kept // 2)
    levels, up = [], 0
    for number in reversed(range(depth + 1)):
        kept = entered[number] - LOST
        if number == depth:
            levels.append(Level(number, first << number, entered[number], kept, 0, 0, 0))
            up = kept
            continue
        joined = 2 * up
        if joined <= LOST:
            raise ShapeError(
                f"what comes up to level {number} is {joined}x{joined}, and two convolutions take {LOST} "
                f"pixels: no answer is left. {_instead(side, depth)}"
            )
        up = joined - LOST
        levels.append(Level(number, first << number, entered[number], kept, joined, up, (kept - joined) // 2))
    return tuple(reversed(levels))


def output_side(side: int, *, depth: int = 4) -> int:
    """The side of the answer: the picture's without a border that is the same for every picture.

    >>> output_side(572), 572 - output_side(572), 700 - output_side(700)
    (388, 184, 184)
    """
    top = u_net(side, depth=depth)[0]
    return top.left if depth else top.kept


def border(depth: int = 4) -> int:
    """Pixels that the answer lacks on every side.

        border(0) = 2,   border(d) = 2 * border(d - 1) + 4

    because a level takes 2 pixels on its way down and 2 on its way up, and what is below counts twice.

    >>> [border(depth) for depth in range(5)]
    [2, 8, 20, 44, 92]
    """
    if not 0 <= depth <= DEEPEST:
        raise ShapeError(f"from 0 to {DEEPEST} poolings, got {depth}")
    return 2 if depth == 0 else 2 * border(depth - 1) + 4


def fitting(side: int, *, depth: int = 4) -> int:
    """The smallest side that fits, from `side` on: one that can be halved at every level and leaves an answer.

    >>> fitting(512), fitting(572), fitting(1, depth=2)
    (524, 572, 44)
    """
    if not 0 <= depth <= DEEPEST or not 1 <= side <= LARGEST:
        raise ShapeError(f"a side from 1 to {LARGEST} and 0 to {DEEPEST} poolings, got {side} and {depth}")
    return next(each for each in range(side, side + LARGEST) if _fits(each, depth))


def _fits(side: int, depth: int) -> bool:
    answer = side - 2 * border(depth)
    for _ in range(depth):
        side -= LOST
        if side % 2:
            return False
        side //= 2
    return side > LOST and answer > 0


def _instead(side: int, depth: int) -> str:
    above = fitting(side, depth=depth)
    below = next((each for each in range(side - 1, 0, -1) if _fits(each, depth)), None)
    return f"With {depth} poolings, {below} and {above} fit." if below else f"With {depth} poolings, {above} fits."
