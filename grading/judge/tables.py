"""Images of PIL and tables of pandas in an answer: pixels as bytes, columns as arrays or lists of texts."""

import re
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

from grading.judge.arrays import Buffer, Nodes, shape_of
from grading.judge.errors import ForgedAnswer, Unsendable

_MODES = {"1": 1, "L": 1, "P": 1, "LA": 2, "RGB": 3, "RGBA": 4, "CMYK": 4, "YCbCr": 3, "HSV": 3, "LAB": 3}  # bytes each
_MODES |= {"I": 4, "F": 4, "I;16": 2}


def write_image(image: Any, value: Any, buffer: Buffer, nodes: Nodes) -> list[Any] | None:
    """The words for an image of PIL, None for anything else."""
    if not issubclass(type(value), image.Image) or value.mode not in _MODES:
        return None
    if not all(value.size):
        raise Unsendable("An image without pixels cannot be an answer.")
    palette = value.getpalette() if value.mode == "P" else None
    return ["image", value.mode, list(value.size), palette, buffer(value.tobytes())]


def _read_image(rest: Sequence[Any], buffer: Buffer, values: Any) -> Any:
    from PIL import Image

    mode, given, palette, number = rest
    width, height = shape_of(given)
    if type(mode) is not str or mode not in _MODES or not width or not height:
        raise ForgedAnswer("An image of a kind nobody knows.")
    data = buffer(number)
    row = -(-width // 8) if mode == "1" else width * _MODES[mode]
    if data.nbytes != row * height:
        raise ForgedAnswer("An image whose bytes do not fill its size.")
    made = Image.frombytes(mode, (width, height), bytes(data))
    if mode == "P":
        if type(palette) is not list or len(palette) > 768 or len(palette) % 3:
            raise ForgedAnswer("An image with colours nobody knows.")
        made.putpalette(bytes(palette))
    return made


def write_table(pd: Any, value: Any, buffer: Buffer, nodes: Nodes) -> list[Any] | None:
    """The words for what is pandas', None for anything else."""
    kind = type(value)
    if kind is pd.DataFrame:
        columns = [_column(pd, value.iloc[:, place]) for place in range(value.shape[1])]
        return nodes("frame", (value.columns, value.index, *columns))
    if kind is pd.Series:
        return nodes("series", (value.name, value.index, _column(pd, value)))
    if kind is pd.RangeIndex:
        return nodes("range index", (value.name, value.start, value.stop, value.step))
    if kind is pd.Index:
        return nodes("index", (value.name, _column(pd, value)))
    return nodes("moment", (str(value),)) if kind is pd.Timestamp and value.tz is None else None


def _column(pd: Any, column: Any) -> tuple[str, Any]:
    dtype = column.dtype
    if type(dtype).__module__.startswith("numpy") and dtype.kind in "biufcmMO":
        return "", column.to_numpy()
    if isinstance(dtype, pd.StringDtype):
        return "str", [None if pd.isna(item) else item for item in column]
    raise Unsendable(f"A table with a column of kind {dtype} cannot be an answer; turn it into numbers or texts first.")


def _made(pd: Any, column: Any, make: Any, **more: Any) -> Any:
    if type(column) is not tuple or len(column) != 2 or column[0] not in ("", "str"):
        raise ForgedAnswer("A column of a kind nobody knows.")
    word, data = column
    if word == "" and (type(data).__module__ != "numpy" or data.ndim != 1):
        raise ForgedAnswer("A column that is no column.")
    if word == "str" and (type(data) is not list or not all(item is None or type(item) is str for item in data)):
        raise ForgedAnswer("A column of texts with something else in it.")
    return make(data, dtype="str" if word else data.dtype, **more)


def _read_frame(rest: Sequence[Any], buffer: Buffer, values: Any) -> Any:
    pd: Any = import_module("pandas")

    columns, index, *data = values(rest)
    if not isinstance(columns, pd.Index) or not isinstance(index, pd.Index) or len(columns) != len(data):
        raise ForgedAnswer("A table without rows and columns.")
    made = pd.DataFrame({place: _made(pd, column, pd.Series, index=index) for place, column in enumerate(data)}, index)
    made.columns = columns
    return made


def _read_series(rest: Sequence[Any], buffer: Buffer, values: Any) -> Any:
    pd: Any = import_module("pandas")

    name, index, data = values(rest)
    if not isinstance(index, pd.Index):
        raise ForgedAnswer("A column without rows.")
    return _made(pd, data, pd.Series, index=index, name=name)


def _read_index(rest: Sequence[Any], buffer: Buffer, values: Any) -> Any:
    pd: Any = import_module("pandas")

    name, data = values(rest)
    return _made(pd, data, pd.Index, name=name)


def _read_range_index(rest: Sequence[Any], buffer: Buffer, values: Any) -> Any:
    pd: Any = import_module("pandas")

    name, start, stop, step = values(rest)
    return pd.RangeIndex(start, stop, step, name=name)


def _read_moment(rest: Sequence[Any], buffer: Buffer, values: Any) -> Any:
    pd: Any = import_module("pandas")

    (text,) = values(rest)
    if type(text) is not str or not re.fullmatch(r"[0-9T :.-]{1,40}|NaT", text):
        raise ForgedAnswer("A moment that is none.")
    return pd.Timestamp(text)


READERS: dict[str, Callable[[Sequence[Any], Buffer, Any], Any]] = {
    "image": _read_image,
    "frame": _read_frame,
    "series": _read_series,
    "index": _read_index,
    "range index": _read_range_index,
    "moment": _read_moment,
}
