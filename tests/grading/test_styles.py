"""Correct solutions of the warm-up, written as differently as students write, get full marks from the real grader.

A false negative is a defect: whoever solved the exercise has its points, in whatever style.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from grading.batch import Graded, grade_folder
from grading.course import Course

COURSE = Path(__file__).resolve().parents[2] / "assignments"
POINTS = {
    "output_side": 2.0,
    "conv_parameters": 2.0,
    "correlate2d": 2.0,
    "iou": 2.0,
    "count_parameters": 1.0,
}

PLAIN = {
    "output_side": """
def output_side(n, k, stride, pad):
    if n + 2 * pad < k:
        raise ValueError("too large")
    return (n + 2 * pad - k) // stride + 1
""",
    "conv_parameters": """
def conv_parameters(filters, kernel, maps, bias):
    return filters * (kernel[0] * kernel[1] * maps + bias)
""",
    "correlate2d": """
def correlate2d(image, kernel):
    high, wide = kernel.shape
    output = np.zeros((image.shape[0] - high + 1, image.shape[1] - wide + 1))
    for r in range(output.shape[0]):
        for c in range(output.shape[1]):
            output[r, c] = np.sum(image[r:r + high, c:c + wide] * kernel)
    return output
""",
    "iou": """
def iou(a, b):
    w = max(0, min(a[2], b[2]) - max(a[0], b[0]))
    h = max(0, min(a[3], b[3]) - max(a[1], b[1]))
    union = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - w * h
    return w * h / union if union else 0.0
""",
    "count_parameters": """
def count_parameters(model):
    return sum(p.numel() for p in model.parameters())
""",
}

# What a student wrote, by question: the rest is as above. A key "first" is a cell of their own before everything.
STYLES: dict[str, dict[str, str]] = {
    "plain": {},
    "float32 all through": {
        "correlate2d": """
def correlate2d(image, kernel):
    image, kernel = image.astype(np.float32), kernel.astype(np.float32)
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    return np.einsum("rcuv,uv->rc", windows, kernel)
""",
        "iou": """
def iou(a, b):
    a, b = np.float32(a), np.float32(b)
    side = np.clip(np.minimum(a[2:], b[2:]) - np.maximum(a[:2], b[:2]), 0, None)
    shared = side.prod()
    total = (a[2:] - a[:2]).prod() + (b[2:] - b[:2]).prod() - shared
    return shared / total if total > 0 else np.float32(0)
""",
    },
    "float64 and long double": {
        "correlate2d": """
def correlate2d(image, kernel):
    windows = np.lib.stride_tricks.sliding_window_view(image.astype(np.longdouble), kernel.shape)
    return (windows * kernel).sum(axis=(-1, -2)).astype(np.float64)
""",
        "iou": """
def iou(a, b):
    (ax, ay, au, av), (bx, by, bu, bv) = a.astype(np.float64), b.astype(np.float64)
    wide, high = np.minimum(au, bu) - np.maximum(ax, bx), np.minimum(av, bv) - np.maximum(ay, by)
    shared = np.maximum(wide, 0) * np.maximum(high, 0)
    total = (au - ax) * (av - ay) + (bu - bx) * (bv - by) - shared
    return np.divide(shared, total, out=np.zeros(()), where=total > 0)
""",
    },
    "numpy scalars": {
        "output_side": """
def output_side(n, k, stride, pad):
    room = np.int64(n) + 2 * np.int64(pad) - np.int64(k)
    if room < 0:
        raise ValueError
    return np.floor_divide(room, stride) + np.int32(1)
""",
        "conv_parameters": """
def conv_parameters(filters, kernel, maps, bias):
    return np.prod([filters, *kernel, maps], dtype=np.int64) + np.where(bias, filters, 0)
""",
        "iou": PLAIN["iou"].replace("w * h / union if union else 0.0", "np.float64(w * h / (union or 1))"),
        "count_parameters": """
def count_parameters(model):
    return np.sum([np.prod(p.shape) for p in model.parameters()]).astype(int)
