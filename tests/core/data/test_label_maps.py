"""Painted maps that are taken along and brought back, and what is refused."""

import io
import zlib
from base64 import urlsafe_b64encode

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from PIL import Image

from core.data.label_maps import as_text, from_text, map_png, read_map
from core.errors import CoreError, LimitError, ShapeError

COLOURS = ["#8A8F98", "#E69F00", "#56B4E9", "#CC79A7"]
MAPS = arrays.arrays(np.int64, st.tuples(st.integers(1, 9), st.integers(1, 9)), elements=st.integers(0, 3))


@given(labels=MAPS)
def test_what_is_taken_along_comes_back(labels) -> None:
    shape = labels.shape
    assert np.array_equal(from_text(as_text(labels), shape, classes=4), labels)
    assert np.array_equal(read_map(map_png(labels, COLOURS), shape, classes=4), labels)


def test_shows_the_classes_in_their_colours() -> None:
    shown = Image.open(io.BytesIO(map_png(np.array([[0, 2]]), COLOURS))).convert("RGB")
    assert [shown.getpixel((place, 0)) for place in (0, 1)] == [(0x8A, 0x8F, 0x98), (0x56, 0xB4, 0xE9)]


def test_things_in_a_large_map_fit_into_an_address() -> None:
    rows, columns = np.mgrid[:224, :224]
    labels = np.zeros((224, 224), dtype=np.int64)
    for place in range(5):
        labels[np.hypot(rows - 40 * place - 30, columns - 35 * place - 40) < 25] = 1 + place % 3
    assert len(as_text(labels)) < 1_500


def packed(content: bytes) -> str:
    return urlsafe_b64encode(zlib.compress(content)).decode().rstrip("=")


@pytest.mark.parametrize(
    "text",
    ["", "no such thing", "AAAA", "A", "../../x", packed(b""), packed(bytes(5)), packed(bytes(7)), packed(bytes(10**7)),
     packed(b"\x04" + bytes(5)), packed(bytes(6))[:-4]],
    ids=["empty", "words", "no zlib", "one letter", "a path", "nothing", "too short", "too long", "a bomb", "a class",
         "cut off"],
)  # fmt: skip
def test_refuses_an_address_that_holds_no_map(text: str) -> None:
    with pytest.raises(CoreError):
        from_text(text, (2, 3), classes=4)


def png(image: Image.Image, kind: str = "PNG") -> bytes:
    held = io.BytesIO()
    image.save(held, kind)
    return held.getvalue()


def test_refuses_files_that_are_no_map() -> None:
    whole = map_png(np.zeros((2, 3), dtype=np.int64), COLOURS)
    with pytest.raises(ShapeError, match="has 3x2 pixels, the picture 2x3: was it painted on another"):
        read_map(whole, (3, 2), classes=4)
    with pytest.raises(ShapeError, match="classes 0 to 1, the map has 3"):
        read_map(map_png(np.array([[3]]), COLOURS), (1, 1), classes=2)
    with pytest.raises(CoreError, match="full colour"):
        read_map(png(Image.new("RGB", (3, 2))), (2, 3), classes=4)
    with pytest.raises(CoreError, match="is it whole"):
        read_map(whole[: len(whole) // 2], (2, 3), classes=4)
    with pytest.raises(CoreError, match="is a PNG"):
        read_map(png(Image.new("RGB", (3, 2)), "JPEG"), (2, 3), classes=4)
    with pytest.raises(LimitError, match="got 0 kB"):
        read_map(b"", (2, 3), classes=4)
    with pytest.raises(LimitError, match="at most 1,024 kB"):
        read_map(bytes(2**21), (2, 3), classes=4)


def test_gives_nothing_away_that_is_no_map() -> None:
    with pytest.raises(ShapeError, match="below 4"):
        map_png(np.array([[4]]), COLOURS)
    with pytest.raises(ShapeError, match="one map"):
        as_text(np.zeros(3, dtype=np.int64))
