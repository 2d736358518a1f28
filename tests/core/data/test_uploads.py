"""Uploads: upright, within limits, and a sentence for whatever is no picture. Nothing hostile gets past it."""

import io
import struct
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from core.data import uploads
from core.data.uploads import read_picture
from core.errors import CoreError, LimitError


def saved(picture: Image.Image, kind: str = "PNG", **more: object) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **more)
    return file.getvalue()


def corner() -> Image.Image:
    """Grey, 40 wide and 20 high, with a red corner at its top left."""
    picture = Image.new("RGB", (40, 20), (120, 120, 120))
    picture.paste((250, 10, 10), (0, 0, 12, 8))
    return picture


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(wide: int, high: int, content: bytes = b"") -> bytes:
    head = struct.pack(">IIBBBBB", wide, high, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(content)) + chunk(b"IEND", b"")


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_reads_what_cameras_and_browsers_write(kind: str) -> None:
    found = read_picture(saved(corner(), kind, quality=95))
    assert found.shape == (20, 40, 3)
    assert found.dtype == np.uint8
    np.testing.assert_allclose(found[2, 3], (250, 10, 10), atol=25)
    np.testing.assert_allclose(found[15, 30], (120, 120, 120), atol=12)


@pytest.mark.parametrize(
    ("turn", "shape", "red"),
    [
        (1, (20, 40), (2, 3)),
        (3, (20, 40), (17, 36)),
        (6, (40, 20), (3, 17)),
        (8, (40, 20), (36, 2)),
        (2, (20, 40), (2, 36)),
    ],
)
def test_turns_pictures_upright(turn: int, shape: tuple[int, int], red: tuple[int, int]) -> None:
    note = Image.Exif()
    note[0x0112] = turn
    found = read_picture(saved(corner(), "JPEG", exif=note, quality=95))
    assert found.shape[:2] == shape
    np.testing.assert_allclose(found[red], (250, 10, 10), atol=40)


def test_makes_large_pictures_smaller_and_leaves_small_ones() -> None:
    assert read_picture(saved(Image.new("RGB", (3000, 1500)), "JPEG"), side=600).shape == (300, 600, 3)
    assert read_picture(saved(Image.new("RGB", (30, 15))), side=600).shape == (15, 30, 3)


@pytest.mark.parametrize(
    ("picture", "colour"),
    [
        pytest.param(Image.new("RGBA", (4, 4), (255, 0, 0, 0)), (255, 255, 255), id="clear-is-white"),
        pytest.param(Image.new("L", (4, 4), 77), (77, 77, 77), id="grey"),
        pytest.param(Image.new("1", (4, 4), 1), (255, 255, 255), id="black-and-white"),
        pytest.param(Image.new("P", (4, 4), 0), (0, 0, 0), id="palette"),
        pytest.param(Image.fromarray(np.full((4, 4), 900, dtype=np.uint16)), (0, 0, 0), id="16-bit-without-contrast"),
    ],
)
def test_makes_three_colours_of_anything(picture: Image.Image, colour: tuple[int, int, int]) -> None:
    assert read_picture(saved(picture))[0, 0].tolist() == list(colour)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(b"", id="empty"),
        pytest.param(b"MZ\x90\x00 this is a program", id="program"),
        pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", id="svg"),
        pytest.param(b"GIF89a" + bytes(40), id="gif"),
        pytest.param(b"%!PS-Adobe-3.0 EPSF-3.0\n(/etc/passwd) run", id="postscript"),
        pytest.param(b"RIFF\x00\x00\x00\x00WAVEfmt ", id="sound-that-begins-like-webp"),
        pytest.param(b"\x80\x04\x95" + b"cos\nsystem\n(S'true'\ntR.", id="pickle"),
        pytest.param(b"II*\x00" + bytes(60), id="tiff"),
        pytest.param(saved(Image.new("RGB", (9, 9)), "BMP"), id="bmp"),
    ],
)
def test_refuses_what_is_no_picture_of_ours(content: bytes) -> None:
    with pytest.raises(CoreError, match=r"no picture that can be read|empty"):
        read_picture(content)


@pytest.mark.parametrize(
    ("content", "error", "said"),
    [
        pytest.param(png(200_000, 200_000), LimitError, "hundreds of millions", id="bomb"),
        pytest.param(png(10_000, 8_000), LimitError, "10,000 x 8,000", id="too-large"),
        pytest.param(png(12_001, 1), LimitError, "12,001 x 1", id="endless-line"),
        pytest.param(png(0, 5), CoreError, "pixels|whole|damaged", id="no-width"),
        pytest.param(png(50, 50, b"\x00" * 10), CoreError, "whole|damaged", id="too-few-pixels"),
        pytest.param(saved(corner(), "JPEG")[:200], CoreError, "whole|damaged", id="cut-off-jpeg"),
        pytest.param(saved(corner())[:60], CoreError, "whole|damaged", id="cut-off-png"),
        pytest.param(b"RIFF\xff\xff\xff\xffWEBPVP8 " + bytes(30), CoreError, "WebP", id="hollow-webp"),
        pytest.param(b"\x89PNG\r\n\x1a\n" + b"<script>alert(1)</script>", CoreError, "PNG", id="script-behind-a-mark"),
    ],
)
def test_refuses_bombs_and_broken_files_with_a_sentence(content: bytes, error: type, said: str) -> None:
    with pytest.raises(error, match=said):
        read_picture(content)


def test_refuses_a_bomb_before_it_decodes_a_pixel(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image.Image, "load", lambda self: pytest.fail("decoded"))
    with pytest.raises(LimitError):
        read_picture(png(30_000, 30_000))


def test_refuses_a_text_bomb_in_a_png() -> None:
    note = b"Comment\x00\x00" + zlib.compress(bytes(80_000_000), 9)
    whole = png(2, 2, bytes(14))
    with pytest.raises(CoreError):
        read_picture(whole[:33] + chunk(b"zTXt", note) + whole[33:])


def test_refuses_a_file_that_is_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(uploads, "MOST_BYTES", 2**20)
    with pytest.raises(LimitError, match=r"1\.0 MB: at most 1 MB"):
        read_picture(saved(corner()) + bytes(2**20))


@given(st.data())
@settings(max_examples=60)
def test_answers_every_damage_with_a_picture_or_a_sentence(data: st.DataObject) -> None:
    content = bytearray(saved(corner(), data.draw(st.sampled_from(["JPEG", "PNG", "WEBP"]))))
    for _ in range(data.draw(st.integers(1, 8))):
        content[data.draw(st.integers(12, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        found = read_picture(bytes(content))
    except CoreError:
        return  # any other exception is a fault
    assert found.ndim == 3