""",
    },
    "views and odd memory": {
        "correlate2d": """
def correlate2d(image, kernel):
    high, wide = kernel.shape
    rows, columns = image.shape[0] - high + 1, image.shape[1] - wide + 1
    large = np.full((2 * columns + 3, 3 * rows + 5), -7.0)
    output = large[1:2 * columns + 1:2, 2:3 * rows + 2:3].T  # strided, transposed, a view of something larger
    for u in range(high):
        for v in range(wide):
            part = image[u:u + rows, v:v + columns] * kernel[u, v]
            output[...] = part if u == v == 0 else output + part
    return output
""",
    },
    "negative strides and Fortran order": {
        "correlate2d": """
def correlate2d(image, kernel):
    turned, high, wide = kernel[::-1, ::-1], *kernel.shape
    found = [[(image[r:r + high, c:c + wide][::-1, ::-1] * turned).sum()
              for c in range(image.shape[1] - wide + 1)] for r in range(image.shape[0] - high + 1)]
    return np.asfortranarray(np.array(found)[::-1])[::-1]
""",
    },
    "read-only and subclassed results": {
        "correlate2d": """
class Picture(np.ndarray):
    pass


def correlate2d(image, kernel):
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    answer = np.tensordot(windows, kernel).view(Picture)
    answer.flags.writeable = False
    return answer
""",
    },
    "vectorised": {
        "correlate2d": """
def correlate2d(image, kernel):
    return np.tensordot(np.lib.stride_tricks.sliding_window_view(image, kernel.shape), kernel, axes=2)
""",
        "iou": """
def iou(a, b):
    a, b = np.split(a, 2), np.split(b, 2)
    inner = np.prod(np.maximum(np.minimum(a[1], b[1]) - np.maximum(a[0], b[0]), 0))
    outer = np.prod(np.subtract(a[1], a[0])) + np.prod(np.subtract(b[1], b[0])) - inner
    return np.nan_to_num(inner / outer) if outer else 0
""",
    },
    "recursive": {
        "output_side": """
def output_side(n, k, stride, pad):
    import sys
    sys.setrecursionlimit(10_000)
    def steps(room):
        return 1 + steps(room - stride) if room >= 0 else 0
    if n + 2 * pad < k:
        raise ValueError
    return steps(n + 2 * pad - k)
""",
        "count_parameters": """
def count_parameters(model):
    own = sum(p.numel() for p in model.parameters(recurse=False))
    return own + sum(count_parameters(child) for child in model.children())
""",
    },
    "slides and counts instead of dividing": {
        "output_side": """
def output_side(n, k, stride, pad):
    padded = [0] * pad + list(range(n)) + [0] * pad
    if k > len(padded):
        raise ValueError("does not fit")
    return len(padded[:len(padded) - k + 1:stride])
""",
    },
    "lists where an array is asked for": {
        "correlate2d": """
def correlate2d(image, kernel):
    image, kernel = image.tolist(), kernel.tolist()
    rows, columns = len(image) - len(kernel) + 1, len(image[0]) - len(kernel[0]) + 1
    weights = [(u, v, weight) for u, line in enumerate(kernel) for v, weight in enumerate(line)]
    return np.array([[sum(weight * image[r + u][c + v] for u, v, weight in weights) for c in range(columns)]
                     for r in range(rows)])
""",
        "iou": """
def iou(a, b):
    a, b = list(map(float, a)), list(map(float, b))
    return iou_of_lists(a, b)


def iou_of_lists(a, b):
    from fractions import Fraction
    a, b = [Fraction(x) for x in a], [Fraction(x) for x in b]
    w, h = (max(Fraction(0), min(a[i + 2], b[i + 2]) - max(a[i], b[i])) for i in (0, 1))
    all_of_it = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - w * h
    return float(w * h / all_of_it) if all_of_it else 0.0
""",
    },
    "helpers in a cell of their own": {
        "first": """
def area(box):
    return (box[2] - box[0]) * (box[3] - box[1])


