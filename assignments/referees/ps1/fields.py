"""receptive_field: how much does a value see, and how far apart do neighbours look? seen_pixels: which pixels?"""

from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np

from core.nets.receptive import Field, Patch
from core.nets.stack import STACKS, parse_stack, steps
from core.types import Pair
from grading.referee import Case, Drawn, Group, Mistake, Referee, case

Window: TypeAlias = tuple[int, int, int]  # kernel, stride, dilation
Padded: TypeAlias = tuple[int, int, int, int]  # kernel, stride, padding, dilation
Through: TypeAlias = Callable[[Field, Window], Field]


def walk(through: Through) -> Callable[[Sequence[Window]], list[Pair]]:
    """Size and jump after every window, from the image up."""

    def answer(windows: Sequence[Window]) -> list[Pair]:
        field, found = Field(), list[Pair]()
        for window in windows:
            field = through(field, window)
            found.append((field.size, field.jump))
        return found

    return answer


def one_window(field: Field, window: Window) -> Field:
    """What `core` says."""
    k, stride, dilation = window
    return field.through(k, stride=stride, dilation=dilation)


fields = walk(one_window)


def stack(name: str) -> list[Padded]:
    """A stack of the receptive field lab, as tuples."""
    text, side = STACKS[name]
    windows = [step.rows for step in steps(parse_stack(text), side)]
    return [(window.kernel, window.stride, window.padding, window.dilation) for window in windows]


def unpadded(name: str) -> list[Window]:
    """The same without padding, which changes no size."""
    return [(k, stride, dilation) for k, stride, _, dilation in stack(name)]


def any_stack(*, stride: int = 1, dilation: int = 1) -> Drawn:
    """Three to five windows; strides and dilations from 1 up to what is said, the first ones certainly above 1."""

    def number(random: np.random.Generator, most: int, first: bool) -> int:
        return int(random.integers(2 if first and most > 1 else 1, most + 1))

    def draw(random: np.random.Generator) -> Case:
        return case(
            [
                (int(random.integers(2, 8)), number(random, stride, place < 2), number(random, dilation, 0 < place < 3))
                for place in range(int(random.integers(3, 6)))
            ]
        )

    return draw


def halves(windows: Sequence[Window]) -> list[Pair]:
    """The other way round: from the last window down to the image."""
    return fields(list(windows)[::-1])


receptive_field = Referee(
    name="receptive_field",
    points=2,
    reference=fields,
    groups=(
        Group(
            "stacks of the lectures",
            weight=1,
            visible=True,
            cases=(
                case(unpadded("Six 3x3 convolutions"), title="Six windows of 3"),
                case(unpadded("Convolution and pooling, three times"), title="Convolution and pooling, three times"),
                case(unpadded("Dilation 1, 2, 4, 8"), title="Growing dilation"),
            ),
        ),
        Group(
            "one step at a time", weight=1, drawn=any_stack(), count=8, cases=(case([]), case([(1, 1, 1), (4, 1, 1)]))
        ),
        Group(
            "windows that step",
            weight=1,
            drawn=any_stack(stride=4),
            count=10,
            cases=(case([(1, 2, 1), (3, 1, 1)]), case([(2, 3, 1)])),
        ),
        Group(
            "dilated windows that step",
            weight=1,
            drawn=any_stack(stride=3, dilation=5),
            count=10,
            cases=(case([(1, 1, 6), (2, 2, 3)]),),
        ),
        Group(
            "networks of the lectures",
            weight=1,
            cases=tuple(case(unpadded(name)) for name in ("VGG16", "AlexNet", "LeNet-5, its dense layer as 5x5")),
        ),
    ),
    mistakes=(
        Mistake(
            "forgets the jump",
            walk(lambda field, window: Field(field.size + window[2] * (window[0] - 1), field.jump * window[1])),
            hint="A window further up reads values that look apart: each adds the jump of the values it reads.",
        ),
        Mistake(
            "takes the new jump",
            walk(
                lambda field, window: Field(
                    field.size + window[2] * (window[0] - 1) * field.jump * window[1], field.jump * window[1]
                )
            ),
            hint="Grow the field before you update the jump: the values a window reads are as far apart as below it.",
        ),
        Mistake(
            "adds the whole window",
            walk(lambda field, window: Field(one_window(field, window).size + field.jump, field.jump * window[1])),
            hint="k values have k - 1 distances between them: the field grows by k - 1 jumps, not by k.",
        ),
        Mistake(
            "adds the strides up",
            walk(
                lambda field, window: Field(
                    field.size + window[2] * (window[0] - 1) * field.jump, field.jump + window[1] - 1
                )
            ),
            hint="Steps of steps multiply: the jump is the product of all strides so far.",
        ),
        Mistake(
            "jump is the last stride",
            walk(lambda field, window: Field(one_window(field, window).size, window[1])),
            hint="The jump is the product of all strides so far, not the stride of the last window.",
        ),
        Mistake(
            "forgets the dilation",
            walk(lambda field, window: field.through(window[0], stride=window[1])),
            hint="A dilated window reaches further: its pixels lie dilation values apart.",
        ),
        Mistake(
            "a gap after the last pixel",
            walk(lambda field, window: field.through(window[0] * window[2], stride=window[1])),
            hint="The reach of a dilated window is d * (k - 1) + 1, not d * k: nothing lies after its last pixel.",
        ),
        Mistake(
            "dilation makes neighbours jump",
            walk(lambda field, window: Field(one_window(field, window).size, field.jump * window[1] * window[2])),
            hint="Dilation spreads what one value reads. Its neighbour still starts one stride further.",
        ),
        Mistake(
            "starts at nothing",
            lambda windows: [(size - 1, jump) for size, jump in fields(windows)],
            hint="A pixel of the image sees itself: start with a size of 1.",
        ),
        Mistake(
            "tells the image as well",
            lambda windows: [(1, 1), *fields(windows)],
            hint="The list has one pair for each window; the image itself is not among them.",
        ),
        Mistake("walks down", halves, hint="Start at the image: the first window of the list is the lowest."),
    ),
)


