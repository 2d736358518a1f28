"""Values of numpy, torch, PIL and pandas in an answer. A library is only touched when a value of its own is there."""

import sys
from collections.abc import Callable, Sequence
from typing import Any

from grading.judge import arrays, tables, tensors
from grading.judge.arrays import Buffer, Nodes
from grading.judge.errors import ForgedAnswer

_WRITERS = (
    ("numpy", arrays.write_array),
    ("torch", tensors.write_tensor),
    ("PIL.Image", tables.write_image),
    ("pandas", tables.write_table),
)
_READERS = arrays.READERS | tensors.READERS | tables.READERS


def write(value: object, buffer: Buffer, nodes: Nodes) -> list[Any] | None:
    """The words for a value of a library, None if it is no such value. `buffer` numbers bytes, `nodes` writes parts."""
    for library, words in _WRITERS:
        module = sys.modules.get(library)
        if module is not None and (made := words(module, value, buffer, nodes)) is not None:
            return made
    return None


def read(word: object, rest: Sequence[Any], buffer: Buffer, values: Callable[..., list[Any]]) -> Any:
    """The value the words stand for; whatever does not fit is forged."""
    maker = _READERS.get(word) if isinstance(word, str) else None
    if maker is None:
        raise ForgedAnswer("An answer with a word nobody knows.")
    return maker(rest, buffer, values)
