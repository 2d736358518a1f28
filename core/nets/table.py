"""An architecture as text: one layer per line, short enough to type, long enough to read.

    name LeNet-5
    input 1x32x32               maps x height x width
    conv 6 5                    6 filters of 5x5; "conv 6 5x3" is 5 high and 3 wide
    tanh                        also relu, sigmoid, softmax
    avgpool 2                   also maxpool; steps as far as it is wide, unless told otherwise
    c3: conv 16 5 stride 1      a name of its own before the colon; without one, layers are counted: conv1, conv2
    flatten                     a volume becomes a vector; globalavgpool and globalmaxpool do that, too
    dense 120                   120 units
    dropout 0.5
    lrn 5                       AlexNet's normalisation over 5 maps
    batchnorm                   a scale and a shift for every map; "batchnorm no scale" shifts only
    pad rows 0x1 columns 0x1    zeros before and after: rows above and below, columns left and right, also maps
    local 6 5                   like conv, with filters of its own at every place
    transposed 64 2 stride 2    spreads every value over a window, 2 apart
    add of c3, conv1            joins rows by name: add, mean, concat; crop of a, b; scale of volume, vector
    conv 64 1 of pool1          a branch: this row takes pool1 instead of the row above; "input" is the image
    conv 6 5 shares conv1       uses the weights of an earlier row

After a conv may stand: stride 2, pad 1 or pad same, dilation 2, groups 2, no bias. After a pooling: stride, pad, ceil,
and after avgpool also inside: the padding does not count. After a dense: no bias. "add share 0.2" adds a fifth of what
is added. Sizes with two directions are
written 2x1. Whatever follows a # is a remark.
"""

import re
from collections.abc import Callable, Iterator
from typing import get_args

from core.errors import FormError, LimitError, ShapeError
from core.filters.arithmetic import same_padding
from core.nets.layers import (
    INPUT,
    Activation,
    Add,
    BatchNorm,
    Concat,
    Conv,
    Crop,
    Dense,
    Dropout,
    Flatten,
    Function,
    GlobalPool,
    Layer,
    Local,
    LocalNorm,
    Mean,
    Merge,
    Network,
    Operation,
    Pad,
    Pool,
    Scale,
    Transposed,
    stem,
)
from core.nets.trace import MOST_LAYERS, MOST_MAPS, parse_input
from core.nets.wording import described
from core.types import Pair

MOST_LETTERS = 60_000
MOST_UNITS = 1_000_000
MOST_WINDOW = 1024
MOST_JOINED = 64
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.-]{0,39}")


def parse(text: str) -> Network:
    """The network a text describes; what cannot be read is a FormError with its line.

    >>> parse("input 1x28x28\\nconv 64 3\\nrelu\\nflatten\\ndense 10").layers[-1].operation
    Dense(units=10, bias=True)
    """
    if len(text) > MOST_LETTERS:
        raise LimitError(f"a table is written in at most {MOST_LETTERS:,} letters, got {len(text):,}")
    name, input, layers, taken = "network", None, list[Layer](), set[str]()
    counts: dict[str, int] = {}
    for line, words in _lines(text):
        try:
            if words[0] == "name":
                name = " ".join(words[1:])[:80] or name
            elif words[0] == "input":
                input = parse_input("".join(words[1:]))
            else:
                layers.append(_layer(words, counts, taken))
                taken.add(layers[-1].name)
        except (ShapeError, _Unreadable) as error:
            raise FormError(str(error), line=line) from error
        if len(layers) > MOST_LAYERS:
            raise LimitError(f"line {line}: a network has at most {MOST_LAYERS} layers here")
    if input is None:
        raise FormError('a table needs its input, such as "input 3x224x224"', line=1)
    if not layers:
        raise FormError('no layer yet; write one per line, such as "conv 6 5"', line=1)
    return Network(name, input, tuple(layers))


def write(network: Network) -> str:
    """The text of a network; `parse` reads it back.

    >>> print(write(parse("input 1x8x8\\nc1: conv 4 3 pad same no bias\\nmaxpool 2")))
    name network
    input 1x8x8
    c1: conv 4 3 pad 1 no bias
    pool1: maxpool 2
    """
    head = [f"name {network.name}", f"input {'x'.join(map(str, network.input))}"]
    return "\n".join([*head, *map(described, network.layers)])


class _Unreadable(Exception):
    """A word that does not fit; becomes a FormError once the line is known."""


def _lines(text: str) -> Iterator[tuple[int, list[str]]]:
    for number, line in enumerate(text.splitlines(), 1):
        words = line.partition("#")[0].split()
        if words:
            yield number, words