def overlap(a, b):
    return np.array([*np.maximum(a[:2], b[:2]), *np.minimum(a[2:], b[2:])])


def windows(image, high, wide):
    for r in range(image.shape[0] - high + 1):
        for c in range(image.shape[1] - wide + 1):
            yield r, c, image[r:r + high, c:c + wide]


import numpy as np
""",
        "iou": """
def iou(a, b):
    both = overlap(a, b)
    shared = area(both) if (both[2:] > both[:2]).all() else 0
    joint = area(a) + area(b) - shared
    return shared / joint if joint else 0
""",
        "correlate2d": """
def correlate2d(image, kernel):
    found = {(r, c): (window * kernel).sum() for r, c, window in windows(image, *kernel.shape)}
    return np.array(list(found.values())).reshape(max(found)[0] + 1, -1)
""",
    },
    "objects with __call__": {
        "output_side": """
class OutputSide:
    calls = 0

    def __call__(self, n, k, stride, pad):
        self.calls += 1
        if n + 2 * pad < k:
            raise ValueError("does not fit")
        return (n + 2 * pad - k) // stride + 1


output_side = OutputSide()
""",
        "count_parameters": """
class Counter:
    def __init__(self, start=0):
        self.start = start

    def __call__(self, model):
        return self.start + sum(map(lambda p: p.nelement(), model.parameters()))


count_parameters = Counter()
""",
        "iou": """
class Box:
    def __init__(self, corners):
        self.corners = corners

    @property
    def area(self):
        return np.prod(np.maximum(self.corners[2:] - self.corners[:2], 0))

    def __and__(self, other):
        a, b = self.corners, other.corners
        return Box(np.concatenate([np.maximum(a[:2], b[:2]), np.minimum(a[2:], b[2:])]))

    @classmethod
    def iou(cls, a, b):
        a, b = cls(a), cls(b)
        shared = (a & b).area
        return shared / (a.area + b.area - shared) if a.area + b.area else 0.0


iou = Box.iou
""",
    },
    "functools": {
        "first": "from functools import cache, lru_cache, partial, reduce, wraps\nimport operator",
        "output_side": """
@lru_cache(maxsize=None)
def output_side(n, k, stride, pad):
    room = n + 2 * pad - k
    if room < 0:
        raise ValueError(room)
    return room // stride + 1
""",
        "conv_parameters": """
def _count(bias_each, filters, kernel, maps, bias):
    return filters * (reduce(operator.mul, kernel, maps) + (bias_each if bias else 0))


conv_parameters = partial(_count, 1)
""",
        "correlate2d": """
def in_float64(function):
    @wraps(function)
    def wrapped(*arrays):
        return function(*(np.asarray(array, dtype=float) for array in arrays))
    return wrapped


@in_float64
def correlate2d(image, kernel):
    shape = tuple(np.subtract(image.shape, kernel.shape) + 1)
    return np.fromfunction(np.vectorize(lambda r, c: (image[int(r):int(r) + kernel.shape[0],
        int(c):int(c) + kernel.shape[1]] * kernel).sum(), otypes=[float]), shape)
""",
        "count_parameters": "count_parameters = lambda m: reduce(operator.add, (p.numel() for p in m.parameters()), 0)",
    },
    "lambdas": {
        "first": "def fail(error): raise error",
        "output_side": "output_side = lambda n, k, stride, pad: "
        "(n + 2 * pad - k) // stride + 1 if n + 2 * pad >= k else fail(ValueError('no'))",
        "conv_parameters": "conv_parameters = lambda filters, kernel, maps, bias: "
        "filters * maps * kernel[0] * kernel[1] + filters * bool(bias)",
        "count_parameters": "count_parameters = lambda model: sum(p.numel() for p in model.parameters())",
    },
    "generators and context managers inside": {
        "first": "from contextlib import contextmanager, suppress",
        "output_side": """
def positions(n, k, stride, pad):
    at = -pad
    while at + k <= n + pad:
        yield at
        at += stride