def seen(windows: Sequence[Padded], position: int, side: int) -> Pair:
    """The reference."""
    return on_image(looked_at(windows, position), side)


def looked_at(windows: Sequence[Padded], position: int) -> Pair:
    """First and last pixel, off the image or not."""
    return field_of(windows).patch(position)


def field_of(windows: Sequence[Padded]) -> Field:
    """The field after the last window."""
    field = Field()
    for k, stride, pad, dilation in windows:
        field = field.through(k, stride=stride, padding=pad, dilation=dilation)
    return field


def on_image(span: Pair, side: int) -> Pair:
    """What is left of it on an image of that side."""
    return Patch(span, span).within(side).rows


def moved(start: Callable[[Field, Sequence[Padded]], int]) -> Callable[..., Pair]:
    """The field of the first value begins elsewhere."""

    def answer(windows: Sequence[Padded], position: int, side: int) -> Pair:
        field = field_of(windows)
        return on_image(Field(field.size, field.jump, start(field, windows)).patch(position), side)

    return answer


def any_place(*, border: bool) -> Drawn:
    """A value in the middle of the map, which sees pixels only; or the first or the last, which look over the edge."""

    def draw(random: np.random.Generator) -> Case:
        windows = list[Padded]()
        for place in range(3):
            k, dilation = int(random.integers(3, 6)), int(random.integers(1, 4))
            stride = int(random.integers(2, 4)) if place < 2 else 1
            windows.append((k, stride, int(random.integers(1, dilation * (k - 1) // 2 + 1)), dilation))
        field = field_of(windows)
        if border:
            side = field.size + int(random.integers(0, 20))
            return case(windows, 0 if random.integers(2) else (side - 2 * field.start - field.size) // field.jump, side)
        position = -(field.start // field.jump) + int(random.integers(1, 9))
        return case(windows, position, field.patch(position)[1] + int(random.integers(1, 40)))

    return draw


seen_pixels = Referee(
    name="seen_pixels",
    points=1,
    reference=seen,
    groups=(
        Group(
            "stacks of the lectures",
            weight=1,
            visible=True,
            cases=(
                case(stack("Three 3x3 convolutions"), 0, 48, title="A value at the edge"),
                case(stack("Convolution and pooling, three times"), 3, 64, title="A value in the middle"),
            ),
        ),
        Group("in the middle of the image", weight=2, drawn=any_place(border=False), count=15),
        Group(
            "at the edges of the image",
            weight=2,
            drawn=any_place(border=True),
            count=15,
            cases=(case([], 4, 9), case([(5, 1, 2, 1)], 0, 2), case([(3, 2, 1, 1)], 3, 7)),
        ),
    ),
    mistakes=(
        Mistake(
            "forgets the padding",
            moved(lambda field, windows: 0),
            hint="Padding moves the first value to the left of the image: the start is not always 0.",
        ),
        Mistake(
            "adds the paddings up",
            moved(lambda field, windows: -sum(window[2] for window in windows)),
            hint="A pixel of padding further up is a jump wide on the image.",
        ),
        Mistake(
            "moves to the right",
            moved(lambda field, windows: -field.start),
            hint="Padding stands before the first pixel, so it moves the start to the left.",
        ),
        Mistake(
            "stays on no image",
            lambda windows, position, side: looked_at(windows, position),
            hint="Pixels before the first and after the last are padding: cut the answer to the image.",
        ),
        Mistake(
            "one pixel too many",
            lambda windows, position, side: on_image(
                (looked_at(windows, position)[0], looked_at(windows, position)[1] + 1), side
            ),
            hint="The last pixel of a patch is its first plus its size minus 1.",
        ),
        Mistake(
            "neighbours one pixel apart",
            lambda windows, position, side: on_image(
                (field_of(windows).start + position, field_of(windows).start + position + field_of(windows).size - 1),
                side,
            ),
            hint="Neighbours of the last map look a jump apart on the image, not a pixel.",
        ),
        Mistake(
            "cuts to one pixel more",
            lambda windows, position, side: on_image(looked_at(windows, position), side + 1),
            hint="The pixels of the image are counted from 0, so the last one is side - 1.",
        ),
    ),
)