def _layer(words: list[str], counts: dict[str, int], taken: set[str]) -> Layer:
    name = None
    if words[0].endswith(":"):
        name, words = words[0][:-1], words[1:]
        if not NAME.fullmatch(name):
            raise _Unreadable(f"{name[:50]!r} is no name: a letter, then letters, digits, _ . or -")
    if not words:
        raise _Unreadable(f"{name!r} names no layer; one of {', '.join(READERS)} would follow")
    kind, rest = words[0].lower(), words[1:]
    if kind not in READERS:
        raise _Unreadable(f"{kind[:50]!r} is no layer; there are {', '.join(READERS)}")
    rest, of, shares = _links(rest)
    if unknown := [each for each in (*of, *([shares] if shares else [])) if each not in taken | {INPUT}]:
        raise _Unreadable(f"there is no row {unknown[0][:50]!r} above this one")
    operation = READERS[kind](kind, rest)
    if isinstance(operation, Merge) and len(of) < 2:
        raise _Unreadable(f"{kind} joins rows; name them, such as: {kind} of conv1, conv2")
    if name is None:
        counts[stem(operation)] = counts.get(stem(operation), 0) + 1
        name = f"{stem(operation)}{counts[stem(operation)]}"
    if name in taken or name == INPUT:
        raise _Unreadable(f"the name {name!r} is taken by {'the image' if name == INPUT else 'an earlier layer'}")
    return Layer(name, operation, of, shares)


def _links(words: list[str]) -> tuple[list[str], tuple[str, ...], str | None]:
    """What a row takes and whose weights it shares, cut from the end of its line.

    >>> _links(["64", "1", "of", "pool1,", "conv2", "shares", "conv1"])
    (['64', '1'], ('pool1', 'conv2'), 'conv1')
    """
    of, shares, lowered = tuple[str, ...](), None, [word.lower() for word in words]
    if "shares" in lowered:
        place = lowered.index("shares")
        if len(words) != place + 2:
            raise _Unreadable("after shares stands the name of one row, at the end of the line")
        shares, words, lowered = words[-1], words[:place], lowered[:place]
    if "of" in lowered:
        place = lowered.index("of")
        of = tuple(name for name in " ".join(words[place + 1 :]).replace(",", " ").split())
        if not 1 <= len(of) <= MOST_JOINED:
            raise _Unreadable(f"after of stand the names of 1 to {MOST_JOINED} rows")
        words = words[:place]
    return words, of, shares


def _conv(kind: str, words: list[str]) -> Conv:
    filters = _count(kind, "its number of filters", words[:1], MOST_MAPS)
    kernel = _sides(kind, "the side of its kernel", words[1:2])
    given, bias = _options(kind, words[2:], ("stride", "pad", "dilation", "groups"))
    dilation = _sides(kind, "dilation", [given.get("dilation", "1")])
    if given.get("pad") == "same":
        padding = same_padding(kernel[0], dilation=dilation[0]), same_padding(kernel[1], dilation=dilation[1])
    else:
        padding = _sides(kind, "pad", [given.get("pad", "0")], least=0)
    stride = _sides(kind, "stride", [given.get("stride", "1")])
    return Conv(filters, kernel, stride, padding, dilation, _count(kind, "groups", [given.get("groups", "1")]), bias)


def _pool(kind: str, words: list[str]) -> Pool:
    kernel = _sides(kind, "the side of its window", words[:1])
    said = [word.lower() for word in words[1:]]
    ceil, inside = "ceil" in said, kind == "avgpool" and "inside" in said
    flags = ("ceil", "inside") if inside else ("ceil",)
    given, bias = _options(kind, [word for word in said if word not in flags], ("stride", "pad"))
    if not bias:
        raise _Unreadable(f"{kind} has no bias to leave out")
    stride = _sides(kind, "stride", [given["stride"]]) if "stride" in given else kernel
    padding = _sides(kind, "pad", [given.get("pad", "0")], least=0)
    if 2 * padding[0] > kernel[0] or 2 * padding[1] > kernel[1]:
        raise _Unreadable(f"the pad of {kind} is at most half its window, or a window could see padding alone")
    return Pool("max" if kind == "maxpool" else "average", kernel, stride, padding, ceil, inside)


def _pad(kind: str, words: list[str]) -> Pad:
    given, _ = _options(kind, words, ("rows", "columns", "maps"))
    rows, columns, maps = (_sides(kind, name, [given.get(name, "0")], least=0) for name in ("rows", "columns", "maps"))
    return Pad(rows, columns, maps)


def _local(kind: str, words: list[str]) -> Local:
    filters = _count(kind, "its number of filters", words[:1])
    given, bias = _options(kind, words[2:], ("stride",))
    stride = _sides(kind, "stride", [given.get("stride", "1")])
    return Local(filters, _sides(kind, "the side of its kernel", words[1:2]), stride, bias)


def _transposed(kind: str, words: list[str]) -> Transposed:
    filters = _count(kind, "its number of filters", words[:1])
    kernel = _sides(kind, "the side of its kernel", words[1:2])
    given, bias = _options(kind, words[2:], ("stride", "pad", "extra", "groups"))
    stride = _sides(kind, "stride", [given.get("stride", "1")])
    padding = _sides(kind, "pad", [given.get("pad", "0")], least=0)
    extra = _sides(kind, "extra", [given.get("extra", "0")], least=0)
    return Transposed(filters, kernel, stride, padding, extra, _count(kind, "groups", [given.get("groups", "1")]), bias)


