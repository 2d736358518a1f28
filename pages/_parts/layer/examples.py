"""The numbers and the worked examples of the layer lab."""

from dataclasses import dataclass
from typing import Literal, get_args

Way = Literal["convolution", "transposed"]
WAYS: tuple[Way, ...] = get_args(Way)
MOST_MAPS, SIDE, KERNEL = 3, 5, 3  # the texts hold three maps and filters for all of them; fewer are used
VOLUME = (
    "1 2 0 1 3; 0 1 2 1 0; 2 0 1 0 1; 1 3 0 2 1; 0 1 1 0 2; "
    "0 1 0 2 0; 3 0 1 0 1; 0 2 0 1 0; 1 0 3 0 2; 0 1 0 1 0; "
    "2 0 1 0 0; 0 1 0 3 1; 1 0 2 0 0; 0 2 0 1 3; 1 0 0 2 0"
)
FILTERS = (
    "1 0 -1; 1 0 -1; 1 0 -1; 0 1 0; 1 -4 1; 0 1 0; 0 0 0; 0 1 0; 0 0 0; "
    "1 1 1; 0 0 0; -1 -1 -1; 0 0 1; 0 1 0; 1 0 0; 2 0 0; 0 0 0; 0 0 -2; "
    "0 1 0; 1 1 1; 0 1 0; 0 0 0; 0 -1 0; 0 0 0; 1 0 1; 0 0 0; 1 0 1"
)


@dataclass(frozen=True)
class Example:
    """One setting of the lab, and what it is there to show."""

    note: str
    maps: int = 3
    filters: int = 2
    groups: int = 1
    kernel: int = 3
    way: Way = "convolution"
    stride: int = 1
    margin: int = 0
    dilation: int = 1
    extra: int = 0


EXAMPLES = {
    "Three maps, two filters": Example("Each filter reads all three maps and makes one: 54 weights and 2 biases."),
    "One filter per map (depthwise)": Example(
        "Three groups: every filter is 1 deep and knows its own map only.", 3, 3, 3
    ),
    "1 x 1: maps are mixed, places are not": Example(
        "One weight for each map; the depth changes, the size does not.", kernel=1
    ),
    "Dilated": Example("Gaps between the taps: a 3 x 3 filter spans 5 x 5.", maps=2, dilation=2, margin=2),
    "Stride 2": Example("The window looks at every second place.", stride=2, margin=1),
    "Transposed": Example(
        "Every input value stamps its filters onto larger maps.", maps=2, way="transposed", stride=2, margin=1
    ),
}
