"""The worked examples of the lectures, with all their numbers: the lab shows them, the tests check them.

Grids are written as in `core.filters.grids`. In the matrix examples the letters of the lecture are digits:
(a, b, c, d) = (1, 2, 3, 4) and (x, y, z) = (1000, 100, 10), so a x + b y + c z reads 1230.
"""

from dataclasses import dataclass
from typing import Literal

from core.filters.padding import Padding
from core.filters.walk import Manner


@dataclass(frozen=True)
class Example:
    """One setting of the lab, what comes out, and what it is there to show."""

    lectures: str
    image: str
    kernel: str
    output: str  # rounded to three decimals
    note: str
    manner: Manner = "correlation"
    padding: Padding = "valid"
    stride: int = 1
    dilation: int = 1
    output_padding: int = 0
    view: Literal["windows", "stamps", "matrix"] = "windows"
    numbers: tuple[str, ...] = ()  # ids in the table of lecture numbers


BLOCK = "0 0 0 0 0 0 0; 0 0 0 0 0 0 0; 0 0 5 10 5 0 0; 0 0 10 10 5 0 0; 0 0 5 5 0 0 0; 0 0 0 0 0 0 0; 0 0 0 0 0 0 0"
PLUS = "0 1/5 0; 1/5 1/5 1/5; 0 1/5 0"
TENT = "1/4 1/2 1/4; 1/2 1 1/2; 1/4 1/2 1/4"
LAPLACIAN = "0 -1 0; -1 4 -1; 0 -1 0"
DIGIT = (  # the first zero of scikit-learn's digits (UCI Optical Recognition of Handwritten Digits)
    "0 0 5 13 9 1 0 0; 0 0 13 15 10 15 5 0; 0 3 15 2 0 11 8 0; 0 4 12 0 0 8 8 0; "
    "0 5 8 0 0 9 8 0; 0 4 11 0 1 12 7 0; 0 2 14 5 10 12 0 0; 0 0 6 13 10 0 0 0"
)
IMPULSE = "0 0 0 0 0; 0 0 0 0 0; 0 0 1 0 0; 0 0 0 0 0; 0 0 0 0 0"