def output_side(n, k, stride, pad):
    found = len([*positions(n, k, stride, pad)])
    if not found:
        raise ValueError("nowhere")
    return found
""",
        "iou": """
@contextmanager
def quiet():
    with np.errstate(all="ignore"):
        yield


def iou(a, b):
    with quiet():
        lows, highs = zip(*((max(p, q), min(r, s)) for p, q, r, s in zip(a[:2], b[:2], a[2:], b[2:])))
        w, h = (max(high - low, 0.0) for low, high in zip(lows, highs))
        value = w * h / (np.prod(a[2:] - a[:2]) + np.prod(b[2:] - b[:2]) - w * h)
    return 0.0 if np.isnan(value) else value
""",
    },
    "type hints, defaults, keyword-friendly": {
        "first": "from __future__ import annotations\nfrom typing import *\nimport numpy.typing as npt",
        "output_side": """
def output_side(n: int, k: int = 3, stride: int = 1, pad: int = 0, *, dilation: int = 1) -> int:
    \"\"\"Outputs along one side.\"\"\"
    span = dilation * (k - 1) + 1
    if span > n + 2 * pad:
        raise ValueError(f"a window of {span} does not fit into {n + 2 * pad}")
    outputs: Final[int] = (n + 2 * pad - span) // stride + 1
    return outputs
""",
        "conv_parameters": """
def conv_parameters(
    filters: int, kernel: Tuple[int, int] = (3, 3), maps: int = 3, bias: bool = True, **_: Any
) -> int:
    height, width = kernel
    return filters * height * width * maps + (filters if bias else 0)
""",
        "correlate2d": """
def correlate2d(image: npt.NDArray[np.float64], kernel: Optional[np.ndarray] = None, /) -> npt.NDArray[np.float64]:
    kernel = np.ones((3, 3)) if kernel is None else kernel
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    return np.einsum("...uv,uv", windows, kernel)
""",
    },
    "parameters renamed": {
        "output_side": """
def output_side(size, window, s, p):
    if size + 2 * p < window: raise ValueError('zu groß')
    return int((size + 2 * p - window) / s) + 1
""",
        "conv_parameters": "def conv_parameters(n, hw, d, b):\n    h, w = hw\n    return n * h * w * d + n * b",
        "iou": PLAIN["iou"].replace("(a, b)", "(r1, r2)").replace("    w =", "    a, b = r1, r2\n    w ="),
        "count_parameters": "def count_parameters(*args):\n    return sum(p.numel() for p in args[0].parameters())",
        "correlate2d": "def correlate2d(I, w):\n    return np.array([[(I[r:r + len(w), c:c + w.shape[1]] * w).sum() "
        "for c in range(I.shape[1] - w.shape[1] + 1)] for r in range(I.shape[0] - w.shape[0] + 1)])",
    },
    "changes its own copy": {
        "correlate2d": """
def correlate2d(image, kernel):
    image, kernel = image.copy(), kernel.copy()
    high, wide = kernel.shape
    rows, columns = image.shape[0] - high + 1, image.shape[1] - wide + 1
    total = np.zeros((rows, columns))
    while kernel.any():
        u, v = np.unravel_index(np.abs(kernel).argmax(), kernel.shape)
        total += kernel[u, v] * image[u:u + rows, v:v + columns]
        kernel[u, v] = 0
    image *= 0
    return total
""",
        "iou": """
def iou(a, b):
    a, b = a.copy(), b.copy()
    b[:2] -= a[:2]; b[2:] -= a[:2]; a[2:] -= a[:2]; a[:2] = 0
    side = np.minimum(a[2:], b[2:]) - np.maximum(0, b[:2])
    side[side < 0] = 0
    joint = a[2] * a[3] + (b[2] - b[0]) * (b[3] - b[1]) - side[0] * side[1]
    return side[0] * side[1] / joint if joint > 0 else 0.0
""",
    },
    "changes what it was given": {
        "iou": """
