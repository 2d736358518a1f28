"""The worked examples of the upsampling lab, as the lectures have them."""

from dataclasses import dataclass
from typing import Literal, get_args

from core.filters.examples import DIGIT, TENT
from core.filters.grids import read_words, values, write_words
from core.filters.pooling import max_pool
from pages._kit.stepper import short

Way = Literal["nearest", "bed of nails", "max unpooling", "bilinear", "transposed"]
WAYS: tuple[Way, ...] = get_args(Way)
POOLED = "1 2 6 3; 3 5 2 1; 1 2 2 1; 7 3 4 8"
SMALL = "1 2; 3 4"
LECTURE_D = "4 2 4; 6 4 6; 2 12 2"
ONES = "1 1 1; 1 1 1; 1 1 1"


@dataclass(frozen=True)
class Example:
    """One setting of the lab, and what it is there to show."""

    lectures: str
    way: Way
    note: str
    image: str = SMALL
    before: str = POOLED
    kernel: str = TENT
    factor: int = 2
    stride: int = 2
    crop: int = 0
    extra: int = 0


def _maxima(text: str) -> str:
    pooled = max_pool(values(read_words(text)), 2)
    return write_words(tuple(tuple(short(value) for value in row) for row in pooled.tolist()))


EXAMPLES = {
    "Repeat each value": Example("B", "nearest", "2 x 2 becomes 4 x 4: every value fills a block."),
    "Among zeros": Example("B", "bed of nails", "Every value in the first corner of its block, zeros elsewhere."),
    "Back to where the maximum was": Example(
        "A", "max unpooling", "The values 1 to 4 return to the places where the maxima of another image were."
    ),
    "A handwritten zero, pooled and unpooled": Example(
        "A",
        "max unpooling",
        "The largest value of each window comes back to its own place; the other three of four are lost for good.",
        image=_maxima(DIGIT),
        before=DIGIT,
    ),
    "3 x 3 becomes 5 x 5": Example(
        "D",
        "transposed",
        "Zeros between the pixels, and a tent that fills them with the mean of their neighbours.",
        image=LECTURE_D,
        crop=1,
    ),
    "2 x 2 with padding 1": Example(
        "B",
        "transposed",
        "The lecture has 4 x 4. It is 3 x 3, unless an output padding of 1 adds a row and a column.",
        crop=1,
    ),
    "Bilinear by a factor of 2": Example(
        "A", "bilinear", "The kernel with which a network's upsampling starts before it learns.", image=LECTURE_D
    ),
    "Checkerboard: kernel 3, stride 2": Example(
        "A", "transposed", "A flat image grows into a pattern, because 2 does not divide 3.", image=ONES, kernel=ONES
    ),
    "No checkerboard: kernel 4, stride 2": Example(
        "A",
        "transposed",
        "2 divides 4: away from the border every output gets as many stamps.",
        image=ONES,
        kernel="1 1 1 1; 1 1 1 1; 1 1 1 1; 1 1 1 1",
    ),
}