EXAMPLES = {
    "Plus filter at stride 2": Example(
        "D",
        BLOCK,
        PLUS,
        "0 2 0; 2 8 1; 0 1 0",
        "The plus filter takes the mean of a pixel and its four neighbours; stride 2 looks at every second place.",
        stride=2,
        numbers=("N41", "N43"),
    ),
    "Plus filter at stride 1": Example(
        "D",
        BLOCK,
        PLUS,
        "0 1 2 1 0; 1 5 6 4 1; 2 6 8 4 1; 1 4 4 2 0; 0 1 1 0 0",
        "The result at stride 2 is every second row and column of this one.",
        numbers=("N42",),
    ),
    "Transposed, bilinear": Example(
        "D",
        "4 2 4; 6 4 6; 2 12 2",
        TENT,
        "4 3 2 3 4; 5 4 3 4 5; 6 5 4 5 6; 4 6 8 6 4; 2 7 12 7 2",
        "Zeros are inserted between the pixels, and the tent fills them with the mean of their neighbours: "
        "3 x 3 grows to 5 x 5.",
        manner="transposed",
        padding="same",
        stride=2,
        numbers=("N44", "N45", "Q30"),
    ),
    "Laplacian stamps": Example(
        "D",
        "0 0 0 0 0; 0 2 0 0 0; 0 0 0 1 0; 0 0 0 0 0; 0 0 0 0 0",
        LAPLACIAN,
        "0 -2 0 0 0; -2 8 -2 -1 0; 0 -2 -1 4 -1; 0 0 0 -1 0; 0 0 0 0 0",
        "Every input pixel stamps a copy of the kernel, as strong as the pixel; where copies overlap they add up.",
        padding="same",
        view="stamps",
        numbers=("S23", "Q31"),
    ),
    "Why convolution flips": Example(
        "C",
        IMPULSE,
        "1 2 3; 4 5 6; 7 8 9",
        "0 0 0 0 0; 0 9 8 7 0; 0 6 5 4 0; 0 3 2 1 0; 0 0 0 0 0",
        "Correlation answers a single bright pixel with the kernel turned by half a turn; convolution with the kernel "
        "itself.",
        padding="same",
        numbers=("N40", "S13"),
    ),
    "A flat image and its border": Example(
        "C",
        "6 6 6 6; 6 6 6 6; 6 6 6 6; 6 6 6 6",
        "1/9 1/9 1/9; 1/9 1/9 1/9; 1/9 1/9 1/9",
        "2.667 4 4 2.667; 4 6 6 4; 4 6 6 4; 2.667 4 4 2.667",
        "The mean of a flat image should be flat. Zeros beyond the border darken its edge, a mirrored border does not.",
        padding="same",
        numbers=("N38", "Q21"),
    ),
    "Dilated kernel on a ramp": Example(
        "D",
        "1 2 3 4 5 6 7; 2 3 4 5 6 7 8; 3 4 5 6 7 8 9; 4 5 6 7 8 9 10; 5 6 7 8 9 10 11; 6 7 8 9 10 11 12; "
        "7 8 9 10 11 12 13",
        "-1 0 1; -1 0 1; -1 0 1",
        "12 12 12; 12 12 12; 12 12 12",
        "Dilation 2 pulls the nine taps apart: the window spans 5 x 5 and still has nine weights.",
        dilation=2,
        numbers=("S24",),
    ),
    "Edges of a handwritten zero": Example(
        "C",
        DIGIT,
        "-1 0 1; -2 0 2; -1 0 1",
        "46 42 -17 -3 -11 -42; 55 9 -45 26 19 -45; 47 -14 -47 34 32 -36; 39 -18 -38 38 30 -38; "
        "44 -10 -32 40 10 -45; 45 15 -14 13 -24 -36",
        "Positive where the picture gets brighter to the right, negative where it gets darker.",
    ),
    "Stride 2 halves": Example(
        "B and E",
        "1 2 3 4; 5 6 7 8; 9 10 11 12; 13 14 15 16",
        "0 0 0; 0 1 0; 0 0 0",
        "1 3; 9 11",
        "A 3 x 3 kernel with padding 1 makes 4 x 4 of 4 x 4 at stride 1, and 2 x 2 at stride 2.",
        padding="same",
        stride=2,
        numbers=("N52",),
    ),
    "Transposed, padding 1": Example(
        "B",
        "1 2; 3 4",
        TENT,
        "1 1.5 2; 2 2.5 3; 3 3.5 4",
        "2 x 2 grows to 3 x 3, not to 4 x 4: (2 - 1) * 2 - 2 + 3 = 3. An output padding of 1 adds the missing row and "
        "column.",
        manner="transposed",
        padding="same",
        stride=2,
        numbers=("N51",),
    ),
    "Two stamps at stride 2": Example(
        "A",
        "1 2",
        "1 10 100",
        "1 10 102 20 200",
        "Two stamps of three overlap in one place, so 2 becomes 5; to have twice the input, crop one.",
        manner="transposed",
        stride=2,
        view="stamps",
        numbers=("N50", "N53"),
    ),
    "Two stamps at stride 1": Example(
        "A",
        "1 2",
        "1 10 100",
        "1 12 120 200",
        "At stride 1 two stamps of three overlap in two places, so 2 becomes 4.",
        manner="transposed",
        view="stamps",
        numbers=("N49",),
    ),
    "Matrix of a 1D filter": Example(
        "E",
        "0 1 2 3 4 0",
        "1000 100 10",
        "120 1230 2340 3400",
        "Read the digits: 1230 is a x + b y + c z. Four stops, so four rows and four results; the first is not 0.",
        view="matrix",
        numbers=("N54",),
    ),
    "Matrix at stride 2": Example(
        "E",
        "0 1 2 3 4 0",
        "1000 100 10",
        "120 2340",
        "Stride 2 keeps every second row of the matrix: two rows, two results.",
        stride=2,
        view="matrix",
        numbers=("N56",),
    ),
    "Transposed matrix": Example(
        "E",
        "1 2 3 4",
        "1000 100 10",
        "1000 2100 3210 4320 430 40",
        "The transpose takes four values and gives six. At stride 1 that is an ordinary filter with more padding.",
        manner="transposed",
        view="matrix",
        numbers=("N55", "N58"),
    ),
    "Transposed matrix at stride 2": Example(
        "E",
        "1 2",
        "1000 100 10",
        "1000 100 2010 200 20 0",
        "Two values go in and six come out; the sixth is reached by no stamp, and only the output padding keeps it.",
        manner="transposed",
        stride=2,
        output_padding=1,
        view="matrix",
        numbers=("N57",),
    ),
}