def iou(a, b):
    size_a, size_b = np.prod(a[2:] - a[:2]), np.prod(b[2:] - b[:2])
    np.maximum(a[:2], b[:2], out=a[:2])
    np.minimum(a[2:], b[2:], out=a[2:])
    shared = np.prod(np.maximum(a[2:] - a[:2], 0))
    return shared / (size_a + size_b - shared) if size_a + size_b else 0.0
""",
        "correlate2d": """
def correlate2d(image, kernel):
    rows, columns = image.shape[0] - kernel.shape[0] + 1, image.shape[1] - kernel.shape[1] + 1
    out = sum(kernel[u, v] * image[u:u + rows, v:v + columns] for u, v in np.ndindex(kernel.shape))
    image[:rows, :columns] = out
    kernel[...] = 0
    return image[:rows, :columns]
""",
        "count_parameters": """
def count_parameters(model):
    for p in model.parameters():
        p.requires_grad = True
    model.eval()
    return sum(p.numel() for p in model.parameters() if p.requires_grad)
""",
    },
    "prints while it works": {
        "first": "import sys, logging, warnings\nlogging.basicConfig(level='DEBUG')\nDEBUG = True",
        "output_side": """
def output_side(n, k, stride, pad):
    print("output_side", n, k, stride, pad, flush=True)
    warnings.warn("debugging")
    if k > n + 2 * pad:
        logging.error("too large")
        raise ValueError
    return (n + 2 * pad - k) // stride + 1
""",
        "correlate2d": PLAIN["correlate2d"].replace("    return", "    print(image, file=sys.stderr)\n    return"),
        "iou": PLAIN["iou"].replace("    return", "    if DEBUG: print(a, b, w, h, sep='\\n')\n    return"),
        "count_parameters": """
def count_parameters(model):
    display(model)
    total = 0
    for name, p in model.named_parameters():
        print(f"{name:30} {tuple(p.shape)!s:20} {p.numel():>10,}")
        total += p.numel()
    return total
""",
    },
    "packages that are not there, and more that are": {
        "first": """
import this, collections, itertools, math, random, re, statistics, string, textwrap
try:
    import matplotlib.pyplot as plt
    import seaborn as sns
except ImportError:
    plt = None
import scipy.signal, scipy.ndimage, torchvision, PIL.Image
import matplotlib.pyplot as plots
""",
        "correlate2d": PLAIN["correlate2d"].replace("    return", "    if plt: plt.imshow(output)\n    return"),
    },
    "as a program": {
        "output_side": PLAIN["output_side"]
        + """

def main():
    assert output_side(7, 3, 2, 1) == 4
    print("fine")


if __name__ == "__main__":
    main()
""",
        "iou": PLAIN["iou"] + "\nif __name__ == '__main__':\n    print(iou(np.arange(4.0), np.arange(4.0)))",
    },
    "global constants": {
        "first": "ONE, EPSILON, BIAS_PER_FILTER = 1, 1e-12, 1\nAXES = (-2, -1)",
        "output_side": PLAIN["output_side"].replace("+ 1", "+ ONE"),
        "conv_parameters": PLAIN["conv_parameters"].replace("+ bias)", "+ bias * BIAS_PER_FILTER)"),
        "iou": PLAIN["iou"].replace("if union else", "if union > EPSILON else"),
        "correlate2d": """
def correlate2d(image, kernel):
    return np.sum(np.lib.stride_tricks.sliding_window_view(image, kernel.shape) * kernel, axis=AXES)
""",
    },
    "dataclasses, enums, named tuples, match": {
        "first": """
from collections import namedtuple
from dataclasses import astuple, dataclass, field
from enum import Enum
from typing import NamedTuple


class Axis(Enum):
    X = 0
    Y = 1


@dataclass(frozen=True, slots=True)
class Box:
    x1: float
    y1: float
    x2: float
    y2: float

    def side(self, axis):
        return astuple(self)[axis.value + 2] - astuple(self)[axis.value]

    @property
    def area(self):
        return self.side(Axis.X) * self.side(Axis.Y)


