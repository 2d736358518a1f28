"""numpy's arrays and numbers in an answer: their bytes as they are, their kind and shape in words."""

import re
from collections.abc import Callable, Sequence
from math import prod
from typing import Any

from grading.judge.errors import ForgedAnswer

Buffer = Callable[[Any], Any]
Nodes = Callable[..., list[Any]]

_NUMPY = re.compile(r"[<>|=](b1|[iu][1248]|f(2|4|8|16)|c(8|16|32)|[US][0-9]{1,6}|[mM]8(\[[0-9]{0,6}[a-zA-Zμ]{1,2}\])?)")
_MOST_SIDES, _LONGEST_SIDE = 32, 2**40
_LAST_CHARACTER = 0x10FFFF


def write_array(np: Any, value: Any, buffer: Buffer, nodes: Nodes) -> list[Any] | None:
    """The words for what is numpy's, None for anything else."""
    kind: Any = type(value)
    if issubclass(kind, np.ndarray) and not issubclass(kind, np.ma.MaskedArray):
        dtype, shape = np.ndarray.dtype.__get__(value), np.ndarray.shape.__get__(value)
        if dtype.hasobject and dtype.kind == "O":
            return nodes("objects", (list(shape), *np.ndarray.ravel(value).tolist()))
        if not _NUMPY.fullmatch(dtype.str):
            return None
        flat = np.ndarray.reshape(np.ascontiguousarray(value), -1)
        return ["array", dtype.str, list(shape), buffer(_bytes_of(np, flat))]
    if issubclass(kind, np.generic):
        flat = np.ndarray.reshape(np.array(value), -1)
        return ["scalar", flat.dtype.str, buffer(flat.tobytes())] if _NUMPY.fullmatch(flat.dtype.str) else None
    if issubclass(kind, np.dtype):
        return ["dtype", value.str] if _NUMPY.fullmatch(value.str) or value.str == "|O" else None
    if isinstance(value, type) and issubclass(value, np.generic) and vars(np).get(value.__name__) is value:
        return ["number type", value.__name__]
    return None


def _bytes_of(np: Any, flat: Any) -> memoryview | bytes:
    if not flat.nbytes:
        return b""
    return memoryview(flat.view(np.uint8))


def shape_of(given: Any) -> tuple[int, ...]:
    """A shape whose sides can be multiplied."""
    if type(given) is not list or len(given) > _MOST_SIDES:
        raise ForgedAnswer("An array without a shape.")
    if not all(type(side) is int and 0 <= side <= _LONGEST_SIDE for side in given):
        raise ForgedAnswer("An array with an impossible shape.")
    return tuple(given)


def _numpy_type(text: Any) -> Any:
    import numpy as np

    if type(text) is not str or not _NUMPY.fullmatch(text):
        raise ForgedAnswer("An array of a kind nobody knows.")
    return np.dtype(text)


def _numpy_array(dtype: Any, shape: tuple[int, ...], data: memoryview) -> Any:
    import numpy as np

    if prod(shape) * dtype.itemsize != data.nbytes:
        raise ForgedAnswer("An array whose bytes do not fill its shape.")
    if data.nbytes == 0:
        return np.empty(shape, dtype)
    if dtype.kind == "b":
        only_truth(np.frombuffer(data, np.uint8))
    if dtype.kind == "U" and np.frombuffer(data, np.dtype("u4").newbyteorder(dtype.byteorder)).max() > _LAST_CHARACTER:
        raise ForgedAnswer("A text with characters that do not exist.")
    made = np.frombuffer(data, dtype).reshape(shape)
    return made if made.flags.aligned else made.copy()


def only_truth(values: Any) -> None:
    """Refuse bytes that are no truth values."""
    if values.max() > 1:  # such a "bool" is neither equal to True nor to False, and counts as both
        raise ForgedAnswer("A truth value that is neither true nor false.")


def _read_array(rest: Sequence[Any], buffer: Buffer, values: Any) -> Any:
    dtype, shape, number = rest
    return _numpy_array(_numpy_type(dtype), shape_of(shape), buffer(number))


def _read_scalar(rest: Sequence[Any], buffer: Buffer, values: Any) -> Any:
    dtype, number = rest
    return _numpy_array(_numpy_type(dtype), (1,), buffer(number))[0]


def _read_objects(rest: Sequence[Any], buffer: Buffer, values: Any) -> Any:
    import numpy as np

    shape, *items = values(rest)
    if prod(shape_of(shape)) != len(items):
        raise ForgedAnswer("An array with too many or too few items.")
    made = np.empty(len(items), dtype=object)
    for place, item in enumerate(items):
        made[place] = item
    return made.reshape(shape)


def _read_dtype(rest: Sequence[Any], buffer: Buffer, values: Any) -> Any:
    import numpy as np

    (text,) = rest
    return np.dtype(object) if text == "|O" else _numpy_type(text)


def _read_number_type(rest: Sequence[Any], buffer: Buffer, values: Any) -> Any:
    import numpy as np

    (name,) = rest
    found = vars(np).get(name) if type(name) is str else None
    if not isinstance(found, type) or not issubclass(found, np.generic):
        raise ForgedAnswer("A kind of number nobody knows.")
    return found


READERS: dict[str, Callable[[Sequence[Any], Buffer, Any], Any]] = {
    "array": _read_array,
    "scalar": _read_scalar,
    "objects": _read_objects,
    "dtype": _read_dtype,
    "number type": _read_number_type,
}