def _batchnorm(kind: str, words: list[str]) -> BatchNorm:
    scale = [word.lower() for word in words[-2:]] != ["no", "scale"]
    given, _ = _options(kind, words if scale else words[:-2], ("eps",))
    if "eps" not in given:
        return BatchNorm(scale=scale)
    if not re.fullmatch(r"0\.0{0,7}[0-9]{0,5}[1-9]|[1-9](\.[0-9]{1,5})?e-0?[1-9]", given["eps"]):
        raise _Unreadable(f"eps is a small number such as 0.001, got {given['eps'][:50]!r}")
    return BatchNorm(float(given["eps"]), scale)


def _add(kind: str, words: list[str]) -> Add:
    given, _ = _options(kind, words, ("share",))
    share = given.get("share", "1")
    if not re.fullmatch(r"[0-9](\.[0-9]{1,4})?", share):
        raise _Unreadable(f"share is a number such as 0.2, got {share[:50]!r}")
    return Add(float(share))


def _crop(kind: str, words: list[str]) -> Crop:
    given, _ = _options(kind, words, ("offset",))
    if "offset" not in given:
        return Crop()
    return Crop(_sides(kind, "offset", [given["offset"]], least=0)[0])


def _dense(kind: str, words: list[str]) -> Dense:
    units = _count(kind, "its number of units", words[:1], MOST_UNITS)
    return Dense(units, _options(kind, words[1:], ())[1])


def _dropout(kind: str, words: list[str]) -> Dropout:
    _nothing(kind, words[1:])
    if not words or not re.fullmatch(r"0(\.[0-9]{1,6})?", words[0]):
        raise _Unreadable("dropout takes the share it silences, from 0 up to below 1, such as 0.5")
    return Dropout(float(words[0]))


def _norm(kind: str, words: list[str]) -> LocalNorm:
    _nothing(kind, words[1:])
    return LocalNorm(_count(kind, "its number of maps", words[:1] or ["5"], MOST_MAPS))


def _plain(make: Callable[[], Operation]) -> Callable[[str, list[str]], Operation]:
    def read(kind: str, words: list[str]) -> Operation:
        _nothing(kind, words)
        return make()

    return read


def _activation(function: Function) -> Callable[[str, list[str]], Operation]:
    return _plain(lambda: Activation(function))


READERS: dict[str, Callable[[str, list[str]], Operation]] = {
    "conv": _conv,
    "maxpool": _pool,
    "avgpool": _pool,
    "globalmaxpool": _plain(lambda: GlobalPool("max")),
    "globalavgpool": _plain(lambda: GlobalPool("average")),
    "flatten": _plain(Flatten),
    "dense": _dense,
    **{function: _activation(function) for function in get_args(Function)},
    "dropout": _dropout,
    "lrn": _norm,
    "batchnorm": _batchnorm,
    "pad": _pad,
    "local": _local,
    "transposed": _transposed,
    "add": _add,
    "mean": _plain(Mean),
    "concat": _plain(Concat),
    "scale": _plain(Scale),
    "crop": _crop,
}


def _options(kind: str, words: list[str], allowed: tuple[str, ...]) -> tuple[dict[str, str], bool]:
    """What follows the sizes: the values by name, and whether there is a bias."""
    given, bias, rest = dict[str, str](), True, [word.lower() for word in words]
    takes = ", ".join((*allowed, "no bias") if kind in ("conv", "dense", "local", "transposed") else allowed)
    while rest:
        option, *rest = rest
        if option == "no" and rest[:1] == ["bias"]:
            bias, rest = False, rest[1:]
        elif option not in allowed:
            raise _Unreadable(f"{option[:50]!r} is no option of {kind}, which takes {takes}")
        elif option in given:
            raise _Unreadable(f"{option} stands twice")
        elif not rest:
            raise _Unreadable(f"{option} needs a value after it")
        else:
            given[option], rest = rest[0], rest[1:]
    return given, bias


def _nothing(kind: str, words: list[str]) -> None:
    if words:
        raise _Unreadable(f"{kind} takes nothing more, got {' '.join(words)[:50]!r}")


def _count(kind: str, what: str, words: list[str], most: int = MOST_MAPS) -> int:
    if not words or not re.fullmatch(r"[0-9]{1,9}", words[0]) or int(words[0]) < 1:
        raise _Unreadable(f"{kind} needs {what}, a whole number from 1, got {words[0][:50] if words else 'nothing'!r}")
    if int(words[0]) > most:
        raise _Unreadable(f"{kind}: {what} goes up to {most:,} here, got {int(words[0]):,}")
    return int(words[0])


def _sides(kind: str, what: str, words: list[str], *, least: int = 1) -> Pair:
    found = re.fullmatch(r"([0-9]{1,9})(?:[x×]([0-9]{1,9}))?", words[0].lower()) if words else None
    if not found:
        raise _Unreadable(f"{kind} needs {what}, such as 3 or 3x1, got {words[0][:50] if words else 'nothing'!r}")
    sides = int(found[1]), int(found[2] or found[1])
    if min(sides) < least or max(sides) > MOST_WINDOW:
        raise _Unreadable(f"{kind}: {what} goes from {least} to {MOST_WINDOW} here, got {words[0]}")
    return sides