class Layer(NamedTuple):
    filters: int
    kernel: tuple
    maps: int
    bias: bool

    def __len__(self):
        return self.filters * (self.kernel[0] * self.kernel[1] * self.maps + self.bias)
""",
        "conv_parameters": "def conv_parameters(*layer):\n    return len(Layer(*layer))",
        "iou": """
def iou(a, b):
    a, b = Box(*a), Box(*b)
    match min(a.x2, b.x2) - max(a.x1, b.x1), min(a.y2, b.y2) - max(a.y1, b.y1):
        case w, h if w > 0 and h > 0:
            return w * h / (a.area + b.area - w * h)
        case _:
            return 0
""",
    },
    "in torch": {
        "first": "import torch\nimport torch.nn.functional as F",
        "output_side": """
def output_side(n, k, stride, pad):
    if n + 2 * pad < k:
        raise ValueError
    return torch.arange(n + 2 * pad).unfold(0, k, stride).shape[0]
""",
        "correlate2d": """
def correlate2d(image, kernel):
    image, kernel = torch.from_numpy(image), torch.from_numpy(kernel)
    high, wide = kernel.shape
    windows = image.unfold(0, high, 1).unfold(1, wide, 1)
    return (windows * kernel).sum((-1, -2)).numpy()
""",
        "iou": """
def iou(a, b):
    a, b = torch.as_tensor(a), torch.as_tensor(b)
    side = (torch.minimum(a[2:], b[2:]) - torch.maximum(a[:2], b[:2])).clamp(min=0)
    shared = side.prod()
    joint = (a[2:] - a[:2]).prod() + (b[2:] - b[:2]).prod() - shared
    return (shared / joint).item() if joint > 0 else 0.0
""",
        "count_parameters": """
def count_parameters(model):
    return torch.nn.utils.parameters_to_vector(model.parameters()).numel()
""",
    },
    "tensors as answers": {
        "first": "import torch",
        "output_side": """
