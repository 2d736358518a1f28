"""Arrays as bytes between two processes of ours: a line of JSON that says what comes, then the plain numbers.

Nothing in it can be run, and nothing is allocated before its size was compared with what really came.
"""

import json
from collections.abc import Sequence
from math import prod
from typing import TYPE_CHECKING, Any

import numpy as np

from core.errors import ShapeError

if TYPE_CHECKING:
    from numpy.typing import NDArray

TYPES = ("float16", "float32", "float64", "uint8", "int32", "int64", "bool")
MOST = 2**26  # bytes of a question; a larger one is answered where it is asked
LONGEST = 4096  # bytes of the line
_SIDES = 8


def packed(says: Sequence[str], arrays: "Sequence[NDArray[Any]]") -> bytes:
    """Some words and some arrays, in one piece.

    >>> unpacked(packed(["scenes"], [np.arange(3, dtype=np.uint8)]))
    (('scenes',), [array([0, 1, 2], dtype=uint8)])
    """
    kinds = [[array.dtype.name, list(array.shape)] for array in arrays]
    line = json.dumps({"says": list(says), "arrays": kinds}).encode() + b"\n"
    return line + b"".join(np.ascontiguousarray(array).tobytes() for array in arrays)


def unpacked(data: bytes) -> "tuple[tuple[str, ...], list[NDArray[Any]]]":
    """What was packed; a ShapeError for anything else."""
    line = data[:LONGEST].partition(b"\n")[0]
    try:
        head = json.loads(line)
        says = tuple(str(word) for word in head["says"])
        kinds = [(np.dtype(_known(name)), tuple(map(_side, shape))) for name, shape in head["arrays"]]
    except (ValueError, TypeError, KeyError, RecursionError):
        raise ShapeError("these bytes are no arrays of ours") from None
    sizes = [dtype.itemsize * prod(shape) for dtype, shape in kinds]
    if any(len(shape) > _SIDES for _, shape in kinds) or sum(sizes) != len(data) - len(line) - 1:
        raise ShapeError("there are not as many bytes as the arrays need")
    found, start = list["NDArray[Any]"](), len(line) + 1
    for (dtype, shape), size in zip(kinds, sizes, strict=True):
        found.append(np.frombuffer(data[start : start + size], dtype).reshape(shape))
        start += size
    return says, found


def _known(name: object) -> str:
    if name not in TYPES:
        raise ValueError
    return str(name)


def _side(length: object) -> int:
    if not isinstance(length, int) or isinstance(length, bool) or not 0 <= length < 2**32:
        raise ValueError
    return length
