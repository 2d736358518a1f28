"""A stack of windows: all of an architecture that decides where a neuron looks, and a short form to write it.

Filters, weights and activations change what a neuron says; only windows change where it looks.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from core.errors import FormError, LimitError, ShapeError
from core.filters.arithmetic import output_side, reach, same_padding
from core.nets.layers import Conv, Dense, GlobalPool, Layer, Local, Operation, Pool
from core.types import Pair, pair

MOST_LAYERS = 40
MOST_LETTERS = 2000
# the stacks of the lectures and of three famous networks, each with the side of the image it was drawn for
STACKS = {
    "Six 3x3 convolutions": ("conv 3 same times 6", 48),
    "Convolution and pooling, three times": ("conv 3 same, pool 2, conv 3 same, pool 2, conv 3 same, pool 2", 64),
    "Three 3x3 convolutions": ("conv 3 same times 3", 48),
    "One 7x7 convolution": ("conv 7 same", 48),
    "Dilation 1, 2, 4, 8": (
        "conv 3 same, conv 3 same dilation 2, conv 3 same dilation 4, conv 3 same dilation 8",
        64,
    ),
    "Dilation 2, 2, 2: a grid of gaps": ("conv 3 same dilation 2 times 3", 48),
    "LeNet-5, its dense layer as 5x5": ("conv 5, pool 2, conv 5, pool 2, conv 5", 32),
    "AlexNet": (
        "conv 11 stride 4, pool 3 stride 2, conv 5 same, pool 3 stride 2, conv 3 same times 3, pool 3 stride 2",
        227,
    ),
    "VGG16": (", ".join(f"conv 3 same times {times}, pool 2" for times in (2, 2, 3, 3, 3)), 224),
}
MOST = {"kernel": 21, "stride": 16, "padding": 64, "dilation": 64}


@dataclass(frozen=True)
class Window:
    """One layer in one direction."""

    kernel: int
    stride: int = 1
    padding: int = 0
    dilation: int = 1
    ceil: bool = False

    def reads(self, position: int) -> range:
        """The positions below that the value at `position` reads; some may lie in the padding.

        >>> list(Window(3, stride=2, dilation=4).reads(1))
        [2, 6, 10]
        """
        first = position * self.stride - self.padding
        return range(first, first + reach(self.kernel, dilation=self.dilation), self.dilation)

    def side(self, below: int) -> int:
        """How many positions the window finds on a map of `below` positions.

        >>> Window(11, stride=4).side(227)
        55
        """
        return output_side(
            below, self.kernel, stride=self.stride, padding=self.padding, dilation=self.dilation, ceil=self.ceil
        )


@dataclass(frozen=True)
class Step:
    """A layer that looks: one window in each direction, and the side of the maps it makes."""

    name: str
    rows: Window
    columns: Window
    sides: Pair


def steps(layers: Sequence[Layer], image: int | Pair) -> tuple[Step, ...]:
    """The layers of a stack that look, on an image of that side; what works value by value is left out.

    A dense layer and a global pooling look at the whole map below: a window as large as that map.

    >>> [(step.name, step.sides) for step in steps(parse_stack("conv 5, pool 2"), 32)]
    [('conv1', (28, 28)), ('pool1', (14, 14))]
    """
    below, found = pair(image), list[Step]()
    if min(below) < 1:
        raise ShapeError(f"an image has at least one pixel in each direction, got {below[0]}x{below[1]}")
    for layer in layers:
        windows = windows_of(layer.operation, below)
        if windows is None:
            continue
        try:
            below = windows[0].side(below[0]), windows[1].side(below[1])
        except ShapeError as error:
            raise ShapeError(f"{layer.name}: {error}. Or take a layer below it away.") from error
        found.append(Step(layer.name, *windows, below))
    return tuple(found)


def windows_of(operation: Operation, below: Pair) -> tuple[Window, Window] | None:
    """The windows of a layer on maps of that side, down and across; None where it looks at one place alone.

    >>> windows_of(Pool("max", (2, 2), (2, 2)), (8, 8))[0]
    Window(kernel=2, stride=2, padding=0, dilation=1, ceil=False)
    """
    match operation:
        case Conv(kernel=k, stride=s, padding=p, dilation=d):
            return Window(k[0], s[0], p[0], d[0]), Window(k[1], s[1], p[1], d[1])
        case Local(kernel=k, stride=s):
            return Window(k[0], s[0]), Window(k[1], s[1])
        case Pool(kernel=k, stride=s, padding=p, ceil=ceil):
            return Window(k[0], s[0], p[0], ceil=ceil), Window(k[1], s[1], p[1], ceil=ceil)
        case Dense() | GlobalPool():
            return Window(below[0]), Window(below[1])
    return None


def parse_stack(text: str) -> tuple[Layer, ...]:
    """Layers from a short form, separated by commas or new lines.

        conv 3                      a 3x3 window, one step at a time, no padding
        conv 3x1 same dilation 2    sides written out; `same` pads so that stride 1 keeps the size
        conv 11 stride 4 padding 2
        pool 2                      max pooling; its stride is its side unless `stride` says otherwise
        conv 3 same times 3         three of them

    >>> [layer.name for layer in parse_stack("conv 3 times 2, pool 2")]
    ['conv1', 'conv2', 'pool1']
    """
    if len(text) > MOST_LETTERS:
        raise LimitError(f"a stack is written in at most {MOST_LETTERS} letters, got {len(text)}")
    items = [
        (line, item.strip().lower())
        for line, row in enumerate(text.splitlines(), 1)
        for item in row.split(",")
        if item.strip()
    ]
    layers, counts = list[Layer](), {"conv": 0, "pool": 0}
    for line, item in items:
        kind, operation, times = _item(item, line)
        if len(layers) + times > MOST_LAYERS:
            raise LimitError(f"a stack has at most {MOST_LAYERS} layers; {item!r} would go over")
        for _ in range(times):
            counts[kind] += 1
            layers.append(Layer(f"{kind}{counts[kind]}", operation))
    if not layers:
        raise FormError("no layer yet; start with: conv 3, pool 2", line=1)
    return tuple(layers)


def _item(item: str, line: int) -> tuple[str, Conv | Pool, int]:
    """One item such as `conv 3 dilation 2`: its kind, its operation and how often it stands there."""
    kind, *words = item.split()
    if kind not in ("conv", "pool"):
        raise FormError(f"{item!r} is no layer; a layer starts with conv or pool", line=line)
    if not words or not re.fullmatch(r"[0-9]{1,9}(x[0-9]{1,9})?", words[0]):
        raise FormError(f"{item!r} needs the side of its window next, as in: {kind} 3 or {kind} 3x1", line=line)
    rows, _, columns = words[0].partition("x")
    kernel = int(rows), int(columns or rows)
    given, same = _options(kind, words[1:], item, line)
    for name, value in [*given.items(), ("kernel", min(kernel))]:
        if value < 1 and name != "padding":
            raise FormError(f"{item!r}: {name} starts at 1", line=line)
    for name, value in [*given.items(), ("kernel", max(kernel))]:
        if value > MOST.get(name, value):
            raise LimitError(f"{item!r}: {name} goes up to {MOST[name]} here")
    times, padding = given.get("times", 1), pair(given.get("padding", 0))
    if kind == "pool":
        if max(padding) * 2 > min(kernel):
            raise FormError(f"{item!r}: the padding of a pooling is at most half its window", line=line)
        return kind, Pool("max", kernel, pair(given["stride"]) if "stride" in given else kernel, padding), times
    dilation = given.get("dilation", 1)
    if same:
        if kernel[0] % 2 == 0 or kernel[1] % 2 == 0:
            raise FormError(f"{item!r}: same needs odd sides; an even window has no middle", line=line)
        padding = same_padding(kernel[0], dilation=dilation), same_padding(kernel[1], dilation=dilation)
    return kind, Conv(1, kernel, pair(given.get("stride", 1)), padding, pair(dilation)), times


def _options(kind: str, words: list[str], item: str, line: int) -> tuple[dict[str, int], bool]:
    """What stands after the window, as in `stride 2 same`: the numbers by name, and whether `same` was said."""
    allowed = ("stride", "padding", "times", "dilation", "same") if kind == "conv" else ("stride", "padding", "times")
    given, same, rest = dict[str, int](), False, words
    while rest:
        word, *rest = rest
        if word not in allowed:
            raise FormError(f"{item!r}: {word!r} is not one of {', '.join(allowed)}", line=line)
        if word in given or (word == "same" and same):
            raise FormError(f"{item!r} says {word} twice", line=line)
        if word == "same":
            same = True
        elif not rest or not re.fullmatch(r"[0-9]{1,9}", rest[0]):
            raise FormError(f"{item!r}: {word} needs a whole number after it", line=line)
        else:
            given[word], rest = int(rest[0]), rest[1:]
    if same and "padding" in given:
        raise FormError(f"{item!r} says same and padding; one of them is enough", line=line)
    return given, same


def write_stack(layers: Sequence[Layer]) -> str:
    """The short form of a stack of convolutions and poolings; `parse_stack` reads it back.

    >>> write_stack(parse_stack("conv 3 padding 1, conv 3 same, pool 2 stride 2"))
    'conv 3 same times 2, pool 2'
    """
    written = [_write(layer) for layer in layers]
    runs = [(item, len(list(run))) for item, run in groupby(written)]
    return ", ".join(item if times == 1 else f"{item} times {times}" for item, times in runs)


def extended(text: str, item: str) -> str:
    """The short form with one more item at its end.

    >>> extended("conv 3, conv 3", "pool 2")
    'conv 3 times 2, pool 2'
    """
    return write_stack(parse_stack(f"{text},{item}"))


def shortened(text: str) -> str:
    """The short form without its last layer.

    >>> shortened("conv 3 times 2, pool 2"), shortened("conv 3 times 2")
    ('conv 3 times 2', 'conv 3')
    """
    return write_stack(parse_stack(text)[:-1])


def next_dilation(text: str) -> int:
    """Twice the dilation of the last convolution, as far as it may go: 1, 2, 4, 8 and so on.

    >>> next_dilation("conv 3, pool 2, conv 3 dilation 4, pool 2")
    8
    """
    operations = [layer.operation for layer in parse_stack(text)] if text.strip() else []
    last = next((max(each.dilation) for each in reversed(operations) if isinstance(each, Conv)), 1)
    return min(2 * last, MOST["dilation"])


def _write(layer: Layer) -> str:
    match layer.operation:
        case Conv(kernel=k, stride=s, padding=p, dilation=d):
            kind, usual = "conv", (1, 1)
        case Pool(kernel=k, stride=s, padding=p):
            kind, usual, d = "pool", k, (1, 1)
        case _:
            raise ShapeError(f"{layer.name}: the short form writes convolutions and poolings only")
    words = [kind, str(k[0]) if k[0] == k[1] else f"{k[0]}x{k[1]}"]
    for name, value, silent in (("stride", s, usual), ("padding", p, (0, 0)), ("dilation", d, (1, 1))):
        if value == silent:
            continue
        if name == "padding" and kind == "conv" and all(2 * value[i] == d[i] * (k[i] - 1) for i in (0, 1)):
            words.append("same")
        elif value[0] == value[1]:
            words += [name, str(value[0])]
        else:
            raise ShapeError(f"{layer.name}: the short form has no words for {name} {value[0]}x{value[1]}")
    return " ".join(words)