def output_side(n, k, stride, pad):
    if n + 2 * pad < k:
        raise ValueError
    return torch.tensor((n + 2 * pad - k) // stride + 1)
""",
        "conv_parameters": "def conv_parameters(n, k, m, b):\n    layer = nn.Conv2d(m, n, tuple(k), bias=b)\n"
        "    return sum(p.numel() for p in layer.parameters())",
        "correlate2d": """
def correlate2d(image, kernel):
    windows = torch.tensor(image).unfold(0, kernel.shape[0], 1).unfold(1, kernel.shape[1], 1)
    return torch.einsum("rcuv,uv->rc", windows, torch.tensor(kernel)).numpy()  # the task asks for an array
""",
        "iou": """
def iou(a, b):
    a, b = torch.tensor(a), torch.tensor(b)
    side = torch.relu(torch.minimum(a[2:], b[2:]) - torch.maximum(a[:2], b[:2]))
    shared = side[0] * side[1]
    joint = (a[2] - a[0]) * (a[3] - a[1]) + (b[2] - b[0]) * (b[3] - b[1]) - shared
    return shared / joint if joint > 0 else torch.zeros(())
""",
        "count_parameters": "def count_parameters(model):\n"
        "    return torch.tensor([p.numel() for p in model.parameters()]).sum()",
    },
    "walks through the model in other ways": {
        "count_parameters": """
def count_parameters(model):
    seen, total = set(), 0
    for module in model.modules():
        for key, p in module._parameters.items():
            if p is not None and id(p) not in seen:
                seen.add(id(p))
                total += int(np.prod(p.detach().numpy().shape))
    return total
""",
    },
    "counts the state": {
        "count_parameters": """
def count_parameters(model):
    names = dict(model.named_parameters())
    return sum(value.numel() for key, value in model.state_dict().items() if key in names)
""",
    },
    "a copy of the model": {
        "first": "import copy",
        "count_parameters": """
def count_parameters(model):
    twin = copy.deepcopy(model).double().requires_grad_(True)
    return sum(len(p.flatten().tolist()) for p in twin.parameters())
""",
    },
    "async, closures and globals that count": {
        "first": "import asyncio\nCALLS = {'n': 0}",
        "output_side": """
def make():
    memory = {}
    def output_side(n, k, stride, pad):
        global CALLS
        CALLS['n'] += 1
        key = n, k, stride, pad
        if key not in memory:
            room = n + 2 * pad - k
            memory[key] = None if room < 0 else room // stride + 1
        if memory[key] is None:
            raise ValueError(f"call {CALLS['n']}")
        return memory[key]
    return output_side


output_side = make()
""",
    },
    "an error class of one's own": {
        "output_side": """
class DoesNotFit(ValueError):
    def __init__(self, n, k):
        super().__init__(f"{k} into {n}")
        self.n, self.k = n, k


def output_side(n, k, stride, pad):
    try:
        assert n + 2 * pad >= k
    except AssertionError as error:
        raise DoesNotFit(n, k) from error
    return -(-(n + 2 * pad - k + 1) // stride)
""",
    },
    "defined twice, the last one counts": {
        "iou": "def iou(a, b):\n    return 1  # first try\n\n" + PLAIN["iou"],
        "output_side": "def output_side(*a):\n    pass\n\n\nfirst_try = output_side\n" + PLAIN["output_side"],
    },
    "random numbers and threads inside": {
        "first": "import random, threading\nfrom concurrent.futures import ThreadPoolExecutor\nimport numpy as np",
        "correlate2d": """
def correlate2d(image, kernel):
    high, wide = kernel.shape
    output = np.empty((image.shape[0] - high + 1, image.shape[1] - wide + 1))
    def one(r):
        for c in range(output.shape[1]):
            output[r, c] = (image[r:r + high, c:c + wide] * kernel).sum()
    rows = list(range(output.shape[0]))
    random.shuffle(rows)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(one, rows))
    return output
""",
    },
    "comments in another script, tabs, semicolons": {
        "output_side": "def output_side(n, k, stride, pad):\n\t# größe, 出力の数, выход\n"
        "\tif n + 2*pad < k: raise ValueError('größer')\n\treturn (n + 2*pad - k)//stride + 1; pass",
        "iou": PLAIN["iou"].replace("union", "ünion"),
    },
}  # fmt: skip


def notebook(released: bytes, answers: Mapping[str, str]) -> bytes:
    """The notebook as it was handed out, with these answers."""
    found: dict[str, Any] = json.loads(released)
    for cell in found["cells"]:
        name = cell["metadata"].get("nbgrader", {}).get("grade_id")
        if name in answers:
            cell["source"] = answers[name].strip("\n")
        if name == "explain":
            cell["source"] = "Small filters are shared."
    if first := answers.get("first"):
        own = {"cell_type": "code", "id": "own-cell", "metadata": {}, "source": first.strip("\n")}
        found["cells"].insert(2, {**own, "execution_count": None, "outputs": []})
    return json.dumps(found).encode()


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Graded]:
    folder = tmp_path_factory.mktemp("hand-ins")
    course = Course.open(COURSE)
    released = course.assignment("warmup").masters[0].release()
    for number, answers in enumerate(STYLES.values()):
        (folder / f"style-{number}.ipynb").write_bytes(notebook(released, {**PLAIN, **answers}))
    return {one.student: one for one in grade_folder(course, "warmup", folder, workers=2)}


@pytest.mark.slow
@pytest.mark.parametrize("number", range(len(STYLES)), ids=STYLES)
def test_full_marks_for(number: int, graded: dict[str, Graded]) -> None:
    one = graded[f"style-{number}"]
    assert one.outcome is not None, one.refusal
    scores = {score.question: score for score in one.outcome.scores}
    lost = {
        name: (scores[f"{name}_cases"].points, scores[f"{name}_cases"].seen, scores[f"{name}_cases"].hint)
        for name, points in POINTS.items()
        if scores[f"{name}_cases"].points != points
    }
    assert lost == {}
    assert all(score.state in ("full", "to mark") for score in one.outcome.scores)
    assert one.outcome.stopped_by == ""
