"""A white board of pixels: text, boxes, arrows, grids of numbers, pictures. Places are (x, y) from the top left."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from core.errors import ShapeError

BLACK, GREY, PALE, WHITE = "#222222", "#767676", "#e8e8e8", "#ffffff"
BLUE, RED, GREEN, PURPLE, ORANGE, SKY = "#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"


class Board:
    """What is drawn on goes on top."""

    def __init__(self, width: int = 760, height: int = 260) -> None:
        self.image = Image.new("RGB", (width, height), WHITE)
        self._pen = ImageDraw.Draw(self.image)

    def text(self, x: float, y: float, words: str, *, size: int = 15, colour: str = BLACK, anchor: str = "lt") -> None:
        """Words at a place; the anchor is Pillow's: "lt" left and top, "mm" middle, "rs" right on the line, ..."""
        self._pen.text((x, y), words, fill=colour, font=ImageFont.load_default(size), anchor=anchor)

    def box(
        self,
        x1: float,
        y1: float,
        x2: float,
        y2: float,
        *,
        colour: str = BLACK,
        fill: str | None = None,
        width: int = 2,
    ) -> None:
        """A rectangle."""
        self._pen.rectangle((x1, y1, x2, y2), outline=colour, fill=fill, width=width)

    def line(self, *places: tuple[float, float], colour: str = GREY, width: int = 2) -> None:
        """Straight lines from place to place."""
        self._pen.line(list(places), fill=colour, width=width, joint="curve")

    def arrow(
        self, start: tuple[float, float], end: tuple[float, float], *, colour: str = GREY, width: int = 2
    ) -> None:
        """A line with a head at its end."""
        self.line(start, end, colour=colour, width=width)
        along = np.subtract(end, start) / max(float(np.hypot(*np.subtract(end, start))), 1e-9)
        across = np.array([-along[1], along[0]])
        corners = [np.array(end), np.array(end) - 9 * along + 4 * across, np.array(end) - 9 * along - 4 * across]
        self._pen.polygon([(float(x), float(y)) for x, y in corners], fill=colour)

    def dot(self, x: float, y: float, *, radius: float = 4, colour: str = BLACK) -> None:
        """A filled circle."""
        self._pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=colour)

    def grid(
        self,
        x: float,
        y: float,
        cells: Sequence[Sequence[object]],
        *,
        side: int = 30,
        fills: Sequence[Sequence[str | None]] | None = None,
        colour: str = GREY,
        size: int = 14,
    ) -> None:
        """A table of squares with something written in each."""
        for r, row in enumerate(cells):
            for c, value in enumerate(row):
                left, top = x + c * side, y + r * side
                self.box(
                    left, top, left + side, top + side, colour=colour, fill=fills[r][c] if fills else None, width=1
                )
                self.text(left + side / 2, top + side / 2, str(value), size=size, anchor="mm")

    def picture(self, x: int, y: int, image: NDArray[np.generic], *, scale: int = 1) -> None:
        """An image (H, W) or (H, W, 3), from 0 to 1 or in 256 steps, each pixel `scale` wide."""
        pixels = np.asarray(image)
        if pixels.ndim not in (2, 3) or (pixels.ndim == 3 and pixels.shape[2] != 3):
            raise ShapeError(f"need an image (H, W) or (H, W, 3), got {pixels.shape}")
        if pixels.dtype != np.uint8:
            pixels = np.rint(255 * pixels.astype(float).clip(0, 1)).astype(np.uint8)
        pixels = pixels if pixels.ndim == 3 else pixels[:, :, None].repeat(3, axis=2)
        self.image.paste(Image.fromarray(pixels.repeat(scale, axis=0).repeat(scale, axis=1)), (x, y))
