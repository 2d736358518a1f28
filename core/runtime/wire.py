"""Plain values and arrays as bytes between two processes of ours: MessagePack, read by the type that is wanted.

Nothing in it can be run. An array has the size that its bytes give it, and is allocated after they were counted.
"""

from dataclasses import dataclass
from typing import Annotated, Any, Literal, get_args, get_origin

import numpy as np
from msgspec import DecodeError, Meta
from msgspec.msgpack import Ext, decode, encode

from core.errors import LimitError

MOST = 2**26  # bytes of one thing that was asked or found, unless a reader says otherwise
ARRAY = 1  # the kind of an extension of MessagePack that holds an array
Type = Literal[
    "bool", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float16", "float32", "float64"
]
Side = Annotated[int, Meta(ge=0, lt=2**32)]


class Unfit(LimitError):
    """These bytes ask for nothing that is done here, or answer nothing that was asked."""


@dataclass(frozen=True, eq=False)
class Numbers:
    """An array on its way. Strangers are read with such fields: one of numpy's holds anything until it is refused."""

    type: Type
    shape: Annotated[tuple[Side, ...], Meta(max_length=8)]
    data: memoryview  # little end first, the last side fastest

    def __post_init__(self) -> None:
        self._seen()

    @classmethod
    def of(cls, array: "np.ndarray") -> "Numbers":
        """The array, whose memory it shares if it can."""
        if array.dtype.name not in get_args(Type):
            raise TypeError(f"an array of {array.dtype.name} is no plain value")
        plain = np.ascontiguousarray(array, array.dtype.newbyteorder("<"))
        return cls(array.dtype.name, array.shape, plain.data)  # type: ignore[arg-type]

    def array(self) -> "np.ndarray":
        """A copy, so that it is the reader's own: it may be written, and the message it came in may go."""
        return self._seen().astype(self.type)

    def _seen(self) -> "np.ndarray":
        """The array in the memory of the message; a ValueError if it needs fewer bytes or more."""
        kind = "uint8" if self.type == "bool" else self.type  # a byte may be any, a truth is 0 or 1
        return np.frombuffer(self.data, np.dtype(kind).newbyteorder("<")).reshape(self.shape)


def packed(value: object) -> bytes:
    """A plain value in bytes: numbers, words, arrays, and records, tuples and tables of such.

    >>> unpacked(packed((3, np.arange(3.0))), tuple[int, np.ndarray])
    (3, array([0., 1., 2.]))
    """
    return encode(value, enc_hook=_told)


def unpacked(data: bytes, kind: Any, *, most: int = MOST) -> Any:
    """A plain value of this type, its arrays the reader's own; Unfit for anything else or more than `most` bytes."""
    if len(data) > most:
        raise Unfit(f"{len(data)} bytes where at most {most} are read")
    try:
        return decode(data, type=kind, dec_hook=_array, ext_hook=_extension)
    except (DecodeError, ValueError, TypeError, OverflowError, RecursionError) as problem:
        raise Unfit(f"this is no value of the type that was asked for: {problem}") from None


def _told(value: object) -> Any:
    """What MessagePack does not know: numbers and arrays of numpy's."""
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, np.ndarray):
        return Ext(ARRAY, encode(Numbers.of(value)))
    raise TypeError(f"{type(value).__name__} is no plain value")


def _extension(kind: int, data: memoryview) -> "np.ndarray":
    if kind != ARRAY:
        raise ValueError(f"no extension of ours: {kind}")
    return decode(data, type=Numbers).array()


def _array(kind: Any, value: object) -> object:
    """An array where one is wanted, of the numbers that are wanted."""
    wanted = get_args(kind)
    if (get_origin(kind) or kind) is not np.ndarray or not isinstance(value, np.ndarray):
        raise ValueError("an array")
    numbers = get_args(wanted[1])[0] if wanted else None
    if isinstance(numbers, type) and not issubclass(value.dtype.type, numbers):
        raise ValueError(f"an array of {numbers.__name__}")
    return value
